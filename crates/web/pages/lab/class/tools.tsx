// What an instructor does with the class: invite, add names, write to all, reset, and take the results away.

import { useState } from "preact/hooks";
import { errorText } from "../api.ts";
import { download } from "../compare/export.ts";
import { CopyButton } from "../components/code.tsx";
import { Problem } from "../components/notices.tsx";
import { Table } from "../components/table.tsx";
import { plural } from "../format.ts";
import type { Class, Place } from "../types.ts";
import { QrCode } from "./qr.tsx";
import { addLearners, resetAll, results, showMessage } from "./requests.ts";

export function Tools({ klass, refresh }: { klass: Class; refresh: () => void }) {
  const [problem, setProblem] = useState("");
  const [done, setDone] = useState("");
  /** Does something, and shows what it came to. */
  const run = async (work: () => Promise<string>) => {
    setProblem("");
    setDone("Working …");
    try {
      setDone(await work());
      refresh();
    } catch (error) {
      setDone("");
      setProblem(errorText(error));
    }
  };
  return (
    <>
      {problem && <Problem text={problem} />}
      <p class={done ? "notice good" : "visually-hidden"} role="status">
        {done}
      </p>
      <div class="class-tools">
        <Join address={klass.join} />
        <Names run={run} />
        <section class="setting">
          <Message shown={klass.message} run={run} />
        </section>
        <section class="setting">
          <h2>Shops and results</h2>
          <Reset count={klass.learners.length} run={run} />
          <Results run={run} />
        </section>
      </div>
    </>
  );
}

type Run = (work: () => Promise<string>) => Promise<void>;

/** Addresses that only this machine reaches. */
const isOwn = (address: string) => /^(localhost|127\.|\[::1\])/.test(new URL(address).host);

const Join = ({ address }: { address: string }) => (
  <section class="setting join">
    <QrCode text={address} />
    <div>
      <h2>Join the class at</h2>
      <p class="join-address">
        <a href={address}>{address.replace("http://", "")}</a> <CopyButton text={address} what="the address" />
      </p>
      {isOwn(address) && (
        <p class="muted small">
          Only this machine reaches this address. Start the server with <code>--listen 0.0.0.0:8080</code>, and open this page at one of
          the addresses that it prints.
        </p>
      )}
    </div>
  </section>
);

function Names({ run }: { run: Run }) {
  const [text, setText] = useState("");
  const [places, setPlaces] = useState<Place[]>([]);
  const names = text.split("\n").map((name) => name.trim()).filter(Boolean);
  const add = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      setPlaces(await addLearners(names));
      setText("");
      return `${plural(names.length, "learner")} added.`;
    });
  };
  return (
    <section class="setting">
      <form onSubmit={add}>
        <label for="class-names">
          <strong>Add learners</strong>, a name per line
        </label>
        <textarea id="class-names" rows={4} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <button type="submit" disabled={names.length === 0}>
          {names.length > 0 ? `Add ${plural(names.length, "learner")}` : "Add learners"}
        </button>
      </form>
      {places.length > 0 && (
        <Table label="Added" class="places" heads={["Name", "Address"]}>
          {places.map(({ name, address }) => (
            <tr>
              <th scope="row">{name}</th>
              <td>
                <a href={address}>{address}</a>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function Message({ shown, run }: { shown: string; run: Run }) {
  const [text, setText] = useState(shown);
  const show = (text: string) => {
    setText(text);
    void run(async () => (await showMessage(text), text ? "All learners see the message." : "The message is gone."));
  };
  return (
    <form onSubmit={(event) => (event.preventDefault(), show(text))}>
      <label for="class-message">
        <strong>Message to all</strong>
        {shown && <span class="muted">, shown now: “{shown}”</span>}
      </label>
      <input id="class-message" maxLength={500} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <div class="row">
        <button type="submit" disabled={text.trim() === shown}>
          Show
        </button>
        {shown && (
          <button type="button" class="quiet" onClick={() => show("")}>
            Remove
          </button>
        )}
      </div>
    </form>
  );
}

function Reset({ count, run }: { count: number; run: Run }) {
  const [isAsking, setAsking] = useState(false);
  const reset = () => {
    setAsking(false);
    void run(async () => (await resetAll(), "All shops are reset. The progress stays."));
  };
  return (
    <div class="row">
      {isAsking ? (
        <>
          <button type="button" class="danger" onClick={reset}>
            Reset {plural(count, "shop")} now
          </button>
          <button type="button" class="quiet" onClick={() => setAsking(false)}>
            Cancel
          </button>
        </>
      ) : (
        <button type="button" disabled={count === 0} onClick={() => setAsking(true)}>
          Reset all shops …
        </button>
      )}
      <span class="muted small">Users, products and orders begin anew; what was done stays.</span>
    </div>
  );
}

const Results = ({ run }: { run: Run }) => (
  <div class="row">
    {(["csv", "jsonl"] as const).map((format) => (
      <button
        type="button"
        onClick={() =>
          run(async () => {
            download(`progress.${format}`, await results(format), format === "csv" ? "text/csv" : "application/x-ndjson");
            return "The results are saved.";
          })
        }
      >
        {format === "csv" ? "Results as CSV" : "Results as xAPI"}
      </button>
    ))}
  </div>
);
