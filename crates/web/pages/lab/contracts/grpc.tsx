// A console for gRPC: it asks the server for its methods, calls them from the browser, and follows streams.

import type { DescField, DescMethod, JsonValue } from "@bufbuild/protobuf";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { currentUser, errorText, rawRequest } from "../api.ts";
import { Code } from "../components/code.tsx";
import { Busy, Problem } from "../components/notices.tsx";
import { CallerSelect } from "../components/people.tsx";
import { plural, time } from "../format.ts";
import { useRequest } from "../request.ts";
import { link, navigate, route, sandbox } from "../router.ts";
import type { Style, Table } from "../types.ts";
import { call, encoded, type Reflected, reflect, type Status, statusOf } from "./grpc-client.ts";

interface Props {
  style: Style;
  table: Table;
  /** What stands after the buttons. */
  children?: ComponentChildren;
}

/** `GetUser` as the operation's name, which the address has: `get_user`. */
const snake = (name: string) => name.replace(/(?<!^)(?=[A-Z])/g, "_").toLowerCase();

export function GrpcConsole({ style, table, children }: Props) {
  // The address of the service is its full name.
  const service = style.path.slice(1);
  const { value, problem } = useRequest(() => reflect(service), [sandbox.value]);
  const name = route.value.rest[2] ?? "get_user";
  const method = value?.methods.find((method) => snake(method.name) === name);
  return (
    <section class="results">
      <p class="muted">
        This page calls <code>{service}</code> itself, by gRPC-Web, with binary messages. It asks the server for the methods, by reflection.
        Reflection streams in both directions, which a browser can't, so each question is a call.
      </p>
      {problem && <Problem text={problem} />}
      {!value && !problem && <Busy text="Asking the server for its methods" />}
      {value && !method && <Problem text={`There is no method for “${name}”. Choose one.`} />}
      {value && (
        <Editor key={name} style={style} table={table} reflected={value} method={method} name={name}>
          {children}
        </Editor>
      )}
    </section>
  );
}

interface EditorProps extends Props {
  reflected: Reflected;
  method: DescMethod | undefined;
  name: string;
}

interface Reply {
  messages: JsonValue[];
  /** Bytes of the request in Protocol Buffers. */
  sent: number;
  ms: number;
  /** Absent while the call goes on. */
  status?: Status;
}

const OK: Status = { code: 0, name: "OK", message: "", details: [] };
/** Messages of a stream that stay on the page. */
const MESSAGES_MAX = 20;

