// What does each style say to a message that is none? Half a message, sent by this browser.

import { useAsked } from "../asked.ts";
import { Busy, Problem } from "../parts/said.tsx";
import { reach, textOf } from "../server.ts";
import { read } from "../shop/grammar.ts";
import { ask } from "../shop/socket.ts";
import type { Said } from "./grammar.ts";
import { Refusals } from "./refusals.tsx";

const HALVES = [
  { style: "rest", title: "REST", place: "rest/orders", type: "application/json", body: '{"user_id": 1, "lines": [' },
  { style: "soap", title: "SOAP", place: "soap", type: "text/xml; charset=utf-8", body: "<soap:Envelope" },
  { style: "jsonrpc", title: "JSON-RPC", place: "jsonrpc", type: "application/json", body: '{"jsonrpc": "2.0", "id": 1, ' },
  { style: "xmlrpc", title: "XML-RPC", place: "xmlrpc", type: "text/xml", body: '<?xml version="1.0"?><methodCall>' },
  { style: "graphql", title: "GraphQL", place: "graphql", type: "application/json", body: '{"query": "{ user(id: 1) {"}' },
] as const;

export function Malformed() {
  const run = useAsked(() => Promise.all([...HALVES.map(sent), sentAsFrame()]), []);
  if (run.problem) return <Problem text={run.problem} />;
  return run.value ? <Refusals said={run.value} /> : <Busy what="Sending half a message" />;
}

async function sent({ style, title, place, type, body }: (typeof HALVES)[number]): Promise<Said> {
  const response = await reach(place, { method: "POST", headers: { "Content-Type": type }, body });
  return { title, status: response.status, ...read(style, await textOf(response)) };
}

async function sentAsFrame(): Promise<Said> {
  const { text } = await ask(['{"id": "1", "op": ']);
  return { title: "WebSocket", ...read("websocket", text) };
}
