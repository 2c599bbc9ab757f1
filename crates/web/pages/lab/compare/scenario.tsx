// A scenario in every style: its charts, and its steps with their messages.

import { type Bar, Bars } from "../components/bars.tsx";
import { Messages } from "../components/messages.tsx";
import { SideBySide } from "../components/side-by-side.tsx";
import { bytes, count, plural, time, words } from "../format.ts";
import type { Scenario, ScenarioLane, Step, Table } from "../types.ts";

export type Measure = "round-trips" | "bytes" | "time" | "lookups" | "made";

/** Whether the scenario needs injected faults, which this server does not allow. */
export const lacksFaults = ({ faults, scenarios }: Table, wanted: string) =>
  !faults && scenarios.some(({ name, takes_faults }) => name === wanted && takes_faults);

/** The measures that the scenario has. */
function measuresOf({ styles }: Scenario): Measure[] {
  const has = (measure: "lookups" | "made") => styles.some((variant) => variant[measure] !== undefined);
  return ["round-trips", "bytes", "time", ...(["lookups", "made"] as const).filter(has)];
}

/** With more variants than this, the bars stand closer together. */
const MANY = 10;

interface Props {
  scenario: Scenario;
  only?: Measure[];
  highlighted?: string[];
}

export function ScenarioCharts({ scenario, only = measuresOf(scenario), highlighted = [] }: Props) {
  return (
    <div class="charts" data-count={only.length} data-many={scenario.styles.length > MANY || undefined}>
      {only.map((measure) => {
        const { title, note, bars } = MEASURES[measure];
        const groups = scenario.styles.map((variant) => ({
          title: variant.title,
          bars: bars(variant),
          isHighlighted: highlighted.includes(variant.style) && isFirstOf(scenario, variant),
        }));
        return <Bars title={title} note={note} groups={groups} />;
      })}
    </div>
  );
}

/** A style may play a scenario in several variants; the first is the plainest. */
const isFirstOf = ({ styles }: Scenario, variant: ScenarioLane) =>
  styles.find(({ style }) => style === variant.style) === variant;

interface MeasureChart {
  title: string;
  note: string;
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
    note: "how often the client waits for the network",
    bars: (variant) => [bar("cold", variant.round_trips, count(variant.round_trips))],
  },
  bytes: {
    title: "Bytes",
    note: "of all steps, counted on the TCP connection",
    bars: ({ bytes: { sent, received } }) => [
      bar("headers", sent, bytes(sent), "sent"),
      bar("body", received, bytes(received), "received"),
    ],
  },
  time: {
    title: "Time",
    note: "of one run with one client",
    bars: (variant) => [bar("warm", variant.time_us, time(variant.time_us))],
  },
  lookups: {
    title: "Store lookups",
    note: "made by the server for this scenario",
    bars: ({ lookups }) => (lookups === undefined ? [] : [bar("framing", lookups, count(lookups))]),
  },
  made: {
    title: "Orders made",
    note: "for a customer who wanted one",
    bars: ({ made }) => (made === undefined ? [] : [bar("framing", made, count(made))]),
  },
};

export function Variants({ scenario, highlighted = [] }: Omit<Props, "only">) {
  const { unplayed = [] } = scenario;
  const items = scenario.styles.map((variant) => ({
    title: variant.title,
    content: <Variant variant={variant} />,
    isHighlighted: highlighted.includes(variant.style) && isFirstOf(scenario, variant),
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
