// Who would notice a mistake? A row for each style; a monitor that counts the statuses of HTTP sees some of them.

import { useAsked } from "../asked.ts";
import { Busy, Problem } from "../parts/said.tsx";
import { Table } from "../parts/table.tsx";
import { compare, type How, type Question } from "../server.ts";
import type { Row, Said } from "../types.ts";

/** How a style said no, and what it is called. */
export type Refusal = Said & { title: string };

/** What a row's answer said; one that was no refusal has said nothing. */
export const saidBy = ({ title, said }: Row): Refusal => ({ title, ...(said ?? { code: "", message: "" }) });

/** Asks over all styles, and shows how each refuses. */
export function Mistake({ question, how = {} }: { question: Question; how?: How }) {
  const run = useAsked(
    (signal) => compare({ ...question, n: 1 }, { ...how, signal }),
    [JSON.stringify(question), how.sandbox, how.as],
  );
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy what="Asking all styles" />;
  const { refused, styles } = run.value;
  return (
    <>
      <p class={refused ? "verdict refused" : "verdict good"} role="status">
        {refused ? `One mistake: ${refused.message}` : "It was no mistake: all styles answered."}
        {refused && <code>{refused.reason}</code>}
      </p>
      <Refusals said={styles.map(saidBy)} />
    </>
  );
}

export function Refusals({ said }: { said: Refusal[] }) {
  const isMissed = ({ status }: Said) => status === undefined || status < 400;
  const missed = said.filter(isMissed).length;
  return (
    <>
      <Table label="Refusals" class="refusals" heads={["Style", "HTTP", "Its own code", "A monitor of statuses", "Its words"]}>
        {said.map((one) => (
          <tr>
            <th scope="row">{one.title}</th>
            <td class="number">{one.status ?? "no HTTP"}</td>
            <td>
              <code>{one.code}</code>
            </td>
            <td class={isMissed(one) ? "bad" : "good"}>{isMissed(one) ? "✕ misses it" : "✓ sees it"}</td>
            <td class="words">{one.message}</td>
          </tr>
        ))}
      </Table>
      <p class="pointed">
        Missed by who counts statuses alone: <strong>{missed}</strong> of {said.length}
      </p>
    </>
  );
}
