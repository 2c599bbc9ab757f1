// What does a step show? Whatever it runs, in the parts that the other views are made of.

import { useEffect, useRef, useState } from "preact/hooks";
import { useAsked } from "../asked.ts";
import { Charts } from "../compare/charts.tsx";
import { Columns } from "../compare/columns.tsx";
import { lacksFaults, Lanes, ScenarioCharts } from "../compare/scenario.tsx";
import { Verdict } from "../compare/verdict.tsx";
import { areOpen, changes } from "../follow.ts";
import { Busy, NoFaults, Problem } from "../parts/said.tsx";
import { compare, playScenario, told } from "../server.ts";
import type { Table } from "../types.ts";
import { changeNext, LanesTable, useFollowing } from "../views/events.tsx";
import type { Show } from "./lesson.ts";
import { Mistake } from "./refusals.tsx";

export function Stage({ show, table }: { show: Show; table: Table }) {
  switch (show.kind) {
    case "compare":
      return <Compared show={show} />;
    case "scenario":
      return lacksFaults(table, show.name) ? <NoFaults /> : <Played show={show} />;
    case "mistake":
      return <Mistake question={show} />;
    case "news":
      return <News changes={show.changes} />;
    case "own":
      return <show.is table={table} />;
  }
}

function Compared({ show }: { show: Extract<Show, { kind: "compare" }> }) {
  const { operation, input, charts, pointedAt, isWire } = show;
  const run = useAsked((signal) => compare({ operation, input }, { signal }), [JSON.stringify([operation, input])]);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy what="Asking all styles" />;
  return (
    <>
      <Verdict comparison={run.value} />
      {isWire ? (
        <Columns rows={run.value.styles} />
      ) : (
        <Charts rows={run.value.styles} {...(charts ? { only: charts } : {})} {...(pointedAt ? { pointedAt } : {})} />
      )}
    </>
  );
}

function Played({ show }: { show: Extract<Show, { kind: "scenario" }> }) {
  const { name, rtt_ms = 0, measures, pointedAt } = show;
  const run = useAsked((signal) => playScenario(name, rtt_ms, { signal }), [name, rtt_ms]);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy what="Each style does it its own way" />;
  return (
    <>
      <ScenarioCharts scenario={run.value} {...(measures ? { only: measures } : {})} {...(pointedAt ? { pointedAt } : {})} />
      <Lanes scenario={run.value} />
    </>
  );
}

/** The style in which the order is changed: it can't push, so none of the lanes has an advantage. */
const OVER = "soap";

function News({ changes: wanted }: { changes: number }) {
  const [problem, setProblem] = useState("");
  useFollowing(setProblem);
  const isUnderWay = useRef(false);
  const [isReady, made] = [areOpen(), changes.value.length];
  useEffect(() => {
    // Asked anew: what was drawn may be what another view had heard.
    if (isUnderWay.current || !areOpen() || changes.value.length >= wanted) return;
    isUnderWay.current = true;
    changeNext(OVER)
      .catch((error: unknown) => setProblem(told(error)))
      .finally(() => (isUnderWay.current = false));
  }, [isReady, made, wanted]);
  return (
    <>
      {problem && <Problem text={problem} />}
      {!isReady && <Busy what="Opening all lanes" />}
      <LanesTable />
    </>
  );
}
