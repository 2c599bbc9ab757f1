// One exercise: the task, what was recognised or why the last call did not count, and the hints.

import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { errorText, startAgain, takeHint } from "../api.ts";
import { DocText } from "../components/code.tsx";
import { Problem } from "../components/notices.tsx";
import { plural } from "../format.ts";
import { link } from "../router.ts";
import type { ExerciseState, Style } from "../types.ts";
import { AnswerForm } from "./answer.tsx";
import { LessonLink, Mark, titles } from "./paths.tsx";
import { isDone, limits, type Received } from "./progress.ts";

interface Props {
  exercise: ExerciseState;
  styles: Style[];
  /** The last outcome since the page was opened. */
  received: Received | undefined;
  next: ExerciseState | undefined;
  /** Its heading takes the focus. */
  title: RefObject<HTMLHeadingElement | null>;
  read: () => void;
}

export function Exercise({ exercise, styles, received, next, title, read }: Props) {
  const [problem, setProblem] = useState("");
  const act = async (work: Promise<unknown>) => {
    setProblem("");
    try {
      await work;
    } catch (error) {
      setProblem(errorText(error));
    }
    read();
  };
  const { name, task, why, lesson } = exercise;
  const again = async () => {
    await act(startAgain(name));
    // The pressed button disappears.
    title.current?.focus();
  };
  const only = limits(exercise, styles);
  return (
    <article class="exercise">
      <p>
        <a href={link("exercises")}>All exercises</a>
      </p>
      <h2 ref={title} tabIndex={-1}>
        <Mark exercise={exercise} /> {exercise.title}
      </h2>
      <p class="task">
        <DocText text={task} />
      </p>
      <p>
        <strong>Why:</strong> <DocText text={why} />
      </p>
      <p class="muted">
        {only.length > 0 && `It can be done in ${titles(only, styles)}. `}
        <LessonLink lesson={lesson} isLong />
      </p>
      {problem && <Problem text={problem} />}
      <Recognised exercise={exercise} received={received} />
      {isDone(exercise) && <Onwards next={next} again={again} />}
      {exercise.takes_answer && !isDone(exercise) && <AnswerForm name={name} act={act} />}
      <Hints exercise={exercise} take={() => act(takeHint(name))} />
    </article>
  );
}

/** Screen readers announce it when it changes. */
function Recognised({ exercise, received }: { exercise: ExerciseState; received: Received | undefined }) {
  const { done_at, evidence, near_miss, takes_answer } = exercise;
  if (done_at !== undefined) {
    return (
      <div class="notice good" role="status" data-outcome="done">
        <p>
          <span aria-hidden="true">✓ </span>Done: {evidence}
        </p>
        <p class="small">{new Date(done_at).toLocaleString("en-GB")}</p>
      </div>
    );
  }
  if (near_miss !== undefined) {
    return (
      <div class="notice refused" role="status" data-outcome="near">
        <p>
          <span aria-hidden="true">≈ </span>Close, but it does not count: <strong>{near_miss}</strong>
        </p>
        {/* The second call of the same kind changes the time alone. */}
        {received && <p class="small">{new Date(received.at).toLocaleTimeString("en-GB")}</p>}
      </div>
    );
  }
  return (
    <div class="notice waiting" role="status" data-outcome="none">
      {takes_answer ? "No answer has come close yet." : "Nothing is recognised yet: call the sandbox, and look here about a second later."}
    </div>
  );
}

const Onwards = ({ next, again }: { next: ExerciseState | undefined; again: () => void }) => (
  <div class="row">
    {next && (
      <p>
        Next: <a href={link("exercises", [next.name])}>{next.title}</a>
      </p>
    )}
    <button type="button" title="Forgets that it was done, its hints, and the calls of this sandbox so far" onClick={again}>
      Do it again
    </button>
  </div>
);

function Hints({ exercise, take }: { exercise: ExerciseState; take: () => Promise<void> }) {
  const { hints, hints_left } = exercise;
  const newest = useRef<HTMLLIElement>(null);
  const isAwaited = useRef(false);
  // The button may disappear, and the hint is to be read: it takes the focus.
  useLayoutEffect(() => {
    if (isAwaited.current) newest.current?.focus();
    isAwaited.current = false;
  }, [hints.length]);
  return (
    <section class="hints">
      <h3>Hints</h3>
      {hints.length > 0 && (
        <ol>
          {hints.map((hint, index) => (
            <li ref={index + 1 === hints.length ? newest : undefined} tabIndex={-1}>
              <DocText text={hint} />
            </li>
          ))}
        </ol>
      )}
      {hints_left > 0 ? (
        <div class="row">
          <button type="button" onClick={() => ((isAwaited.current = true), take())}>
            Show a hint ({hints.length + 1} of {hints.length + hints_left})
          </button>
          <span class="muted">Hints are counted{hints.length > 0 && `: ${plural(hints.length, "hint")} so far`}.</span>
        </div>
      ) : (
        <p class="muted">{plural(hints.length, "hint")} counted.</p>
      )}
    </section>
  );
}
