// How does the envelope's share change with the length of a list? Bytes of the whole call, as multiples of REST's.

import { useAsked } from "../asked.ts";
import { bytes, times } from "../format.ts";
import { Busy, Problem } from "../parts/said.tsx";
import { compare } from "../server.ts";
import type { Comparison, Row } from "../types.ts";

const LENGTHS = [1, 10, 50, 100];

const total = ({ call }: Row) => call.request.total + call.response.total;

export function Lists() {
  const run = useAsked(async (signal) => {
    const comparisons: Comparison[] = [];
    // One after another: comparisons that run at once would disturb each other.
    for (const limit of LENGTHS) {
      comparisons.push(await compare({ operation: "search_products", input: { limit }, n: 1 }, { signal }));
    }
    return comparisons;
  }, []);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy what="Asking for lists" />;
  const rest = run.value.map(({ styles }) => styles.find(({ style }) => style === "rest"));
  return (
    <div class="scrolls" role="region" aria-label="Lists" tabIndex={0}>
      <table class="refusals">
        <thead>
          <tr>
            <th scope="col">Products</th>
            {LENGTHS.map((length) => (
              <th scope="col" class="right">
                {length}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(run.value[0]?.styles ?? []).map(({ title }, index) => (
            <tr>
              <th scope="row">{title}</th>
              {run.value?.map(({ styles }, length) => (
                <Cell row={styles[index]} rest={rest[length]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ row, rest }: { row: Row | undefined; rest: Row | undefined }) {
  if (!row || !rest) return <td />;
  return (
    <td class="right">
      <strong>{times(total(row) / total(rest))}</strong>
      <br />
      <span class="soft small">{bytes(total(row))}</span>
    </td>
  );
}
