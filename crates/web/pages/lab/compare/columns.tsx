// What did each style send and receive? A column for each, with the same things at the same height.

import { bytes, count, share, time } from "../format.ts";
import { Copies } from "../parts/copies.tsx";
import { Parts } from "../parts/wire.tsx";
import type { Row } from "../types.ts";

/** `isGzip` says whether packed answers were asked for. */
export function Columns({ rows, isGzip = false }: { rows: Row[]; isGzip?: boolean }) {
  return (
    <div class="columns alike" role="region" aria-label="The styles side by side" tabIndex={0}>
      {rows.map((row) => (
        <Column key={row.style} row={row} isGzip={isGzip} />
      ))}
    </div>
  );
}

function Column({ row, isGzip }: { row: Row; isGzip: boolean }) {
  const { title, wire, copies } = row;
  const hasHandshake = wire.handshake.sent.length > 0;
  return (
    <article class="column">
      <h3>{title}</h3>
      <Numbers row={row} isGzip={isGzip} />
      <section>
        <h4>Request</h4>
        {hasHandshake && (
          <details class="handshake" open={wire.sent.length === 0}>
            <summary>Before it, once: the handshake</summary>
            <Parts parts={wire.handshake.sent} label={`${title}: handshake sent`} />
            <Parts parts={wire.handshake.received} label={`${title}: handshake received`} />
          </details>
        )}
        <Parts parts={wire.sent} label={`${title}: request`} />
      </section>
      <section>
        <h4>Response</h4>
        <Parts parts={wire.received} label={`${title}: response`} />
      </section>
      <Copies copies={copies} title={title} />
    </article>
  );
}

function Numbers({ row, isGzip }: { row: Row; isGzip: boolean }) {
  const { style, call, handshake, packed, envelope_share, round_trips, connections, time_us } = row;
  const shaken = handshake.request.total + handshake.response.total;
  return (
    <dl class="numbers">
      <Number name="Sent" value={bytes(call.request.total)} />
      <Number name="Received" value={bytes(call.response.total)} />
      {isGzip && <Number name="Packed" value={packed ? "gzip" : unpacked(style)} />}
      <Number name="Envelope" value={envelope_share === null ? "packed along" : share(envelope_share)} />
      <Number name="Handshake" value={shaken > 0 ? bytes(shaken) : "none"} />
      <Number name="Round trips" value={`${count(round_trips.cold)} new, ${count(round_trips.warm)} open`} />
      <Number name="Connections" value={count(connections)} />
      {time_us && <Number name="New connection" value={time(time_us.cold_median)} />}
      {time_us && <Number name="Open connection" value={time(time_us.warm_median)} />}
    </dl>
  );
}

/** Why an answer did not come packed that might have. */
const unpacked = (style: string) => (style === "websocket" ? "no: it has no packing" : "no: it is too short");

const Number = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
