// A pasted request of any style, and the same call in all styles.

import { useEffect, useState } from "preact/hooks";
import { translate } from "../api.ts";
import { Code } from "../components/code.tsx";
import { Busy, Problem } from "../components/notices.tsx";
import { SideBySide } from "../components/side-by-side.tsx";
import { Snippets } from "../components/snippets.tsx";
import { plural, short, words } from "../format.ts";
import { useRequest } from "../request.ts";
import { link, navigate, route, sandbox } from "../router.ts";
import type { Call, Translation } from "../types.ts";

const EXAMPLES = [
  ["REST with curl", "curl -s http://127.0.0.1:8080/rest/users/1"],
  ["JSON-RPC", '{"jsonrpc": "2.0", "id": 1, "method": "place_order", "params": [1, [{"product_id": 1, "quantity": 2}]]}'],
  [
    "SOAP envelope",
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
  <SearchProducts xmlns="urn:parlance:shop:v1"><query>laptop</query><limit>5</limit></SearchProducts>
</s:Body></s:Envelope>`,
  ],
  ["Browser's fetch", 'fetch("http://127.0.0.1:8080/rest/orders?status=paid", { "headers": { "accept": "*/*" }, "method": "GET" });'],
  ["Python requests", 'requests.post("http://127.0.0.1:8080/rest/orders", json={"user_id": 1, "lines": [{"product_id": 1, "quantity": 2}]})'],
  ["GraphQL query", "{ order(id: 1) { id status total { amount } } }"],
  [
    "JSON-RPC batch",
    `[{"jsonrpc": "2.0", "id": 1, "method": "get_user", "params": [1]},
 {"jsonrpc": "2.0", "id": 2, "method": "get_cart", "params": {"user_id": 1}}]`,
  ],
  ["WebSocket message", '{"id": "1", "op": "get_cart", "params": {"user_id": 1}}'],
] as const;

export function Translate() {
  const pasted = route.value.query.get("text") ?? EXAMPLES[0][1];
  const [text, setText] = useState(pasted);
  useEffect(() => setText(pasted), [pasted]);
  const run = useRequest((signal) => translate(pasted, { signal }), [pasted, sandbox.value]);
  const open = (text: string) => {
    setText(text);
    if (text === pasted) run.repeat();
    else navigate(link("translate", [], { text }));
  };
  return (
    <>
      <form class="request-form" onSubmit={(event) => (event.preventDefault(), open(text))}>
        <label for="request">
          <strong>Paste a request in any style</strong>
          <span class="muted">
            {" "}
            as a command (curl, wget, HTTPie, PowerShell), a program (fetch, Python), a whole HTTP request, or the message alone
          </span>
        </label>
        <textarea
          id="request"
          rows={Math.min(12, Math.max(4, text.split("\n").length + 1))}
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <div class="row">
          <button type="submit" class="main" disabled={text.trim() === ""}>
            Translate
          </button>
          <div class="choice">
            <span class="muted">or try an example:</span>
            {EXAMPLES.map(([name, example]) => (
              <button type="button" onClick={() => open(example)}>
                {name}
              </button>
            ))}
          </div>
        </div>
      </form>
      {/* What is shown belongs to the text above it. */}
      {text === pasted ? (
        <>
          {run.problem && <Problem text={run.problem} />}
          {run.isBusy && <Busy text="Translating" />}
          {run.value && <Translated translation={run.value} />}
        </>
      ) : (
        <p class="muted">The text has changed: press Translate.</p>
      )}
    </>
  );
}

function Translated({ translation }: { translation: Translation }) {
  const { from, operation, others = [], styles, dropped } = translation;
  const title = styles.find(({ style }) => style === from)?.title ?? from;
  return (
    <>
      <p class="notice good" role="status">
        <span>
          <span aria-hidden="true">✓ </span>
          {others.length > 0
            ? `This is a batch of ${plural(others.length + 1, "call")} in ${title}.`
            : `This is “${words(operation)}” in ${title}.`}
          {` The requests below are for the sandbox ${translation.sandbox}.`}
          {dropped && ` Dropped: ${dropped}.`}
        </span>
        {others.length === 0 && <CompareLink {...translation} />}
      </p>
      {others.length === 0 ? (
        <>
          <h2>The same call in every style</h2>
          <InEveryStyle call={translation} from={from} />
        </>
      ) : (
        [translation, ...others].map((call, index) => <BatchItem call={call} from={from} number={index + 1} />)
      )}
    </>
  );
}

function BatchItem({ call, from, number }: { call: Call; from: string; number: number }) {
  return (
    <section class="results">
      <div class="row">
        <h2>
          {number}. {words(call.operation)}
        </h2>
        <CompareLink {...call} />
      </div>
      <InEveryStyle call={call} from={from} number={`${number}. `} />
    </section>
  );
}

const CompareLink = ({ operation, input }: Call) => (
  <a href={link("compare", [operation], { input: JSON.stringify(input) })}>Compare this call in all styles</a>
);

function InEveryStyle({ call, from, number = "" }: { call: Call; from: string; number?: string }) {
  const items = call.styles.map(({ style, title, raw, snippets }) => ({
    title,
    short: short(title),
    isHighlighted: style === from,
    content: (
      <>
        <Code text={raw} label={`${number}${title}: the request`} />
        <Snippets snippets={snippets} title={number + title} />
      </>
    ),
  }));
  return <SideBySide label={`${number}Show side by side`} items={items} />;
}
