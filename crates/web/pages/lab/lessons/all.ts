// The sixteen lessons, in the order in which they are taught.

import { Locked, TooMany, WrongKey } from "./access.tsx";
import { ReadAgain } from "./caching.tsx";
import { ConnectionReuse } from "./connections.tsx";
import { Expensive } from "./expensive.tsx";
import type { Lesson } from "./lesson.ts";
import { CompressedLists, Lists } from "./lists.tsx";
import { OldClients } from "./old-clients.tsx";
import { OwnCase } from "./own-case.tsx";
import { Paging } from "./paging.tsx";
import { Malformed } from "./refusals.tsx";

const ONE_USER = { operation: "get_user", input: { id: 1 } };

const TWENTY_MINUTES: Lesson[] = [
  {
    id: "D1",
    question: "One user in every style: what does the envelope cost?",
    steps: [
      {
        statement: "Every style returns the same user, in its own format.",
        run: { kind: "compare", ...ONE_USER, showsMessages: true },
      },
      {
        statement: "In every style, most of the bytes are headers, envelope and member names, not data.",
        run: { kind: "compare", ...ONE_USER, charts: ["bytes"], highlighted: ["xmlrpc"] },
      },
      {
        statement: "A WebSocket sends headers only once, in its handshake. After that, each message is a small frame.",
        run: { kind: "compare", ...ONE_USER, charts: ["bytes", "round-trips"], highlighted: ["websocket"] },
      },
      {
        statement: "And the time? Without a network in between, every style answers within a few milliseconds.",
        run: { kind: "compare", ...ONE_USER, charts: ["time"] },
      },
    ],
  },
  {
    id: "D3",
    question: "The order page: how many requests does it take?",
    steps: [
      {
        statement: "The page shows an order, its customer and its products. One request per resource means many requests.",
        run: { kind: "scenario", name: "order-page", measures: ["round-trips", "bytes"], highlighted: ["rest"] },
      },
      {
        statement: "On one machine, all variants finish within milliseconds.",
        run: { kind: "scenario", name: "order-page", rtt_ms: 0, measures: ["time"] },
      },
      {
        statement: "With 50 ms per round trip, the number of requests decides the time.",
        run: { kind: "scenario", name: "order-page", rtt_ms: 50, measures: ["time"], highlighted: ["rest"] },
      },
      {
        statement: "With 150 ms, how you use a style matters more than which style you use.",
        run: { kind: "scenario", name: "order-page", rtt_ms: 150, measures: ["round-trips", "time"], highlighted: ["rest"] },
      },
    ],
  },
  {
    id: "D7",
    question: "One mistake in every style: who notices?",
    steps: [
      {
        statement: "Ordering more than the stock breaks one rule. Each style reports it in its own way.",
        run: {
          kind: "mistake",
          operation: "place_order",
          // A new shop has 22 of this product.
          input: { user_id: 1, lines: [{ product_id: 7, quantity: 99 }] },
        },
      },
      {
        statement: "The id of a user who does not exist.",
        run: { kind: "mistake", operation: "get_user", input: { id: 999_999 } },
      },
      {
        statement: "A text where the id must be a number.",
        run: { kind: "mistake", operation: "get_user", input: { id: "Ada" } },
      },
      { statement: "A message that breaks off in the middle.", run: { kind: "own", Content: Malformed } },
    ],
  },
  {
    id: "D10",
    question: "Poll, wait or push: which client learns of a change first?",
    steps: [
      {
        statement: "Eight clients wait for events, each on another channel. Nothing has happened yet.",
        run: { kind: "events", changes: 0 },
      },
      {
        statement: "We place an order over SOAP. Pushed events arrive at once; the polling client asks once a second.",
        run: { kind: "events", changes: 1 },
      },
      {
        statement: "The order is paid. A waiting request (long polling) is as fast as a push, but needs a new request for each event.",
        run: { kind: "events", changes: 2 },
      },
      {
        statement: "The order is shipped. The polling client keeps asking, whether or not there is news.",
        run: { kind: "events", changes: 3 },
      },
      {
        statement: "The order is delivered. Now compare the numbers of requests.",
        run: { kind: "events", changes: 4 },
      },
    ],
  },
];

