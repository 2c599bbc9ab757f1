// How is the same call said in another style? Whatever request one pastes is read by the style's own decoder, and written by
// the encoders of all.

import { useEffect, useState } from "preact/hooks";
import { useAsked } from "../asked.ts";
import { several, words } from "../format.ts";
import { Code } from "../parts/code.tsx";
import { Copies } from "../parts/copies.tsx";
import { Busy, Problem } from "../parts/said.tsx";
import { go, link, route, sandbox } from "../place.ts";
import { translate } from "../server.ts";
import type { Call, Translation } from "../types.ts";

/** Something to begin with, of every kind. */
const EXAMPLES = [
  ["a line of curl", "curl -s http://127.0.0.1:8080/rest/users/1"],
  ["JSON-RPC", '{"jsonrpc": "2.0", "id": 1, "method": "place_order", "params": [1, [{"product_id": 1, "quantity": 2}]]}'],
  [
    "an envelope",
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
  <SearchProducts xmlns="urn:parlance:shop:v1"><query>laptop</query><limit>5</limit></SearchProducts>
</s:Body></s:Envelope>`,
  ],
  ["a query", "{ order(id: 1) { id status total { amount } } }"],
  [
    "a batch",
    `[{"jsonrpc": "2.0", "id": 1, "method": "get_user", "params": [1]},
 {"jsonrpc": "2.0", "id": 2, "method": "get_cart", "params": {"user_id": 1}}]`,
  ],
  ["a message", '{"id": "1", "op": "get_cart", "params": {"user_id": 1}}'],
] as const;

export function Translate() {
  const asked = route.value.query.get("text") ?? EXAMPLES[0][1];
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  const run = useAsked((signal) => translate(asked, { signal }), [asked, sandbox.value]);
  const visit = (text: string) => {
    setText(text);
    if (text === asked) run.again();
    else go(link("translate", [], { text }));
  };
  return (
    <>
      <form class="question" onSubmit={(event) => (event.preventDefault(), visit(text))}>
        <label for="request">
          <strong>Paste a request of any style</strong>
          <span class="soft"> as a command, a message, or all that was sent</span>
        </label>
        <textarea
          id="request"
          rows={Math.min(12, Math.max(4, text.split("\n").length + 1))}
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <div class="line">
          <button type="submit" class="main" disabled={text.trim() === ""}>
            Translate
          </button>
          <span class="soft">or try</span>
          <div class="choice">
            {EXAMPLES.map(([name, example]) => (
              <button type="button" onClick={() => visit(example)}>
                {name}
              </button>
            ))}
          </div>
        </div>
      </form>
      {run.problem && <Problem text={run.problem} />}
      {run.isBusy && <Busy what="Reading" />}
      {run.value && <Translated translation={run.value} />}
    </>
  );
}

function Translated({ translation }: { translation: Translation }) {
  const { from, operation, others = [], styles } = translation;
  const title = styles.find(({ style }) => style === from)?.title ?? from;
  return (
    <>
      <p class="verdict good" role="status">
        <span>
          <span aria-hidden="true">✓ </span>
          {title} for {others.length > 0 ? several(others.length + 1, "call") : `“${words(operation)}”`}
        </span>
        {others.length === 0 && <CompareLink {...translation} />}
      </p>
      {others.length === 0 ? (
        <>
          <h2>The same call in every style</h2>
          <InEveryStyle call={translation} from={from} />
        </>
      ) : (
        [translation, ...others].map((call, index) => <OneOf call={call} from={from} number={index + 1} />)
      )}
    </>
  );
}

/** A call of several that were pasted at once. */
function OneOf({ call, from, number }: { call: Call; from: string; number: number }) {
  return (
    <section class="results">
      <div class="line">
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
  <a href={link("compare", [operation], { input: JSON.stringify(input) })}>Compare it over all styles</a>
);

function InEveryStyle({ call, from, number = "" }: { call: Call; from: string; number?: string }) {
  return (
    <div class="columns" role="region" aria-label={`${number}The styles side by side`} tabIndex={0}>
      {call.styles.map(({ style, title, raw, copies }) => (
        <article class={style === from ? "column pointed-at" : "column"} key={style}>
          <h3>{title}</h3>
          <Code text={raw} label={`${number}${title}: the request`} />
          <Copies copies={copies} title={number + title} />
        </article>
      ))}
    </div>
  );
}
