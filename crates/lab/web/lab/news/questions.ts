// How does one hear of news by asking? Again and again by a beat, or by a question that waits for its answer. The two styles
// that can't push are as quick that way; each question costs its bytes, though.

import { bytesOf } from "../format.ts";
import { at } from "../place.ts";
import { credentials, isStopped, told as problemTold, Refused } from "../server.ts";
import { envelope, methodCall, methodResponse, things } from "../shop/xml.ts";
import type { News } from "../types.ts";
import { type Lane, POLL_MS, type Told, WAIT_SECONDS } from "./lanes.ts";

interface Page {
  news: News[];
  next: number;
}

/** What is particular to a way of asking. */
interface Asking {
  /** The question for what comes after that event, as what `fetch` takes. */
  question: (after: number) => { place: string; init: RequestInit & { body?: string } };
  read: (text: string) => Page;
  /** How long to rest between questions. */
  rest_ms: number;
}

function listen(asking: Asking, after: number, told: Told): () => void {
  const stop = new AbortController();
  askOn(asking, after, told, stop.signal).catch((problem: unknown) => {
    if (!isStopped(problem)) told.failed(problemTold(problem));
  });
  return () => stop.abort();
}

async function askOn(asking: Asking, after: number, told: Told, signal: AbortSignal): Promise<void> {
  let cursor = after;
  told.ready();
  while (!signal.aborted) {
    const { place, init } = asking.question(cursor);
    const address = at(place);
    // Of a request the browser tells its body and where it goes; the headers that it adds, it keeps to itself.
    told.asked(bytesOf(new URL(address).pathname + new URL(address).search) + bytesOf(init.body ?? ""));
    const response = await fetch(address, {
      ...init,
      headers: { ...init.headers, ...credentials() },
      signal,
      cache: "no-store",
    });
    const text = await response.text();
    told.got(bytesOf(text));
    if (!response.ok) throw new Refused(response.status, "", text);
    const page = asking.read(text);
    for (const news of page.news) told.heard(news, text);
    cursor = page.next;
    if (asking.rest_ms > 0) await rest(asking.rest_ms, signal);
  }
}

const rest = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });

function readJson(text: string): Page {
  const { items, next } = JSON.parse(text) as { items: News[]; next: number };
  return { news: items, next };
}

function readSoap(text: string): Page {
  const news = things(text, "item").map(({ seq, kind = "", orderId, status = "" }) => ({
    seq: Number(seq),
    order_id: Number(orderId),
    kind,
    status,
  }));
  const next = Number(things(text, "events")[0]?.["next"]);
  return { news, next };
}

function readXmlRpc(text: string): Page {
  const answer = methodResponse(text) as unknown as { items?: News[]; next?: number; faultString?: string };
  // HTTP says 200 of a refusal, too.
  if (!answer.items || answer.next === undefined) throw new Refused(200, "", answer.faultString ?? text);
  return { news: answer.items, next: answer.next };
}

const poll: Asking = {
  question: (after) => ({ place: `rest/events?after=${after}`, init: {} }),
  read: readJson,
  rest_ms: POLL_MS,
};

// RFC 7240, section 4.3.
const longPoll: Asking = {
  question: (after) => ({ place: `rest/events?after=${after}`, init: { headers: { Prefer: `wait=${WAIT_SECONDS}` } } }),
  read: readJson,
  rest_ms: 0,
};

const soap: Asking = {
  question: (after) => ({
    place: "soap",
    init: {
      method: "POST",
      headers: { "Content-Type": "text/xml; charset=utf-8" },
      body: envelope("list_events", { after, wait_seconds: WAIT_SECONDS }),
    },
  }),
  read: readSoap,
  rest_ms: 0,
};

const xmlrpc: Asking = {
  question: (after) => ({
    place: "xmlrpc",
    init: {
      method: "POST",
      headers: { "Content-Type": "text/xml" },
      body: methodCall("list_events", { after, wait_seconds: WAIT_SECONDS }),
    },
  }),
  read: readXmlRpc,
  rest_ms: 0,
};

const lane = (name: string, title: string, how: string, asking: Asking): Lane => ({
  name,
  title,
  how,
  listen: (after, told) => listen(asking, after, told),
});

export const QUESTIONS: Lane[] = [
  lane("long-poll", "REST, long poll", `Prefer: wait=${WAIT_SECONDS}`, longPoll),
  lane("soap", "SOAP", `ListEvents, waitSeconds ${WAIT_SECONDS}`, soap),
  lane("xmlrpc", "XML-RPC", `list_events, wait_seconds ${WAIT_SECONDS}`, xmlrpc),
  lane("poll", "REST, poll", `asked every ${POLL_MS / 1_000} s`, poll),
];
