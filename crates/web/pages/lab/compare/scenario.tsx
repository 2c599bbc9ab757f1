// A scenario in every style: its charts, and its steps with their messages.

import { type Bar, Bars } from "../components/bars.tsx";
import { Messages } from "../components/messages.tsx";
import { SideBySide } from "../components/side-by-side.tsx";
import { bytes, count, plural, time, words } from "../format.ts";
import type { Scenario, ScenarioLane, Step, Table } from "../types.ts";

type Measure = "round-trips" | "bytes" | "time" | "lookups" | "made";

/** Whether the scenario needs injected faults, which this server does not allow. */
export const lacksFaults = ({ faults, scenarios }: Table, wanted: string) =>
  !faults && scenarios.some(({ name, takes_faults }) => name === wanted && takes_faults);

/** The measures that the scenario has. */
function measuresOf({ styles }: Scenario): Measure[] {
  const has = (measure: "lookups" | "made") => styles.some((variant) => variant[measure] !== undefined);
  return ["round-trips", "bytes", "time", ...(["lookups", "made"] as const).filter(has)];
}

export function ScenarioCharts({ scenario }: { scenario: Scenario }) {
  const measures = measuresOf(scenario);
  return (
    <div class="charts" data-count={measures.length}>
      {measures.map((measure) => {
        const { title, note, bars } = MEASURES[measure];
        const groups = scenario.styles.map((variant) => ({
          title: variant.title,
          bars: bars(variant),
        }));
        return <Bars title={title} note={note(scenario)} groups={groups} />;
      })}
    </div>
  );
}

interface MeasureChart {
  title: string;
  note: (scenario: Scenario) => string;
  bars: (variant: ScenarioLane) => Bar[];
}

const bar = (kind: string, value: number, text: string, label?: string): Bar => ({
  segments: [{ kind, value }],
  text,
  ...(label ? { label } : {}),
});

const MEASURES: Record<Measure, MeasureChart> = {
  "round-trips": {
    title: "Round trips",
    note: () => "waits for the network, with TCP's own and a handshake's",
    bars: (variant) => [bar("cold", variant.round_trips, count(variant.round_trips))],
  },
  bytes: {
    title: "Bytes",
    note: ({ sandbox_bytes }) =>
      `of all steps, on the TCP connection; ${bytes(sandbox_bytes)} of each request are the temporary sandbox's path`,
    bars: ({ bytes: { sent, received } }) => [
      bar("headers", sent, bytes(sent), "sent"),
      bar("body", received, bytes(received), "received"),
    ],
  },
  time: {
    title: "Time",
    note: () => "of one run with one client",
    bars: (variant) => [bar("warm", variant.time_us, time(variant.time_us))],
  },
  lookups: {
    title: "Store lookups",
    note: () => "made by the server for this scenario",
    bars: ({ lookups }) => (lookups === undefined ? [] : [bar("framing", lookups, count(lookups))]),
  },
  made: {
    title: "Orders made",
    note: () => "for a customer who wanted one",
    bars: ({ made }) => (made === undefined ? [] : [bar("framing", made, count(made))]),
  },
};

export function Variants({ scenario }: { scenario: Scenario }) {
  const { unplayed = [] } = scenario;
  const items = scenario.styles.map((variant) => ({
    title: variant.title,
    content: <Variant variant={variant} />,
  }));
  return (
    <>
      {unplayed.length > 0 && <p class="muted">Not run, because the time was up: {unplayed.join(", ")}.</p>}
      <SideBySide label="Show side by side" items={items} />
    </>
  );
}

function Variant({ variant: { title, steps, round_trips, connections, tally } }: { variant: ScenarioLane }) {
  return (
    <>
      <p class="muted">
        {plural(steps.length, "step")}, {plural(round_trips, "round trip")}, {plural(connections, "connection")}
      </p>
      {tally && (
        <p>
          <strong>{tally.answered}</strong> returned, <strong>{tally.refused}</strong> refused, <strong>{tally.left_out}</strong>{" "}
          left out
        </p>
      )}
      <ol class="steps">
        {steps.map((step) => (
          <StepItem step={step} variant={title} />
        ))}
      </ol>
    </>
  );
}

function StepItem({ step, variant }: { step: Step; variant: string }) {
  const label = `${variant}, ${step.title}`;
  return (
    <li>
      <details>
        <summary>{step.title}</summary>
        <h4>Request</h4>
        <Messages parts={step.wire.sent} label={`${label}: request`} />
        <h4>Response</h4>
        <Messages parts={step.wire.received} label={`${label}: response`} />
      </details>
      <p class="muted">{step.why}</p>
      <p class="small">
        {bytes(step.bytes.sent)} sent, {bytes(step.bytes.received)} received, {plural(step.round_trips, "round trip")}
        {step.operation && `: ${words(step.operation)}`}
      </p>
    </li>
  );
}
