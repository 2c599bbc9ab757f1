// Charts and exchanges that several lessons show.

import { byteSegments, type Calls, sandboxNote, timeNote } from "../compare/charts.tsx";
import { type Bar, Bars } from "../components/bars.tsx";
import { bytes, count, short, time } from "../format.ts";
import { spreadOf } from "../spread.ts";
import type { BothWays, Comparison, Row, Scenario, ScenarioLane } from "../types.ts";
import type { Shown } from "./lesson.ts";

export const total = ({ request, response }: BothWays) => request.total + response.total;

export const PARTS = [
  { kind: "headers", name: "headers" },
  { kind: "body", name: "body" },
  { kind: "framing", name: "framing" },
];

/** The bytes of both directions, by their parts. */
export const partsOf = ({ request, response }: BothWays) =>
  byteSegments({
    headers: request.headers + response.headers,
    body: request.body + response.body,
    framing: request.framing + response.framing,
    total: total({ request, response }),
  });

export const CallBytes = ({ rows, text }: { rows: Row[]; text?: (row: Row) => string }) => (
  <Bars
    title="Bytes of a call"
    note={`both directions, on the TCP connection${sandboxNote(rows)}`}
    groups={rows.map((row) => ({
      title: short(row.title),
      bars: [{ segments: partsOf(row.call), text: text?.(row) ?? bytes(total(row.call)) }],
    }))}
    legend={PARTS}
  />
);

interface TimesProps {
  rows: Row[];
  calls: Calls[];
  axis?: number;
}

/** Bars on one axis in all steps of a lesson can be compared across them. */
const axisNote = (axis: number | undefined) => (axis === undefined ? "" : `; axis to ${time(axis)}`);

const CALLS = { cold: "new", warm: "open" };

/** Medians, with a line from the fastest to the slowest call. */
export const CallTimes = ({ rows, calls, axis }: TimesProps) => (
  <Bars
    title="Time of a call"
    note={`${timeNote(rows, calls)}; the line: fastest to slowest${axisNote(axis)}`}
    groups={rows.map(({ title, time_us }) => ({
      title: short(title),
      bars: calls.map((kind) => ({
        ...(calls.length > 1 ? { label: CALLS[kind] } : {}),
        ...spreadBar(kind, time_us?.[kind] ?? []),
      })),
    }))}
    {...(axis === undefined ? {} : { axis })}
  />
);

function spreadBar(kind: string, times: number[]): Bar {
  const { median, least, most } = spreadOf(times);
  const bar: Bar = { segments: [{ kind, value: median }], text: time(median) };
  return times.length > 1 ? { ...bar, range: [least, most] } : bar;
}

export const RoundTrips = ({ scenario }: { scenario: Scenario }) => (
  <Bars
    title="Round trips"
    note="with TCP's own and a handshake's"
    groups={scenario.styles.map(({ title, round_trips }) => ({
      title,
      bars: [{ segments: [{ kind: "cold", value: round_trips }], text: count(round_trips) }],
    }))}
  />
);

interface RunTimesProps {
  title: string;
  runs: Scenario[];
  axis?: number;
  /** A time as text. */
  text?: (us: number) => string;
}

/** The times of several runs of a scenario. */
export const RunTimes = ({ title, runs, axis, text }: RunTimesProps) => (
  <Bars
    title={title}
    note={(runs.length > 1 ? `median of ${runs.length} runs; the line: fastest to slowest` : "of one run") + axisNote(axis)}
    {...(axis === undefined ? {} : { axis })}
    groups={variantsOf(runs).map(({ title, times }) => {
      const bar = spreadBar("warm", times);
      return { title, bars: [text ? { ...bar, text: text(spreadOf(times).median) } : bar] };
    })}
  />
);

/** The variants that every run has, with their times. */
export const variantsOf = (runs: Scenario[]) =>
  (runs[0]?.styles ?? []).map(({ title, style, round_trips }) => ({
    title,
    style,
    round_trips,
    times: runs.flatMap((run) => run.styles.filter((variant) => variant.title === title).map(({ time_us }) => time_us)),
  }));

export const exchangesOf = ({ styles }: Pick<Comparison, "styles">): Shown[] =>
  styles.map(({ title, wire }) => ({ title: short(title), wire }));

/** All steps of each variant, one after the other. */
export const stepsOf = ({ styles }: Scenario): Shown[] => styles.map((variant) => ({ title: variant.title, wire: allOf(variant) }));

const allOf = ({ steps }: ScenarioLane) => ({
  sent: steps.flatMap(({ wire }) => wire.sent),
  received: steps.flatMap(({ wire }) => wire.received),
});

/** `3 of 6`. */
export const of = (some: number, all: number) => `${count(some)} of ${count(all)}`;
