// How each style refuses, and whether a monitor that counts HTTP statuses would notice whose mistake it is.

import { Table } from "../components/table.tsx";
import { short } from "../format.ts";
import type { Comparison, NativeError, Wire } from "../types.ts";
import { exchangesOf, of } from "./figures.tsx";
import { type Shown, type Source, type Step, step } from "./lesson.ts";

/** How a style refused; without a code, it did not. */
export type Refusal = NativeError & { title: string; wire: Wire };

/** What the status says: the client's mistake, the server's, or none. */
export type Verdict = "sees" | "blames" | "misses";

export function verdictOf({ status }: NativeError): Verdict {
  if (status === undefined || status < 400) return "misses";
  return status < 500 ? "sees" : "blames";
}

const VERDICTS: Record<Verdict, { text: string; class: string }> = {
  sees: { text: "✓ the client's mistake", class: "good" },
  blames: { text: "≠ the server's mistake", class: "wrong" },
  misses: { text: "✕ no mistake", class: "bad" },
};

/** The refusals of a comparison. */
export const refusalsIn = ({ styles }: Comparison): Refusal[] =>
  styles.map(({ title, error, wire }) => ({ title: short(title), wire, ...(error ?? { code: "", message: "" }) }));

export const refusalsOf = (refusals: Refusal[]): Shown[] => refusals;

const HEADS = ["Style", "Status", "Error code", "The status reports", "Message"];

export const Refusals = ({ refusals }: { refusals: Refusal[] }) => (
  <Table label="Refusals" class="plain refusals" heads={HEADS}>
    {refusals.map((refusal) => {
      const { title, status, code, message } = refusal;
      const { text, class: name } = VERDICTS[verdictOf(refusal)];
      return (
        <tr>
          <th scope="row">{title}</th>
          <td class="number">{status ?? "none"}</td>
          <td>
            <code>{code || "accepted"}</code>
          </td>
          <td class={name}>{text}</td>
          <td class="one-line">{message}</td>
        </tr>
      );
    })}
  </Table>
);

interface Everywhere extends Pick<Step, "cause" | "nature" | "choice" | "notes"> {
  source: Source<Comparison>;
  reason: string;
  sentence: string;
}

/** A step that claims that every style refuses a call for the same reason. */
export const refusedEverywhere = ({ source, reason, sentence, ...texts }: Everywhere) =>
  step<Comparison>({
    ...texts,
    source,
    claim: {
      sentence,
      shownIf: `every style refuses the call with the reason ${reason}`,
      holds: (run) => run.equal && run.refused?.reason === reason && run.styles.every(({ error }) => error),
      otherwise: "In this run a style accepts the call, or refuses it for another reason.",
    },
    key: ({ styles }) => ({
      value: of(styles.filter(({ error }) => error).length, styles.length),
      of: `styles refuse it: ${reason}`,
    }),
    figures: (run) => <Refusals refusals={refusalsIn(run)} />,
    isWide: true,
    exchanges: exchangesOf,
  });
