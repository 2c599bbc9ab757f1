// How each style reports the same mistake, and whether a monitor that counts HTTP statuses would notice.

import { type CallOptions, compare, type ComparisonRequest, send } from "../api.ts";
import { Busy, Problem } from "../components/notices.tsx";
import { Table } from "../components/table.tsx";
import { useRequest } from "../request.ts";
import type { Row, NativeError, Table as Shop } from "../types.ts";

/** How a style refused. */
type Refusal = NativeError & { title: string };

export const refusalOf = ({ title, error }: Row): Refusal => ({ title, ...(error ?? { code: "", message: "" }) });

/** Makes a call in all styles, and shows how each refuses it. */
export function Mistake({ call, options = {} }: { call: ComparisonRequest; options?: CallOptions }) {
  const run = useRequest(
    (signal) => compare({ ...call, n: 1 }, { ...options, signal }),
    [JSON.stringify(call), options.sandbox, options.as],
  );
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy text="Calling every style" />;
  const { refused, styles } = run.value;
  return (
    <>
      <p class={refused ? "notice refused" : "notice good"} role="status">
        {refused ? `The mistake: ${refused.message}` : "No style refused the call."}
        {refused && <code>{refused.reason}</code>}
      </p>
      <Refusals refusals={styles.map(refusalOf)} />
    </>
  );
}

const HEADS = ["Style", "HTTP status", "Error code", "Status monitor", "Message"];

export function Refusals({ refusals }: { refusals: Refusal[] }) {
  const isMissed = ({ status }: NativeError) => status === undefined || status < 400;
  const missed = refusals.filter(isMissed).length;
  return (
    <>
      <Table label="Refusals" class="refusals" heads={HEADS}>
        {refusals.map((refusal) => (
          <tr>
            <th scope="row">{refusal.title}</th>
            <td class="number">{refusal.status ?? "no HTTP"}</td>
            <td>
              <code>{refusal.code}</code>
            </td>
            <td class={isMissed(refusal) ? "bad" : "good"}>{isMissed(refusal) ? "✕ misses it" : "✓ sees it"}</td>
            <td class="message-text">{refusal.message}</td>
          </tr>
        ))}
      </Table>
      <p class="key-number">
        A monitor that counts HTTP statuses misses <strong>{missed}</strong> of {refusals.length}
      </p>
    </>
  );
}

const HALF_MESSAGES: Record<string, string> = {
  rest: '{"user_id": 1, "lines": [',
  soap: "<soap:Envelope",
  jsonrpc: '{"jsonrpc": "2.0", "id": 1, ',
  xmlrpc: '<?xml version="1.0"?><methodCall>',
  websocket: '{"id": "1", "op": ',
  graphql: '{"query": "{ user(id: 1) {"}',
};

/** Sends half a message in each style. */
export function Malformed({ table: { styles } }: { table: Shop }) {
  const run = useRequest(() => Promise.all(styles.map(sendHalf)), []);
  if (run.problem) return <Problem text={run.problem} />;
  return run.value ? <Refusals refusals={run.value} /> : <Busy text="Sending half a message in each style" />;
}

async function sendHalf({ name, title }: Shop["styles"][number]): Promise<Refusal> {
  const { error, text } = await send({ over: name, operation: "place_order", text: HALF_MESSAGES[name] ?? "" });
  return { title, ...(error ?? { code: "", message: text }) };
}
