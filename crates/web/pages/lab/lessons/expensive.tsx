// D14: a request in each style that asks for too much, and the figure at which it is stopped.

import { send } from "../api.ts";
import { Table } from "../components/table.tsx";
import { count, short, time } from "../format.ts";
import type { JsonObject, Sent, Wire } from "../types.ts";
import { type Context, type Lesson, step } from "./lesson.ts";

interface Attack {
  /** What there is too much of. */
  what: string;
  /** The most that is tried. */
  most: number;
  /** A request with so much of it. */
  make: (amount: number) => { operation: string; input?: JsonObject; text?: string };
}

const OPERATION = "search_products";
const numbers = (amount: number) => Array.from({ length: amount }, (_, index) => index + 1);
const textOf = (make: (amount: number) => string) => (amount: number) => ({ operation: OPERATION, text: make(amount) });

/** Every style has this one, and REST no other. */
const IDS: Attack = {
  what: "ids in one request",
  most: 1_000,
  make: (amount) => ({ operation: OPERATION, input: { ids: numbers(amount) } }),
};

// Each level of an entity is ten of the one before ("billion laughs").
const entities = (levels: number) =>
  numbers(levels).map((level) => `<!ENTITY e${level} "${level > 1 ? `&e${level - 1};`.repeat(10) : "ha"}">`);
const bomb = (levels: number) =>
  (levels > 0 ? `<!DOCTYPE x [${entities(levels).join("")}]>` : "") +
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><SearchProducts xmlns="urn:parlance:shop:v1">' +
  `<query>${levels > 0 ? `&e${levels};` : "ha"}</query></SearchProducts></s:Body></s:Envelope>`;

const call = "<value><struct><member><name>methodName</name><value>who_am_i</value></member>" +
  "<member><name>params</name><value><array><data></data></array></value></member></struct></value>";
const multicall = (amount: number) =>
  '<?xml version="1.0"?><methodCall><methodName>system.multicall</methodName><params><param><value><array><data>' +
  `${call.repeat(amount)}</data></array></value></param></params></methodCall>`;

const batch = (amount: number) => JSON.stringify(numbers(amount).map((id) => ({ jsonrpc: "2.0", id, method: "who_am_i" })));

/** An order's user, the user's orders, their nodes: round and round. */
const FIELDS = ["order(id: 1)", "user", "orders(first: 1)", "nodes"];
const fieldAt = (level: number) => FIELDS[level < FIELDS.length ? level : 1 + ((level - 1) % (FIELDS.length - 1))];
/** The innermost level is `__typename`. */
const deep = (levels: number) =>
  JSON.stringify({ query: `${numbers(levels - 1).map((level) => `{ ${fieldAt(level - 1)} `).join("")}{ __typename }${" }".repeat(levels - 1)}` });

const KIB = 1_024;

// A message of gRPC is its length in four bytes and its fields, here the query again and again: the last one counts. What is sent is
// UTF-8, so a byte of the length is below 128: a field that no method has fills the message up.
const queries = (amount: number) => {
  const fields = "\n\x01x".repeat(amount);
  const missing = Math.max(2, 256 - (fields.length % 256));
  const filled = fields.length % 256 < 128 ? fields : `${fields}\x7a${String.fromCharCode(missing - 2)}${"x".repeat(missing - 2)}`;
  return `\0\0\0${String.fromCharCode(filled.length >> 8, filled.length & 255)}${filled}`;
};

const ATTACKS: Record<string, Attack> = {
  soap: { what: "levels of XML entities", most: 9, make: textOf(bomb) },
  jsonrpc: { what: "requests in a batch", most: 1_000, make: textOf(batch) },
  xmlrpc: { what: "calls in a multicall", most: 1_000, make: textOf(multicall) },
  websocket: { what: "KiB in a message", most: 400, make: textOf((kib) => "x".repeat(kib * KIB)) },
  graphql: { what: "levels of fields", most: 40, make: textOf(deep) },
  grpc: { what: "values of one field", most: 10_000, make: textOf(queries) },
};

interface Stopped {
  title: string;
  what: string;
  tried: number;
  /** The most that was not refused for its amount. */
  allowed: number;
  us: number;
  message: string;
  wire: Wire;
}

/** Searches for the figure by halves: the most that is not stopped. */
async function stop({ what, most, make }: Attack, over: string, title: string, signal: AbortSignal): Promise<Stopped> {
  const sendOf = (amount: number) => send({ over, ...make(amount) }, { signal });
  const refusal = ({ error }: Sent) => error && `${error.status} ${error.code}`;
  // With little of it the request may be refused, too, but in another way.
  const last = await sendOf(most);
  const isStopped = async (amount: number) => refusal(await sendOf(amount)) === refusal(last);
  let [allowed, stopped] = [0, most];
  while (last.error && stopped - allowed > 1) {
    const middle = Math.floor((allowed + stopped) / 2);
    if (await isStopped(middle)) stopped = middle;
    else allowed = middle;
  }
  const { time_us: us, error, wire } = last;
  return { title, what, tried: most, allowed: error ? allowed : most, us, message: error?.message ?? "not stopped", wire };
}

/** One after another, so that none delays another. */
async function stopAll({ table, signal }: Context): Promise<Stopped[]> {
  const all: Stopped[] = [];
  for (const { name, title } of table.styles) all.push(await stop(ATTACKS[name] ?? IDS, name, short(title), signal));
  return all;
}

/** Whether each style has a way of its own. */
const areOwn = (all: Stopped[]) => new Set(all.map(({ what }) => what)).size === all.length;
const slowest = (all: Stopped[]) => Math.max(...all.map(({ us }) => us));

export const EXPENSIVE: Lesson = {
  id: "D14",
  question: "The expensive request: where is it stopped?",
  steps: [
    step<Stopped[]>({
      source: { kind: "measured", busy: "Searching the figure at which each style is stopped", measure: stopAll },
      claim: {
        sentence: "Each style has its way to ask for too much, and each is stopped at a figure.",
        shownIf: "no two styles have the same way, less is allowed than was tried, and what was tried is refused within 1 s",
        holds: (all) => all.length > 0 && areOwn(all) && all.every(({ allowed, tried }) => allowed < tried) && slowest(all) < 1_000_000,
        otherwise: "In this run two styles had the same way, or one was not stopped, or only after more than a second.",
      },
      key: (all) => ({ value: time(slowest(all)), of: "until the slowest refusal" }),
      figures: (all) => (
        <Table
          label="Expensive requests"
          class="plain"
          heads={["Style", "Too many", { right: "Tried" }, { right: "Allowed" }, { right: "Refused after" }, "Message"]}
        >
          {all.map(({ title, what, tried, allowed, us, message }) => (
            <tr>
              <th scope="row">{title}</th>
              <td>{what}</td>
              <td class="right">{count(tried)}</td>
              <td class="right">
                <strong>{count(allowed)}</strong>
              </td>
              <td class="right">{time(us)}</td>
              <td class="one-line">{message}</td>
            </tr>
          ))}
        </Table>
      ),
      isWide: true,
      exchanges: (all) => all,
      cause: "The amount is counted before anything is executed.",
      nature: "What can be bundled, nested or expanded in one request.",
      choice: "Every figure, and no DOCTYPE at all.",
      notes: "The figures are found here by halves, with real requests. Ask what each would cost without a limit.",
    }),
  ],
};
