// Live traffic: a row for each exchange, and all bytes of one, or of two side by side.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { currentUser, wholeExchange } from "../api.ts";
import { Messages, RawSwitch } from "../components/messages.tsx";
import { Busy, Problem } from "../components/notices.tsx";
import { Table } from "../components/table.tsx";
import { bytes, plural, time, words } from "../format.ts";
import { useRequest } from "../request.ts";
import { link, navigate, route, sandbox, setQuery, shopUrl } from "../router.ts";
import { subscribe } from "../stream.ts";
import type { Exchange, Style, Table as Shop } from "../types.ts";

/** Rows in the list; older ones are dropped, unless they are pinned. */
const ROWS_MAX = 200;
/** Exchanges open side by side. */
const OPEN_MAX = 2;

export function Traffic({ table }: { table: Shop }) {
  const exchanges = useSignal<Exchange[]>([]);
  const pinned = useSignal<number[]>([]);
  const isPaused = useSignal(false);
  const { query } = route.value;
  const [style, text] = [query.get("style") ?? "", query.get("filter") ?? ""];
  const isAll = sandbox.value === "main" && query.get("sandboxes") === "all";
  const state = useSignal("Connecting");
  const missed = useSignal(0);
  useEffect(() => {
    exchanges.value = [];
    missed.value = 0;
    return subscribe(`lab/wire${queryOf(isAll)}`, ["exchange", "missed"], {
      onOpen: () => {
        state.value = "Recording";
        // What is stored comes again.
        if (!isPaused.peek()) exchanges.value = [];
      },
      onError: (reason) => (state.value = `Not recording: ${reason}`),
      onEvent: ({ event, data }) => {
        if (event === "missed") missed.value += (JSON.parse(data) as { count: number }).count;
        else if (!isPaused.peek()) exchanges.value = trimmed([JSON.parse(data) as Exchange, ...exchanges.peek()], pinned.peek());
      },
    });
  }, [sandbox.value, currentUser.value, isAll]);
  const fits = (exchange: Exchange) => (style === "" || exchange.style === style) && contains(exchange, text);
  const isPinned = ({ id }: Exchange) => pinned.value.includes(id);
  const others = exchanges.value.filter((exchange) => !isPinned(exchange) && fits(exchange));
  const shown = [...exchanges.value.filter(isPinned), ...others];
  const toggle = (id: number) =>
    (pinned.value = pinned.value.includes(id) ? pinned.value.filter((other) => other !== id) : [...pinned.value, id]);
  return (
    <>
      <div class="row">
        <button type="button" class="main" aria-pressed={isPaused.value} onClick={() => (isPaused.value = !isPaused.value)}>
          {isPaused.value ? "Resume" : "Pause"}
        </button>
        <label for="traffic-style">Style</label>
        <select id="traffic-style" value={style} onChange={(event) => setQuery("style", event.currentTarget.value)}>
          <option value="">all</option>
          {table.styles.map(({ name, title }) => (
            <option value={name}>{title}</option>
          ))}
        </select>
        <label for="traffic-text">Filter</label>
        <input
          id="traffic-text"
          size={16}
          placeholder="operation, path, caller …"
          value={text}
          onInput={(event) => setQuery("filter", event.currentTarget.value)}
        />
        {sandbox.value === "main" && (
          <label class="check">
            <input
              type="checkbox"
              checked={isAll}
              onChange={(event) => setQuery("sandboxes", event.currentTarget.checked ? "all" : "")}
            />
            All sandboxes
          </label>
        )}
        <button type="button" class="quiet" onClick={() => ((exchanges.value = []), (pinned.value = []))}>
          Clear
        </button>
        <p class="muted fill" role="status">
          {isPaused.value
            ? "Paused: new requests are not shown."
            : `${state.value}. Passwords, keys and tokens are masked.`}
          {isAll && currentUser.value?.role !== "admin" && " Only an admin sees all sandboxes: choose one under Settings."}
          {missed.value > 0 && ` ${plural(missed.value, "exchange")} came too fast and are missing here.`}
        </p>
      </div>
      {shown.length === 0 ? (
        <Empty isFiltered={exchanges.value.length > 0} />
      ) : (
        <List exchanges={shown} pinned={pinned.value} toggle={toggle} styles={table.styles} isAll={isAll} />
      )}
      <Opened styles={table.styles} isAll={isAll} />
    </>
  );
}

const trimmed = (exchanges: Exchange[], pinned: number[]) =>
  exchanges.filter(({ id }, index) => index < ROWS_MAX || pinned.includes(id));

/** The query of the server's addresses. */
const queryOf = (isAll: boolean) => (isAll ? "?sandboxes=all" : "");

const contains = ({ operation, request, outcome, caller, style, sandbox }: Exchange, text: string) =>
  `${operation ?? request ?? ""} ${words(operation ?? "")} ${outcome} ${caller} ${style} ${sandbox}`.toLowerCase().includes(text.toLowerCase());

function Empty({ isFiltered }: { isFiltered: boolean }) {
  return (
    <div class="empty-state muted">
      {isFiltered ? (
        <p>No request fits the filter. Clear the filter, or choose all styles.</p>
      ) : (
        <>
          <p>No requests yet. Send one from any client, for example:</p>
          <p>
            <code>curl {shopUrl("rest/users/1")}</code>
          </p>
          <p>
            or open <a href={link("compare")}>Compare</a> in a second window.
          </p>
        </>
      )}
    </div>
  );
}

