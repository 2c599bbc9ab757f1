// All event channels at once, while an order changes: how soon each one reports it, and at what cost.

import { useEffect, useState } from "preact/hooks";
import { currentUser, errorText, table } from "../api.ts";
import { type Change, change, changes, type Channel, channels, delay, type Following, following, openChannels, STATUSES } from "../channels.ts";
import { Code } from "../components/code.tsx";
import { Problem } from "../components/notices.tsx";
import { SideBySide } from "../components/side-by-side.tsx";
import { Table } from "../components/table.tsx";
import { bytes, count, short, time } from "../format.ts";
import { sandbox } from "../router.ts";

export function Events() {
  // Apart, as a stream that opens ends its own problem, and not that of an order.
  const [streamProblem, setStreamProblem] = useState("");
  const [orderProblem, setOrderProblem] = useState("");
  useChannels(setStreamProblem);
  const problem = orderProblem || streamProblem;
  return (
    <>
      <OrderControl setProblem={setOrderProblem} />
      {problem && <Problem text={problem} />}
      <ChannelTable {...following()} />
      <Notes />
    </>
  );
}

/** Keeps the channels open while the component is shown. */
export function useChannels(setProblem: (text: string) => void): void {
  useEffect(() => openChannels(setProblem), [sandbox.value, currentUser.value]);
}

/** A product and a user of every new sandbox; a visitor orders for that user. */
const PRODUCT = 1;
const BUYER = 1;

const ACTIONS: Record<string, string> = {
  placed: "Place an order",
  paid: "Pay the order",
  shipped: "Ship the order",
  delivered: "Deliver the order",
};

/** The next status of the newest order; after the last status, a new order begins. */
const nextStatus = (last: Change | undefined) =>
  STATUSES[(STATUSES.indexOf(last?.status ?? "") + 1) % STATUSES.length] ?? "placed";

const input = () => ({ user_id: currentUser.value?.user_id ?? BUYER, lines: [{ product_id: PRODUCT, quantity: 1 }] });

export const changeNext = (over: string) => change(over, nextStatus(changes.peek().at(-1)), input());

const styles = () => table.value?.styles ?? [];
const titleOf = (style: string) => short(styles().find(({ name }) => name === style)?.title ?? style);

function OrderControl({ setProblem }: { setProblem: (text: string) => void }) {
  const [over, setOver] = useState("soap");
  const [isBusy, setBusy] = useState(false);
  const last = changes.value.at(-1);
  const run = async () => {
    setBusy(true);
    setProblem("");
    try {
      await changeNext(over);
    } catch (error) {
      setProblem(errorText(error));
    }
    setBusy(false);
  };
  return (
    <div class="row">
      <button type="button" class="main" disabled={isBusy} onClick={run}>
        {ACTIONS[nextStatus(last)]}
      </button>
      <label for="over">with</label>
      <select id="over" value={over} onChange={(event) => setOver(event.currentTarget.value)}>
        {styles().map(({ name, title }) => (
          <option value={name}>{short(title)}</option>
        ))}
      </select>
      <p class="muted fill" role="status">
        {last
          ? `Order ${last.order} is ${last.status}. The ${titleOf(last.over)} call took ${time(last.tookUs)}.`
          : "Press the button four times to place, pay, ship and deliver one order. The table shows the delay of each event."}
      </p>
    </div>
  );
}

/** The channels, with the delays of the newest order's events. */
export function ChannelTable({ channels, changes }: Following) {
  const order = changes.at(-1)?.order;
  const steps = STATUSES.map((status) => changes.find((change) => change.order === order && change.status === status));
  const delays = channels.map((channel) => steps.map((step) => step && delay(channel, step)));
  const most = Math.max(1, ...delays.flat().map((us) => us ?? 0));
  return (
    <Table
      label="Channels"
      class="channels"
      heads={["Channel", ...STATUSES, { right: "requests" }, { right: "sent" }, { right: "received" }]}
    >
      {channels.map((channel, index) => (
        <ChannelRow channel={channel} delays={delays[index] ?? []} most={most} />
      ))}
    </Table>
  );
}

interface RowProps {
  channel: Channel;
  delays: (number | undefined)[];
  most: number;
}

function ChannelRow({ channel, delays, most }: RowProps) {
  const { name, title, how, state, why, requests, sent, received } = channel;
  return (
    <tr data-channel={name} data-state={state}>
      <th scope="row">
        {title} <span class="muted">{how}</span>
        {state === "failed" && <p class="bad small">{why}</p>}
      </th>
      {delays.map((us) => (
        <td class="delay">
          {us !== undefined && (
            <>
              <span class="number">{time(us)}</span>
              <span class="track" aria-hidden="true">
                <span class="segment warm" style={{ width: `${(100 * us) / most}%` }} />
              </span>
            </>
          )}
        </td>
      ))}
      <td class="right">{count(requests)}</td>
      {[sent, received].map((sum) => (
        // The bytes of a waiting request are counted when it is answered.
        <td class="right">{sum === 0 && requests > 0 ? "…" : bytes(sum)}</td>
      ))}
    </tr>
  );
}

function Notes() {
  const items = channels.value.map(({ title, events }) => ({ title, content: <Newest title={title} raw={events.at(-1)?.raw} /> }));
  return (
    <>
      <p class="muted">
        On each channel, a client inside the server listens on its own connection. A delay counts from the moment when the change
        is sent, by the server's clock. Bytes include headers, frames and handshakes. On the command line,{" "}
        <code>parlance watch --follow-order</code> shows the same.
      </p>
      <details>
        <summary>Show the newest message of each channel</summary>
        <SideBySide label="Show side by side" items={items} />
      </details>
    </>
  );
}

function Newest({ title, raw }: { title: string; raw: string | undefined }) {
  return raw ? <Code text={raw} label={`${title}: newest message`} /> : <p class="muted">None yet: place an order above.</p>;
}
