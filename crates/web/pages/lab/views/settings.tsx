// The user of the page, and the settings of the sandbox. Each setting says what it does before it is changed.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { currentUser, errorText, getSandbox, resetSandbox, type Sandbox, updateSandbox } from "../api.ts";
import { Code, DocText } from "../components/code.tsx";
import { Done, Problem } from "../components/notices.tsx";
import { CallerSelect, People } from "../components/people.tsx";
import { useRequest } from "../request.ts";
import { link, sandbox, switchSandbox } from "../router.ts";
import type { JsonObject, Table } from "../types.ts";

export function Settings({ table }: { table: Table }) {
  const loaded = useRequest(() => getSandbox(sandbox.value), [sandbox.value]);
  const [current, setCurrent] = useState<Sandbox | undefined>(undefined);
  const [problem, setProblem] = useState("");
  const [done, setDone] = useState("");
  useEffect(() => setCurrent(loaded.value), [loaded.value]);
  const apply = async (work: Promise<Sandbox>, message: string) => {
    setProblem("");
    setDone("");
    try {
      setCurrent(await work);
      setDone(message);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  const update = (body: JsonObject, message: string) => apply(updateSandbox(sandbox.value, body), message);
  const error = problem || loaded.problem;
  return (
    <>
      {error && <Problem text={error} />}
      <Done>{done}</Done>
      <div class="settings">
        <User table={table} />
        <SandboxChoice reset={() => apply(resetSandbox(sandbox.value), "The sandbox is reset.")} />
        {current && <Access current={current} update={update} />}
        {current && <RateLimit current={current} update={update} />}
        {current && <RoundTripTime current={current} update={update} />}
        {current && <ExercisesSwitch current={current} update={update} />}
        <Faults isOn={table.faults} />
      </div>
    </>
  );
}

interface SettingProps {
  current: Sandbox;
  update: (body: JsonObject, message: string) => void;
}

function Setting({ title, text, children }: { title: string; text: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="setting">
      <h2>{title}</h2>
      <p class="muted">{text}</p>
      <div class="row">{children}</div>
    </section>
  );
}

function User({ table }: { table: Table }) {
  return (
    <Setting
      title="User"
      text="The page calls the shop as this user, with a public demo API key. Closing the page forgets it. A visitor sends no key and has the rights of staff, except in a locked sandbox."
    >
      <label for="user">Act as</label>
      <CallerSelect id="user" people={table.people} value={currentUser.value} choose={(person) => (currentUser.value = person)} />
      <details class="wide">
        <summary>Keys and passwords</summary>
        <People people={table.people} />
      </details>
    </Setting>
  );
}

/** Why a sandbox can't have that name; empty if it can. */
function whyNot(name: string): string {
  const others = [...new Set(name.match(/[^a-z0-9-]/gu))];
  if (others.length > 0) {
    const hint = others.some((other) => /[A-Z]/.test(other)) ? " Write small letters." : "";
    return `A name has only small letters a to z, digits and hyphens, not ${others.map((other) => `“${other}”`).join(", ")}.${hint}`;
  }
  if (name.startsWith("-")) return "A name starts with a letter or a digit, not with a hyphen.";
  return name.length > 40 ? `A name has at most 40 characters; this one has ${name.length}.` : "";
}

function SandboxChoice({ reset }: { reset: () => void }) {
  const [name, setName] = useState("");
  const [isAsking, setAsking] = useState(false);
  // The pressed button disappears: the focus moves to the harmless one in its place.
  const harmless = useRef<HTMLButtonElement>(null);
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    if (!isFirst.current) harmless.current?.focus();
    isFirst.current = false;
  }, [isAsking]);
  const why = whyNot(name);
  const isWrong = why !== "";
  const open = (event: Event) => {
    event.preventDefault();
    if (name && !isWrong) switchSandbox(name);
  };
  return (
    <Setting
      title="Sandbox"
      text={
        <>
          You are in <strong>{sandbox.value}</strong>. A sandbox is a private copy of the shop; opening a new name creates it.
          Resetting it deletes all its changes.
        </>
      }
    >
      <form class="row" onSubmit={open}>
        <label for="sandbox-name">Open sandbox</label>
        <input
          id="sandbox-name"
          size={12}
          value={name}
          autocomplete="off"
          spellcheck={false}
          aria-describedby="sandbox-name-rule"
          aria-invalid={isWrong}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" disabled={!name || isWrong}>
          Open
        </button>
        {sandbox.value !== "main" && (
          <button type="button" onClick={() => switchSandbox("main")}>
            Back to main
          </button>
        )}
      </form>
      {isAsking ? (
        <>
          <button type="button" class="danger" onClick={() => (setAsking(false), reset())}>
            Reset {sandbox.value} now
          </button>
          <button ref={harmless} type="button" class="quiet" onClick={() => setAsking(false)}>
            Cancel
          </button>
        </>
      ) : (
        <button ref={harmless} type="button" onClick={() => setAsking(true)}>
          Reset …
        </button>
      )}
      <p id="sandbox-name-rule" class={isWrong ? "bad small" : "visually-hidden"} role="status">
        {why}
      </p>
    </Setting>
  );
}

