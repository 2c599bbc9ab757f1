// How is one told over a WebSocket? Three styles push over one, each in its own words. The handshake and the frames are made by
// the browser, which does not tell their bytes; what it tells is the messages.

import { bytesOf } from "../format.ts";
import { socketAt } from "../place.ts";
import { me } from "../server.ts";
import { authenticate } from "../shop/socket.ts";
import type { News } from "../types.ts";
import type { Lane, Told } from "./lanes.ts";

/** What is particular to a style: what it says once connected, and what it makes of a message. */
interface Speech {
  path: string;
  subprotocol?: string;
  /** Every message before the news can come, each sent when the one before was answered. */
  opening: (after: number) => object[];
  /** The news in a message; `answer` for an answer to what was said; or why there will be no more. */
  read: (message: Message) => News | "answer" | Over | undefined;
}

interface Over {
  over: string;
}

interface Problem {
  message: string;
}

/** What may be in a message, in whichever style. */
interface Message {
  ok?: object;
  event?: News;
  error?: Problem;
  end?: object;
  result?: unknown;
  method?: string;
  params?: { result?: News; error?: Problem };
  type?: string;
  payload?: Problem[] | { data?: { orderEvents: GraphqlNews } | null; errors?: Problem[] };
}

interface GraphqlNews {
  seq: number;
  kind: string;
  orderId: string;
  status: string;
}

/** That it is over, and why, if somebody says so. */
const over = (problem: Problem | undefined): Over => ({ over: problem?.message ?? "the shop has ended the stream" });

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
    else if (read && "over" in read) {
      stop();
      told.failed(read.over);
    } else if (read) told.heard(read, data);
    else if (message.type === "ping") socket.send('{"type":"pong"}');
  };
  socket.onclose = ({ code, reason }) => {
    if (!isStopped) told.failed(`closed: ${code} ${reason}`);
  };
  const stop = () => {
    isStopped = true;
    socket.close(1000);
  };
  return stop;
}

const websocket: Speech = {
  path: "ws",
  subprotocol: "shop.v1.json",
  opening: (after) => [...authenticate(), { id: "1", op: "watch_events", params: { after } }],
  read: ({ ok, event, error, end }) => event ?? (error || end ? over(error) : ok && "answer"),
};

const jsonrpc: Speech = {
  path: "jsonrpc",
  opening: (after) => [{ jsonrpc: "2.0", id: 1, method: "watch_events", params: { after } }],
  read: ({ method, params, result, error }) => {
    if (error || params?.error) return over(error ?? params?.error);
    if (method === "event") return params?.result;
    return result === undefined ? undefined : "answer";
  },
};

// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
const graphql: Speech = {
  path: "graphql",
  subprotocol: "graphql-transport-ws",
  opening: (after) => [
    { type: "connection_init", ...(me.value ? { payload: { "X-API-Key": me.value.api_key } } : {}) },
    {
      id: "1",
      type: "subscribe",
      payload: { query: `subscription { orderEvents(after: ${after}) { seq kind orderId status } }` },
    },
  ],
  read: ({ type, payload }) => {
    if (type === "connection_ack") return "answer";
    if (type === "complete") return over(undefined);
    if (Array.isArray(payload)) return over(payload[0]);
    if (payload?.errors) return over(payload.errors[0]);
    const news = payload?.data?.orderEvents;
    // Its own habits undone: ids are texts, words of an enumeration in upper case.
    return news && { ...news, order_id: Number(news.orderId), status: news.status.toLowerCase() };
  },
};

/** JSON-RPC has no word for who one is, and a browser sets no headers of a WebSocket: so it is heard as nobody, or not at all. */
function listenAsNobody(after: number, told: Told): () => void {
  if (!me.value) return listen(jsonrpc, after, told);
  told.failed("a browser can't say who one is over this socket");
  return () => {};
}

export const SOCKETS: Lane[] = [
  { name: "websocket", title: "WebSocket", how: "watch_events", listen: (after, told) => listen(websocket, after, told) },
  { name: "graphql", title: "GraphQL", how: "subscription orderEvents", listen: (after, told) => listen(graphql, after, told) },
  { name: "jsonrpc", title: "JSON-RPC", how: "watch_events over a WebSocket", listen: listenAsNobody },
];