const ONE_HOUR: Lesson[] = [
  {
    id: "D4",
    question: "Names only: how much unused data is sent?",
    steps: [
      {
        statement: "The client needs only the names. Not every style lets it ask for less.",
        run: { kind: "scenario", name: "names-only", measures: ["bytes"], highlighted: ["graphql"] },
      },
    ],
  },
  {
    id: "D5",
    question: "N+1: how many lookups does one request cause?",
    steps: [
      {
        statement: "One request of the client can become many lookups in the server. A dataloader combines them.",
        run: { kind: "scenario", name: "n-plus-one", measures: ["lookups", "round-trips"], highlighted: ["graphql"] },
      },
    ],
  },
  {
    id: "D6",
    question: "New or open: what does a connection cost?",
    steps: [
      {
        statement: "A new connection takes one more round trip, a new WebSocket two. On one machine, that is little time.",
        run: { kind: "compare", ...ONE_USER, charts: ["round-trips", "time"] },
      },
      {
        statement: "With 50 ms per round trip, keeping the connection open saves more than changing the style.",
        run: { kind: "own", Content: ConnectionReuse },
      },
    ],
  },
  {
    id: "D8",
    question: "The click that ran twice: how many orders are made?",
    steps: [
      {
        statement: "The response is lost, so the customer clicks again, and again. With an idempotency key there is one order, even across styles.",
        run: { kind: "scenario", name: "retry", measures: ["made"], highlighted: ["rest"] },
      },
    ],
  },
];

const EXTRA: Lesson[] = [
  {
    id: "D2",
    question: "Does the envelope matter for lists?",
    steps: [
      {
        statement: "The envelope is sent once per list, but member names are sent with every record.",
        run: { kind: "own", Content: Lists },
      },
      {
        statement: "With gzip, repeated names cost almost nothing. The WebSocket here does not compress, so it pays for all of them.",
        run: { kind: "own", Content: CompressedLists },
      },
    ],
  },
  {
    id: "D9",
    question: "Reading again: what does the second time cost?",
    steps: [
      {
        statement: "With GET and an ETag, unchanged data is not sent again. The other calls send all of it twice.",
        run: { kind: "own", Content: ReadAgain },
      },
    ],
  },
  {
    id: "D11",
    question: "Twenty at once, one missing: what happens to the other 19?",
    steps: [
      {
        statement: "Each style has its own way to request twenty things at once. Open the steps and look for the missing one.",
        run: { kind: "scenario", name: "twenty-at-once", measures: ["round-trips", "bytes"] },
      },
    ],
  },
  {
    id: "D12",
    question: "The contract changes: which clients break?",
    steps: [
      {
        statement: "The response changes, but the clients do not. Some work, some fail, and some continue with wrong data.",
        run: { kind: "own", Content: OldClients },
      },
      {
        statement: "A newer client sends a member that this server does not know. The server refuses it in every style.",
        run: { kind: "mistake", operation: "get_user", input: { id: 1, nickname: true } },
      },
    ],
  },
  {
    id: "D13",
    question: "Who are you, and how often do you call?",
    steps: [
      {
        statement: "A wrong API key is refused, even where no key is needed.",
        run: { kind: "own", Content: WrongKey },
      },
      {
        statement: "A locked sandbox refuses calls without credentials. Each style says so in its own way.",
        run: { kind: "own", Content: Locked },
      },
      {
        statement: "One request can contain many operations. Each alias counts against the rate limit.",
        run: { kind: "own", Content: TooMany },
      },
    ],
  },
  {
    id: "D14",
    question: "The expensive request: where is it stopped?",
    steps: [
      {
        statement: "Each style has its own way to ask for too much. The server stops each one early.",
        run: { kind: "own", Content: Expensive },
      },
    ],
  },
  {
    id: "D15",
    question: "Paging while someone writes: what is missed?",
    steps: [
      {
        statement: "We read all orders in pages of twenty, while new orders arrive. The cursor keeps its place.",
        run: { kind: "own", Content: Paging },
      },
    ],
  },
  {
    id: "D16",
    question: "Choose and defend: which style fits your case?",
    steps: [
      {
        statement: "Take a case of your own, measure it, and keep the evidence.",
        run: { kind: "own", Content: OwnCase },
      },
    ],
  },
];

export const PATHS: { title: string; lessons: Lesson[] }[] = [
  { title: "The first 20 minutes", lessons: TWENTY_MINUTES },
  { title: "For one hour, add these", lessons: ONE_HOUR },
  { title: "Extra lessons", lessons: EXTRA },
];

export const LESSONS: Lesson[] = PATHS.flatMap(({ lessons }) => lessons);
