// How does the browser change an order over a chosen style? By the two operations that it takes, written by hand, as a program
// without any library would; the answer is the order's number.

import { at, socketAt } from "../place.ts";
import { credentials, me, Refused } from "../server.ts";
import type { JsonObject } from "../types.ts";
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

const JSON_TYPE = { "Content-Type": "application/json" };

/** Sends, and tells the answer's text; a refusal is for the style to tell, except where HTTP does. */
async function send(place: string, method: string, headers: Record<string, string>, body: string): Promise<string> {
  const response = await fetch(at(place), { method, headers: { ...headers, ...credentials() }, body });
  return response.text();
}

/** The order's number, or the refusal as it came. */
function numbered(id: unknown, text: string): number {
  const number = Number(id);
  if (!Number.isInteger(number) || number < 1) throw new Refused(0, "", `refused: ${text}`);
  return number;
}

async function rest(method: string, place: string, body: JsonObject): Promise<number> {
  const text = await send(place, method, JSON_TYPE, JSON.stringify(body));
  return numbered(JSON.parse(text).id, text);
}

async function soap(operation: string, input: JsonObject): Promise<number> {
  const text = await send("soap", "POST", { "Content-Type": "text/xml; charset=utf-8" }, envelope(operation, input));
  return numbered(things(text, "order")[0]?.["id"], text);
}

async function jsonrpc(method: string, params: JsonObject): Promise<number> {
  const text = await send("jsonrpc", "POST", JSON_TYPE, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
  return numbered(JSON.parse(text).result?.id, text);
}

async function xmlrpc(operation: string, input: JsonObject): Promise<number> {
  const text = await send("xmlrpc", "POST", { "Content-Type": "text/xml" }, methodCall(operation, input));
  const answer = methodResponse(text);
  return numbered(answer !== null && typeof answer === "object" && !Array.isArray(answer) && answer["id"], text);
}

async function graphql(field: string, type: string, input: JsonObject): Promise<number> {
  const query = `mutation Change($input: ${type}!) { ${field}(input: $input) { order { id } } }`;
  const text = await send("graphql", "POST", JSON_TYPE, JSON.stringify({ query, variables: { input } }));
  return numbered(JSON.parse(text).data?.[field]?.order?.id, text);
}

function websocket(op: string, params: JsonObject): Promise<number> {
  const words = [
    ...(me.value ? [{ id: "0", op: "authenticate", params: { api_key: me.value.api_key } }] : []),
    { id: "1", op, params },
  ];
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketAt("ws"), ["shop.v1.json"]);
    socket.onopen = () => words.forEach((word) => socket.send(JSON.stringify(word)));
    socket.onerror = () => reject(new Refused(0, "", "the WebSocket could not be opened"));
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const { id, ok, error } = JSON.parse(data);
      if (!error && id !== "1") return;
      socket.close(1000);
      if (error) reject(new Refused(0, error.reason, error.message));
      else resolve(numbered(ok?.id, data));
    };
  });
}

export const BUYING: Buying[] = [
  {
    name: "rest",
    title: "REST",
    place: (input) => rest("POST", "rest/orders", input),
    setStatus: (id, status) => rest("PUT", `rest/orders/${id}/status`, { status }),
  },
  {
    name: "soap",
    title: "SOAP",
    place: (input) => soap("place_order", input),
    setStatus: (id, status) => soap("set_order_status", { id, status }),
  },
  {
    name: "jsonrpc",
    title: "JSON-RPC",
    place: (input) => jsonrpc("place_order", input),
    setStatus: (id, status) => jsonrpc("set_order_status", { id, status }),
  },
  {
    name: "xmlrpc",
    title: "XML-RPC",
    place: (input) => xmlrpc("place_order", input),
    setStatus: (id, status) => xmlrpc("set_order_status", { id, status }),
  },
  {
    name: "websocket",
    title: "WebSocket",
    place: (input) => websocket("place_order", input),
    setStatus: (id, status) => websocket("set_order_status", { id, status }),
  },
  {
    name: "graphql",
    title: "GraphQL",
    place: ({ user_id, lines }) => graphql("placeOrder", "PlaceOrderInput", { userId: user_id, lines: lines.map(graphqlLine) }),
    setStatus: (id, status) => graphql("setOrderStatus", "SetOrderStatusInput", { id, status: status.toUpperCase() }),
  },
];

const graphqlLine = ({ product_id, quantity }: PlaceOrder["lines"][number]) => ({ productId: product_id, quantity });
