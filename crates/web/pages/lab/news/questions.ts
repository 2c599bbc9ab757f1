// How does one hear of news by asking? Again and again by a beat, or by a question that waits for its answer. The two styles
// that can't push are as quick that way; each question costs its bytes, though.

import { bytesOf } from "../format.ts";
import { at } from "../place.ts";
import { isStopped, reach, Refused, type Sending, textOf, told as problemTold } from "../server.ts";
import { read } from "../shop/grammar.ts";
import { envelope, methodCall, methodResponse, things } from "../shop/xml.ts";
import type { News } from "../types.ts";
import { type Lane, POLL_MS, type Told, WAIT_SECONDS } from "./lanes.ts";

interface Page {
  news: News[];
  next: number;
}

/** What is particular to a way of asking. */
interface Asking {
  /** The style in whose words it is refused. */
  style: string;
  /** The question for what comes after that event, as what `fetch` takes. */
  question: (after: number) => { place: string; init: Sending & { body?: string } };
  read: (text: string) => Page;
  /** Whether a question waits for its answer: then the next one need not wait for a beat after news. */
  waits: boolean;
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
  while (!signal.aborted) {
    const beat = performance.now() + POLL_MS;
    let isNews = false;
    told.ready();
    try {
      const { page, text } = await askOnce(asking, cursor, told, signal);
      for (const news of page.news) told.heard(news, text);
      cursor = page.next;
      isNews = page.news.length > 0;
    } catch (problem) {
      if (!passes(problem)) throw problem;
      told.failed(problemTold(problem));
    }
    if (!(asking.waits && isNews)) await rest(beat - performance.now(), signal);
  }
}

async function askOnce(asking: Asking, after: number, told: Told, signal: AbortSignal) {
  const { place, init } = asking.question(after);
  const { pathname, search } = new URL(at(place));
  // Of a request the browser tells its body and where it goes; the headers that it adds, it keeps to itself.
  told.asked(bytesOf(pathname + search) + bytesOf(init.body ?? ""));
  const response = await reach(place, { ...init, signal, cache: "no-store" });
  const text = await textOf(response);
  told.got(bytesOf(text));
  if (!response.ok) throw refusal(asking.style, response.status, text);
  return { page: asking.read(text), text };
}

/** The reasons for which one comes again later, and a style says some of them with another status than 429 or 503. */
const LATER = /rate_limited|overloaded|draining/;

function refusal(style: string, status: number, text: string): Refused {
  const { code, message } = read(style, text);
  return new Refused(status, text.match(LATER)?.[0] ?? code, message || `HTTP ${status}`);
}

/** Whether it is over soon: the server can't be reached, breaks off, or wants to be left alone for a while. */
const passes = (problem: unknown) =>
  problem instanceof Refused && ([0, 429, 503].includes(problem.status) || LATER.test(problem.reason));

function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}

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
  const answer = methodResponse(text) as unknown as { items?: News[]; next?: number } | null;
  // HTTP says 200 of a refusal, too.
  if (!answer?.items || answer.next === undefined) throw refusal("xmlrpc", 200, text);
  return { news: answer.items, next: answer.next };
}

const poll: Asking = {
  style: "rest",
  question: (after) => ({ place: `rest/events?after=${after}`, init: {} }),
  read: readJson,
  waits: false,
};

// RFC 7240, section 4.3.
const longPoll: Asking = {
  style: "rest",
  question: (after) => ({ place: `rest/events?after=${after}`, init: { headers: { Prefer: `wait=${WAIT_SECONDS}` } } }),
  read: readJson,
  waits: true,
};

const soap: Asking = {
  style: "soap",
  question: (after) => ({
    place: "soap",
    init: {
      method: "POST",
      headers: { "Content-Type": "text/xml; charset=utf-8" },
      body: envelope("list_events", { after, wait_seconds: WAIT_SECONDS }),
    },
  }),
  read: readSoap,
  waits: true,
};

const xmlrpc: Asking = {
  style: "xmlrpc",
  question: (after) => ({
    place: "xmlrpc",
    init: {
      method: "POST",
      headers: { "Content-Type": "text/xml" },
      body: methodCall("list_events", { after, wait_seconds: WAIT_SECONDS }),
    },
  }),
  read: readXmlRpc,
  waits: true,
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
