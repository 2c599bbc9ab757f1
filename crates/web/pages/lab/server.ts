// How does the page ask the server? By fetch, as whoever one is; and a refusal keeps the shop's own words.

import { signal } from "@preact/signals";
import { at, sandbox } from "./place.ts";
import type {
  Comparison,
  Json,
  JsonObject,
  Person,
  ReadAgain,
  Scenario,
  Sent,
  Table,
  Translation,
  WholeExchange,
} from "./types.ts";

/** A private copy of the shop, as `sandboxes/{name}` tells it. */
export interface Sandbox {
  name: string;
  access: "open" | "locked";
  rate_per_minute: number;
  rtt_ms: number;
  exists: boolean;
}

/** Who asks, or nobody in particular. It is kept in memory alone: another page does not know it. */
export const me = signal<Person | undefined>(undefined);

/** All that need not be asked again; absent until it is there. */
export const table = signal<Table | undefined>(undefined);

/** The server said no, or nothing. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** What went wrong, in words. */
export function told(problem: unknown): string {
  if (problem instanceof Refused) return problem.reason ? `${problem.message} (${problem.reason})` : problem.message;
  return problem instanceof Error ? problem.message : String(problem);
}

/** Whether somebody has stopped it, so that it is nobody's problem. */
export const isStopped = (problem: unknown) => problem instanceof DOMException && problem.name === "AbortError";

/** The headers that say who asks: whoever one is, unless it is somebody else by that key; the empty one is nobody's. */
export function credentials(key: string = me.value?.api_key ?? ""): Record<string, string> {
  return key ? { "X-API-Key": key } : {};
}

interface Whose {
  sandbox?: string;
  /** The API key of who asks, if it is not whoever one is. */
  as?: string;
}

/** What `fetch` takes, and whose shop is asked by whom. */
export interface Sending extends Omit<RequestInit, "headers">, Whose {
  headers?: Record<string, string>;
}

/** Sends as whoever one is; that nobody answers is said in words. */
export async function reach(place: string, { sandbox, as, headers, ...init }: Sending = {}): Promise<Response> {
  const said = { ...credentials(as), ...headers };
  // Who one is stands in a header: a browser that is refused must not ask for a name and a password in a window of its own.
  const response = fetch(at(place, sandbox), { ...init, credentials: "omit", headers: said });
  return inWords(response, "The server does not answer. Does it still run?");
}

/** What an answer holds; that it broke off is said in words. */
export const textOf = (response: Response) => inWords(response.text(), "The answer broke off.");

/** What `fetch` fails with says nothing to anybody, unless somebody has stopped it. */
async function inWords<T>(work: Promise<T>, problem: string): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw isStopped(cause) ? cause : new Refused(0, "", problem);
  }
}

export interface How extends Whose {
  method?: string;
  body?: Json;
  signal?: AbortSignal;
}

/** Asks, and reads the answer as JSON; `undefined` if there is none. */
export async function ask(place: string, { method, body, ...how }: How = {}): Promise<unknown> {
  const response = await reach(place, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    ...how,
  });
  if (!response.ok) throw await refused(response);
  const text = await textOf(response);
  return text ? JSON.parse(text) : undefined;
}

/** What a response of HTTP refused with, in the shop's words if it has some. */
export async function refused(response: Response): Promise<Refused> {
  const { reason = "", message = `HTTP ${response.status} ${response.statusText}` } = refusal(await textOf(response));
  return new Refused(response.status, reason, message);
}

function refusal(text: string): { reason?: string; message?: string } {
  try {
    const { reason, message, detail } = JSON.parse(text);
    return { reason, message: message ?? detail };
  } catch {
    return {};
  }
}

function asker({ as = me.value?.api_key ?? "" }: How): JsonObject {
  return as ? { api_key: as } : {};
}

/** Calls that a comparison measures: enough for a median, and soon done. */
export const CALLS = 20;
/** The same for a command: before each call the throw-away sandbox is made new, which takes longer than the call. */
export const COMMAND_CALLS = 3;

/** How long to go on asking when all room for comparisons is taken, as in a class where everybody presses the button at once. */
const PATIENCE_MS = 10_000;
/** The least and the most between two tries: at random, so that those who wait do not come at once again. */
const PAUSE_MS = [300, 900] as const;

async function patiently<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (problem) {
      const isFull = problem instanceof Refused && problem.reason === "overloaded";
      if (!isFull || performance.now() > until || signal?.aborted) throw problem;
    }
    const [least, most] = PAUSE_MS;
    await new Promise((resolve) => setTimeout(resolve, least + Math.random() * (most - least)));
  }
}

export interface Question {
  operation: string;
  input: JsonObject;
  over?: string[];
  n?: number;
  /** Whether answers may come packed. */
  gzip?: boolean;
}

export function compare({ operation, input, over, n = CALLS, gzip = false }: Question, how: How = {}): Promise<Comparison> {
  const body = { operation, input, n, ...(over ? { over } : {}), ...(gzip ? { gzip } : {}), ...asker(how) };
  return patiently(() => ask("lab/compare", { ...how, body }) as Promise<Comparison>, how.signal);
}

export const translate = (text: string, how: How = {}) =>
  ask("lab/translate", { ...how, body: { text } }) as Promise<Translation>;

export function playScenario(name: string, rtt_ms: number, how: How = {}): Promise<Scenario> {
  const body = { name, rtt_ms, ...asker(how) };
  return patiently(() => ask("lab/scenario", { ...how, body }) as Promise<Scenario>, how.signal);
}

interface Message {
  /** The style in which it is said. */
  over: string;
  operation: string;
  input?: JsonObject;
  /** What is said instead of what the style's own client would say. */
  text?: string;
}

/** Has the server say something in one style, as whoever one is. */
export const send = (message: Message, how: How = {}) =>
  ask("lab/send", { ...how, body: { ...message, ...asker(how) } }) as Promise<Sent>;

/** Has the server read something twice in each style. */
export const readAgain = (operation: string, input: JsonObject, how: How = {}) =>
  ask("lab/again", { ...how, body: { operation, input, ...asker(how) } }) as Promise<ReadAgain[]>;

export const wholeExchange = (id: number) => ask(`lab/wire/${id}`) as Promise<WholeExchange>;

// A sandbox is managed by an address that names it, also the one that needs no name elsewhere.
const managed = (name: string) => `sandboxes/${encodeURIComponent(name)}`;

export const tellSandbox = (name: string) => ask(managed(name), { sandbox: "main" }) as Promise<Sandbox>;

export const setUpSandbox = (name: string, body: JsonObject, how: How = {}) =>
  ask(managed(name), { ...how, method: "PATCH", body, sandbox: "main" }) as Promise<Sandbox>;

export const resetSandbox = (name: string) =>
  ask(`${managed(name)}/reset`, { method: "POST", sandbox: "main" }) as Promise<Sandbox>;

export const forgetSandbox = (name: string, how: How = {}) => ask(managed(name), { ...how, method: "DELETE", sandbox: "main" });

/** Asks for the table of this sandbox. */
export async function loadTable(): Promise<void> {
  const told = (await ask("lab/table")) as Table;
  if (told.sandbox === sandbox.value) table.value = told;
}
