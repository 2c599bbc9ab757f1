// A console for the styles without Swagger UI or GraphiQL: edit a message, send it, read the response. It starts with the
// message that the style's own client sends.

import { useEffect, useState } from "preact/hooks";
import { compare, errorText, send } from "../api.ts";
import { Code } from "../components/code.tsx";
import { Busy, Problem } from "../components/notices.tsx";
import { bytes, bytesOf, short, time, words } from "../format.ts";
import { pretty } from "../pretty.ts";
import { useRequest } from "../request.ts";
import { link, navigate, route, sandbox } from "../router.ts";
import type { Operation, Sent, Style, Table } from "../types.ts";

export function Console({ style, table }: { style: Style; table: Table }) {
  const operations = table.operations.filter(({ kind }) => kind !== "stream");
  const name = route.value.rest[2] ?? "get_user";
  const operation = operations.find((operation) => operation.name === name);
  return (
    <section class="results">
      <div class="row">
        <h2>Try {short(style.title)}</h2>
        <label for="console-operation">Start with</label>
        <select
          id="console-operation"
          value={name}
          onChange={(event) => navigate(link("contracts", ["console", style.name, event.currentTarget.value]), "replace")}
        >
          {operations.map(({ name }) => (
            <option value={name}>{words(name)}</option>
          ))}
        </select>
        <a href={link("contracts")}>Back to the contracts</a>
      </div>
      {operation && <Editor key={`${style.name}.${name}`} style={style} operation={operation} />}
    </section>
  );
}

function Editor({ style, operation }: { style: Style; operation: Operation }) {
  const [text, setText] = useState("");
  const [reply, setReply] = useState<Sent | undefined>(undefined);
  const [problem, setProblem] = useState("");
  const start = useRequest(
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
      setProblem(errorText(error));
    }
  };
  if (start.problem) return <Problem text={start.problem} />;
  if (!part) return <Busy text="Preparing an example message" />;
  return (
    <form class="console" onSubmit={run}>
      <div class="request-form">
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
      <div class="request-form" role="status">
        {problem && <Problem text={problem} />}
        {!reply && !problem && <p class="muted">Edit the message if you like, and press Send. The response appears here.</p>}
        {reply && (
          <>
            <p>
              <strong>{reply.status ? `HTTP ${reply.status}` : "Text frame"}</strong>{" "}
              <span class="muted">
                {bytes(bytesOf(reply.text))} after {time(reply.time_us)}
              </span>
            </p>
            <Code text={pretty(reply.text)} label="The response" />
          </>
        )}
      </div>
    </form>
  );
}
