// What does one show to who asks on? Lists, caches, batches, contracts, credentials, expensive questions, pages.

import type { Lesson } from "./lesson.ts";
import { ReadAgain } from "./caching.tsx";
import { Expensive } from "./expensive.tsx";
import { Lists, PackedLists } from "./lists.tsx";
import { Locked, TooOften, WrongKey } from "./doors.tsx";
import { OldClients } from "./old-clients.tsx";
import { OwnCase } from "./own-case.tsx";
import { Paging } from "./paging.tsx";

export const MORE: Lesson[] = [
  {
    id: "D2",
    question: "Does the envelope matter on lists?",
    steps: [
      {
        say: "One record or a hundred: the envelope is paid once, the names of members each time.",
        show: { kind: "own", is: Lists },
      },
      {
        say: "Packed, names that come again cost next to nothing: only the WebSocket, which packs nothing, pays them all.",
        show: { kind: "own", is: PackedLists },
      },
    ],
  },
  {
    id: "D9",
    question: "Reading again: what does it cost?",
    steps: [
      {
        say: "Who has it already need not get it again, where HTTP can see that something is only read: by GET.",
        show: { kind: "own", is: ReadAgain },
      },
    ],
  },
  {
    id: "D11",
    question: "Twenty at once, one missing: what of the other 19?",
    steps: [
      {
        say: "Each style has its own way to ask for twenty: open the steps and look for the one that is missing.",
        show: { kind: "scenario", name: "twenty-at-once", measures: ["round-trips", "bytes"] },
      },
    ],
  },
  {
    id: "D12",
    question: "The contract changes: who breaks?",
    steps: [
      {
        say: "An answer changes, and the clients do not: some work, some break, and some go on and are wrong.",
        show: { kind: "own", is: OldClients },
      },
      {
        say: "A client that is ahead of the server sends a member that it does not know: no style lets it pass in silence.",
        show: { kind: "mistake", operation: "get_user", input: { id: 1, nickname: true } },
      },
    ],
  },
  {
    id: "D13",
    question: "Who are you, and how often?",
    steps: [
      { say: "A wrong key is refused everywhere, also where none is needed.", show: { kind: "own", is: WrongKey } },
      { say: "A locked sandbox refuses whoever does not say who it is, in every grammar.", show: { kind: "own", is: Locked } },
      { say: "One request may be many operations: each alias counts.", show: { kind: "own", is: TooOften } },
    ],
  },
  {
    id: "D14",
    question: "The expensive question: where is it stopped?",
    steps: [
      {
        say: "Each style has its own way to ask too much, and each is stopped before it costs.",
        show: { kind: "own", is: Expensive },
      },
    ],
  },
  {
    id: "D15",
    question: "Paging while someone writes: what is missed?",
    steps: [
      {
        say: "Orders are read by twenty, and more are placed meanwhile: a cursor stays where it is.",
        show: { kind: "own", is: Paging },
      },
    ],
  },
  {
    id: "D16",
    question: "Choose and defend: what fits your case?",
    steps: [{ say: "Take a case of your own, measure it, and take the evidence along.", show: { kind: "own", is: OwnCase } }],
  },
];
