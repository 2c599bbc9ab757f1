// The three charts of a comparison: bytes, round trips, time.

import { type Bar, Bars, type Group } from "../components/bars.tsx";
import { bytes, count, short, time } from "../format.ts";
import { noisy } from "../spread.ts";
import type { Bytes, Part, Row } from "../types.ts";

type Chart = "bytes" | "round-trips" | "time";

interface Props {
  rows: Row[];
  /** All charts if absent. */
  only?: Chart[];
}

export function Charts({ rows, only = ["bytes", "round-trips", "time"] }: Props) {
  const groups = (bars: (row: Row) => Bar[]): Group[] =>
    rows.map((row) => ({ title: short(row.title), bars: bars(row) }));
  return (
    <div class="charts" data-count={only.length}>
      {only.map((chart) => {
        if (chart === "bytes") return <BytesChart groups={groups(byteBars)} rows={rows} />;
        return chart === "time" ? (
          <TimeChart groups={groups(timeBars)} rows={rows} />
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

const BytesChart = ({ groups, rows }: { groups: Group[]; rows: Row[] }) => (
  <Bars title="Bytes per call" note={`counted on the TCP connection${sandboxNote(rows)}`} groups={groups} legend={PARTS} />
);

/** How many of the bytes are the path of a sandbox, which the main shop has not. In HTTP/2, HPACK codes it in fewer. */
export function sandboxNote(rows: Row[]): string {
  const parts = rows.flatMap(({ wire }) => wire.sent);
  const longest = (path: RegExp, of: (part: Part) => string) => Math.max(0, ...parts.map((part) => of(part).match(path)?.[1]?.length ?? 0));
  const plain = longest(/^\S+ (\/sandboxes\/[^/?\s]+)/, (part) => (part.kind === "http" ? part.head : ""));
  const coded = longest(/^:path: (\/sandboxes\/[^/?\s]+)/m, (part) => (part.kind === "frame" ? part.text : ""));
  const notes = [
    plain > 0 && `; ${bytes(plain)} of each HTTP/1.1 request are the sandbox's path`,
    coded > 0 && `; up to ${bytes(coded)} of each HTTP/2 request are the sandbox's path, compressed`,
  ];
  return notes.filter(Boolean).join("");
}

const RoundTripsChart = ({ groups }: { groups: Group[] }) => (
  <Bars
    title="Round trips"
    note="waits for the network; those of a new connection include TCP's own and a handshake's"
    groups={groups}
    legend={CONNECTIONS}
  />
);

function TimeChart({ groups, rows }: { groups: Group[]; rows: Row[] }) {
  const hasP95 = rows.some(({ time_us }) => time_us && time_us.warm_p95 !== null);
  const legend = [...CONNECTIONS, ...(hasP95 ? [{ kind: "p95", name: "95 % of calls are faster" }] : [])];
  return <Bars title="Time per call" note={timeNote(rows)} groups={groups} legend={legend} />;
}

export type Calls = "cold" | "warm";

/** Of how many calls the times are the medians, and whether the run was disturbed. */
export function timeNote(rows: Row[], calls: Calls[] = ["warm", "cold"]): string {
  const least = (calls: Calls) => Math.min(...rows.map(({ time_us }) => time_us?.[calls].length ?? 0));
  if (least("warm") === 0) return "not measured: the results differ";
  const disturbed = noisy(rows).map(({ title }) => short(title));
  const names = { warm: "on an open connection", cold: "on new ones" };
  const note = `medians of ${calls.map((kind) => `${least(kind)} calls ${names[kind]}`).join(" and ")}`;
  return disturbed.length > 0 ? `${note}. A noisy run: open is slower than new in ${disturbed.join(", ")}. Run it again` : note;
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
    { label: "open", segments: [{ kind: "warm", value: warm_median }], text: time(warm_median), ...(warm_p95 === null ? {} : { p95: warm_p95 }) },
  ];
}
