// What does the server tell the page? crates/lab/src/report/types.rs has written it from the server's own types.

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

/** All that the page need not ask again. */
export type Table = {
  styles: Array<Style>;
  operations: Array<Operation>;
  people: Array<Person>;
  scenarios: Array<ScenarioName>;
  sandbox: string;
  /** Whether the server lets requests fail that wish for it. */
  faults: boolean;
  webhooks: boolean;
  version: string;
};

/** A style. */
export type Style = {
  name: string;
  title: string;
  path: string;
  /** Whether news are pushed in it. */
  streams: boolean;
  contracts: Array<Contract>;
  /** Where a browser tries it out. */
  explorer: string | null;
};

/** A document that describes a style. */
export type Contract = {
  title: string;
  path: string;
  media_type: string;
};

/** An operation. */
export type Operation = {
  name: string;
  doc: string;
  /** `query`, `command` or `stream`. */
  kind: string;
  /** Who may: `anyone`, `self` or `staff`. */
  who: string;
  /** Whether it happens once under a key. */
  is_once: boolean;
  members: Array<Member>;
  example: JsonObject;
};

/** A member of its input. */
export type Member = {
  name: string;
  doc: string;
  required: boolean;
  schema: Schema;
};

/** A scenario that may be played. */
export type ScenarioName = {
  name: string;
  title: string;
  doc: string;
  /** Whether it takes a server that lets requests fail. */
  takes_faults: boolean;
};

/** Somebody of the demo shop, whom one may be. */
export type Person = {
  /** The user's id. */
  user_id: number;
  /** The name. */
  name: string;
  /** What the user is in the shop. */
  role: string;
  /** The address to log in with. */
  email: string;
  /** The password, which is no secret. */
  password: string;
  /** The API key, which is none either. */
  api_key: string;
};

/** One call in every style. */
export type Comparison = {
  operation: string;
  input: JsonObject;
  equal: boolean;
  answer?: Json;
  refused?: Refusal;
  differences?: Array<Difference>;
  styles: Array<Row>;
};

/** Where the answer of a style differs from that of the first. */
export type Difference = {
  style: string;
  places: Array<string>;
};

/** The same, and what crossed the wire for it. */
export type Row = {
  wire: Seen;
  copies: Array<Copy>;
  /** How it refused, if it did. */
  said?: Said;
  style: string;
  title: string;
  call: BothWays;
  handshake: BothWays;
  every_call_had_as_many_bytes: boolean;
  value_bytes: number;
  /** None of what came packed: nobody can tell. */
  envelope_share: number | null;
  packed: boolean;
  round_trips: RoundTrips;
  connections: number;
  time_us?: Times;
};

/** What crossed the wire in the last call, and before it in opening the connection. */
export type Seen = {
  handshake: Wire;
  /** What the client sent. */
  sent: Array<Part>;
  /** What it received. */
  received: Array<Part>;
};

/** The parts of both directions. */
export type Wire = {
  /** What the client sent. */
  sent: Array<Part>;
  /** What it received. */
  received: Array<Part>;
};

/** A part of what crossed the wire. */
export type Part = { "kind": "http", 
/**
 * The first line and the headers, with the empty line.
 */
head: string, 
/**
 * The content.
 */
body: string, 
/**
 * The bytes of each chunk that the content came in; nothing if it came whole.
 */
chunks?: Array<number>, 
/**
 * How the content came packed; nothing if it came as it is.
 */
packed?: Packed | null }
  | { "kind": "frame", 
/**
 * Opcode, length and mask as they crossed the wire, in hex.
 */
hex: string, 
/**
 * What kind of frame it is.
 */
opcode: string, 
/**
 * The payload, unmasked; of a close its code and reason.
 */
text: string };

/** How a content came that is shown unpacked. */
export type Packed = {
  /** By which coding. */
  coding: string;
  /** In how many bytes. */
  bytes: number;
};

/** Bytes of an exchange. */
export type BothWays = {
  request: Bytes;
  response: Bytes;
};

/** Bytes of one direction. */
export type Bytes = {
  headers: number;
  body: number;
  framing: number;
  total: number;
};

/** How often one waited for the other end. */
export type RoundTrips = {
  cold: number;
  warm: number;
};

/** How long calls took, in microseconds. */
export type Times = {
  cold_median: number;
  warm_median: number;
  warm_p95: number;
  n: number;
  cold: Array<number>;
  warm: Array<number>;
};

