// How does the shop behave, and for whom? The dials of a sandbox; each says what it will do before it is turned.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useAsked } from "../asked.ts";
import { Code } from "../parts/code.tsx";
import { Problem } from "../parts/said.tsx";
import { moveTo, sandbox } from "../place.ts";
import { me, resetSandbox, type Sandbox, setUpSandbox, tellSandbox, told } from "../server.ts";
import type { JsonObject, Table } from "../types.ts";

export function Dials({ table }: { table: Table }) {
  const now = useAsked(() => tellSandbox(sandbox.value), [sandbox.value]);
  const [set, setSet] = useState<Sandbox | undefined>(undefined);
  const [problem, setProblem] = useState("");
  const [done, setDone] = useState("");
  useEffect(() => setSet(now.value), [now.value]);
  const turn = async (work: Promise<Sandbox>, what: string) => {
    setProblem("");
    setDone("");
    try {
      setSet(await work);
      setDone(what);
    } catch (error) {
      setProblem(told(error));
    }
  };
  const put = (body: JsonObject, what: string) => turn(setUpSandbox(sandbox.value, body), what);
  return (
    <>
      {(problem || now.problem) && <Problem text={problem || (now.problem ?? "")} />}
      <p class={done ? "verdict good" : "unseen"} role="status">
        {done}
      </p>
      <div class="dials">
        <Who table={table} />
        <Which reset={() => turn(resetSandbox(sandbox.value), "The sandbox is as new.")} />
        {set && <Access set={set} put={put} />}
        {set && <Rate set={set} put={put} />}
        {set && <RoundTrips set={set} put={put} />}
        <Wishes isOn={table.faults} />
      </div>
    </>
  );
}

interface Put {
  set: Sandbox;
  put: (body: JsonObject, what: string) => void;
}

function Dial({ title, says, children }: { title: string; says: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="dial">
      <h2>{title}</h2>
      <p class="soft">{says}</p>
      <div class="line">{children}</div>
    </section>
  );
}

function Who({ table }: { table: Table }) {
  const choose = (id: string) => (me.value = table.people.find(({ user_id }) => String(user_id) === id));
  return (
    <Dial
      title="Who am I?"
      says={
        <>
          Whom the page asks as, by an API key that everybody may know. It is forgotten when the page is closed. A visitor has
          the rights of staff, except where it is locked.
        </>
      }
    >
      <label for="who">I am</label>
      <select id="who" value={String(me.value?.user_id ?? "")} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">a visitor</option>
        {table.people.map(({ user_id, name, role }) => (
          <option value={String(user_id)}>
            {name}, {role}
          </option>
        ))}
      </select>
    </Dial>
  );
}

function Which({ reset }: { reset: () => void }) {
  const [name, setName] = useState("");
  const [isAsking, setAsking] = useState(false);
  // Each of the buttons goes when it is pressed: the focus goes to what comes in its place, and there to the harmless one.
  const stays = useRef<HTMLButtonElement>(null);
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    if (!isFirst.current) stays.current?.focus();
    isFirst.current = false;
  }, [isAsking]);
  const isRight = /^[a-z0-9][a-z0-9-]{0,39}$/.test(name);
  const move = (event: Event) => {
    event.preventDefault();
    if (isRight) moveTo(name);
  };
  return (
    <Dial
      title="Sandbox"
      says={
        <>
          This is <strong>{sandbox.value}</strong>. Each sandbox is a shop of its own, which nobody else disturbs; going to a
          new one makes it. A reset throws away every order in it, and begins anew.
        </>
      }
    >
      <form class="line" onSubmit={move}>
        <label for="sandbox-name">Go to</label>
        <input
          id="sandbox-name"
          size={12}
          value={name}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" disabled={!isRight}>
          Go
        </button>
        {sandbox.value !== "main" && (
          <button type="button" onClick={() => moveTo("main")}>
            Back to main
          </button>
        )}
      </form>
      {isAsking ? (
        <>
          <button type="button" class="danger" onClick={() => (setAsking(false), reset())}>
            Reset {sandbox.value} now
          </button>
          <button ref={stays} type="button" class="quiet" onClick={() => setAsking(false)}>
            Keep it
          </button>
        </>
      ) : (
        <button ref={stays} type="button" onClick={() => setAsking(true)}>
          Reset …
        </button>
      )}
    </Dial>
  );
}

