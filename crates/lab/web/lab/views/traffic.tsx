// What crosses the wire right now, whoever sends it? A line for each exchange; every byte of one, or of two side by side.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useAsked } from "../asked.ts";
import { bytes, time, words } from "../format.ts";
import { listen } from "../news/stream.ts";
import { Busy, Problem } from "../parts/said.tsx";
import { Parts, RawSwitch } from "../parts/wire.tsx";
import { go, link, route, sandbox } from "../place.ts";
import { me, wholeExchange } from "../server.ts";
import type { Exchange, Table } from "../types.ts";

/** The most lines that are kept; older ones go, unless they are pinned. */
const LINES_MAX = 200;
/** The most that are opened side by side. */
const OPEN_MAX = 2;

export function Traffic({ table }: { table: Table }) {
  const lines = useSignal<Exchange[]>([]);
  const pinned = useSignal<number[]>([]);
  const isPaused = useSignal(false);
  const style = useSignal("");
  const text = useSignal("");
  const state = useSignal("Opening");
  useEffect(() => {
    lines.value = [];
    return listen("lab/wire", ["exchange"], {
      ready: () => (state.value = "Listening"),
      failed: (why) => (state.value = `Not listening: ${why}`),
      heard: ({ data }) => {
        if (!isPaused.peek()) lines.value = kept([JSON.parse(data) as Exchange, ...lines.peek()], pinned.peek());
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
        </p>
      </div>
      <Lines lines={shown.value} pinned={pinned.value} toggle={toggle} table={table} />
      <Opened />
    </>
  );
}

const kept = (lines: Exchange[], pinned: number[]) => lines.filter(({ id }, index) => index < LINES_MAX || pinned.includes(id));

const says = ({ operation, outcome, caller, style }: Exchange, text: string) =>
  `${operation ?? ""} ${words(operation ?? "")} ${outcome} ${caller} ${style}`.toLowerCase().includes(text.toLowerCase());

const opened = () => route.value.rest.map(Number).filter(Number.isInteger);

function Lines({
  lines,
  pinned,
  toggle,
  table,
}: {
  lines: Exchange[];
  pinned: number[];
  toggle: (id: number) => void;
  table: Table;
}) {
  if (lines.length === 0) return <p class="empty soft">Nothing yet. Ask the shop anything, from anywhere: it appears here.</p>;
  const open = opened();
  return (
    <div class="scrolls traffic" role="region" aria-label="Exchanges" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Pin</th>
            <th scope="col">At</th>
            <th scope="col">Style</th>
            <th scope="col">Operation</th>
            <th scope="col">Outcome</th>
            <th scope="col">Caller</th>
            <th scope="col" class="right">
              Received
            </th>
            <th scope="col" class="right">
              Sent
            </th>
            <th scope="col" class="right">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Line
              key={line.id}
              line={line}
              isPinned={pinned.includes(line.id)}
              isOpen={open.includes(line.id)}
              toggle={toggle}
              table={table}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface LineProps {
  line: Exchange;
  isPinned: boolean;
  isOpen: boolean;
  toggle: (id: number) => void;
  table: Table;
}

function Line({ line, isPinned, isOpen, toggle, table }: LineProps) {
  const { id, at, style, operation, outcome, caller, received, sent, took_us } = line;
  const title = table.styles.find(({ name }) => name === style)?.title ?? style;
  return (
    <tr class={isOpen ? "open" : undefined}>
      <td>
        <button type="button" class="pin" aria-pressed={isPinned} aria-label={`Pin exchange ${id}`} onClick={() => toggle(id)}>
          {isPinned ? "★" : "☆"}
        </button>
      </td>
      <td class="clock">{new Date(at).toLocaleTimeString("en-GB")}</td>
      <td>{title}</td>
      <td>
        <button type="button" class="quiet" aria-expanded={isOpen} onClick={() => openOrClose(id)}>
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

function Opened() {
  const open = opened();
  if (open.length === 0) return null;
  return (
    <section class="results">
      <div class="line">
        <h2>{open.length > 1 ? "Two exchanges" : "One exchange"}</h2>
        <RawSwitch />
        <button type="button" class="quiet" onClick={() => go(link("wire"), "replace")}>
          Close
        </button>
        <span class="soft">Open another one to compare them.</span>
      </div>
      <div class="columns">
        {open.map((id) => (
          <Whole key={id} id={id} />
        ))}
      </div>
    </section>
  );
}

function Whole({ id }: { id: number }) {
  const run = useAsked(() => wholeExchange(id), [id, sandbox.value]);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy what="Fetching" />;
  const { style, operation, received, sent, is_cut } = run.value;
  const title = `${style}, ${operation ? words(operation) : "no operation"}`;
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