/** What is sent, to paste elsewhere. */
export type Copy = {
  /** What it is for. */
  name: string;
  /** The command, the program or the message. */
  text: string;
};

/** What the shop refuses with, in the words of no style. */
export type Refusal = {
  reason: string;
  kind: string;
  message: string;
  errors?: Array<Violation>;
  retry_after_ms?: number;
};

/** What is wrong with a member of the input. */
export type Violation = {
  pointer: string;
  message: string;
};

/** How a style said no. */
export type Said = {
  /** Of HTTP, which a monitor counts; a frame has none. */
  status?: number;
  /** The style's own code, which its clients read. */
  code: string;
  message: string;
};

/** What was pasted, and how every style says it. */
export type Translation = {
  /** The style that it was pasted in. */
  from: string;
  /** Those after the first, where several were pasted at once. */
  others?: Array<Call>;
  operation: string;
  input: JsonObject;
  styles: Array<SaidCall>;
};

/** A call, said in every style. */
export type Call = {
  operation: string;
  input: JsonObject;
  styles: Array<SaidCall>;
};

/** A call, said in one style. */
export type SaidCall = {
  style: string;
  title: string;
  raw: string;
  copies: Array<Copy>;
};

/** A scenario that was played. */
export type Scenario = {
  name: string;
  title: string;
  doc: string;
  styles: Array<ScenarioLane>;
  /** What those are called for which there was no time. */
  unplayed?: Array<string>;
};

/** One way of playing it. */
export type ScenarioLane = {
  style: string;
  title: string;
  steps: Array<Step>;
  round_trips: number;
  bytes: Traffic;
  connections: number;
  time_us: number;
  lookups?: number;
  made?: number;
  tally?: Tally;
};

/** One step of it. */
export type Step = {
  title: string;
  why: string;
  operation: string;
  wire: Wire;
  bytes: Traffic;
  round_trips: number;
};

/** Of several asked at once: what became of each. */
export type Tally = {
  answered: number;
  refused: number;
  left_out: number;
};

/** How many bytes crossed the wire. */
export type Traffic = {
  /** From the client. */
  sent: number;
  /** To the client. */
  received: number;
};

/** What came of a message. */
export type Sent = {
  /** Of HTTP; a frame has none. */
  status?: number;
  /** What came back: the content, or the text of a frame. */
  text: string;
  /** What it says, if it is an answer. */
  answer?: Json;
  /** What it was refused with, if it was, in the words of no style. */
  refused?: Refusal;
  /** The same as the style says it. */
  said?: Said;
  /** When it was sent, by the server's clock. */
  sent_at_us: number;
  /** How long the answer took. */
  time_us: number;
};

/** What it cost in one way. */
export type ReadAgain = {
  title: string;
  /** Bytes of the first answer. */
  first: Bytes;
  /** Bytes of the second. */
  again: Bytes;
  /** The status of the second. */
  status: number;
  /** Whether the second was asked for by the tag of the first. */
  tagged: boolean;
};

/** A way of hearing. */
export type LaneName = {
  name: string;
  title: string;
  /** In which words it is asked. */
  how: string;
};

/** That a lane listens from now on, or why it does not. */
export type LaneState = {
  lane: string;
  why?: string;
};

/** That a lane has heard of something that happened to an order. */
export type LaneNews = {
  lane: string;
  seq: number;
  order_id: number;
  status: string;
  /** When, by the server's clock. */
  at_us: number;
  /** The message that told it. */
  raw: string;
};

/** What a lane has spent so far, on all of its connections. */
export type LaneSpent = {
  lane: string;
  /** Requests of HTTP, or messages on an open socket. */
  requests: number;
  /** Bytes that it sent, a handshake with them. */
  sent: number;
  /** Bytes that it received. */
  received: number;
};

/** A line of the live traffic. */
export type Exchange = {
  /** Its number. */
  id: number;
  at: string;
  style: string;
  operation: string | null;
  outcome: string;
  caller: string;
  connection: number;
  took_us: number;
  /** From the client. */
  sent: number;
  /** To the client. */
  received: number;
};

/** One exchange with all of its bytes, as far as they were kept. */
export type WholeExchange = {
  bytes: Traffic;
  is_cut: boolean;
  /** Its number. */
  id: number;
  at: string;
  style: string;
  operation: string | null;
  outcome: string;
  caller: string;
  connection: number;
  took_us: number;
  /** What the client sent. */
  sent: Array<Part>;
  /** What it received. */
  received: Array<Part>;
};