function Access({ current, update }: SettingProps) {
  return (
    <Setting
      title="Access"
      text="Open: everyone may do everything, without credentials. Locked: every call needs credentials, and only an admin can unlock the sandbox."
    >
      <Choice
        name="Access"
        options={["open", "locked"] as const}
        value={current.access}
        title={(access) => access}
        choose={(access) => update({ access }, `The sandbox is ${access}.`)}
      />
    </Setting>
  );
}

/** Operations per minute to choose from; 0 means no limit. */
const RATES = [0, 60, 10, 3];

function RateLimit({ current, update }: SettingProps) {
  return (
    <Setting
      title="Rate limit"
      text={
        <>
          How many operations each caller may run per minute, over all styles. Each call of a batch and each alias of a GraphQL
          query counts. Further calls fail with <code>rate_limited</code>. The comparisons of this page count too.
        </>
      }
    >
      <Choice
        name="Operations per minute"
        options={RATES.includes(current.rate_per_minute) ? RATES : [...RATES, current.rate_per_minute]}
        value={current.rate_per_minute}
        title={(rate) => (rate === 0 ? "no limit" : `${rate} per minute`)}
        choose={(rate_per_minute) => update({ rate_per_minute }, "The rate limit is set.")}
      />
    </Setting>
  );
}

/** Round-trip times to choose from: this machine, this country, this continent, another one. */
const ROUND_TRIPS_MS = [0, 10, 50, 150];

function RoundTripTime({ current, update }: SettingProps) {
  return (
    <Setting title="Round-trip time" text="Adds this delay to every connection and every request, as a distant server would.">
      <Choice
        name="Round-trip time"
        options={ROUND_TRIPS_MS.includes(current.rtt_ms) ? ROUND_TRIPS_MS : [...ROUND_TRIPS_MS, current.rtt_ms]}
        value={current.rtt_ms}
        title={(ms) => `${ms} ms`}
        choose={(rtt_ms) => update({ rtt_ms }, `The round-trip time is ${rtt_ms} ms.`)}
      />
    </Setting>
  );
}

function ExercisesSwitch({ current, update }: SettingProps) {
  return (
    <Setting
      title="Exercises"
      text={
        <>
          On: the server recognises exercises in the calls of this sandbox, from any client. The view{" "}
          <a href={link("exercises")}>Exercises</a> has the tasks.
        </>
      }
    >
      <Choice
        name="Exercises"
        options={["off", "on"] as const}
        value={current.exercises}
        title={(exercises) => exercises}
        choose={(exercises) => update({ exercises }, `The exercises are ${exercises}.`)}
      />
    </Setting>
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

const FAULTS = [
  ["X-Fault: unavailable", "The request is refused with `overloaded`; nothing is executed."],
  ["X-Fault: delay=300ms,jitter=200ms", "The response is delayed by that time."],
  ["X-Fault: drop", "The operation is executed, but the response is lost."],
  ["X-Fault: cut=40%", "The operation is executed, and the connection breaks within the response."],
  ["X-Dataloader: off", "GraphQL loads each object separately: see the scenario N+1."],
] as const;

function Faults({ isOn }: { isOn: boolean }) {
  return (
    <section class="setting wide">
      <h2>Injected faults</h2>
      <p class="muted">
        A header makes a single request fail; no other request is affected. In a WebSocket message it is the member{" "}
        <code>fault</code>.{" "}
        {isOn ? (
          "This server allows them."
        ) : (
          <>
            This server does not allow them: start it with <code>parlance serve --faults</code>.
          </>
        )}
      </p>
      <dl class="faults">
        {FAULTS.map(([header, effect]) => (
          <div>
            <dt>
              <Code text={header} language="text" label={`The header ${header}`} />
            </dt>
            <dd>
              <DocText text={effect} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
