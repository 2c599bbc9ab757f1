// The bytes of lists of several lengths as multiples of REST's, without and with compression.

import { useRequest } from "../request.ts";
import { bytes, times } from "../format.ts";
import { Busy, Problem } from "../components/notices.tsx";
import { Table } from "../components/table.tsx";
import { compare } from "../api.ts";
import type { Comparison, Row } from "../types.ts";

const LENGTHS = [1, 10, 50, 100];

const total = ({ call }: Row) => call.request.total + call.response.total;

export const Lists = () => <Multiples />;
export const CompressedLists = () => <Multiples isGzip />;

/** One length after another: simultaneous comparisons would disturb each other. */
async function measure(gzip: boolean, signal: AbortSignal): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const limit of LENGTHS) {
    comparisons.push(await compare({ operation: "search_products", input: { limit }, n: 1, gzip }, { signal }));
  }
  return comparisons;
}

function Multiples({ isGzip = false }: { isGzip?: boolean }) {
  const run = useRequest(
    async (signal) => {
      const raw = await measure(false, signal);
      return { raw, shown: isGzip ? await measure(true, signal) : raw };
    },
    [isGzip],
  );
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy text="Reading lists in each style" />;
  const { raw, shown } = run.value;
  const rest = shown.map(({ styles }) => styles.find(({ style }) => style === "rest"));
  return (
    <Table label="Bytes by list length" class="refusals multiples" heads={["Products in the list", ...LENGTHS.map((length) => ({ right: String(length) }))]}>
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
  /** The row without gzip, if gzip was asked for. */
  raw: Row | undefined;
}

function Cell({ row, rest, raw }: CellProps) {
  if (!row || !rest) return <td />;
  const before = raw && (row.compressed ? ` of ${bytes(total(raw))}` : ", not compressed");
  return (
    <td class="right">
      <strong>{times(total(row) / total(rest))}</strong>
      <br />
      <span class="muted small">
        {bytes(total(row))}
        {before}
      </span>
    </td>
  );
}
