// The content of a lesson's step, made of the parts of the other views.

import { useEffect, useRef, useState } from "preact/hooks";
import { compare, errorText, runScenario } from "../api.ts";
import { areOpen, changes } from "../channels.ts";
import { Charts } from "../compare/charts.tsx";
import { Equality } from "../compare/equality.tsx";
import { Exchanges } from "../compare/exchanges.tsx";
import { lacksFaults, ScenarioCharts, Variants } from "../compare/scenario.tsx";
import { Busy, NoFaults, Problem } from "../components/notices.tsx";
import { useRequest } from "../request.ts";
import type { Table } from "../types.ts";
import { ChannelTable, changeNext, useChannels } from "../views/events.tsx";
import type { Run } from "./lesson.ts";
import { Mistake } from "./refusals.tsx";

export function StepContent({ run, table }: { run: Run; table: Table }) {
  switch (run.kind) {
    case "compare":
      return <Comparison step={run} />;
    case "scenario":
      return lacksFaults(table, run.name) ? <NoFaults /> : <Scenario step={run} />;
    case "mistake":
      return <Mistake call={{ operation: run.operation, input: run.input }} />;
    case "events":
      return <Events changes={run.changes} />;
    case "own":
      return <run.Content table={table} />;
  }
}

function Comparison({ step }: { step: Extract<Run, { kind: "compare" }> }) {
  const { operation, input, charts, highlighted, showsMessages } = step;
  const run = useRequest((signal) => compare({ operation, input }, { signal }), [JSON.stringify([operation, input])]);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy text="Calling every style" />;
  return (
    <>
      <Equality comparison={run.value} />
      {showsMessages ? (
        <Exchanges rows={run.value.styles} />
      ) : (
        <Charts rows={run.value.styles} {...(charts ? { only: charts } : {})} {...(highlighted ? { highlighted } : {})} />
      )}
    </>
  );
}

function Scenario({ step }: { step: Extract<Run, { kind: "scenario" }> }) {
  const { name, rtt_ms = 0, measures, highlighted } = step;
  const run = useRequest((signal) => runScenario(name, rtt_ms, { signal }), [name, rtt_ms]);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy text="Running the scenario in each style" />;
  return (
    <>
      <ScenarioCharts scenario={run.value} {...(measures ? { only: measures } : {})} {...(highlighted ? { highlighted } : {})} />
      <Variants scenario={run.value} />
    </>
  );
}

/** The order is changed in a style that has no push, so that no channel has an advantage. */
const OVER = "soap";

function Events({ changes: wanted }: { changes: number }) {
  const [problem, setProblem] = useState("");
  useChannels(setProblem);
  const isRunning = useRef(false);
  const [isReady, made] = [areOpen(), changes.value.length];
  useEffect(() => {
    // Read again here: the values above may belong to the view that was open before.
    if (isRunning.current || !areOpen() || changes.value.length >= wanted) return;
    isRunning.current = true;
    changeNext(OVER)
      .catch((error: unknown) => setProblem(errorText(error)))
      .finally(() => (isRunning.current = false));
  }, [isReady, made, wanted]);
  return (
    <>
      {problem && <Problem text={problem} />}
      {!isReady && <Busy text="Opening all channels" />}
      <ChannelTable />
    </>
  );
}
