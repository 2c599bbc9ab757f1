// Who hears of a change first, and at what price? All ways of hearing at once, and an order that is changed over any style.

import { useEffect, useState } from "preact/hooks";
import { type Change, change, changes, delay, follow, type Lane, lanes, STATUSES } from "../follow.ts";
import { bytes, count, short, time } from "../format.ts";
import { Code } from "../parts/code.tsx";
import { Problem } from "../parts/said.tsx";
import { Table } from "../parts/table.tsx";
import { sandbox } from "../place.ts";
import { me, table, told } from "../server.ts";

export function Events() {
  const [problem, setProblem] = useState("");
  useFollowing(setProblem);
  return (
    <>
      <Buyer problem={setProblem} />
      {problem && <Problem text={problem} />}
      <LanesTable />
      <Notes />
    </>
  );
}

/** Listens as long as the view is open. */
export function useFollowing(problem: (text: string) => void): void {
  useEffect(() => follow(problem), [sandbox.value, me.value]);
}

/** What the shop sells in every new sandbox. */
const PRODUCT = 1;
/** Who buys, if one is nobody in particular. */
const BUYER = 1;

const DOES: Record<string, string> = { placed: "Place an order", paid: "Pay it", shipped: "Ship it", delivered: "Deliver it" };

/** The status that the newest order comes to next; after the last, a new order begins. */
const following = (last: Change | undefined) =>
  STATUSES[(STATUSES.indexOf(last?.status ?? "") + 1) % STATUSES.length] ?? "placed";

const input = () => ({ user_id: me.value?.user_id ?? BUYER, lines: [{ product_id: PRODUCT, quantity: 1 }] });

/** Makes the next change of the order. */
export const changeNext = (over: string) => change(over, following(changes.peek().at(-1)), input());

const styles = () => table.value?.styles ?? [];
const titleOf = (style: string) => short(styles().find(({ name }) => name === style)?.title ?? style);

function Buyer({ problem }: { problem: (text: string) => void }) {
  const [over, setOver] = useState("soap");
  const [isBusy, setBusy] = useState(false);
  const next = following(changes.value.at(-1));
  const run = async () => {
    setBusy(true);
    problem("");
    try {
      await changeNext(over);
    } catch (error) {
      problem(told(error));
    }
    setBusy(false);
  };
  return (
    <div class="line">
      <button type="button" class="main" disabled={isBusy} onClick={run}>
        {DOES[next]}
      </button>
      <label for="over">over</label>
      <select id="over" value={over} onChange={(event) => setOver(event.currentTarget.value)}>
        {styles().map(({ name, title }) => (
          <option value={name}>{short(title)}</option>
        ))}
      </select>
      <p class="soft grow" role="status">
        {changes.value.slice(-1).map(({ order, status, over, tookUs }) => (
          <>
            Order {order} is {status}: answered over {titleOf(over)} after {time(tookUs)}.
          </>
        ))}
      </p>
    </div>
  );
}

/** The lanes with what they heard of the newest order. */
export function LanesTable() {
  const order = changes.value.at(-1)?.order;
  const steps = STATUSES.map((status) => changes.value.find((change) => change.order === order && change.status === status));
  const delays = lanes.value.map((lane) => steps.map((step) => step && delay(lane, step)));
  const most = Math.max(1, ...delays.flat().map((us) => us ?? 0));
  return (
    <Table
      label="Lanes"
      class="lanes"
      heads={["Way of hearing", ...STATUSES, { right: "times asked" }, { right: "sent" }, { right: "received" }]}
    >
      {lanes.value.map((lane, index) => (
        <LaneRow lane={lane} delays={delays[index] ?? []} most={most} />
      ))}
    </Table>
  );
}

interface RowProps {
  lane: Lane;
  delays: (number | undefined)[];
  most: number;
}

function LaneRow({ lane, delays, most }: RowProps) {
  const { name, title, how, state, why, requests, sent, received } = lane;
  return (
    <tr data-lane={name} data-state={state}>
      <th scope="row">
        {title} <span class="soft">{how}</span>
        {state === "failed" && <p class="bad small">{why}</p>}
      </th>
      {delays.map((us) => (
        <td class="delay">
          {us !== undefined && (
            <>
              <span class="number">{time(us)}</span>
              <span class="track" aria-hidden="true">
                <span class="piece warm" style={{ width: `${(100 * us) / most}%` }} />
              </span>
            </>
          )}
        </td>
      ))}
      <td class="right">{count(requests)}</td>
      <td class="right">{bytes(sent)}</td>
      <td class="right">{bytes(received)}</td>
    </tr>
  );
}

function Notes() {
  return (
    <>
      <p class="soft">
        Each way of hearing is a client of the server's own, on a connection of its own. Delays count from when the change is sent,
        by the server's clock. Bytes are all that crossed the wire, headers, frames and handshakes with them.{" "}
        <code>parlance watch --follow-order</code> tells the same on the command line.
      </p>
      <details>
        <summary>The newest message of each lane</summary>
        <div class="columns">
          {lanes.value.map((lane) => (
            <article class="column">
              <h3>{lane.title}</h3>
              <Newest lane={lane} />
            </article>
          ))}
        </div>
      </details>
    </>
  );
}

function Newest({ lane: { heard, title } }: { lane: Lane }) {
  const raw = heard.at(-1)?.raw;
  return raw ? <Code text={raw} label={`${title}: newest message`} /> : <p class="soft">None yet.</p>;
}
