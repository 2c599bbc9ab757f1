// What does the server tell the page? The shapes of what stands at `lab/...`, as crates/server/src/lab.rs writes them.

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

/** As much of JSON Schema as a form needs. */
export interface Schema {
  type?: string | string[];
  enum?: Json[];
  const?: Json;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  description?: string;
}

/** What stands at `lab/table`: all that the page need not ask again. */
export interface Table {
  styles: Style[];
  operations: Operation[];
  people: Person[];
  scenarios: { name: string; title: string; doc: string; takes_faults: boolean }[];
  sandbox: string;
  /** Whether the server lets requests fail that wish for it. */
  faults: boolean;
  webhooks: boolean;
  version: string;
}

export interface Style {
  name: string;
  title: string;
  path: string;
  streams: boolean;
  contracts: Contract[];
  explorer: string | null;
}

export interface Contract {
  title: string;
  path: string;
  media_type: string;
}

export interface Operation {
  name: string;
  doc: string;
  kind: "query" | "command" | "stream";
  who: string;
  is_once: boolean;
  members: Member[];
  example: JsonObject;
}

export interface Member {
  name: string;
  doc: string;
  required: boolean;
  schema: Schema;
}

/** Somebody of the demo shop, whom one may be. */
export interface Person {
  user_id: number;
  name: string;
  role: string;
  email: string;
  password: string;
  api_key: string;
}

/** A piece of what crossed the wire: a message of HTTP, or a frame of WebSocket. */
export type Part =
  // With the sizes of its chunks, if it came in such; the body is without them.
  | { kind: "http"; head: string; body: string; chunks?: number[]; packed?: Packed }
  | { kind: "frame"; hex: string; text: string; opcode: string };

/** How a body came that is shown unpacked, and how long it was. */
export interface Packed {
  coding: string;
  bytes: number;
}

export interface Wire {
  sent: Part[];
  received: Part[];
}

/** Bytes of one direction. */
export interface Bytes {
  headers: number;
  body: number;
  framing: number;
  total: number;
}

export interface BothWays {
  request: Bytes;
  response: Bytes;
}

export interface Times {
  cold_median: number;
  warm_median: number;
  warm_p95: number;
  n: number;
  cold: number[];
  warm: number[];
}

/** A call as a command or a program, to paste elsewhere. */
export interface Copy {
  name: string;
  text: string;
}

/** What the question cost in one style. */
export interface Row {
  style: string;
  title: string;
  call: BothWays;
  handshake: BothWays;
  value_bytes: number;
  /** None of what came packed: nobody can tell. */
  envelope_share: number | null;
  packed: boolean;
  round_trips: { cold: number; warm: number };
  connections: number;
  time_us?: Times;
  wire: Wire & { handshake: Wire };
  copies: Copy[];
}

/** What the shop refuses with, in the words of no style. */
export interface Refusal {
  reason: string;
  kind: string;
  message: string;
  errors?: { pointer: string; message: string }[];
  retry_after_ms?: number;
}

export interface Comparison {
  operation: string;
  input: JsonObject;
  equal: boolean;
  answer?: Json;
  refused?: Refusal;
  differences?: { style: string; places: string[] }[];
  styles: Row[];
}

/** A call, said in every style. */
export interface Call {
  operation: string;
  input: JsonObject;
  styles: { style: string; title: string; raw: string; copies: Copy[] }[];
}

export interface Translation extends Call {
  from: string;
  /** Those after the first, where several were pasted at once. */
  others?: Call[];
}

export interface Step {
  title: string;
  why: string;
  operation: string;
  wire: Wire;
  bytes: { sent: number; received: number };
  round_trips: number;
}

export interface ScenarioLane {
  style: string;
  title: string;
  steps: Step[];
  round_trips: number;
  bytes: { sent: number; received: number };
  connections: number;
  time_us: number;
  lookups?: number;
  made?: number;
  /** Of several asked at once: what became of each. */
  tally?: { answered: number; refused: number; left_out: number };
}

export interface Scenario {
  name: string;
  doc: string;
  styles: ScenarioLane[];
  /** What those are called for which there was no time. */
  unplayed?: string[];
}

/** A line of the live traffic. */
export interface Exchange {
  id: number;
  at: string;
  style: string;
  operation: string | null;
  outcome: string;
  caller: string;
  connection: number;
  received: number;
  sent: number;
  took_us: number;
}

/** One exchange with all of its bytes, as far as they were kept. */
export interface WholeExchange extends Omit<Exchange, "received" | "sent">, Wire {
  is_cut: boolean;
}

/** A private copy of the shop, as `sandboxes/{name}` tells it. */
export interface Sandbox {
  name: string;
  access: "open" | "locked";
  rate_per_minute: number;
  rtt_ms: number;
  exists: boolean;
}

/** Something that happened to an order. */
export interface News {
  seq: number;
  kind: string;
  order_id: number;
  status: string;
}
