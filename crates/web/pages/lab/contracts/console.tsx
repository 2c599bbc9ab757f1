// A console: edit a message and its headers, send them as one of the demo users, read the response, and return to what was sent
// before. It starts with what the style's own client sends.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { currentUser, errorText, rawRequest, type RawRequest, send } from "../api.ts";
import { Code } from "../components/code.tsx";
import { Busy, Problem } from "../components/notices.tsx";
import { CallerSelect, People } from "../components/people.tsx";
import { bytes, bytesOf, short, time, words } from "../format.ts";
import { pretty } from "../pretty.ts";
import { useRequest } from "../request.ts";
import { link, navigate, route, sandbox } from "../router.ts";
import type { Operation, Sent, Style, Table } from "../types.ts";

/** What was sent, and the response. */
interface Entry extends RawRequest {
  style: string;
  operation: string;
  caller: string;
  reply: Sent;
}

/** Entries kept in memory; older ones are dropped. */
const HISTORY_MAX = 20;
const history = signal<Entry[]>([]);
/** The entry that is shown again, until another call or caller is chosen. */
const restored = signal<Entry | undefined>(undefined);

interface Props {
  style: Style;
  table: Table;
  /** What stands after the buttons. */
  children?: ComponentChildren;
}

/** The console of a style. That of gRPC has libraries of its own, which no other view loads. */
export function Console(props: Props) {
  const isGrpc = props.style.name === "grpc";
  const { value, problem } = useRequest(isGrpc ? () => import("./grpc.tsx") : undefined, [isGrpc]);
  if (!isGrpc) return <TextConsole {...props} />;
  if (problem) return <Problem text={problem} />;
  return value ? <value.GrpcConsole {...props} /> : <Busy text="Loading the console" />;
}

function TextConsole({ style, table, children }: Props) {
  const operations = table.operations.filter(({ kind }) => kind !== "stream");
  const name = route.value.rest[2] ?? "get_user";
  const operation = operations.find((operation) => operation.name === name);
  const open = (name: string, entry?: Entry) => {
    restored.value = entry;
    navigate(link("contracts", ["console", style.name, name]), "replace");
  };
  return (
    <section class="results">
      {!operation && <Problem text={`There is no operation “${name}” to send. Choose one.`} />}
      <Editor key={`${style.name}.${name}`} style={style} operation={operation} open={open}>
        <h2>Try {short(style.title)}</h2>
        <label for="console-operation">Call</label>
        <select id="console-operation" value={name} onChange={(event) => open(event.currentTarget.value)}>
          {operations.map(({ name }) => (
            <option value={name}>{words(name)}</option>
          ))}
        </select>
        <label for="console-caller">as</label>
        <CallerSelect
          id="console-caller"
          people={table.people}
          value={currentUser.value}
          choose={(person) => {
            restored.value = undefined;
            currentUser.value = person;
          }}
        />
        {children}
      </Editor>
      <details>
        <summary>Keys and passwords</summary>
        <People people={table.people} />
      </details>
    </section>
  );
}

interface EditorProps {
  style: Style;
  operation: Operation | undefined;
  open: (operation: string, entry: Entry) => void;
  children: ComponentChildren;
}

function Editor({ style, operation, open, children }: EditorProps) {
  const [draft, setDraft] = useState<RawRequest | undefined>(undefined);
  const [reply, setReply] = useState<Sent | undefined>(undefined);
  const [problem, setProblem] = useState("");
  const start = useRequest(
    operation && ((signal) => rawRequest(style.name, operation.name, operation.example, { signal })),
    [sandbox.value, currentUser.value],
  );
  useEffect(() => {
    if (restored.value) setReply(restored.value.reply);
    const shown = restored.value ?? start.value;
    if (shown) setDraft({ ...shown, text: pretty(shown.text) });
  }, [start.value, restored.value]);
  const run = async (event: Event) => {
    event.preventDefault();
    if (!draft || !operation) return;
    setProblem("");
    setReply(undefined);
    try {
      const message = { over: style.name, operation: operation.name, input: operation.example };
      // The headers have the credentials.
      const reply = await send({ ...message, text: draft.text, headers: headersOf(draft.headers) }, { as: "" });
      setReply(reply);
      const caller = currentUser.value?.name ?? "a visitor";
      history.value = [{ ...draft, style: style.name, operation: operation.name, caller, reply }, ...history.value].slice(0, HISTORY_MAX);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <form class="console" onSubmit={run}>
      <div class="row wide">
        {children}
        <button type="submit" class="main" disabled={!draft}>
          Send
        </button>
      </div>
      {start.problem && <Problem text={start.problem} />}
      {!draft && start.isBusy && <Busy text="Preparing an example message" />}
      {draft && <Request draft={draft} change={setDraft} />}
      <div class="request-form" role="status">
        {problem && <Problem text={problem} />}
        {!reply && !problem && <p class="muted">Press Send. The response appears here.</p>}
        {reply && <Response reply={reply} />}
        <History entries={history.value.filter((entry) => entry.style === style.name)} open={(entry) => open(entry.operation, entry)} />
      </div>
    </form>
  );
}

/** Lines as an object; a line without a colon is a name without a value, which the server refuses by its name. */
const headersOf = (lines: string) =>
  Object.fromEntries(
    lines
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => line.match(/^([^:]*):?(.*)$/) ?? [])
      .map(([, name = "", value = ""]) => [name.trim(), value.trim()]),
  );

function Request({ draft, change }: { draft: RawRequest; change: (draft: RawRequest) => void }) {
  const rows = (text: string, most: number) => Math.min(most, text.split("\n").length + 1);
  return (
    <div class="request-form">
      <label for="console-headers">
        {draft.line ? "Headers" : "Headers of the handshake"} <span class="muted">{draft.line}</span>
      </label>
      <textarea
        id="console-headers"
        rows={rows(draft.headers, 6)}
        spellcheck={false}
        value={draft.headers}
        onInput={({ currentTarget }) => change({ ...draft, headers: currentTarget.value })}
      />
      <label for="console-message">Message to the sandbox {sandbox.value}</label>
      <textarea
        id="console-message"
        rows={rows(draft.text, 16)}
        spellcheck={false}
        value={draft.text}
        placeholder="This request has no content."
        onInput={({ currentTarget }) => change({ ...draft, text: currentTarget.value })}
      />
    </div>
  );
}

function Response({ reply }: { reply: Sent }) {
  const part = reply.wire.received.at(-1);
  return (
    <>
      <p>
        <strong>{reply.status ? `HTTP ${reply.status}` : "Text frame"}</strong>{" "}
        <span class="muted">
          {bytes(bytesOf(reply.text))} after {time(reply.time_us)}
        </span>
      </p>
      {part?.kind === "http" && (
        <details>
          <summary>Response headers</summary>
          <Code text={part.head.trimEnd()} language="http" label="Response headers" />
        </details>
      )}
      <Code text={pretty(reply.text)} label="The response" />
    </>
  );
}

function History({ entries, open }: { entries: Entry[]; open: (entry: Entry) => void }) {
  if (entries.length === 0) return null;
  return (
    <details>
      <summary>Sent before ({entries.length})</summary>
      <ol class="history">
        {entries.map((entry) => (
          <li>
            <button type="button" class="quiet" title="Show this request and its response again" onClick={() => open(entry)}>
              {words(entry.operation)} as {entry.caller}
            </button>{" "}
            <span class="muted">{entry.reply.refused?.reason ?? entry.reply.error?.code ?? "ok"}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
