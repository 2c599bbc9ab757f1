// D13: a wrong key, no key in a locked sandbox, too many operations in one request.

import { compare, send } from "../api.ts";
import { Table } from "../components/table.tsx";
import { short } from "../format.ts";
import type { Json, Wire } from "../types.ts";
import { ONE_USER } from "./envelope.tsx";
import { of } from "./figures.tsx";
import { type Context, type Lesson, step } from "./lesson.ts";
import { refusedEverywhere } from "./refusals.tsx";
import { inSandbox } from "./sandboxes.ts";

const RATE_PER_MINUTE = 3;
const IDS = [1, 2, 3, 4, 5];

/** One request with five operations, in the styles that have such a thing. */
const MANY: Record<string, { how: string; text: string; refused: (answer: string) => number }> = {
  graphql: {
    how: "five aliases",
    text: JSON.stringify({ query: `{ ${IDS.map((id) => `p${id}: product(id: ${id}) { name }`).join(" ")} }` }),
    refused: (answer) => count(JSON.parse(answer).errors, "RATE_LIMITED"),
  },
  jsonrpc: {
    how: "a batch of five",
    text: JSON.stringify(IDS.map((id) => ({ jsonrpc: "2.0", id, method: "get_product", params: { id } }))),
    refused: (answer) => count(JSON.parse(answer), "rate_limited"),
  },
  xmlrpc: {
    how: "a multicall of five",
    text: multicall(IDS.map((id) => `<struct>${member("methodName", "<string>get_product</string>")}${params(id)}</struct>`)),
    refused: (answer) => answer.split("rate_limited").length - 1,
  },
};

/** The members of a list that contain a word. */
const count = (list: Json, word: string) =>
  Array.isArray(list) ? list.filter((item) => JSON.stringify(item).includes(word)).length : 0;

function member(name: string, value: string): string {
  return `<member><name>${name}</name><value>${value}</value></member>`;
}

function params(id: number): string {
  const struct = `<value><struct>${member("id", `<int>${id}</int>`)}</struct></value>`;
  return member("params", `<array><data>${struct}</data></array>`);
}

function multicall(calls: string[]): string {
  const data = calls.map((call) => `<value>${call}</value>`).join("");
  return (
    '<?xml version="1.0"?><methodCall><methodName>system.multicall</methodName>' +
    `<params><param><value><array><data>${data}</data></array></value></param></params></methodCall>`
  );
}

interface Limited {
  title: string;
  how: string;
  status: number | undefined;
  refused: number;
  wire: Wire;
}

const sendMany = ({ table, signal }: Context): Promise<Limited[]> =>
  Promise.all(
    table.styles.flatMap(({ name, title }) => {
      const many = MANY[name];
      if (!many) return [];
      // Each has a limit of its own.
      return inSandbox({ rate_per_minute: RATE_PER_MINUTE }, async (sandbox) => {
        const message = { over: name, operation: "get_product", input: { id: 1 }, text: many.text };
        const { status, text, wire } = await send(message, { sandbox, signal, as: "" });
        return { title: short(title), how: many.how, status, refused: many.refused(text), wire };
      });
    }),
  );

export const ACCESS: Lesson = {
  id: "D13",
  question: "Who are you, and how often do you call?",
  steps: [
    refusedEverywhere({
      source: {
        kind: "measured",
        busy: "Calling every style with a wrong key",
        measure: ({ signal }) => compare({ ...ONE_USER, n: 1 }, { signal, as: "parlance_u0000001_wrong" }),
      },
      reason: "credentials_wrong",
      sentence: "A wrong API key is refused in every style, even where no key is needed.",
      cause: "The shop verifies what is claimed before it decides what is allowed.",
      nature: "REST has 401 and a challenge; a frame has only its own code.",
      choice: "That a wrong key is worse than none, and the key's header.",
      notes: "A server that ignores a wrong key serves a visitor, who wonders why the orders are gone.",
    }),
    refusedEverywhere({
      source: {
        kind: "measured",
        busy: "Locking a sandbox",
        measure: ({ signal }) =>
          inSandbox({ access: "locked" }, (sandbox) => compare({ ...ONE_USER, n: 1 }, { sandbox, signal, as: "" })),
      },
      reason: "credentials_missing",
      sentence: "A locked sandbox refuses a call without credentials, each style in its own words.",
      cause: "One rule decides for all styles; each adapter only translates the refusal.",
      nature: "The code, and whether the status tells.",
      choice: "Locking whole sandboxes, for this lesson.",
      notes: "Compare the statuses: a gateway that looks at 401 alone sees only some of these refusals.",
    }),
    step<Limited[]>({
      source: { kind: "measured", busy: `Sending ${IDS.length} operations in one request`, measure: sendMany },
      claim: {
        sentence: "One request can carry many operations, and each counts against the limit.",
        shownIf: `with ${RATE_PER_MINUTE} operations allowed, ${IDS.length - RATE_PER_MINUTE} of ${IDS.length} are refused in each style that bundles`,
        holds: (all) => all.length > 0 && all.every(({ refused }) => refused === IDS.length - RATE_PER_MINUTE),
        otherwise: "In this run a style bundles operations past the limit.",
      },
      key: (all) => ({
        value: of(Math.min(...all.map(({ refused }) => refused)), IDS.length),
        of: `operations of one request refused, ${RATE_PER_MINUTE} a minute allowed`,
      }),
      figures: (all) => (
        <Table label="Operations in one request" class="plain" heads={["Style", "One request with", "Status", { right: "Refused" }]}>
          {all.map(({ title, how, status, refused }) => (
            <tr>
              <th scope="row">{title}</th>
              <td>{how}</td>
              <td>{status ?? "none"}</td>
              <td class="right">{of(refused, IDS.length)}</td>
            </tr>
          ))}
        </Table>
      ),
      exchanges: (all) => all,
      cause: "The limit counts operations in the shop, behind all adapters.",
      nature: "Batches, multicalls, aliases: one request, many operations.",
      choice: "Counting operations. A proxy counts requests: here one.",
      notes: "The other styles have no way to bundle, so they are not in the table.",
    }),
  ],
};
