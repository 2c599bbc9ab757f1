// D7: the same mistake in every style, and what a monitor that counts HTTP statuses makes of it.

import { compare, send } from "../api.ts";
import { short } from "../format.ts";
import type { JsonObject, Sent, Style } from "../types.ts";
import type { Context, Lesson, Source, Step } from "./lesson.ts";
import { step } from "./lesson.ts";
import { of } from "./figures.tsx";
import { type Refusal, Refusals, refusalsOf, verdictOf } from "./refusals.tsx";

/** The media types for which GraphQL over HTTP (section 6.4) has different statuses. */
const ACCEPTS = { newer: "application/graphql-response+json", JSON: "application/json" };

const refusalOf = (title: string, { error, text, wire }: Sent): Refusal => ({
  title,
  wire,
  ...(error ?? { code: "", message: text }),
});

/** The namespaces of the envelopes by SOAP's versions, and what each has as media type. */
const ENVELOPE_11 = "http://schemas.xmlsoap.org/soap/envelope/";
const ENVELOPE_12 = "http://www.w3.org/2003/05/soap-envelope";
const HEADERS_12 = { "content-type": "application/soap+xml; charset=utf-8" };

/** One style sent in one way: a style may have several, whose refusals differ. */
interface Variant {
  title: string;
  accept?: string;
  isSoap12?: boolean;
}

/** GraphQL once for each media type that a client may accept, SOAP once for each version. */
function variantsOf({ name, title }: Style): Variant[] {
  if (name === "soap") return [{ title: "SOAP 1.1" }, { title: "SOAP 1.2", isSoap12: true }];
  if (name !== "graphql") return [{ title: short(title) }];
  return Object.entries(ACCEPTS).map(([type, accept]) => ({ title: `${short(title)} (${type})`, accept }));
}

const bodyOf = ({ wire }: Sent) => wire.sent.map((part) => (part.kind === "http" ? part.body : part.text)).at(-1) ?? "";

/** Sends the call, or the text in its place, in every style. */
async function sendAll({ table, signal }: Context, operation: string, input: JsonObject, texts?: Record<string, string>) {
  const refusals: Refusal[] = [];
  for (const style of table.styles) {
    const text = texts && (texts[style.name] ?? "{");
    let sent: Sent | undefined;
    for (const { title, isSoap12, ...accept } of variantsOf(style)) {
      // The client writes 1.1; an envelope of 1.2 differs in its namespace, and has no SOAPAction header.
      const asSent = isSoap12 && sent ? bodyOf(sent).replaceAll(ENVELOPE_11, ENVELOPE_12) : text;
      const message = {
        ...{ over: style.name, operation, input, ...accept },
        ...(asSent === undefined ? {} : { text: asSent }),
        ...(isSoap12 ? { headers: HEADERS_12 } : {}),
      };
      sent = await send(message, { signal });
      refusals.push(refusalOf(title, sent));
    }
  }
  return refusals;
}

const mistake = (operation: string, input: JsonObject, texts?: Record<string, string>): Source<Refusal[]> => ({
  kind: "measured",
  busy: "Making the mistake in every style",
  // A command would change the shop if it were not refused, so it is first made in temporary copies of it.
  measure: async (context) => {
    if (!texts && !(await compare({ operation, input, n: 1 }, { signal: context.signal })).refused) return [];
    return sendAll(context, operation, input, texts);
  },
});

const areRefused = (refusals: Refusal[]) => refusals.length > 0 && refusals.every(({ code }) => code !== "");
const seen = (refusals: Refusal[]) => refusals.filter((refusal) => verdictOf(refusal) === "sees").length;

const shown: Pick<Step<Refusal[]>, "key" | "figures" | "exchanges" | "isWide"> = {
  key: (refusals) => ({ value: of(seen(refusals), refusals.length), of: "say in the HTTP status that it is the client's mistake" }),
  figures: (refusals) => <Refusals refusals={refusals} />,
  exchanges: refusalsOf,
  isWide: true,
};