const openIds = () => route.value.rest.map(Number).filter(Number.isInteger);

/** What an exchange is called: its operations, or else its method and path. */
const nameOf = ({ operation, request }: Pick<Exchange, "operation" | "request">) =>
  operation ? words(operation) : (request ?? "(no operation)");

interface ListProps {
  exchanges: Exchange[];
  pinned: number[];
  toggle: (id: number) => void;
  styles: Style[];
  isAll: boolean;
}

/** Sent and received by the client, as in every view. */
const heads = (isAll: boolean) => [
  "Pin",
  "Time",
  ...(isAll ? ["Sandbox"] : []),
  "Style",
  "Operation",
  "Outcome",
  "Caller",
  { right: "Sent" },
  { right: "Received" },
  { right: "Duration" },
];

function List({ exchanges, pinned, toggle, styles, isAll }: ListProps) {
  const open = openIds();
  return (
    <Table label="Exchanges" class="traffic" heads={heads(isAll)}>
      {exchanges.map((exchange) => (
        <Row
          key={exchange.id}
          exchange={exchange}
          isPinned={pinned.includes(exchange.id)}
          isOpen={open.includes(exchange.id)}
          toggle={toggle}
          styles={styles}
          isAll={isAll}
        />
      ))}
    </Table>
  );
}

/** A path that is no style's has none. */
const titleOf = (styles: Style[], wanted: string) => styles.find(({ name }) => name === wanted)?.title ?? (wanted || "no style");

interface RowProps {
  exchange: Exchange;
  isPinned: boolean;
  isOpen: boolean;
  toggle: (id: number) => void;
  styles: Style[];
  isAll: boolean;
}

/** The ids of a row's button and of the section that it opens. */
const openerId = (id: number) => `opens-${id}`;
const OPENED = "opened";

function Row({ exchange, isPinned, isOpen, toggle, styles, isAll }: RowProps) {
  const { id, at, style, outcome, caller, received, sent, took_us } = exchange;
  return (
    <tr class={isOpen ? "open" : undefined}>
      <td>
        <button type="button" class="pin" aria-pressed={isPinned} aria-label={`Pin exchange ${id}`} onClick={() => toggle(id)}>
          {isPinned ? "★" : "☆"}
        </button>
      </td>
      <td class="clock">{new Date(at).toLocaleTimeString("en-GB")}</td>
      {isAll && <td>{exchange.sandbox}</td>}
      <td>{titleOf(styles, style)}</td>
      <td>
        <button
          type="button"
          class="quiet"
          id={openerId(id)}
          aria-expanded={isOpen}
          aria-controls={isOpen ? OPENED : undefined}
          title="Show all bytes of this exchange"
          onClick={() => openOrClose(id)}
        >
          {nameOf(exchange)}
        </button>
      </td>
      <td class={outcome === "ok" ? "good" : "bad"}>{outcome}</td>
      <td>{caller}</td>
      <td class="right">{bytes(sent)}</td>
      <td class="right">{bytes(received)}</td>
      <td class="right">{time(took_us)}</td>
    </tr>
  );
}

// Opening a third closes the first.
function openOrClose(id: number): void {
  const ids = openIds();
  const next = ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id].slice(-OPEN_MAX);
  open(next);
}

const open = (ids: number[]) => navigate(link("traffic", ids, Object.fromEntries(route.value.query)), "replace");

function Opened({ styles, isAll }: { styles: Style[]; isAll: boolean }) {
  const ids = openIds();
  const unknown = route.value.rest.find((id) => !Number.isInteger(Number(id)));
  const title = useRef<HTMLHeadingElement>(null);
  const previous = useRef(ids);
  const last = ids.at(-1);
  // The section is below the list, so the focus goes there, and back to the row on closing.
  useLayoutEffect(() => {
    if (ids.some((id) => !previous.current.includes(id))) title.current?.focus();
    previous.current = ids;
  }, [ids.join()]);
  const close = () => {
    open([]);
    if (last !== undefined) document.getElementById(openerId(last))?.focus();
  };
  if (unknown) return <Problem text={`There is no exchange “${unknown}”: exchanges have numbers.`} />;
  if (last === undefined) return null;
  return (
    <section class="results" id={OPENED}>
      <div class="row">
        <h2 ref={title} tabIndex={-1}>
          {ids.length > 1 ? "Two exchanges" : "One exchange"}
        </h2>
        <RawSwitch />
        <button type="button" class="quiet" onClick={close}>
          Close
        </button>
        <span class="muted">Choose a second one in the list to see both side by side.</span>
      </div>
      <div class="columns">
        {ids.map((id) => (
          <WholeExchange key={id} id={id} styles={styles} isAll={isAll} />
        ))}
      </div>
    </section>
  );
}

function WholeExchange({ id, styles, isAll }: { id: number; styles: Style[]; isAll: boolean }) {
  const run = useRequest(() => wholeExchange(id, queryOf(isAll)), [id, sandbox.value, currentUser.value, isAll]);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy text="Loading" />;
  const { style, received, sent, is_cut } = run.value;
  const title = `${titleOf(styles, style)}, ${nameOf(run.value)}`;
  return (
    <article class="column">
      <h3>{title}</h3>
      {is_cut && <p class="muted">Only the beginning was recorded, because the exchange is very long.</p>}
      <h4>Sent by the client</h4>
      <Messages parts={sent} label={`${title}: sent`} />
      <h4>Received by the client</h4>
      <Messages parts={received} label={`${title}: received`} />
    </article>
  );
}
