// What does one add in an hour? What is asked for and not needed, what happens below, what a connection costs, and the click
// that ran twice.

import { ColdOrWarm } from "./cold.tsx";
import type { Lesson } from "./lesson.ts";

export const HOUR: Lesson[] = [
  {
    id: "D4",
    question: "Names only: who sends what nobody reads?",
    steps: [
      {
        say: "Only the names are wanted; not every style can say so.",
        show: { kind: "scenario", name: "names-only", measures: ["bytes"], pointedAt: ["graphql"] },
      },
    ],
  },
  {
    id: "D5",
    question: "N+1: what happens under the hood?",
    steps: [
      {
        say: "One question of the client may be many questions of the server.",
        show: { kind: "scenario", name: "n-plus-one", measures: ["lookups", "round-trips"], pointedAt: ["graphql"] },
      },
    ],
  },
  {
    id: "D6",
    question: "Cold or warm: what does a connection cost?",
    steps: [
      {
        say: "A new connection is a round trip more, a new WebSocket two: without a network, that is cheap.",
        show: { kind: "compare", operation: "get_user", input: { id: 1 }, charts: ["round-trips", "time"] },
      },
      {
        say: "At 50 ms a round trip, a connection that is kept is worth more than any style.",
        show: { kind: "own", is: ColdOrWarm },
      },
    ],
  },
  {
    id: "D8",
    question: "The click that ran twice: how many orders?",
    steps: [
      {
        say: "The answer is lost, so the customer clicks again, and again: with a key, that is one order, over whatever style.",
        show: { kind: "scenario", name: "retry", measures: ["made"], pointedAt: ["rest"] },
      },
    ],
  },
];
