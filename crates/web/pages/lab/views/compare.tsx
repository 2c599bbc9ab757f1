// What does the same question cost in each style? The question above, the answers' equality, three strips of bars, and below
// them what each style sent and received.

import { useEffect, useState } from "preact/hooks";
import { useAsked } from "../asked.ts";
import { Charts } from "../compare/charts.tsx";
import { Columns } from "../compare/columns.tsx";
import { csv, download } from "../compare/export.ts";
import { Picker, Styles } from "../compare/question.tsx";
import { lacksFaults, Lanes, ScenarioCharts } from "../compare/scenario.tsx";
import { Verdict } from "../compare/verdict.tsx";
import { several } from "../format.ts";
import { Form } from "../parts/form.tsx";
import { Busy, NoFaults, Problem } from "../parts/said.tsx";
import { RawSwitch } from "../parts/wire.tsx";
import { Words } from "../parts/words.tsx";
import { go, link, route, sandbox } from "../place.ts";
import { CALLS, COMMAND_CALLS, compare, me, playScenario } from "../server.ts";
import type { JsonObject, Operation, Table } from "../types.ts";

/** The round-trip times to choose from, in milliseconds: this room, this continent, another one. */
const ROUND_TRIPS_MS = [0, 50, 150];

export function Compare({ table }: { table: Table }) {
  const [first, second] = route.value.rest;
  if (first === "scenario") {
    const name = table.scenarios.find(({ name }) => name === second)?.name ?? table.scenarios[0]?.name ?? "";
    return <CompareScenario table={table} name={name} />;
  }
  const operation =
    table.operations.find(({ name }) => name === first) ?? table.operations.find(({ name }) => name === "get_user");
  return operation ? <CompareOperation key={operation.name} table={table} operation={operation} /> : null;
}

const choose = (value: string) => go(link("compare", value.split("/")));

function CompareOperation({ table, operation }: { table: Table; operation: Operation }) {
  const { query } = route.value;
  const all = table.styles.map(({ name }) => name);
  const over =
    query
      .get("over")
      ?.split(",")
      .filter((name) => all.includes(name)) ?? all;
  const asked = query.get("input");
  const gzip = query.has("gzip");
  const [input, setInput] = useState(() => parsed(asked) ?? operation.example);
  useEffect(() => setInput(parsed(asked) ?? operation.example), [asked]);
  // What is shown is what the address says; the form is what it may say next.
  const question = parsed(asked) ?? operation.example;
  const n = operation.kind === "command" ? COMMAND_CALLS : CALLS;
  const about = [operation.name, JSON.stringify(question), over.join(), gzip, me.value?.user_id, sandbox.value];
  const run = useAsked(
    over.length > 0
      ? (signal) => compare({ operation: operation.name, input: question, over, n, gzip }, { signal })
      : undefined,
    about,
  );
  const visit = (input: JsonObject, over: string[], isPacked = gzip) => {
    const parts: Record<string, string> = { input: JSON.stringify(input) };
    if (over.length < all.length) parts["over"] = over.join();
    if (isPacked) parts["gzip"] = "yes";
    const address = link("compare", [operation.name], parts);
    if (address === location.hash) run.again();
    else go(address);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    visit(input, over);
  };
  return (
    <>
      <form class="question" onSubmit={submit}>
        <div class="line">
          <Picker table={table} value={operation.name} choose={choose} />
          <button type="submit" class="main">
            Run
          </button>
          <p class="soft grow">
            <Words text={operation.doc} /> {operation.kind === "command" && "It runs in throw-away copies of the shop."}
          </p>
        </div>
        <div class="asked">
          <Form operation={operation} input={input} change={setInput} />
          <div class="line">
            <Styles styles={table.styles} chosen={over} change={(over) => visit(input, over)} />
            <label class="check">
              <input type="checkbox" checked={gzip} onChange={() => visit(input, over, !gzip)} />
              Ask for gzip
            </label>
          </div>
        </div>
      </form>
      {run.problem && <Problem text={run.problem} />}
      {run.isBusy && <Busy what={`Asking ${several(over.length, "style")}, ${n} times each, by turns`} />}
      {run.value && (
        <div class={run.isBusy ? "results old" : "results"} aria-busy={run.isBusy}>
          <Verdict comparison={run.value} />
          {run.value.styles.length > 0 && (
            <>
              <Charts rows={run.value.styles} />
              <div class="line">
                <h2>On the wire</h2>
                <RawSwitch />
                <button
                  type="button"
                  class="quiet"
                  onClick={() => run.value && download(`${operation.name}.csv`, csv(run.value), "text/csv")}
                >
                  Every call as CSV
                </button>
              </div>
              <Columns rows={run.value.styles} isGzip={gzip} />
            </>
          )}
        </div>
      )}
    </>
  );
}

function CompareScenario({ table, name }: { table: Table; name: string }) {
  const rtt = ROUND_TRIPS_MS.find((ms) => String(ms) === route.value.query.get("rtt")) ?? 0;
  const isLacking = lacksFaults(table, name);
  const run = useAsked(isLacking ? undefined : (signal) => playScenario(name, rtt, { signal }), [
    name,
    rtt,
    isLacking,
    me.value?.user_id,
    sandbox.value,
  ]);
  const doc = table.scenarios.find((scenario) => scenario.name === name)?.doc;
  return (
    <>
      <div class="question">
        <div class="line">
          <Picker table={table} value={`scenario/${name}`} choose={choose} />
          <button type="button" class="main" disabled={isLacking} onClick={run.again}>
            Run
          </button>
          <div class="choice" role="group" aria-label="Round-trip time">
            {ROUND_TRIPS_MS.map((ms) => (
              <button
                type="button"
                aria-pressed={ms === rtt}
                onClick={() => go(link("compare", ["scenario", name], { rtt: String(ms) }))}
              >
                {ms} ms
              </button>
            ))}
          </div>
          <span class="soft">a round trip</span>
        </div>
        <p class="soft">{doc}</p>
      </div>
      {isLacking && <NoFaults />}
      {run.problem && <Problem text={run.problem} />}
      {run.isBusy && <Busy what="Each style does it its own way" />}
      {run.value && (
        <div class={run.isBusy ? "results old" : "results"} aria-busy={run.isBusy}>
          <ScenarioCharts scenario={run.value} />
          <div class="line">
            <h2>Step by step</h2>
            <RawSwitch />
          </div>
          <Lanes scenario={run.value} />
        </div>
      )}
    </>
  );
}

function parsed(input: string | null): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(input ?? "");
    return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
