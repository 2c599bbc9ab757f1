// Who hears of a change first, and at what price? All ways of hearing at once, and an order that is changed over any style.

import { useEffect, useState } from "preact/hooks";
import { bytes, count, milliseconds } from "../format.ts";
import { type Change, change, changes, delay, follow, type Heard, LANES, lanes, STATUSES } from "../news/follow.ts";
import type { Lane } from "../news/lanes.ts";
import { Code } from "../parts/code.tsx";
import { Problem } from "../parts/said.tsx";
import { Table } from "../parts/table.tsx";
import { sandbox } from "../place.ts";
import { me, told } from "../server.ts";
import { BUYING } from "../shop/buying.ts";

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
  useEffect(() => {
    let stop = () => {};
    let isGone = false;
    follow().then(
      (ready) => {
        if (isGone) ready();
        else stop = ready;
      },
      (error: unknown) => problem(told(error)),
    );
    return () => {
      isGone = true;
      stop();
    };
  }, [sandbox.value, me.value]);
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

const titleOf = (style: string) => BUYING.find(({ name }) => name === style)?.title ?? style;

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
        {BUYING.map(({ name, title }) => (
          <option value={name}>{title}</option>
        ))}
      </select>
      <p class="soft grow" role="status">
        {changes.value.slice(-1).map(({ order, status, over, sentAt, answeredAt }) => (
          <>
            Order {order} is {status}: answered over {titleOf(over)} after {milliseconds(answeredAt - sentAt)}.
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
  const delays = LANES.map(({ name }) => steps.map((step) => step && delayIn(name, step)));
  const most = Math.max(1, ...delays.flat().map((ms) => ms ?? 0));
  return (
    <Table
      label="Lanes"
      class="lanes"
      heads={["Way of hearing", ...STATUSES, { right: "times asked" }, { right: "sent" }, { right: "received" }]}
    >
      {LANES.map((lane, index) => (
        <LaneRow lane={lane} delays={delays[index] ?? []} most={most} />
      ))}
    </Table>
  );
}

function delayIn(name: string, step: Change): number | undefined {
  const lane = lanes.value[name];
  return lane && delay(lane, step);
}

interface RowProps {
  lane: Lane;
  delays: (number | undefined)[];
  most: number;
}

function LaneRow({ lane, delays, most }: RowProps) {
  const heard = lanes.value[lane.name];
  return (
    <tr data-lane={lane.name} data-state={heard?.state ?? "begins"}>
      <th scope="row">
        {lane.title} <span class="soft">{lane.how}</span>
        {heard?.state === "failed" && <p class="bad small">{heard.why}</p>}
      </th>
      {delays.map((ms) => (
        <td class="delay">
          {ms !== undefined && (
            <>
              <span class="number">{milliseconds(ms)}</span>
              <span class="track" aria-hidden="true">
                <span class="piece warm" style={{ width: `${(100 * ms) / most}%` }} />
              </span>
            </>
          )}
        </td>
      ))}
      <td class="right">{count(heard?.requests ?? 0)}</td>
      <td class="right">{bytes(heard?.sent ?? 0)}</td>
      <td class="right">{bytes(heard?.received ?? 0)}</td>
    </tr>
  );
}

function Notes() {
  return (
    <>
      <p class="soft">
        Delays count from the press of the button, by this browser's clock. Bytes are of the messages and addresses alone: a
        browser tells no program which headers and frames it sends. <code>parlance watch --follow-order</code> counts all of
        them. A browser opens at most six connections to a host that speak HTTP/1.1: another page that listens may keep these
        lanes waiting.
      </p>
      <details>
        <summary>The newest message of each lane</summary>
        <div class="columns">
          {LANES.map(({ name, title }) => (
            <article class="column">
              <h3>{title}</h3>
              <Newest lane={lanes.value[name]} title={title} />
            </article>
          ))}
        </div>
      </details>
    </>
  );
}

function Newest({ lane, title }: { lane: Heard | undefined; title: string }) {
  const raw = lane?.arrivals.at(-1)?.raw;
  return raw ? <Code text={raw} label={`${title}: newest message`} /> : <p class="soft">None yet.</p>;
}
