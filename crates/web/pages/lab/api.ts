// The page's requests to the server, with the credentials of the chosen user; errors keep the shop's own message.

import { signal } from "@preact/signals";
import { sandbox, shopUrl } from "./router.ts";
import type {
  Comparison,
  ExerciseOutcome,
  Json,
  JsonObject,
  OldClients,
  Person,
  Progress,
  ReadAgain,
  Scenario,
  Sent,
  Table,
  Translation,
  WholeExchange,
} from "./types.ts";

/** A private copy of the shop, as `sandboxes/{name}` returns it. */
export interface Sandbox {
  name: string;
  access: "open" | "locked";
  rate_per_minute: number;
  rtt_ms: number;
  /** Whether exercises are recognised in its calls. */
  exercises: "on" | "off";
  exists: boolean;
}

/** The user that the page acts as; undefined for a visitor. It is never stored. */
export const currentUser = signal<Person | undefined>(undefined);

/** The styles, operations, demo users and scenarios of this server, once loaded. */
export const table = signal<Table | undefined>(undefined);

/** The server refused a request, or did not answer. */
export class ShopError extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** An error as the page shows it. */
export function errorText(problem: unknown): string {
  if (problem instanceof ShopError) return problem.reason ? `${problem.message} (${problem.reason})` : problem.message;
  return problem instanceof Error ? problem.message : String(problem);
}

/** Whether the page itself cancelled the request. */
export const isAborted = (problem: unknown) => problem instanceof DOMException && problem.name === "AbortError";

interface Target {
  sandbox?: string;
  /** The API key to send in place of the current user's; an empty one sends none. */
  as?: string;
}

interface FetchOptions extends Omit<RequestInit, "headers">, Target {
  headers?: Record<string, string>;
}

/** Fetches a path of the shop with the user's credentials. */
export async function fetchShop(relative: string, { sandbox, as, headers, ...init }: FetchOptions = {}): Promise<Response> {
  const key = as ?? currentUser.value?.api_key;
  // The credentials stand in a header, so the browser must not open its own login window on a 401.
  const all = { ...(key ? { "X-API-Key": key } : {}), ...headers };
  const response = fetch(shopUrl(relative, sandbox), { ...init, credentials: "omit", headers: all });
  return withMessage(response, "The server does not answer. Is it still running?");
}

/** The body of a response as text. */
export const textOf = (response: Response) => withMessage(response.text(), "The connection broke before the response was complete.");

/** Replaces the browser's message, which says nothing to a user. */
async function withMessage<T>(work: Promise<T>, message: string): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw isAborted(cause) ? cause : new ShopError(0, "", message);
  }
}

export interface CallOptions extends Target {
  method?: string;
  body?: Json;
  signal?: AbortSignal;
}

/** Sends a request and parses the JSON of the response; `undefined` if it has no body. */
export async function request(relative: string, { method, body, ...options }: CallOptions = {}): Promise<unknown> {
  const response = await fetchShop(relative, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    ...options,
  });
  if (!response.ok) throw await errorOf(response);
  const text = await textOf(response);
  return text ? JSON.parse(text) : undefined;
}

/** The error in a response, with the shop's message if it has one. */
export async function errorOf(response: Response): Promise<ShopError> {
  const { reason = "", message = `HTTP ${response.status} ${response.statusText}` } = problemIn(await textOf(response));
  return new ShopError(response.status, reason, message);
}

function problemIn(text: string): { reason?: string; message?: string } {
  try {
    const { reason, message, detail } = JSON.parse(text);
    return { reason, message: message ?? detail };
  } catch {
    return {};
  }
}

function apiKey({ as = currentUser.value?.api_key ?? "" }: CallOptions): JsonObject {
  return as ? { api_key: as } : {};
}

/** Measured calls of a comparison: enough for a median, and quickly done. */
export const CALLS = 20;
/** Fewer for a command: each call needs a new temporary sandbox, which takes longer than the call. */
export const COMMAND_CALLS = 3;

/** How long to retry while the server runs as many comparisons as it allows, as when a whole class presses Run. */
const RETRY_FOR_MS = 10_000;
/** The pause between two tries is random, so that those who wait do not retry at the same moment. */
const PAUSE_MS = [300, 900] as const;

async function retryWhileBusy<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const until = performance.now() + RETRY_FOR_MS;
  for (;;) {
    try {
      return await work();
    } catch (problem) {
      const isFull = problem instanceof ShopError && problem.reason === "overloaded";
      if (!isFull || performance.now() > until || signal?.aborted) throw problem;
    }
    const [least, most] = PAUSE_MS;
    await new Promise((resolve) => setTimeout(resolve, least + Math.random() * (most - least)));
  }
}

export interface ComparisonRequest {
  operation: string;
  input: JsonObject;
  over?: string[];
  n?: number;
  /** Whether to ask for compressed responses. */
  gzip?: boolean;
  /** Whether the styles that HTTP requests carry go over HTTP/2. */
  http2?: boolean;
}

