// The numbers of all styles in one table, and the messages of some of them side by side.

import { bytes, count, share, short, time } from "../format.ts";
import { Messages } from "../components/messages.tsx";
import { SideBySide } from "../components/side-by-side.tsx";
import { Snippets } from "../components/snippets.tsx";
import { Table } from "../components/table.tsx";
import type { Row } from "../types.ts";

/** `isGzip` says whether compressed responses were asked for. */
export function Numbers({ rows, isGzip = false }: { rows: Row[]; isGzip?: boolean }) {
  const heads = [
    "Style",
    "Over",
    { right: "Sent" },
    { right: "Received" },
    ...(isGzip ? ["Compressed"] : []),
    { right: "Envelope" },
    { right: "Handshake" },
    { right: "Connections" },
    { right: "Round trips, new / open" },
    { right: "Time, new" },
    { right: "Time, open" },
  ];
  return (
    <Table label="Numbers of all styles" class="numbers" heads={heads}>
      {rows.map((row) => (
        <NumbersRow row={row} isGzip={isGzip} />
      ))}
    </Table>
  );
}

function NumbersRow({ row, isGzip }: { row: Row; isGzip: boolean }) {
  const { title, style, http_version, call, handshake, compressed, envelope_share, round_trips, connections, time_us } = row;
  const handshakeBytes = handshake.request.total + handshake.response.total;
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>{style === "websocket" ? `WebSocket, ${http_version}` : http_version}</td>
      <td class="right">{bytes(call.request.total)}</td>
      <td class="right">{bytes(call.response.total)}</td>
      {isGzip && <td>{compressed ? "gzip" : uncompressed(style)}</td>}
      <td class="right">{envelope_share === null ? "unknown" : share(envelope_share)}</td>
      <td class="right">{handshakeBytes > 0 ? bytes(handshakeBytes) : "none"}</td>
      <td class="right">{count(connections)}</td>
      <td class="right">
        {count(round_trips.cold)} / {count(round_trips.warm)}
      </td>
      <td class="right">{time_us ? time(time_us.cold_median) : "–"}</td>
      <td class="right">{time_us ? time(time_us.warm_median) : "–"}</td>
    </tr>
  );
}

/** Why a response was not compressed. */
const uncompressed = (style: string) => (style === "websocket" ? "no: not supported" : "no: too short");

export function Exchanges({ rows }: { rows: Row[] }) {
  const items = rows.map((row) => ({
    title: row.title,
    short: short(row.title),
    content: <Exchange row={row} />,
  }));
  return <SideBySide label="Show side by side" items={items} />;
}

function Exchange({ row: { title, wire, snippets } }: { row: Row }) {
  return (
    <>
      {wire.handshake.sent.length > 0 && (
        <details class="handshake" open={wire.sent.length === 0}>
          <summary>Handshake, once per connection</summary>
          <Messages parts={wire.handshake.sent} label={`${title}: handshake sent`} />
          <Messages parts={wire.handshake.received} label={`${title}: handshake received`} />
        </details>
      )}
      <section>
        <h4>Request</h4>
        <Messages parts={wire.sent} label={`${title}: request`} />
      </section>
      <section>
        <h4>Response</h4>
        <Messages parts={wire.received} label={`${title}: response`} />
      </section>
      <Snippets snippets={snippets} title={title} />
    </>
  );
}
