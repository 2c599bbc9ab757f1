// How is one told over a WebSocket? Three styles push over one, each in its own words. The handshake and the frames are made by
// the browser, which does not tell their bytes; what it tells is the messages.

import { bytesOf } from "../format.ts";
import { socketAt } from "../place.ts";
import { me } from "../server.ts";
import type { News } from "../types.ts";
import type { Lane, Told } from "./lanes.ts";

/** What is particular to a style: what it says once connected, and what it makes of a message. */
interface Speech {
  path: string;
  subprotocol?: string;
  /** Every message before the news can come, each sent when the one before was answered. */
  opening: (after: number) => object[];
  /** The news in a message; `answer` for an answer to what was said, `error` for a refusal. */
  read: (message: Message) => News | "answer" | "error" | undefined;
}

/** What may be in a message, in whichever style. */
interface Message {
  ok?: object;
  event?: News;
  error?: { message: string };
  result?: unknown;
  method?: string;
  params?: { result?: News };
  type?: string;
  payload?: { data?: { orderEvents: GraphqlNews } };
}

interface GraphqlNews {
  seq: number;
  kind: string;
  orderId: string;
  status: string;
}

function listen(speech: Speech, after: number, told: Told): () => void {
  const socket = new WebSocket(socketAt(speech.path), speech.subprotocol ? [speech.subprotocol] : []);
  const words = speech.opening(after);
  let isStopped = false;
  const say = () => {
    const word = words.shift();
    if (!word) return told.ready();
    const text = JSON.stringify(word);
    told.asked(bytesOf(text));
    socket.send(text);
    // GraphQL does not answer a subscription before its first news.
    if (words.length === 0 && speech.subprotocol === "graphql-transport-ws") told.ready();
  };
  socket.onopen = say;
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    told.got(bytesOf(data));
    const message = JSON.parse(data) as Message;
    const read = speech.read(message);
    if (read === "answer") say();
    else if (read === "error") told.failed(data);
    else if (read) told.heard(read, data);
    else if (message.type === "ping") socket.send('{"type":"pong"}');
  };
  socket.onclose = ({ code, reason }) => {
    if (!isStopped) told.failed(`closed: ${code} ${reason}`);
  };
  return () => {
    isStopped = true;
    socket.close(1000);
  };
}

const key = () => me.value?.api_key;

const websocket: Speech = {
  path: "ws",
  subprotocol: "shop.v1.json",
  // A browser can't set headers of a WebSocket, so who one is must be said in a message.
  opening: (after) => [
    ...(key() ? [{ id: "0", op: "authenticate", params: { api_key: key() } }] : []),
    { id: "1", op: "watch_events", params: { after } },
  ],
  read: ({ ok, event, error }) => event ?? (error ? "error" : ok && "answer"),
};

const jsonrpc: Speech = {
  path: "jsonrpc",
  opening: (after) => [{ jsonrpc: "2.0", id: 1, method: "watch_events", params: { after } }],
  read: ({ method, params, result, error }) =>
    method === "event" ? params?.result : error ? "error" : result !== undefined ? "answer" : undefined,
};

// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
const graphql: Speech = {
  path: "graphql",
  subprotocol: "graphql-transport-ws",
  opening: (after) => [
    { type: "connection_init", ...(key() ? { payload: { "X-API-Key": key() } } : {}) },
    {
      id: "1",
      type: "subscribe",
      payload: { query: `subscription { orderEvents(after: ${after}) { seq kind orderId status } }` },
    },
  ],
  read: ({ type, payload }) => {
    if (type === "connection_ack") return "answer";
    if (type === "error") return "error";
    const news = payload?.data?.orderEvents;
    // Its own habits undone: ids are texts, words of an enumeration in upper case.
    return news && { ...news, order_id: Number(news.orderId), status: news.status.toLowerCase() };
  },
};

export const SOCKETS: Lane[] = [
  { name: "websocket", title: "WebSocket", how: "watch_events", listen: (after, told) => listen(websocket, after, told) },
  { name: "graphql", title: "GraphQL", how: "subscription orderEvents", listen: (after, told) => listen(graphql, after, told) },
  {
    name: "jsonrpc",
    title: "JSON-RPC",
    how: "watch_events over a WebSocket",
    listen: (after, told) => listen(jsonrpc, after, told),
  },
];
