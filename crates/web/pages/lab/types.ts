// The server's types. crates/lab/src/report/tests.rs writes this file.

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

/** All that can be compared, which changes only with the server. */
export type Table = {
  styles: Array<Style>;
  operations: Array<Operation>;
  people: Array<Person>;
  scenarios: Array<ScenarioName>;
  sandbox: string;
  /** Whether the server allows injected faults. */
  faults: boolean;
  webhooks: boolean;
  version: string;
};

/** A style. */
export type Style = {
  name: string;
  title: string;
  path: string;
  /** Whether it pushes events. */
  streams: boolean;
  contracts: Array<Contract>;
  /** The page on which a browser tries it out. */
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
  /** The required access: `anyone`, `self` or `staff`. */
  who: string;
  /** Whether it accepts an idempotency key. */
  is_once: boolean;
  members: Array<Member>;
  example: JsonObject;
};

/** A field of the input. */
export type Member = {
  name: string;
  doc: string;
  required: boolean;
  /** As much of JSON Schema as a form needs. */
  schema: Schema;
};

/** A task that can be done in many ways. */
export type ScenarioName = {
  /** The name in requests and on the command line. */
  name: string;
  /** The title. */
  title: string;
  /** The question that it answers. */
  doc: string;
  /** Whether the server must allow injected faults. */
  takes_faults: boolean;
};

/** A user of the demo shop. */
export type Person = {
  /** The user's id. */
  user_id: number;
  /** The name. */
  name: string;
  /** The user's role in the shop. */
  role: string;
  /** The address to log in with. */
  email: string;
  /** The password, which is public. */
  password: string;
  /** The API key, which is public, too. */
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

/** Where the reply of a style differs from that of the first. */
export type Difference = {
  style: string;
  places: Array<string>;
};

/** The cost of a call in one style, and what crossed the wire for it. */
export type Row = {
  wire: Seen;
  snippets: Array<Copy>;
  /** The refusal, if there was one. */
  error?: NativeError;
  style: string;
  title: string;
  /** The version of HTTP that carried it: `HTTP/1.1`, as for the handshake of a WebSocket, or `HTTP/2`. */
  http_version: string;
  call: BothWays;
  handshake: BothWays;
  every_call_had_as_many_bytes: boolean;
  value_bytes: number;
  /** Null if the reply was compressed: then the share is not known. */
  envelope_share: number | null;
  compressed: boolean;
  round_trips: RoundTrips;
  connections: number;
  time_us?: Times;
};

/** What crossed the wire in a call, and before it in opening the connection. */
export type Seen = {
  handshake: Wire;
  /** What the client sent. */
  sent: Array<Part>;
  /** What the client received. */
  received: Array<Part>;
};

/** What crossed the wire in both directions. */
export type Wire = {
  /** What the client sent. */
  sent: Array<Part>;
  /** What the client received. */
  received: Array<Part>;
};

/** A message or a frame. */
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
 * The fields after the content; absent if there are none.
 */
trailers?: string, 
/**
 * The bytes of each chunk; absent if the content was not chunked.
 */
chunks?: Array<number>, 
/**
 * How the content was compressed; absent if it was not.
 */
compressed?: Compressed | null }
  | { "kind": "frame", 
/**
 * What stands before the payload as it crossed the wire, in hex: opcode, length and mask; or length, type, flags and stream.
 */
hex: string, 
/**
 * The name of the opcode or of the type.
 */
opcode: string, 
/**
 * The payload, unmasked; of a close its code and reason; of a header block its fields, one per line.
 */
text: string };