const HALF_MESSAGES: Record<string, string> = {
  rest: '{"user_id": 1, "lines": [',
  soap: "<soap:Envelope",
  jsonrpc: '{"jsonrpc": "2.0", "id": 1, ',
  xmlrpc: '<?xml version="1.0"?><methodCall>',
  websocket: '{"id": "1", "op": ',
  graphql: '{"query": "{ user(id: 1) {"}',
  // A flag, a length of five bytes, and two of them.
  grpc: "\u0000\u0000\u0000\u0000\u0005\b\u0001",
};

// A new shop has 22 of this product.
const TOO_MANY = { user_id: 1, lines: [{ product_id: 7, quantity: 99 }] };

export const MISTAKES: Lesson = {
  id: "D7",
  question: "One mistake in every style: who notices?",
  steps: [
    step<Refusal[]>({
      ...shown,
      source: mistake("place_order", TOO_MANY),
      claim: {
        sentence: "Every style refuses an order beyond the stock; not every HTTP status says so.",
        shownIf: "all refuse, and some, but not all, with a 4xx status",
        holds: (refusals) => areRefused(refusals) && seen(refusals) > 0 && seen(refusals) < refusals.length,
        otherwise: "In this run the statuses do not differ in that, or a style accepted the order.",
      },
      cause: "To some styles HTTP only carries messages: the error is in the message.",
      nature: "SOAP 1.1 demands 500 for every fault, 1.2 400 for the sender's; XML-RPC 200; a frame has no status.",
      choice: "JSON-RPC's 200, REST's 409; the codes of the reasons.",
      notes: "A 500 for a client's mistake is no success: the monitor wakes the wrong people.",
    }),
    step<Refusal[]>({
      ...shown,
      source: mistake("get_user", { id: 999_999 }),
      claim: {
        sentence: "One unknown id, and the styles answer with different statuses.",
        shownIf: "all refuse, and among the statuses are a 4xx, a 2xx and a 5xx",
        holds: (refusals) => areRefused(refusals) && [2, 4, 5].every((first) => refusals.some(({ status = 0 }) => Math.floor(status / 100) === first)),
        otherwise: "In this run the statuses are of fewer classes.",
      },
      cause: "Only in REST does an address name the user, so only REST can say that the address leads nowhere.",
      nature: "REST: 404 belongs to the address. RPC: the method was found.",
      choice: "GraphQL's error for it; null alone would be usual, too.",
      notes: "Let the class write the alert rule that catches this mistake in all styles.",
    }),
    step<Refusal[]>({
      ...shown,
      source: mistake("search_products", { limit: "many" }),
      claim: {
        sentence: "In GraphQL the status of a bad value depends on Accept, not on the style.",
        shownIf: "the same document gets different statuses for GraphQL's two media types",
        holds: (refusals) => {
          const statuses = refusals.filter(({ title }) => title.startsWith("GraphQL")).map(({ status }) => status);
          return areRefused(refusals) && statuses.length > 1 && new Set(statuses).size === statuses.length;
        },
        otherwise: "In this run GraphQL answers both media types with the same status.",
      },
      cause: "With application/json a proxy might have answered, so its status says little: old clients expect 200.",
      nature: "GraphQL over HTTP, section 6.4: 400 only for the newer type.",
      choice: "REST's 422 instead of 400.",
      notes: "Run step 1 again: there the document was executed, so both media types get 200.",
    }),
    step<Refusal[]>({
      ...shown,
      source: mistake("place_order", {}, HALF_MESSAGES),
      claim: {
        sentence: "Half a message is refused in every style, but not always as the client's mistake.",
        shownIf: "all refuse, and a status blames the server",
        holds: (refusals) => areRefused(refusals) && refusals.some((refusal) => verdictOf(refusal) === "blames"),
        otherwise: "In this run no status blames the server, or half a message was accepted.",
      },
      cause: "The reader of the grammar stops; the style's rules say which status that has.",
      nature: "JSON-RPC has a code for it, -32700; SOAP 1.1 has the fault Client, 1.2 Sender.",
      choice: "The messages that say where the text breaks off.",
      notes: "Show a request: the text ends in the middle. Nothing reached the shop.",
    }),
  ],
};
