// How does one try a style out that has no explorer? One writes a message and sees what comes back. The message to begin with is
// the one that the style's own client sends.

import { useEffect, useState } from "preact/hooks";
import { useAsked } from "../asked.ts";
import { bytes, bytesOf, short, time, words } from "../format.ts";
import { Code } from "../parts/code.tsx";
import { Busy, Problem } from "../parts/said.tsx";
import { go, link, route, sandbox } from "../place.ts";
import { pretty } from "../pretty.ts";
import { compare, send, told } from "../server.ts";
import type { Operation, Sent, Style, Table } from "../types.ts";

export function Console({ style, table }: { style: Style; table: Table }) {
  const operations = table.operations.filter(({ kind }) => kind !== "stream");
  const name = route.value.rest[2] ?? "get_user";
  const operation = operations.find((operation) => operation.name === name);
  return (
    <section class="results">
      <div class="line">
        <h2>Try {short(style.title)} out</h2>
        <label for="console-operation">with</label>
        <select
          id="console-operation"
          value={name}
          onChange={(event) => go(link("contracts", ["console", style.name, event.currentTarget.value]), "replace")}
        >
          {operations.map(({ name }) => (
            <option value={name}>{words(name)}</option>
          ))}
        </select>
        <a href={link("contracts")}>Back to the contracts</a>
      </div>
      {operation && <Desk key={`${style.name}.${name}`} style={style} operation={operation} />}
    </section>
  );
}

function Desk({ style, operation }: { style: Style; operation: Operation }) {
  const [text, setText] = useState("");
  const [reply, setReply] = useState<Sent | undefined>(undefined);
  const [problem, setProblem] = useState("");
  const start = useAsked(
    (signal) => compare({ operation: operation.name, input: operation.example, over: [style.name], n: 1 }, { signal, as: "" }),
    [sandbox.value],
  );
  const part = start.value?.styles[0]?.wire.sent[0];
  useEffect(() => part && setText(pretty(part.kind === "http" ? part.body : part.text)), [part]);
  const run = async (event: Event) => {
    event.preventDefault();
    setProblem("");
    setReply(undefined);
    try {
      setReply(await send({ over: style.name, operation: operation.name, input: operation.example, text }));
    } catch (error) {
      setProblem(told(error));
    }
  };
  if (start.problem) return <Problem text={start.problem} />;
  if (!part) return <Busy what="Writing a message" />;
  return (
    <form class="desk" onSubmit={run}>
      <div class="question">
        <label for="console-message">Message to the sandbox {sandbox.value}</label>
        <textarea
          id="console-message"
          rows={16}
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="main">
          Send
        </button>
      </div>
      <div class="question" role="status">
        {problem && <Problem text={problem} />}
        {reply && (
          <>
            <p>
              <strong>{reply.status ? `HTTP ${reply.status}` : "A text frame"}</strong>{" "}
              <span class="soft">
                {bytes(bytesOf(reply.text))} after {time(reply.time_us)}
              </span>
            </p>
            <Code text={pretty(reply.text)} label="The answer" />
          </>
        )}
      </div>
    </form>
  );
}
