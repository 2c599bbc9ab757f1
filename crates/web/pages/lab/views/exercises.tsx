// Tasks that the server recognises in the calls of a sandbox: the paths, the opened exercise, and what is recognised, live.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { errorText, updateSandbox } from "../api.ts";
import { CopyButton } from "../components/code.tsx";
import { BadLink, Busy, Done, Problem } from "../components/notices.tsx";
import { Exercise } from "../exercises/exercise.tsx";
import { openerId, Paths } from "../exercises/paths.tsx";
import { exercisesOf, type Following, isDone, nextAfter, useProgress } from "../exercises/progress.ts";
import { link, route, sandbox, shopUrl } from "../router.ts";
import type { Progress, Table } from "../types.ts";

export function Exercises({ table }: { table: Table }) {
  const following = useProgress();
  const { progress, problem, read } = following;
  const summary = useRef<HTMLParagraphElement>(null);
  const wasTurnedOn = useRef(false);
  const isOn = progress?.exercises === "on";
  // The pressed button has disappeared.
  useLayoutEffect(() => {
    if (isOn && wasTurnedOn.current) summary.current?.focus();
  }, [isOn]);
  if (problem) return <Unread problem={problem} read={read} />;
  if (!progress) return <Busy text="Loading the exercises" />;
  if (!isOn) return <Off turnedOn={() => ((wasTurnedOn.current = true), read())} />;
  return (
    <>
      <div class="row">
        <p ref={summary} tabIndex={-1} class="done-count">
          <strong>
            {progress.done} of {progress.total}
          </strong>{" "}
          done
        </p>
        <span class="track" aria-hidden="true">
          <span class="segment" style={{ width: `${(100 * progress.done) / progress.total}%` }} />
        </span>
        <CallHere />
      </div>
      <Live {...following} progress={progress} />
      <Opened {...{ table, progress, following }} />
    </>
  );
}

/** In a locked sandbox only its users see the progress. */
const NEEDS_USER = "(credentials_missing)";

const Unread = ({ problem, read }: { problem: string; read: () => void }) => (
  <>
    {problem.endsWith(NEEDS_USER) ? (
      <BadLink text={problem} href={link("settings")} label="Choose a user" />
    ) : (
      <Problem text={problem} />
    )}
    <p>
      <button type="button" onClick={read}>
        Try again
      </button>
    </p>
  </>
);

function Off({ turnedOn }: { turnedOn: () => void }) {
  const [problem, setProblem] = useState("");
  const turnOn = () =>
    updateSandbox(sandbox.value, { exercises: "on" }).then(turnedOn, (error: unknown) => setProblem(errorText(error)));
  return (
    <>
      {problem && <Problem text={problem} />}
      <div class="empty-state">
        <p>
          Exercises are tasks that the server recognises in the calls of a sandbox, whatever client makes them: curl, SoapUI, a
          program of your own.
        </p>
        <OwnSandbox />
        <p>
          <button type="button" class="main" onClick={turnOn}>
            Turn on the exercises in {sandbox.value}
          </button>
        </p>
      </div>
    </>
  );
}

/** In the main sandbox the calls of all count. */
const OwnSandbox = () =>
  sandbox.value === "main" ? (
    <p class="muted">
      All users of this server share the sandbox main. <a href={link("settings")}>Open one of your own</a> to see only what you do.
    </p>
  ) : null;

/** The address for a client, without the slash at its end. */
const address = () => shopUrl("").replace(/\/$/, "");

const CallHere = () => (
  <p class="call-here">
    <span>
      Call this sandbox at <code>{address()}</code>
    </span>
    <CopyButton text={address()} what="the address of this sandbox" />
    <span class="muted small">
      In commands it is <code>$SHOP</code>.
    </span>
    {sandbox.value !== "main" && (
      <span class="muted small">
        Clients of gRPC send the metadata <code>x-sandbox: {sandbox.value}</code>.
      </span>
    )}
  </p>
);

/** Exercises that were done by one call, or by calls in quick succession, in milliseconds. */
const TOGETHER_MS = 2_000;

/** What was done just now, and is not open; and why nothing is live. */
function Live({ progress, received, broken, read }: Following & { progress: Progress }) {
  const [hidden, hide] = useState(0);
  // It may have been reset since, to be done again.
  const all = exercisesOf(progress).filter(isDone);
  const done = Object.values(received).filter(({ is_done, exercise }) => is_done && all.some(({ name }) => name === exercise));
  const newest = Math.max(...done.map(({ at }) => at));
  const shown = done.filter(
    ({ at, wasOpen, exercise }) =>
      at > Math.max(hidden, newest - TOGETHER_MS) && !wasOpen && exercise !== route.value.rest[0],
  );
  return (
    <>
      <Done>
        {shown.length > 0 && (
          <>
            {shown.map(({ exercise, title, text }) => (
              <p>
                <span aria-hidden="true">✓ </span>Done: <a href={link("exercises", [exercise])}>{title}</a>, {text}
              </p>
            ))}
            <button type="button" class="quiet" onClick={() => hide(newest)}>
              Hide
            </button>
          </>
        )}
      </Done>
      {broken && (
        <div class="row">
          <p class="bad" role="status">
            Not live: {broken} {broken.endsWith(NEEDS_USER) && <a href={link("settings")}>Choose a user</a>}
          </p>
          <button type="button" onClick={read}>
            Read again
          </button>
        </div>
      )}
    </>
  );
}

interface OpenedProps {
  table: Table;
  progress: Progress;
  following: Following;
}

function Opened({ table, progress, following: { received, read } }: OpenedProps) {
  const name = route.value.rest[0];
  const title = useRef<HTMLHeadingElement>(null);
  const previous = useRef(name);
  // The focus goes to the exercise, and back to its link in the list.
  useLayoutEffect(() => {
    if (name !== previous.current) (title.current ?? document.getElementById(openerId(previous.current ?? "")))?.focus();
    previous.current = name;
  }, [name]);
  const exercise = exercisesOf(progress).find((one) => one.name === name);
  return (
    <>
      <OwnSandbox />
      {name && !exercise && <BadLink text={`There is no exercise “${name}”.`} href={link("exercises")} label="All exercises" />}
      <div class={exercise ? "exercises opened" : "exercises"}>
        {exercise && (
          <Exercise
            key={exercise.name}
            {...{ exercise, title, read }}
            styles={table.styles}
            received={received[exercise.name]}
            next={nextAfter(progress, exercise.name)}
          />
        )}
        <Paths paths={progress.paths} styles={table.styles} opened={exercise?.name} />
      </div>
    </>
  );
}