/** The compression of a content that is shown decompressed. */
export type Compressed = {
  /** The content coding. */
  coding: string;
  /** The compressed bytes. */
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

/** Round trips of a call on a new connection and on an open one. */
export type RoundTrips = {
  cold: number;
  warm: number;
};

/** How long calls took, in microseconds. */
export type Times = {
  cold_median: number;
  warm_median: number;
  /** Null of fewer than 20 calls: it would be the slowest of them. */
  warm_p95: number | null;
  n: number;
  cold: Array<number>;
  warm: Array<number>;
};

/** A request for one tool or language. */
export type Copy = {
  /** The tool or the language. */
  name: string;
  /** The command, the program or the message. */
  text: string;
};

/** A refusal of the shop, the same in every style. */
export type Refusal = {
  reason: string;
  kind: string;
  message: string;
  errors?: Array<Violation>;
  retry_after_ms?: number;
};

/** An invalid field of the input. */
export type Violation = {
  pointer: string;
  message: string;
};

/** An error in the terms of one style. */
export type NativeError = {
  /** The HTTP status; a frame has none. */
  status?: number;
  /** The style's own code. */
  code: string;
  message: string;
};

/** A pasted request in every style. */
export type Translation = {
  /** The style that it was pasted in. */
  from: string;
  /** The sandbox that the calls are for: that of the pasted address, or else that of this request. */
  sandbox: string;
  /** What it says that has no place in other styles. */
  dropped?: string;
  /** The calls after the first, if a batch was pasted. */
  others?: Array<Call>;
  operation: string;
  input: JsonObject;
  styles: Array<CallInStyle>;
};

/** A call in every style. */
export type Call = {
  operation: string;
  input: JsonObject;
  styles: Array<CallInStyle>;
};

/** A call in one style. */
export type CallInStyle = {
  style: string;
  title: string;
  raw: string;
  snippets: Array<Copy>;
};

/** The result of a scenario. */
export type Scenario = {
  name: string;
  title: string;
  doc: string;
  /** Bytes of the temporary sandbox's path, which stands in every request or handshake. */
  sandbox_bytes: number;
  /** The variants that were run. */
  styles: Array<ScenarioLane>;
  /** The titles of the variants for which there was no time. */
  unplayed?: Array<string>;
};

/** What a variant did and what that cost. */
export type ScenarioLane = {
  style: string;
  /** The title. */
  title: string;
  /** The steps, in their order. */
  steps: Array<Step>;
  /** Round trips of all steps. */
  round_trips: number;
  /** Bytes of all steps. */
  bytes: Traffic;
  /** Connections that were opened. */
  connections: number;
  /** From before the first connection to after the last reply. */
  time_us: number;
  /** Queries that the server sent to its store, if its reply contains that. */
  lookups?: number;
  /** Orders that exist in the end, where the scenario is about that. */
  made?: number;
  /** What became of several resources that were requested at once. */
  tally?: Tally;
};

/** One step: what the client sends without waiting in between, and what comes back. */
export type Step = {
  title: string;
  /** Why a client of this style does it so. */
  why: string;
  /** The operation, or the style's name for several calls at once. */
  operation: string;
  wire: Wire;
  bytes: Traffic;
  /** The same bytes by their parts. */
  parts: BothWays;
  /** Those of the exchange, and TCP's own for each connection that was opened. */
  round_trips: number;
};

/** What became of several resources that were requested at once. */
export type Tally = {
  /** Their values came. */
  answered: number;
  /** An error came for each of them. */
  refused: number;
  /** They are not in the reply, and nothing says why. */
  left_out: number;
};

/** How many bytes crossed the wire. */
export type Traffic = {
  /** From the client. */
  sent: number;
  /** To the client. */
  received: number;
};

/** What became of a message. */
export type Sent = {
  /** The HTTP status; a frame has none. */
  status?: number;
  /** What came back: the content, or the text of a frame. */
  text: string;
  /** What crossed the wire. */
  wire: Wire;
  /** The decoded reply, if there was one. */
  answer?: Json;
  /** The refusal, if there was one, the same in every style. */
  refused?: Refusal;
  /** The refusal as the client of this style reads it. */
  error?: NativeError;
  /** When it was sent, by the server's clock. */
  sent_at_us: number;
  /** How long the reply took. */
  time_us: number;
};

/** Two reads in one style. */
export type ReadAgain = {
  title: string;
  /** Bytes of the first read. */
  first: BothWays;
  /** Bytes of the second. */
  again: BothWays;
  /** Round trips of the second. */
  round_trips: number;
  /** What crossed the wire in the second. */
  wire: Wire;
  /** The status of the second; a frame has none. */
  status?: number;
  /** Whether the second request had the tag of the first response. */
  tagged: boolean;
};

/** What became of the clients of one style. */
export type OldClients = {
  style: string;
  title: string;
  /** What crossed the wire. */
  wire: Wire;
  /** Whether the reply names its members. Where it does not, they have numbers, which a new name does not change. */
  named: boolean;
  /** The client that reads the members it needs by name, and ignores all others. */
  tolerant: ClientOutcome;
  /** The client that checks the reply by the contract that it was made for. */
  strict: ClientOutcome;
};

/** What became of a client. */
export type ClientOutcome = {
  /** `works`; `wrong` if it goes on without data; or `breaks`. */
  word: string;
  why: string;
};

/** A channel. */
export type LaneName = {
  name: string;
  title: string;
  /** The words by which a client subscribes or polls. */
  how: string;
  /** `push`, `poll`, or `wait` for a long poll. */
  mode: string;
  /** Its first request, as it sends it. */
  request: string;
};

/** A channel listens from now on, or why it does not. */
export type LaneState = {
  lane: string;
  why?: string;
};

/** A channel has received an event of an order. */
export type LaneNews = {
  lane: string;
  seq: number;
  order_id: number;
  status: string;
  /** When, by the server's clock. */
  at_us: number;
  /** The message that brought it. */
  raw: string;
};

/** What a channel has used so far, on all of its connections. */
export type LaneSpent = {
  lane: string;
  /** Requests of HTTP, or messages on an open socket. */
  requests: number;
  /** Bytes that it sent, with the handshake. */
  sent: number;
  /** Bytes that it received, with the handshake. */
  received: number;
};

/** A line of the live traffic. */
export type Exchange = {
  /** Its number. */
  id: number;
  at: string;
  sandbox: string;
  /** The style; empty if the path is no style's. */
  style: string;
  operation: string | null;
  /** The method and the path, where no operation was recorded. */
  request?: string;
  outcome: string;
  caller: string;
  /** The number of the connection. */
  connection: number;
  took_us: number;
  /** From the client. */
  sent: number;
  /** To the client. */
  received: number;
};

/** One exchange with all of its bytes, as far as they were stored. */
export type WholeExchange = {
  /** The bytes that the client sent and received. */
  bytes: Traffic;
  is_cut: boolean;
  /** Its number. */
  id: number;
  at: string;
  sandbox: string;
  /** The style; empty if the path is no style's. */
  style: string;
  operation: string | null;
  /** The method and the path, where no operation was recorded. */
  request?: string;
  outcome: string;
  caller: string;
  /** The number of the connection. */
  connection: number;
  took_us: number;
  /** What the client sent. */
  sent: Array<Part>;
  /** What the client received. */
  received: Array<Part>;
};

/** The exercises of a sandbox. */
export type Progress = {
  sandbox: string;
  /** Whether they are recognised: `on` or `off`. */
  exercises: string;
  /** The instructor's message to all learners; empty if there is none. */
  message: string;
  done: number;
  total: number;
  paths: Array<PathProgress>;
};

/** A path of exercises. */
export type PathProgress = {
  name: string;
  title: string;
  exercises: Array<ExerciseState>;
};

/** An exercise, and what was done of it. */
export type ExerciseState = {
  name: string;
  title: string;
  task: string;
  why: string;
  /** The styles in which it can be done; empty for all. */
  styles: Array<string>;
  lesson: string;
  /** Whether it is solved by an answer in writing. */
  takes_answer: boolean;
  /** The hints that were taken. */
  hints: Array<string>;
  /** How many more there are. */
  hints_left: number;
  done_at?: string;
  /** What was recognised. */
  evidence?: string;
  /** What the last call that came close has missed. */
  near_miss?: string;
};

/** What was recognised in an exercise. */
export type ExerciseOutcome = {
  exercise: string;
  title: string;
  is_done: boolean;
  /** How it was done, or what is missing. */
  text: string;
};

/** All learners, by name. */
export type Class = {
  /** Where learners join. */
  join: string;
  /** The message to all; empty if there is none. */
  message: string;
  /** The server's time. */
  now: string;
  exercises: Array<ClassExercise>;
  learners: Array<LearnerState>;
};

/** An exercise as a column. */
export type ClassExercise = {
  name: string;
  title: string;
  /** The title of its path. */
  path: string;
};

/** A learner: a sandbox that has its exercises on. */
export type LearnerState = {
  name: string;
  /** The first done first. */
  done: Array<DoneExercise>;
  /** The hints that were taken. */
  hints: number;
  /** The number of calls since the server has started. */
  calls: number;
  styles: Array<string>;
  last_call?: LastCall;
  /** How many calls were refused since one succeeded. */
  refusals: number;
  /** Whether the learner gets nowhere. */
  is_stuck: boolean;
};

/** When an exercise was done. */
export type DoneExercise = {
  name: string;
  at: string;
};

/** The sandbox of a name. */
export type Place = {
  name: string;
  sandbox: string;
  /** The address of the learner's page. */
  address: string;
};

/** A call, as a list shows it. */
export type LastCall = {
  /** The style. */
  style: string;
  /** The operation; empty if there is no such operation. */
  operation: string;
  /** `ok`, or the reason of the refusal. */
  outcome: string;
  /** When it was made. */
  at: string;
};