function Editor({ style, table, reflected: { methods, types }, method, name, children }: EditorProps) {
  const operation = table.operations.find((operation) => operation.name === name);
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const [reply, setReply] = useState<Reply | undefined>(undefined);
  const [problem, setProblem] = useState("");
  const running = useRef<AbortController | undefined>(undefined);
  const isRunning = reply !== undefined && !reply.status;
  useEffect(() => () => running.current?.abort(), []);
  const example = useRequest(
    operation &&
      (async (signal) => {
        if (operation.kind === "stream") return JSON.stringify(operation.example);
        return (await rawRequest(style.name, name, operation.example, { signal, as: "" })).text;
      }),
    [sandbox.value],
  );
  useEffect(() => {
    if (example.value !== undefined) setDraft(JSON.stringify(JSON.parse(example.value), null, 2));
  }, [example.value]);
  const run = async (event: Event) => {
    event.preventDefault();
    if (!method || draft === undefined) return;
    setProblem("");
    setReply(undefined);
    const stop = (running.current = new AbortController());
    const begun = performance.now();
    try {
      const json = JSON.parse(draft) as JsonValue;
      const sent = encoded(method, json);
      let messages: JsonValue[] = [];
      const show = (status?: Status) => setReply({ messages, sent, ms: performance.now() - begun, ...(status && { status }) });
      show();
      try {
        for await (const message of call(method, json, types, currentUser.value?.api_key, stop.signal)) {
          messages = [...messages, message].slice(-MESSAGES_MAX);
          show();
        }
        show(OK);
      } catch (error) {
        show(statusOf(error, types));
      }
    } catch (error) {
      setProblem(`The request is not the JSON of a ${method.input.name}: ${errorText(error)}`);
    }
  };
  return (
    <form class="console" onSubmit={run}>
      <div class="row wide">
        <h2>Try gRPC</h2>
        <label for="grpc-method">Method</label>
        <select
          id="grpc-method"
          value={name}
          onChange={({ currentTarget }) => navigate(link("contracts", ["console", style.name, currentTarget.value]), "replace")}
        >
          {methods.map(({ name, methodKind }) => (
            <option value={snake(name)}>{methodKind === "server_streaming" ? `${name} (a stream)` : name}</option>
          ))}
        </select>
        <label for="grpc-caller">as</label>
        <CallerSelect id="grpc-caller" people={table.people} value={currentUser.value} choose={(person) => (currentUser.value = person)} />
        {children}
        {/* With keys: a button that became the other one during its click would submit the form. */}
        {isRunning ? (
          <button key="stop" type="button" class="main" onClick={() => running.current?.abort()}>
            Stop
          </button>
        ) : (
          <button key="send" type="submit" class="main" disabled={!method || draft === undefined}>
            Send
          </button>
        )}
      </div>
      {example.problem && <Problem text={example.problem} />}
      {method && draft !== undefined && (
        <div class="request-form">
          <label for="grpc-message">
            {method.input.name} as JSON, to the sandbox {sandbox.value}
          </label>
          <textarea
            id="grpc-message"
            rows={Math.min(16, draft.split("\n").length + 1)}
            spellcheck={false}
            value={draft}
            onInput={({ currentTarget }) => setDraft(currentTarget.value)}
          />
          {method.input.fields.length > 0 && <Code text={method.input.fields.map(declared).join("\n")} language="text" label={`The fields of ${method.input.name}`} />}
        </div>
      )}
      <div class="request-form" role="status">
        {problem && <Problem text={problem} />}
        {!reply && !problem && <p class="muted">Press Send. The response appears here.</p>}
        {reply && <Response reply={reply} />}
      </div>
    </form>
  );
}

/** A field as the `.proto` file declares it, with the values of an enum. */
function declared(field: DescField): string {
  const { name, number, fieldKind } = field;
  const type = (field.message ?? field.enum)?.name ?? SCALARS[field.scalar ?? 0] ?? "map";
  const label = fieldKind === "list" ? "repeated " : field.proto.proto3Optional ? "optional " : "";
  const values = field.enum ? ` // ${field.enum.values.map(({ name }) => name).join(", ")}` : "";
  return `${label}${type} ${name} = ${number};${values}`;
}

/** The names of the scalar types in use, by their numbers in a descriptor. */
const SCALARS: Record<number, string> = { 5: "int32", 8: "bool", 9: "string" };

function Response({ reply: { messages, sent, ms, status } }: { reply: Reply }) {
  return (
    <>
      <p>
        <strong>{status ? `${status.code} ${status.name}` : "Open"}</strong>{" "}
        <span class="muted">
          {plural(messages.length, "message")}, {status ? "after" : "for"} {time(ms * 1_000)}; the request's message has {plural(sent, "byte")}
        </span>
      </p>
      {status?.message && <p>{status.message}</p>}
      {status && status.details.length > 0 && (
        <>
          <h3>Details of the error</h3>
          <Code text={JSON.stringify(status.details, null, 2)} language="json" label="Details of the error" />
        </>
      )}
      {/* The newest first: a stream has no end. */}
      {[...messages].reverse().map((message, index) => (
        <Code text={JSON.stringify(message, null, 2)} language="json" label={index > 0 ? `The response, ${index} before the last` : "The response"} />
      ))}
    </>
  );
}
