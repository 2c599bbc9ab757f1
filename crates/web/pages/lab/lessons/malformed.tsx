// What does each style say to a message that is none? Half a message, sent as it is.

import { useAsked } from "../asked.ts";
import { Busy, Problem } from "../parts/said.tsx";
import { send } from "../server.ts";
import type { Table } from "../types.ts";
import { Refusals } from "./refusals.tsx";

const HALVES: Record<string, string> = {
  rest: '{"user_id": 1, "lines": [',
  soap: "<soap:Envelope",
  jsonrpc: '{"jsonrpc": "2.0", "id": 1, ',
  xmlrpc: '<?xml version="1.0"?><methodCall>',
  websocket: '{"id": "1", "op": ',
  graphql: '{"query": "{ user(id: 1) {"}',
};

export function Malformed({ table: { styles } }: { table: Table }) {
  const run = useAsked(() => Promise.all(styles.map(sent)), []);
  if (run.problem) return <Problem text={run.problem} />;
  return run.value ? <Refusals said={run.value} /> : <Busy what="Sending half a message" />;
}

async function sent({ name, title }: Table["styles"][number]) {
  const { said, text } = await send({ over: name, operation: "place_order", text: HALVES[name] ?? "" });
  return { title, ...(said ?? { code: "", message: text }) };
}
