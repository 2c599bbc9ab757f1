// What does one show in twenty minutes? What an envelope costs, what round trips cost, how mistakes are told, how news comes.

import type { Lesson } from "./lesson.ts";
import { Malformed } from "./malformed.tsx";

const ONE_USER = { operation: "get_user", input: { id: 1 } };

export const FIRST: Lesson[] = [
  {
    id: "D1",
    question: "One user, every envelope: what does a style cost?",
    steps: [
      {
        say: "The same user, asked for in every style: first, the answers are equal.",
        show: { kind: "compare", ...ONE_USER, isWire: true },
      },
      {
        say: "What is around the user costs more than the user, in every style.",
        show: { kind: "compare", ...ONE_USER, charts: ["bytes"], pointedAt: ["xmlrpc"] },
      },
      {
        say: "A WebSocket has paid its headers once, in the handshake: now only frames are left.",
        show: { kind: "compare", ...ONE_USER, charts: ["bytes", "round-trips"], pointedAt: ["websocket"] },
      },
      {
        say: "And in time? Without a network between, one counts in millionths of a second.",
        show: { kind: "compare", ...ONE_USER, charts: ["time"] },
      },
    ],
  },
  {
    id: "D3",
    question: "The order page: how often must one ask?",
    steps: [
      {
        say: "An order, its customer, and the names of its products: who asks thing by thing asks often.",
        show: { kind: "scenario", name: "order-page", measures: ["round-trips", "bytes"], pointedAt: ["rest"] },
      },
      {
        say: "Without a network, that hardly shows.",
        show: { kind: "scenario", name: "order-page", rtt_ms: 0, measures: ["time"] },
      },
      {
        say: "At 50 ms a round trip, it is all that one sees.",
        show: { kind: "scenario", name: "order-page", rtt_ms: 50, measures: ["time"], pointedAt: ["rest"] },
      },
      {
        say: "At 150 ms, the style matters less than how it is used.",
        show: { kind: "scenario", name: "order-page", rtt_ms: 150, measures: ["round-trips", "time"], pointedAt: ["rest"] },
      },
    ],
  },
  {
    id: "D7",
    question: "One mistake, every grammar: who notices?",
    steps: [
      {
        say: "More than there is in stock: one rule is broken, and each style says so in its own words.",
        show: {
          kind: "mistake",
          operation: "place_order",
          // Of this product a new shop has 22.
          input: { user_id: 1, lines: [{ product_id: 7, quantity: 99 }] },
        },
      },
      { say: "A user whom nobody knows.", show: { kind: "mistake", operation: "get_user", input: { id: 999_999 } } },
      { say: "A text where a number should be.", show: { kind: "mistake", operation: "get_user", input: { id: "Ada" } } },
      { say: "A message that is none.", show: { kind: "own", is: Malformed } },
    ],
  },
  {
    id: "D10",
    question: "Poll, push, or wait: who hears of it first?",
    steps: [
      { say: "Eight ways of hearing, all at once: none has heard anything yet.", show: { kind: "news", changes: 0 } },
      {
        say: "An order is placed over SOAP: a push is there at once, a poll when its second is over.",
        show: { kind: "news", changes: 1 },
      },
      {
        say: "It is paid. A question that waits is as quick as a push; it costs a question each time.",
        show: { kind: "news", changes: 2 },
      },
      { say: "It is shipped. Who polls has asked all the while.", show: { kind: "news", changes: 3 } },
      { say: "It is delivered: now compare the requests.", show: { kind: "news", changes: 4 } },
    ],
  },
];
