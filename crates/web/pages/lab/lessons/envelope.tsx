// D1: the same user in every style, and what the envelope costs.

import { compare } from "../api.ts";
import { Table } from "../components/table.tsx";
import { bytes, share, short, time } from "../format.ts";
import { isQuiet } from "../spread.ts";
import type { Comparison, JsonObject, Part, Row } from "../types.ts";
import { CallBytes, CallTimes, exchangesOf, of, total } from "./figures.tsx";
import { type Lesson, type Source, step } from "./lesson.ts";

export const ONE_USER = { operation: "get_user", input: { id: 1 } };

const source: Source<Comparison> = {
  kind: "measured",
  busy: "Calling every style",
  measure: ({ signal }) => compare(ONE_USER, { signal }),
};

const textOf = (parts: Part[]) => {
  const last = parts.at(-1);
  return last?.kind === "http" ? last.body : (last?.text ?? "");
};

/** The styles in which most bytes are not data; of a style in binary the share may be unknown. */
const wasteful = ({ styles }: Comparison) => styles.filter(({ envelope_share }) => (envelope_share ?? 0) > 0.5).length;
const bytesAndShare = ({ call, envelope_share }: Row) =>
  `${bytes(total(call))}, ${envelope_share === null ? "unknown" : share(envelope_share)}`;

const medians = ({ styles }: Comparison) => styles.map(({ time_us }) => time_us?.warm_median ?? 0);
/** Between the fastest and the slowest style, in microseconds. */
const gap = (run: Comparison) => Math.max(...medians(run)) - Math.min(...medians(run));

/** More bytes of headers in a call are repeated ones: a state of the connection would have made them shorter. */
const HEADERS_MAX = 100;

/** The bytes of the styles that do not repeat their headers in each call, and of those that do. */
const byHeaders = ({ styles }: Comparison) => {
  const repeats = ({ call }: Row) => call.request.headers + call.response.headers > HEADERS_MAX;
  const totals = (rows: Row[]) => rows.map(({ call }) => total(call));
  return { without: totals(styles.filter((row) => !repeats(row))), others: totals(styles.filter(repeats)) };
};

const ONE_MS = 1_000;

export const ENVELOPE: Lesson = {
  id: "D1",
  question: "One user in every style: what does the envelope cost?",
  steps: [
    step<Comparison>({
      source,
      claim: {
        sentence: "Every style returns the same user, each in a format of its own.",
        shownIf: "the normalised results are equal, and no two response bodies are",
        holds: ({ equal, styles }) =>
          equal && new Set(styles.map(({ wire }) => textOf(wire.received))).size === styles.length,
        otherwise: "In this run the results differ, or two formats are the same: there is nothing to compare.",
      },
      key: (run) => ({
        value: of(run.equal ? run.styles.length : 0, run.styles.length),
        of: "styles return the same user",
      }),
      figures: ({ answer, styles }) => (
        <>
          <p class="answer">
            {Object.values((answer ?? {}) as JsonObject).join(" · ")}
          </p>
          <Table label="The responses" class="plain bodies" heads={["Style", "Response body", { right: "Bytes" }]}>
            {styles.map(({ title, wire, call }) => (
              <tr>
                <th scope="row">{short(title)}</th>
                <td>
                  <code>{textOf(wire.received)}</code>
                </td>
                <td class="right">{bytes(call.response.body)}</td>
              </tr>
            ))}
          </Table>
        </>
      ),
      isWide: true,
      exchanges: exchangesOf,
      cause: "There is one shop. Each adapter writes the same values in its own grammar.",
      nature: "Tags, member names, wrappers.",
      choice: "Which members a user has; REST's JSON has no wrapper.",
      notes: "Ask the class which bodies they can read aloud without a manual. Then open the requests.",
    }),
    step<Comparison>({
      source,
      claim: {
        sentence: "In most styles, most bytes of this call are not data.",
        shownIf: "more than half of the styles have an envelope share above 50 %",
        holds: (run) => run.equal && 2 * wasteful(run) > run.styles.length,
        otherwise: "In this run at least half of the styles send more data than envelope.",
      },
      key: (run) => ({ value: of(wasteful(run), run.styles.length), of: "styles send more envelope than data" }),
      figures: ({ styles }) => <CallBytes rows={styles} text={bytesAndShare} />,
      exchanges: exchangesOf,
      cause: "One user has few values. Headers, tags and names are sent whatever they hold.",
      nature: "XML closes every tag; GraphQL sends its query.",
      choice: "Few headers: no cookies, no tracing.",
      notes: "The share counts everything that is not the text of an input or result value. A list changes the ranking: D2.",
    }),
    step<Comparison>({
      source,
      claim: {
        sentence: "Styles that do not repeat their headers send the fewest bytes per call.",
        shownIf: `every style with at most ${HEADERS_MAX} bytes of headers in a call has fewer bytes than every other`,
        holds: (run) => {
          const { without, others } = byHeaders(run);
          return without.length > 0 && others.length > 0 && Math.max(...without) < Math.min(...others);
        },
        otherwise: "In this run a style that repeats its headers sends as few bytes.",
      },
      key: (run) => {
        const { without, others } = byHeaders(run);
        return { value: bytes(Math.min(...without)), of: `a call; ${bytes(Math.min(...others))} at best with repeated headers` };
      },
      figures: ({ styles }) => <CallBytes rows={styles} />,
      exchanges: exchangesOf,
      cause: "A connection with a state has sent its headers once. HTTP/1.1 has none, so it repeats them.",
      nature: "A socket has a state; a call over HTTP/1.1 stands alone.",
      choice: "Plain JSON in the frames, without compression.",
      notes: "The handshake's bytes are not in the bar: the Compare view lists them. They pay off after a few calls.",
    }),
    step<Comparison>({
      source,
      claim: {
        sentence: "Without a network, fastest and slowest style are less than 1 ms apart.",
        shownIf: "the medians on an open connection are less than 1 ms apart, and the run is not noisy",
        holds: (run) => isQuiet(run.styles) && gap(run) < ONE_MS,
        otherwise: "In this run they are further apart, or the machine was busy: the times say nothing about the styles.",
      },
      key: (run) => ({ value: time(gap(run)), of: "between the fastest and the slowest median" }),
      figures: ({ styles }) => <CallTimes rows={styles} calls={["warm"]} />,
      exchanges: exchangesOf,
      cause: "On one machine the time is parsing and writing. A network adds its own for each round trip.",
      nature: "More bytes to parse take more time.",
      choice: "This program, this machine, one call at a time.",
      notes: "The bars differ, in ratio even much. D3 and D6 show what a round trip adds.",
    }),
  ],
};
