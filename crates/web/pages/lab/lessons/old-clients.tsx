// D12: clients of an older contract, a tolerant and a strict one in each style.

import { type Change, compare, readByOldClients } from "../api.ts";
import { Table } from "../components/table.tsx";
import { short } from "../format.ts";
import type { ClientOutcome, OldClients } from "../types.ts";
import { of } from "./figures.tsx";
import { type Claim, type Lesson, type Step, step } from "./lesson.ts";
import { refusedEverywhere } from "./refusals.tsx";

const MARKS: Record<string, { mark: string; class: string }> = {
  works: { mark: "✓", class: "good" },
  wrong: { mark: "≠", class: "wrong" },
  breaks: { mark: "✕", class: "bad" },
};

/** The styles whose messages name their members. */
const WITH_NAMES = ["rest", "soap", "jsonrpc", "xmlrpc", "websocket", "graphql"];

const words = (clients: OldClients[], kind: "tolerant" | "strict") => clients.map((style) => style[kind].word);
const number = (words: string[], wanted: string) => words.filter((word) => word === wanted).length;
const both = (clients: OldClients[]) => [...words(clients, "tolerant"), ...words(clients, "strict")];

const changed = (
  change: Change,
  claim: Claim<OldClients[]>,
  texts: Pick<Step, "cause" | "nature" | "choice" | "notes">,
) =>
  step<OldClients[]>({
    ...texts,
    claim,
    source: {
      kind: "measured",
      busy: "Two old clients read a product in every style",
      measure: ({ signal }) => readByOldClients(change, { signal }),
    },
    key: (clients) => ({
      value: of(both(clients).length - number(both(clients), "works"), both(clients).length),
      of: `clients wrong or broken; ${number(both(clients), "wrong")} do not notice`,
    }),
    figures: (clients) => (
      <Table label="Old clients" class="plain outcomes" heads={["Style", "Tolerant: reads by name", "Strict: checks its contract"]}>
        {clients.map(({ title, tolerant, strict }) => (
          <tr>
            <th scope="row">{short(title)}</th>
            <Cell {...tolerant} />
            <Cell {...strict} />
          </tr>
        ))}
      </Table>
    ),
    isWide: true,
    exchanges: (clients) => clients.map(({ title, wire }) => ({ title: short(title), wire })),
  });

function Cell({ word, why }: ClientOutcome) {
  const { mark, class: name } = MARKS[word] ?? { mark: "", class: "" };
  return (
    <td>
      <strong class={name}>{`${mark} ${word}`}</strong> <span class="muted">{why}</span>
    </td>
  );
}

export const OLD_CLIENTS: Lesson = {
  id: "D12",
  question: "The contract changes: which clients break?",
  steps: [
    changed(
      "added",
      {
        sentence: "A new member disturbs no tolerant client. Most strict ones refuse it.",
        shownIf: "all tolerant clients work, and more than half of the strict ones break",
        holds: (clients) =>
          clients.length > 0 &&
          words(clients, "tolerant").every((word) => word === "works") &&
          2 * number(words(clients, "strict"), "breaks") > clients.length,
        otherwise: "In this run a tolerant client failed, or most strict ones accept the new member.",
      },
      {
        cause: "A closed schema knows every member, so a new one is an error.",
        nature: "A GraphQL client gets only what it asks for.",
        choice: "Contracts that are closed: nothing more is allowed.",
        notes: "Today's contract is the new one: the old clients do not know `description`. The exchange is a real one.",
      },
    ),
    changed(
      "renamed",
      {
        sentence: "After a renaming some tolerant clients go on without data; no strict one does.",
        shownIf: "some tolerant clients are wrong, and no strict one",
        holds: (clients) =>
          number(words(clients, "tolerant"), "wrong") > 0 && clients.length > 0 && number(words(clients, "strict"), "wrong") === 0,
        otherwise: "In this run every tolerant client notices, or a strict one does not.",
      },
      {
        cause: "A client that reads by name finds nothing, and nothing is a value, too.",
        nature: "GraphQL's server knows the query and refuses it: both notice.",
        choice: "That members are renamed at all, instead of deprecated.",
        notes: "The old clients read `summary`, which is called `description` today. Which outcome would the class rather have?",
      },
    ),
    changed(
      "removed",
      {
        sentence: "After a removal the silent failure is the tolerant client's, not the style's.",
        shownIf: "more tolerant clients are wrong than strict ones",
        holds: (clients) => number(words(clients, "tolerant"), "wrong") > number(words(clients, "strict"), "wrong"),
        otherwise: "In this run as many strict clients as tolerant ones go on without the member.",
      },
      {
        cause: "Only a check against the contract sees what is not there.",
        nature: "Without names on the wire, a missing member has its default.",
        choice: "A required member could be removed here without a version.",
        notes: "The old clients read `rating`, which is gone. tests/clients/evolution does the same with real clients.",
      },
    ),
    refusedEverywhere({
      source: {
        kind: "measured",
        busy: "A newer client calls every style",
        measure: ({ signal }) =>
          compare({ operation: "get_user", input: { id: 1, nickname: true }, over: WITH_NAMES, n: 1 }, { signal }),
      },
      reason: "invalid_input",
      sentence: "A newer client's unknown member is refused, by this server's rule in every style with names.",
      cause: "The shop decodes every input by one schema, which is closed.",
      nature: "GraphQL must refuse it (validation), gRPC skips it: a field is a number there. The others may ignore it.",
      choice: "No style with names lets it pass: a typing mistake is found at once.",
      notes: "Many servers ignore what they do not know. Then a client with a typing mistake sees a success.",
    }),
  ],
};
