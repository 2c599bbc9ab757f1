// What crosses the wire right now, whoever sends it? A line for each exchange; every byte of one, or of two side by side.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useAsked } from "../asked.ts";
import { bytes, count, time, words } from "../format.ts";
import { listen } from "../stream.ts";
import { Busy, Problem } from "../parts/said.tsx";
import { Table } from "../parts/table.tsx";
import { Parts, RawSwitch } from "../parts/wire.tsx";
import { go, link, route, sandbox } from "../place.ts";
import { me, wholeExchange } from "../server.ts";
import type { Exchange, Style, Table as Shop } from "../types.ts";

/** The most lines that are kept; older ones go, unless they are pinned. */
const LINES_MAX = 200;
/** The most that are opened side by side. */
const OPEN_MAX = 2;

export function Traffic({ table }: { table: Shop }) {
  const lines = useSignal<Exchange[]>([]);
  const pinned = useSignal<number[]>([]);
  const isPaused = useSignal(false);
  const style = useSignal("");
  const text = useSignal("");
  const state = useSignal("Opening");
  const missed = useSignal(0);
  useEffect(() => {
    lines.value = [];
    missed.value = 0;
    return listen("lab/wire", ["exchange", "missed"], {
      ready: () => (state.value = "Listening"),
      failed: (why) => (state.value = `Not listening: ${why}`),
      heard: ({ event, data }) => {
        if (event === "missed") missed.value += (JSON.parse(data) as { count: number }).count;
        else if (!isPaused.peek()) lines.value = kept([JSON.parse(data) as Exchange, ...lines.peek()], pinned.peek());
      },
    });
  }, [sandbox.value, me.value]);
  const shown = useComputed(() => {
    const fits = (line: Exchange) => (style.value === "" || line.style === style.value) && says(line, text.value);
    const isPinned = ({ id }: Exchange) => pinned.value.includes(id);
    return [...lines.value.filter(isPinned), ...lines.value.filter((line) => !isPinned(line) && fits(line))];
  });
  const toggle = (id: number) =>
    (pinned.value = pinned.value.includes(id) ? pinned.value.filter((other) => other !== id) : [...pinned.value, id]);
  return (
    <>
      <div class="line">
        <button type="button" class="main" aria-pressed={isPaused.value} onClick={() => (isPaused.value = !isPaused.value)}>
          {isPaused.value ? "Go on" : "Pause"}
        </button>
        <label for="wire-style">Style</label>
        <select id="wire-style" value={style.value} onChange={(event) => (style.value = event.currentTarget.value)}>
          <option value="">all</option>
          {table.styles.map(({ name, title }) => (
            <option value={name}>{title}</option>
          ))}
        </select>
        <label for="wire-text">With</label>
        <input
          id="wire-text"
          size={14}
          placeholder="user, refused …"
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
        <button type="button" class="quiet" onClick={() => ((lines.value = []), (pinned.value = []))}>
          Clear
        </button>
        <p class="soft grow" role="status">
          {isPaused.value ? "Paused: what comes now is not shown." : `${state.value}. Secrets are masked.`}
          {missed.value > 0 && ` ${count(missed.value)} were missed: they came faster than they could be told.`}
        </p>
      </div>
      <Lines lines={shown.value} pinned={pinned.value} toggle={toggle} styles={table.styles} />
      <Opened styles={table.styles} />
    </>
  );
}

const kept = (lines: Exchange[], pinned: number[]) => lines.filter(({ id }, index) => index < LINES_MAX || pinned.includes(id));

const says = ({ operation, outcome, caller, style }: Exchange, text: string) =>
  `${operation ?? ""} ${words(operation ?? "")} ${outcome} ${caller} ${style}`.toLowerCase().includes(text.toLowerCase());

const opened = () => route.value.rest.map(Number).filter(Number.isInteger);

interface LinesProps {
  lines: Exchange[];
  pinned: number[];
  toggle: (id: number) => void;
  styles: Style[];
}

const HEADS = [
  "Pin",
  "At",
  "Style",
  "Operation",
  "Outcome",
  "Caller",
  { right: "Received" },
  { right: "Sent" },
  { right: "Took" },
];

