// How does one try a style out that has no explorer? One writes a message and sees what comes back. The message to begin with is
// the one that the style's own client sends.

import { useEffect, useState } from "preact/hooks";
import { useAsked } from "../asked.ts";
import { bytes, bytesOf, milliseconds, short, words } from "../format.ts";
import { Code } from "../parts/code.tsx";
import { Busy, Problem } from "../parts/said.tsx";
import { at, go, link, route, sandbox, socketAt } from "../place.ts";
import { compare, credentials, me, Refused, told } from "../server.ts";
import { pretty } from "../pretty.ts";
import type { Operation, Part, Style, Table } from "../types.ts";

interface Reply {
  /** The status, or what a frame is called. */
  head: string;
  body: string;
  ms: number;
}

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
  const [reply, setReply] = useState<Reply | undefined>(undefined);
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
      if (part) setReply(await (part.kind === "http" ? post(style, part, text) : say(style, text)));
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
              <strong>{reply.head}</strong>{" "}
              <span class="soft">
                {bytes(bytesOf(reply.body))} after {milliseconds(reply.ms)}
              </span>
            </p>
            <Code text={pretty(reply.body)} label="The answer" />
          </>
        )}
      </div>
    </form>
  );
}

/** Headers of the style's own client that a program in a browser may set; who one is, the page says itself. */
const HEADERS = ["content-type", "accept", "soapaction"];

async function post(style: Style, part: Extract<Part, { kind: "http" }>, body: string): Promise<Reply> {
  const fields = part.head.split("\r\n").map((line) => line.split(/: (.*)/) as [string, string?]);
  const headers = Object.fromEntries(
    fields.filter(([name]) => HEADERS.includes(name.toLowerCase())).map(([name, value]) => [name, value ?? ""]),
  );
  const start = performance.now();
  const response = await fetch(at(style.path.slice(1)), { method: "POST", headers: { ...headers, ...credentials() }, body });
  const text = await response.text();
  return { head: `HTTP ${response.status} ${response.statusText}`, body: text, ms: performance.now() - start };
}

/** The first answer to a message on a new socket; that to who one is goes before it. */
function say(style: Style, text: string): Promise<Reply> {
  const key = me.value?.api_key;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketAt(style.path.slice(1)), ["shop.v1.json"]);
    let start = performance.now();
    const send = () => {
      start = performance.now();
      socket.send(text);
    };
    let isKnown = !key;
    socket.onopen = () =>
      key ? socket.send(JSON.stringify({ id: "0", op: "authenticate", params: { api_key: key } })) : send();
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (!isKnown) {
        isKnown = true;
        return send();
      }
      resolve({ head: "A text frame", body: data, ms: performance.now() - start });
      socket.close(1000);
    };
    socket.onclose = ({ code, reason }) => reject(new Refused(0, "", `closed with ${code} ${reason}`));
  });
}
