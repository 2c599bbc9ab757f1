// How does each style do a whole task? In the steps that its own people would take; each can be opened.

import { Bars } from "../parts/bars.tsx";
import { Parts } from "../parts/wire.tsx";
import { bytes, count, several, time, words } from "../format.ts";
import type { Scenario, ScenarioLane, Step, Table } from "../types.ts";

export type Measure = "round-trips" | "bytes" | "time" | "lookups" | "made";

/** Whether it can't be played here, as it wishes for faults and this server grants none. */
export const lacksFaults = ({ faults, scenarios }: Table, wanted: string) =>
  !faults && scenarios.some(({ name, takes_faults }) => name === wanted && takes_faults);

/** Those measures of which a scenario says something. */
export function measuresOf({ styles }: Scenario): Measure[] {
  const has = (measure: "lookups" | "made") => styles.some((lane) => lane[measure] !== undefined);
  return ["round-trips", "bytes", "time", ...(["lookups", "made"] as const).filter(has)];
}

/** More lanes than this stand closer together. */
const MANY = 10;

interface Props {
  scenario: Scenario;
  only?: Measure[];
  pointedAt?: string[];
}

export function ScenarioCharts({ scenario, only = measuresOf(scenario), pointedAt = [] }: Props) {
  return (
    <div class="charts" data-count={only.length} data-many={scenario.styles.length > MANY || undefined}>
      {only.map((measure) => {
        const { title, note, bars } = MEASURES[measure];
        const groups = scenario.styles.map((lane) => ({
          title: lane.title,
          bars: bars(lane),
          isPointedAt: pointedAt.includes(lane.style) && isFirstOf(scenario, lane),
        }));
        return <Bars title={title} note={note} groups={groups} />;
      })}
    </div>
  );
}

/** A style has several lanes where its people would do it in several ways; the plainest is the first. */
const isFirstOf = ({ styles }: Scenario, lane: ScenarioLane) => styles.find(({ style }) => style === lane.style) === lane;

interface Told {
  title: string;
  note: string;
  bars: (lane: ScenarioLane) => { label?: string; pieces: { kind: string; value: number }[]; text: string }[];
}

const one = (kind: string, value: number, text: string, label?: string) => ({
  pieces: [{ kind, value }],
  text,
  ...(label ? { label } : {}),
});

const MEASURES: Record<Measure, Told> = {
  "round-trips": {
    title: "Round trips",
    note: "each costs what the network costs",
    bars: (lane) => [one("cold", lane.round_trips, count(lane.round_trips))],
  },
  bytes: {
    title: "Bytes",
    note: "of all steps, as counted at the TCP stream",
    bars: ({ bytes: { sent, received } }) => [
      one("headers", sent, bytes(sent), "sent"),
      one("body", received, bytes(received), "received"),
    ],
  },
  time: {
    title: "Time",
    note: "of one run, one caller",
    bars: (lane) => [one("warm", lane.time_us, time(lane.time_us))],
  },
  lookups: {
    title: "Look-ups",
    note: "that the server needed in its store",
    bars: ({ lookups }) => (lookups === undefined ? [] : [one("framing", lookups, count(lookups))]),
  },
  made: {
    title: "Orders made",
    note: "by a customer who wanted one",
    bars: ({ made }) => (made === undefined ? [] : [one("framing", made, count(made))]),
  },
};

export function Lanes({ scenario }: { scenario: Scenario }) {
  const { unplayed = [] } = scenario;
  return (
    <>
      {unplayed.length > 0 && <p class="soft">For these there was no time: {unplayed.join(", ")}.</p>}
      <div class="columns" role="region" aria-label="The styles side by side" tabIndex={0}>
        {scenario.styles.map((lane) => (
          <article class="column" key={lane.title}>
            <h3>{lane.title}</h3>
            <p class="soft">
              {several(lane.steps.length, "step")}, {several(lane.round_trips, "round trip")},{" "}
              {several(lane.connections, "connection")}
            </p>
            {lane.tally && <Tally {...lane.tally} />}
            <ol class="steps">
              {lane.steps.map((step) => (
                <OneStep step={step} lane={lane.title} />
              ))}
            </ol>
          </article>
        ))}
      </div>
    </>
  );
}

const Tally = ({ answered, refused, left_out }: NonNullable<ScenarioLane["tally"]>) => (
  <p>
    <strong>{answered}</strong> answered, <strong>{refused}</strong> refused, <strong>{left_out}</strong> left out
  </p>
);

function OneStep({ step, lane }: { step: Step; lane: string }) {
  const label = `${lane}, ${step.title}`;
  return (
    <li>
      <details>
        <summary>{step.title}</summary>
        <h4>Request</h4>
        <Parts parts={step.wire.sent} label={`${label}: request`} />
        <h4>Response</h4>
        <Parts parts={step.wire.received} label={`${label}: response`} />
      </details>
      <p class="soft">{step.why}</p>
      <p class="small">
        {bytes(step.bytes.sent)} sent, {bytes(step.bytes.received)} received, {several(step.round_trips, "round trip")}
        {step.operation && `: ${words(step.operation)}`}
      </p>
    </li>
  );
}