function Lines({ lines, pinned, toggle, styles }: LinesProps) {
  if (lines.length === 0) return <p class="empty soft">Nothing yet. Ask the shop anything, from anywhere: it appears here.</p>;
  const open = opened();
  return (
    <Table label="Exchanges" class="traffic" heads={HEADS}>
      {lines.map((line) => (
        <Line
          key={line.id}
          line={line}
          isPinned={pinned.includes(line.id)}
          isOpen={open.includes(line.id)}
          toggle={toggle}
          styles={styles}
        />
      ))}
    </Table>
  );
}

const titleOf = (styles: Style[], wanted: string) => styles.find(({ name }) => name === wanted)?.title ?? wanted;

interface LineProps {
  line: Exchange;
  isPinned: boolean;
  isOpen: boolean;
  toggle: (id: number) => void;
  styles: Style[];
}

/** The button of a line that opens it, and the section that is opened. */
const opener = (id: number) => `opens-${id}`;
const OPENED = "opened";

function Line({ line, isPinned, isOpen, toggle, styles }: LineProps) {
  const { id, at, style, operation, outcome, caller, received, sent, took_us } = line;
  return (
    <tr class={isOpen ? "open" : undefined}>
      <td>
        <button type="button" class="pin" aria-pressed={isPinned} aria-label={`Pin exchange ${id}`} onClick={() => toggle(id)}>
          {isPinned ? "★" : "☆"}
        </button>
      </td>
      <td class="clock">{new Date(at).toLocaleTimeString("en-GB")}</td>
      <td>{titleOf(styles, style)}</td>
      <td>
        <button
          type="button"
          class="quiet"
          id={opener(id)}
          aria-expanded={isOpen}
          aria-controls={isOpen ? OPENED : undefined}
          onClick={() => openOrClose(id)}
        >
          {operation ? words(operation) : "(none)"}
        </button>
      </td>
      <td class={outcome === "ok" ? "good" : "bad"}>{outcome}</td>
      <td>{caller}</td>
      <td class="right">{bytes(received)}</td>
      <td class="right">{bytes(sent)}</td>
      <td class="right">{time(took_us)}</td>
    </tr>
  );
}

// The newest two stay open.
function openOrClose(id: number): void {
  const open = opened();
  go(link("wire", open.includes(id) ? open.filter((other) => other !== id) : [...open, id].slice(-OPEN_MAX)), "replace");
}

function Opened({ styles }: { styles: Style[] }) {
  const open = opened();
  const title = useRef<HTMLHeadingElement>(null);
  const before = useRef(open);
  const last = open.at(-1);
  // It opens below many lines: so one is taken there, and on closing back to the line.
  useLayoutEffect(() => {
    if (open.some((id) => !before.current.includes(id))) title.current?.focus();
    before.current = open;
  }, [open.join()]);
  const close = () => {
    go(link("wire"), "replace");
    if (last !== undefined) document.getElementById(opener(last))?.focus();
  };
  if (last === undefined) return null;
  return (
    <section class="results" id={OPENED}>
      <div class="line">
        <h2 ref={title} tabIndex={-1}>
          {open.length > 1 ? "Two exchanges" : "One exchange"}
        </h2>
        <RawSwitch />
        <button type="button" class="quiet" onClick={close}>
          Close
        </button>
        <span class="soft">Open another one to compare them.</span>
      </div>
      <div class="columns">
        {open.map((id) => (
          <Whole key={id} id={id} styles={styles} />
        ))}
      </div>
    </section>
  );
}

function Whole({ id, styles }: { id: number; styles: Style[] }) {
  const run = useAsked(() => wholeExchange(id), [id, sandbox.value]);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy what="Fetching" />;
  const { style, operation, received, sent, is_cut } = run.value;
  const title = `${titleOf(styles, style)}, ${operation ? words(operation) : "no operation"}`;
  return (
    <article class="column">
      <h3>{title}</h3>
      {is_cut && <p class="soft">It was too long to be kept whole; this is how it begins.</p>}
      <h4>The server received</h4>
      <Parts parts={received} label={`${title}: received`} />
      <h4>and sent</h4>
      <Parts parts={sent} label={`${title}: sent`} />
    </article>
  );
}
