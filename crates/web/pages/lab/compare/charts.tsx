// The three charts of a comparison: bytes, round trips, time.

import { type Bar, Bars, type Group } from "../components/bars.tsx";
import { bytes, count, short, time } from "../format.ts";
import type { Bytes, Row } from "../types.ts";

export type Chart = "bytes" | "round-trips" | "time";

interface Props {
  rows: Row[];
  /** All charts if absent. */
  only?: Chart[];
  /** The names of the styles to highlight. */
  highlighted?: string[];
}

export function Charts({ rows, only = ["bytes", "round-trips", "time"], highlighted = [] }: Props) {
  const groups = (bars: (row: Row) => Bar[]): Group[] =>
    rows.map((row) => ({ title: short(row.title), bars: bars(row), isHighlighted: highlighted.includes(row.style) }));
  return (
    <div class="charts" data-count={only.length}>
      {only.map((chart) => {
        if (chart === "bytes") return <BytesChart groups={groups(byteBars)} />;
        return chart === "time" ? (
          <TimeChart groups={groups(timeBars)} n={measured(rows)} />
        ) : (
          <RoundTripsChart groups={groups(roundTripBars)} />
        );
      })}
    </div>
  );
}

const PARTS = [
  { kind: "headers", name: "headers" },
  { kind: "body", name: "body" },
  { kind: "framing", name: "framing" },
];

const CONNECTIONS = [
  { kind: "cold", name: "new connection" },
  { kind: "warm", name: "open connection" },
];

const BytesChart = ({ groups }: { groups: Group[] }) => (
  <Bars title="Bytes per call" note="counted on the TCP connection" groups={groups} legend={PARTS} />
);

const RoundTripsChart = ({ groups }: { groups: Group[] }) => (
  <Bars title="Round trips" note="how often the client waits for the network" groups={groups} legend={CONNECTIONS} />
);

function TimeChart({ groups, n }: { groups: Group[]; n: number }) {
  const legend = [...CONNECTIONS, { kind: "p95", name: "95 % of calls are faster" }];
  const note = n > 0 ? `median of ${n} calls on this server` : "not measured: some calls failed";
  return <Bars title="Time per call" note={note} groups={groups} legend={legend} />;
}

export const byteSegments = ({ headers, body, framing }: Bytes) => [
  { kind: "headers", value: headers },
  { kind: "body", value: body },
  { kind: "framing", value: framing },
];

const byteBars = ({ call }: Row): Bar[] => [
  { label: "sent", segments: byteSegments(call.request), text: bytes(call.request.total) },
  { label: "received", segments: byteSegments(call.response), text: bytes(call.response.total) },
];

const roundTripBars = ({ round_trips: { cold, warm } }: Row): Bar[] => [
  { label: "new", segments: [{ kind: "cold", value: cold }], text: count(cold) },
  { label: "open", segments: [{ kind: "warm", value: warm }], text: count(warm) },
];

function timeBars({ time_us }: Row): Bar[] {
  if (!time_us) return [];
  const { cold_median, warm_median, warm_p95 } = time_us;
  return [
    { label: "new", segments: [{ kind: "cold", value: cold_median }], text: time(cold_median) },
    { label: "open", segments: [{ kind: "warm", value: warm_median }], text: time(warm_median), p95: warm_p95 },
  ];
}

const measured = (rows: Row[]) => Math.min(...rows.map(({ time_us }) => time_us?.n ?? 0));
