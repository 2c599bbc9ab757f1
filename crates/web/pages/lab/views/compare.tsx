// One operation or one scenario in every style: are the results equal, three charts, and the messages.

import { useEffect, useState } from "preact/hooks";
import { CALLS, COMMAND_CALLS, compare, currentUser, runScenario } from "../api.ts";
import { Charts } from "../compare/charts.tsx";
import { Equality } from "../compare/equality.tsx";
import { Exchanges, Numbers } from "../compare/exchanges.tsx";
import { csv, download } from "../compare/export.ts";
import { HttpVersion, Picker, Styles } from "../compare/pickers.tsx";
import { lacksFaults, ScenarioCharts, Variants } from "../compare/scenario.tsx";
import { Welcome } from "../compare/welcome.tsx";
import { DocText } from "../components/code.tsx";
import { Form } from "../components/form.tsx";
import { RawSwitch } from "../components/messages.tsx";
import { BadLink, Busy, NoFaults, Problem } from "../components/notices.tsx";
import { plural } from "../format.ts";
import { useRequest } from "../request.ts";
import { link, navigate, route, sandbox } from "../router.ts";
import type { JsonObject, Operation, Table } from "../types.ts";

/** Round-trip times to choose from, in milliseconds: this machine, this continent, another one. */
const ROUND_TRIPS_MS = [0, 50, 150];

export function Compare({ table }: { table: Table }) {
  const [first, second] = route.value.rest;
  if (first === "scenario") {
    const name = table.scenarios.find(({ name }) => name === (second ?? table.scenarios[0]?.name))?.name;
    return name ? <CompareScenario table={table} name={name} /> : <Nothing what={`scenario “${second ?? ""}”`} />;
  }
  const operation = table.operations.find(({ name, kind }) => name === (first ?? "get_user") && kind !== "stream");
  if (!operation) return <Nothing what={`operation “${first ?? ""}” to compare`} />;
  return <CompareOperation key={operation.name} table={table} operation={operation} />;
}

const Nothing = ({ what }: { what: string }) => (
  <BadLink text={`There is no ${what}.`} href={link("compare", ["get_user"])} label="Compare get user" />
);

const choose = (value: string) => navigate(link("compare", value.split("/")));

function CompareOperation({ table, operation }: { table: Table; operation: Operation }) {
  const { query } = route.value;
  const all = table.styles.map(({ name }) => name);
  const over =
    query
      .get("over")
      ?.split(",")
      .filter((name) => all.includes(name)) ?? all;
  const unknown = query.get("over")?.split(",").filter((name) => !all.includes(name)) ?? [];
  const inputText = query.get("input");
  const [gzip, http2] = [query.has("gzip"), query.has("http2")];
  // The address has the input that was sent; the form has the one to send next.
  const given = parsed(inputText);
  const input = given ?? operation.example;
  const isBad = inputText !== null && !given;
  const [draft, setDraft] = useState(input);
  useEffect(() => setDraft(input), [inputText]);
  const n = operation.kind === "command" ? COMMAND_CALLS : CALLS;
  const run = useRequest(
    over.length > 0 && !isBad ? (signal) => compare({ operation: operation.name, input, over, n, gzip, http2 }, { signal }) : undefined,
    [operation.name, JSON.stringify(input), over.join(), gzip, http2, currentUser.value?.user_id, sandbox.value],
  );
  const open = (input: JsonObject, over: string[], flags = { gzip, http2 }) => {
    const parts: Record<string, string> = { input: JSON.stringify(input) };
    if (over.length < all.length) parts["over"] = over.join();
    if (flags.gzip) parts["gzip"] = "yes";
    if (flags.http2) parts["http2"] = "yes";
    const show = query.get("show");
    if (show !== null) parts["show"] = show;
    const address = link("compare", [operation.name], parts);
    if (address === location.hash) run.repeat();
    else navigate(address);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    open(draft, over);
  };
  return (
    <>
      <Welcome />
      <form class="request-form" onSubmit={submit}>
        <div class="row">
          <Picker table={table} value={operation.name} choose={choose} />
          <button type="submit" class="main" title="Make this call in every chosen style">
            Run
          </button>
          <p class="muted fill">
            <DocText text={operation.doc} /> {operation.kind === "command" && "It runs in temporary copies of the shop."}
          </p>
        </div>
        <div class="inputs">
          <Form operation={operation} input={draft} change={setDraft} />
          <div class="row">
            <Styles styles={table.styles} chosen={over} change={(over) => open(draft, over)} />
            <label class="check">
              <input type="checkbox" checked={gzip} onChange={() => open(draft, over, { gzip: !gzip, http2 })} />
              Ask for gzip
            </label>
            <HttpVersion http2={http2} change={(http2) => open(draft, over, { gzip, http2 })} />
          </div>
        </div>
      </form>
      {isBad && <Problem text={`The input in this link is not a JSON object: ${inputText}. The form has an example; press Run.`} />}
      {unknown.length > 0 && <Problem text={`This link names styles that do not exist here: ${unknown.join(", ")}.`} />}
      {run.problem && <Problem text={run.problem} />}
      {run.isBusy && <Busy text={`Calling ${plural(over.length, "style")} in turn, ${plural(n, "time")} each`} />}
      {run.value && (
        <div class={run.isBusy ? "results stale" : "results"} aria-busy={run.isBusy}>
          <Equality comparison={run.value} />
          {run.value.styles.length > 0 && (
            <>
              <Charts rows={run.value.styles} />
              <div class="row">
                <h2>All numbers</h2>
                <button
                  type="button"
                  class="quiet"
                  title="Save the time and the bytes of every measured call"
                  onClick={() => run.value && download(`${operation.name}.csv`, csv(run.value), "text/csv")}
                >
                  Download as CSV
                </button>
              </div>
              <Numbers rows={run.value.styles} isGzip={gzip} />
              <div class="row">
                <h2>Requests and responses</h2>
                <RawSwitch />
              </div>
              <Exchanges rows={run.value.styles} />
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
  const run = useRequest(isLacking ? undefined : (signal) => runScenario(name, rtt, { signal }), [
    name,
    rtt,
    isLacking,
    currentUser.value?.user_id,
    sandbox.value,
  ]);
  const doc = table.scenarios.find((scenario) => scenario.name === name)?.doc;
  return (
    <>
      <div class="request-form">
        <div class="row">
          <Picker table={table} value={`scenario/${name}`} choose={choose} />
          <button type="button" class="main" disabled={isLacking} onClick={run.repeat}>
            Run
          </button>
          <div class="choice" role="group" aria-label="Round-trip time">
            <span class="muted">Round-trip time</span>
            {ROUND_TRIPS_MS.map((ms) => (
              <button
                type="button"
                aria-pressed={ms === rtt}
                onClick={() => navigate(link("compare", ["scenario", name], { rtt: String(ms) }))}
              >
                {ms} ms
              </button>
            ))}
          </div>
        </div>
        <p class="muted">{doc}</p>
      </div>
      {isLacking && <NoFaults />}
      {run.problem && <Problem text={run.problem} />}
      {run.isBusy && <Busy text="Running the scenario in each style" />}
      {run.value && (
        <div class={run.isBusy ? "results stale" : "results"} aria-busy={run.isBusy}>
          <ScenarioCharts scenario={run.value} />
          <div class="row">
            <h2>Step by step</h2>
            <RawSwitch />
          </div>
          <Variants scenario={run.value} />
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