function Access({ set, put }: Put) {
  const choose = (access: Sandbox["access"]) => () => put({ access }, `The sandbox is ${access}.`);
  return (
    <Dial
      title="Open or locked"
      says={
        <>
          Open: a visitor may do everything. Locked: who does not say who it is, is refused, over every style in its own words;
          and only an admin unlocks it.
        </>
      }
    >
      <Choice
        name="Open or locked"
        options={["open", "locked"] as const}
        value={set.access}
        title={(access) => access}
        choose={(access) => choose(access)()}
      />
    </Dial>
  );
}

/** Rates to choose from, in operations a minute for each caller; 0 is as many as one likes. */
const RATES = [0, 60, 10, 3];

function Rate({ set, put }: Put) {
  return (
    <Dial
      title="Rate limit"
      says={
        <>
          How many operations a minute each caller may do, over all styles together; each call of a batch and each alias of a
          query is one. What is more is refused as rate_limited. This page's comparisons count, too.
        </>
      }
    >
      <Choice
        name="Operations a minute"
        options={RATES.includes(set.rate_per_minute) ? RATES : [...RATES, set.rate_per_minute]}
        value={set.rate_per_minute}
        title={(rate) => (rate === 0 ? "no limit" : `${rate} a minute`)}
        choose={(rate_per_minute) => put({ rate_per_minute }, "The rate limit is set.")}
      />
    </Dial>
  );
}

/** Round-trip times to choose from: this machine, this town, this continent, another one. */
const ROUND_TRIPS_MS = [0, 10, 50, 150];

function RoundTrips({ set, put }: Put) {
  return (
    <Dial
      title="Round-trip time"
      says={
        <>
          As if the server were far away: each new connection and each request is so much later answered. Whoever asks often,
          loses.
        </>
      }
    >
      <Choice
        name="Round-trip time"
        options={ROUND_TRIPS_MS.includes(set.rtt_ms) ? ROUND_TRIPS_MS : [...ROUND_TRIPS_MS, set.rtt_ms]}
        value={set.rtt_ms}
        title={(ms) => `${ms} ms`}
        choose={(rtt_ms) => put({ rtt_ms }, `A round trip takes ${rtt_ms} ms more.`)}
      />
    </Dial>
  );
}

interface ChoiceProps<T> {
  name: string;
  options: readonly T[];
  value: T;
  title: (option: T) => string;
  choose: (option: T) => void;
}

function Choice<T>({ name, options, value, title, choose }: ChoiceProps<T>) {
  return (
    <div class="choice" role="group" aria-label={name}>
      {options.map((option) => (
        <button type="button" aria-pressed={option === value} onClick={() => choose(option)}>
          {title(option)}
        </button>
      ))}
    </div>
  );
}

const WISHES = [
  ["X-Fault: unavailable", "is refused as overloaded, and nothing is done"],
  ["X-Fault: delay=300ms,jitter=200ms", "is answered so much later"],
  ["X-Fault: drop", "is done, but its answer never comes"],
  ["X-Fault: cut=40%", "is done, and the connection breaks within its answer"],
  ["X-Dataloader: off", "makes GraphQL look up every thing for itself: see the scenario N+1"],
] as const;

function Wishes({ isOn }: { isOn: boolean }) {
  return (
    <section class="dial wide">
      <h2>Wishes of a single request</h2>
      <p class="soft">
        A header makes one request fail, and disturbs nobody else; over a WebSocket it is the member <code>fault</code>.{" "}
        {isOn ? (
          "This server grants wishes."
        ) : (
          <>
            This server grants none: start it with <code>parlance serve --faults</code>.
          </>
        )}
      </p>
      <dl class="wishes">
        {WISHES.map(([header, does]) => (
          <div>
            <dt>
              <Code text={header} language="text" label={`The header ${header}`} />
            </dt>
            <dd>A request with it {does}.</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
