// What did the call cost, at a glance? Three strips of bars, each from zero: bytes, round trips, time.

import { Bars, type Group } from "../parts/bars.tsx";
import { bytes, count, short, time } from "../format.ts";
import type { Bytes, Row } from "../types.ts";

export type Chart = "bytes" | "round-trips" | "time";

interface Props {
  rows: Row[];
  /** Which charts; all of them if absent. */
  only?: Chart[];
  /** The styles that are spoken of. */
  pointedAt?: string[];
}

export function Charts({ rows, only = ["bytes", "round-trips", "time"], pointedAt = [] }: Props) {
  const groups = (bars: (row: Row) => Group["bars"]): Group[] =>
    rows.map((row) => ({ title: short(row.title), bars: bars(row), isPointedAt: pointedAt.includes(row.style) }));
  return (
    <div class="charts" data-count={only.length}>
      {only.map((chart) => {
        if (chart === "bytes") return <BytesChart groups={groups(bytesOf)} />;
        return chart === "time" ? (
          <TimeChart groups={groups(timesOf)} n={measured(rows)} />
        ) : (
          <TripsChart groups={groups(tripsOf)} />
        );
      })}
    </div>
  );
}

function BytesChart({ groups }: { groups: Group[] }) {
  const legend = [
    { kind: "headers", name: "headers" },
    { kind: "body", name: "body" },
    { kind: "framing", name: "framing" },
  ];
  return <Bars title="Bytes of a call" note="as counted at the TCP stream" groups={groups} legend={legend} />;
}

function TripsChart({ groups }: { groups: Group[] }) {
  const legend = [
    { kind: "cold", name: "new connection" },
    { kind: "warm", name: "open connection" },
  ];
  return <Bars title="Round trips" note="each costs what the network costs" groups={groups} legend={legend} />;
}

function TimeChart({ groups, n }: { groups: Group[]; n: number }) {
  const legend = [
    { kind: "cold", name: "new connection" },
    { kind: "warm", name: "open connection" },
    { kind: "reach", name: "95 of 100 are faster" },
  ];
  const note = n > 0 ? `median of ${n}, one caller, on one machine` : "none: not all were answered";
  return <Bars title="Time" note={note} groups={groups} legend={legend} />;
}

const pieces = ({ headers, body, framing }: Bytes) => [
  { kind: "headers", value: headers },
  { kind: "body", value: body },
  { kind: "framing", value: framing },
];

const bytesOf = ({ call }: Row): Group["bars"] => [
  { label: "sent", pieces: pieces(call.request), text: bytes(call.request.total) },
  { label: "received", pieces: pieces(call.response), text: bytes(call.response.total) },
];

const tripsOf = ({ round_trips: { cold, warm } }: Row): Group["bars"] => [
  { label: "new", pieces: [{ kind: "cold", value: cold }], text: count(cold) },
  { label: "open", pieces: [{ kind: "warm", value: warm }], text: count(warm) },
];

function timesOf({ time_us }: Row): Group["bars"] {
  if (!time_us) return [];
  const { cold_median, warm_median, warm_p95 } = time_us;
  return [
    { label: "new", pieces: [{ kind: "cold", value: cold_median }], text: time(cold_median) },
    { label: "open", pieces: [{ kind: "warm", value: warm_median }], text: time(warm_median), reach: warm_p95 },
  ];
}

const measured = (rows: Row[]) => Math.min(...rows.map(({ time_us }) => time_us?.n ?? 0));
