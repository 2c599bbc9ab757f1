// How does the browser change an order over a chosen style? By the two operations that it takes, written by hand, as a program
// without any library would; the answer is the order's number.

import { reach, Refused, textOf } from "../server.ts";
import type { JsonObject } from "../types.ts";
import { read } from "./grammar.ts";
import { ask, authenticate } from "./socket.ts";
import { envelope, methodCall, methodResponse, things } from "./xml.ts";

export interface Buying {
  name: string;
  title: string;
  place: (input: PlaceOrder) => Promise<number>;
  setStatus: (id: number, status: string) => Promise<number>;
}

export interface PlaceOrder extends JsonObject {
  user_id: number;
  lines: { product_id: number; quantity: number }[];
}

interface Message {
  place: string;
  method?: string;
  type?: string;
  body: string;
}

/** Sends, and tells the answer's text: whether it is a refusal is for the style to tell. */
async function send({ place, method = "POST", type = "application/json", body }: Message): Promise<string> {
  const response = await reach(place, { method, headers: { "Content-Type": type }, body });
  return (await textOf(response)) || `HTTP ${response.status} ${response.statusText}`;
}

/** The order's number where the answer has it, or the refusal in the style's own words. */
function numbered(style: string, text: string, find: () => unknown): number {
  try {
    const id = Number(find());
    if (Number.isInteger(id) && id > 0) return id;
  } catch {
    // It is not even of the style's grammar, and is told as it came.
  }
  const { code, message } = read(style, text);
  throw new Refused(0, code, message || text);
}

async function rest(method: string, place: string, body: JsonObject): Promise<number> {
  const text = await send({ place, method, body: JSON.stringify(body) });
  return numbered("rest", text, () => JSON.parse(text).id);
}

async function soap(operation: string, input: JsonObject): Promise<number> {
  const text = await send({ place: "soap", type: "text/xml; charset=utf-8", body: envelope(operation, input) });
  return numbered("soap", text, () => things(text, "order")[0]?.["id"]);
}

async function jsonrpc(method: string, params: JsonObject): Promise<number> {
  const text = await send({ place: "jsonrpc", body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) });
  return numbered("jsonrpc", text, () => JSON.parse(text).result?.id);
}

async function xmlrpc(operation: string, input: JsonObject): Promise<number> {
  const text = await send({ place: "xmlrpc", type: "text/xml", body: methodCall(operation, input) });
  return numbered("xmlrpc", text, () => (methodResponse(text) as JsonObject | null)?.["id"]);
}

async function graphql(field: string, type: string, input: JsonObject): Promise<number> {
  const query = `mutation Change($input: ${type}!) { ${field}(input: $input) { order { id } } }`;
  const text = await send({ place: "graphql", body: JSON.stringify({ query, variables: { input } }) });
  return numbered("graphql", text, () => JSON.parse(text).data?.[field]?.order?.id);
}

async function websocket(op: string, params: JsonObject): Promise<number> {
  const { text } = await ask([...authenticate(), { id: "1", op, params }].map((word) => JSON.stringify(word)));
  return numbered("websocket", text, () => JSON.parse(text).ok?.id);
}

/** A style that has the shop's own names for what it does. */
const named = (name: string, title: string, call: (operation: string, input: JsonObject) => Promise<number>): Buying => ({
  name,
  title,
  place: (input) => call("place_order", input),
  setStatus: (id, status) => call("set_order_status", { id, status }),
});

export const BUYING: Buying[] = [
  {
    name: "rest",
    title: "REST",
    place: (input) => rest("POST", "rest/orders", input),
    setStatus: (id, status) => rest("PUT", `rest/orders/${id}/status`, { status }),
  },
  named("soap", "SOAP", soap),
  named("jsonrpc", "JSON-RPC", jsonrpc),
  named("xmlrpc", "XML-RPC", xmlrpc),
  named("websocket", "WebSocket", websocket),
  {
    name: "graphql",
    title: "GraphQL",
    place: ({ user_id, lines }) => graphql("placeOrder", "PlaceOrderInput", { userId: user_id, lines: lines.map(graphqlLine) }),
    setStatus: (id, status) => graphql("setOrderStatus", "SetOrderStatusInput", { id, status: status.toUpperCase() }),
  },
];

const graphqlLine = ({ product_id, quantity }: PlaceOrder["lines"][number]) => ({ productId: product_id, quantity });
