// How does the envelope's share change with the length of a list? Bytes of the whole call, as multiples of REST's: as they are,
// and packed.

import { useAsked } from "../asked.ts";
import { bytes, times } from "../format.ts";
import { Busy, Problem } from "../parts/said.tsx";
import { Table } from "../parts/table.tsx";
import { compare } from "../server.ts";
import type { Comparison, Row } from "../types.ts";

const LENGTHS = [1, 10, 50, 100];

const total = ({ call }: Row) => call.request.total + call.response.total;

export const Lists = () => <Multiples />;
export const PackedLists = () => <Multiples isGzip />;

/** Each length, one after another: comparisons that run at once would disturb each other. */
async function listed(gzip: boolean, signal: AbortSignal): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const limit of LENGTHS) {
    comparisons.push(await compare({ operation: "search_products", input: { limit }, n: 1, gzip }, { signal }));
  }
  return comparisons;
}

function Multiples({ isGzip = false }: { isGzip?: boolean }) {
  const run = useAsked(
    async (signal) => {
      const raw = await listed(false, signal);
      return { raw, shown: isGzip ? await listed(true, signal) : raw };
    },
    [isGzip],
  );
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy what="Asking for lists" />;
  const { raw, shown } = run.value;
  const rest = shown.map(({ styles }) => styles.find(({ style }) => style === "rest"));
  return (
    <Table label="Lists" class="refusals lists" heads={["Products", ...LENGTHS.map((length) => ({ right: String(length) }))]}>
      {(shown[0]?.styles ?? []).map(({ title }, style) => (
        <tr>
          <th scope="row">{title}</th>
          {shown.map(({ styles }, length) => (
            <Cell row={styles[style]} rest={rest[length]} raw={isGzip ? raw[length]?.styles[style] : undefined} />
          ))}
        </tr>
      ))}
    </Table>
  );
}

interface CellProps {
  row: Row | undefined;
  rest: Row | undefined;
  /** What it was without gzip, if it was asked for. */
  raw: Row | undefined;
}

function Cell({ row, rest, raw }: CellProps) {
  if (!row || !rest) return <td />;
  const before = raw && (row.packed ? ` of ${bytes(total(raw))}` : ", not packed");
  return (
    <td class="right">
      <strong>{times(total(row) / total(rest))}</strong>
      <br />
      <span class="soft small">
        {bytes(total(row))}
        {before}
      </span>
    </td>
  );
}