export function compare(
  { operation, input, over, n = CALLS, gzip = false, http2 = false }: ComparisonRequest,
  options: CallOptions = {},
): Promise<Comparison> {
  const flags = { ...(gzip ? { gzip } : {}), ...(http2 ? { http2 } : {}) };
  const body = { operation, input, n, ...(over ? { over } : {}), ...flags, ...apiKey(options) };
  return retryWhileBusy(() => request("lab/compare", { ...options, body }) as Promise<Comparison>, options.signal);
}

/** The request of a call in one style: the first line and the headers of an HTTP message, and the content or the message. */
export interface RawRequest {
  line: string;
  headers: string;
  text: string;
}

/** The request that the client of a style would send, with its credentials. */
export async function rawRequest(style: string, operation: string, input: JsonObject, options: CallOptions): Promise<RawRequest> {
  const key = options.as ?? currentUser.value?.api_key;
  const credentials = key ? `X-API-Key: ${key}` : "";
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: operation, params: input });
  const { styles } = await translate(`POST /jsonrpc HTTP/1.1\n${credentials}\n\n${body}`.replace("\n\n\n", "\n\n"), options);
  const raw = styles.find((one) => one.style === style)?.raw ?? "";
  const [head, ...rest] = raw.split("\r\n\r\n");
  // The messages of a socket stand one per line. The credentials go into the handshake, not into a message before.
  if (rest.length === 0) return { line: "", headers: credentials, text: raw.split("\n").at(-1) ?? "" };
  const [line = "", ...lines] = (head ?? "").split("\r\n");
  const isOwn = (header: string) => !/^(host|content-length):/i.test(header);
  return { line, headers: lines.filter(isOwn).join("\n"), text: rest.join("\r\n\r\n") };
}

export const translate = (text: string, options: CallOptions = {}) =>
  request("lab/translate", { ...options, body: { text } }) as Promise<Translation>;

export function runScenario(name: string, rtt_ms: number, options: CallOptions = {}): Promise<Scenario> {
  const body = { name, rtt_ms, ...apiKey(options) };
  return retryWhileBusy(() => request("lab/scenario", { ...options, body }) as Promise<Scenario>, options.signal);
}

interface Message {
  /** The name of the style. */
  over: string;
  operation: string;
  input?: JsonObject;
  /** Sent as it is, in place of what the style's client would send. */
  text?: string;
  /** The media types that are accepted, in place of what the style's client accepts. */
  accept?: string;
  /** The same for all headers. */
  headers?: Record<string, string>;
}

/** Has the server send one call in one style. */
export const send = (message: Message, options: CallOptions = {}) =>
  request("lab/send", { ...options, body: { ...message, ...apiKey(options) } }) as Promise<Sent>;

/** Has the server read the same resource twice in each style. */
export const readAgain = (operation: string, input: JsonObject, options: CallOptions = {}) =>
  request("lab/again", { ...options, body: { operation, input, ...apiKey(options) } }) as Promise<ReadAgain[]>;

/** How today's contract differs from that of the old clients. */
export type Change = "added" | "renamed" | "removed";

/** Has a tolerant and a strict client of an older contract read a product in each style. */
export const readByOldClients = (change: Change, options: CallOptions = {}) =>
  request("lab/old-clients", { ...options, body: { change, ...apiKey(options) } }) as Promise<OldClients[]>;

/** An exchange of the traffic; `query` is that of the subscription. */
export async function wholeExchange(id: number, query: string): Promise<WholeExchange> {
  try {
    return (await request(`lab/wire/${id}${query}`)) as WholeExchange;
  } catch (problem) {
    if (!(problem instanceof ShopError) || problem.status !== 404) throw problem;
    throw new ShopError(404, "", `There is no exchange ${id} in this sandbox, or it is not stored any more.`);
  }
}

// Sandboxes are administered at an address that names them, `main` too.
const adminPath = (name: string) => `sandboxes/${encodeURIComponent(name)}`;

export const getSandbox = (name: string) => request(adminPath(name), { sandbox: "main" }) as Promise<Sandbox>;

export const updateSandbox = (name: string, body: JsonObject, options: CallOptions = {}) =>
  request(adminPath(name), { ...options, method: "PATCH", body, sandbox: "main" }) as Promise<Sandbox>;

export const resetSandbox = (name: string) =>
  request(`${adminPath(name)}/reset`, { method: "POST", sandbox: "main" }) as Promise<Sandbox>;

export const deleteSandbox = (name: string, options: CallOptions = {}) =>
  request(adminPath(name), { ...options, method: "DELETE", sandbox: "main" });

export const getProgress = (options: CallOptions = {}) => request("progress", options) as Promise<Progress>;

const exercisePath = (name: string) => `progress/${encodeURIComponent(name)}`;

/** Reveals the next hint, which is counted. */
export const takeHint = (exercise: string) => request(`${exercisePath(exercise)}/hint`, { method: "POST" });

export const sendAnswer = (exercise: string, answer: string) =>
  request(`${exercisePath(exercise)}/answer`, { body: { answer } }) as Promise<ExerciseOutcome>;

/** Forgets that an exercise was done. */
export const startAgain = (exercise: string) => request(exercisePath(exercise), { method: "DELETE" });

export async function loadTable(): Promise<void> {
  const loaded = (await request("lab/table")) as Table;
  if (loaded.sandbox === sandbox.value) table.value = loaded;
}
