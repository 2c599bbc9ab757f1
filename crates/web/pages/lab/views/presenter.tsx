// How does one teach with it? Lesson by lesson, in large type, with one key for each step.

import { useLayoutEffect } from "preact/hooks";
import { bind } from "../keys.ts";
import type { Lesson } from "../lessons/lesson.ts";
import { LESSONS, PATHS } from "../lessons/paths.ts";
import { Stage } from "../lessons/stage.tsx";
import { go, link, route } from "../place.ts";
import type { Table } from "../types.ts";

export function Presenter({ table }: { table: Table }) {
  const [id, number] = route.value.rest;
  const lesson = LESSONS.find((lesson) => lesson.id === id);
  if (!lesson) return <Index />;
  const index = Math.min(Math.max(Number(number) || 1, 1), lesson.steps.length) - 1;
  return <OnStage lesson={lesson} index={index} table={table} />;
}

const address = ({ id }: Lesson, index: number) => link("present", [id, index + 1]);

function Index() {
  return (
    <>
      {PATHS.map(({ title, lessons }) => (
        <section class="results">
          <h2>{title}</h2>
          <ol class="lessons">
            {lessons.map((lesson) => (
              <li>
                <a href={address(lesson, 0)}>
                  <span class="soft">{lesson.id}</span> {lesson.question}
                </a>
              </li>
            ))}
          </ol>
        </section>
      ))}
      <p class="soft">
        <kbd>→</kbd> or <kbd>Space</kbd> goes on, <kbd>←</kbd> goes back, <kbd>Esc</kbd> comes here.
      </p>
    </>
  );
}

/** Where one key leads: within the lesson, or to the one before or after it; at the ends, to the list. */
function neighbour(lesson: Lesson, index: number, way: 1 | -1): string {
  if (lesson.steps[index + way]) return address(lesson, index + way);
  const other = LESSONS[LESSONS.indexOf(lesson) + way];
  return other ? address(other, way > 0 ? 0 : other.steps.length - 1) : link("present");
}

function OnStage({ lesson, index, table }: { lesson: Lesson; index: number; table: Table }) {
  const step = lesson.steps[index];
  const on = () => go(neighbour(lesson, index, 1), "replace");
  const back = () => go(neighbour(lesson, index, -1), "replace");
  const leave = () => go(link("present"));
  // At once, so that of two quick presses the second goes on from where the first has led.
  useLayoutEffect(
    () =>
      bind([
        { keys: ["ArrowRight", "PageDown", " "], label: "→ or Space", does: "The next step", run: on },
        { keys: ["ArrowLeft", "PageUp"], label: "←", does: "The step before", run: back },
        { keys: ["Escape"], label: "Esc", does: "All lessons", run: leave },
      ]),
    [lesson, index],
  );
  if (!step) return null;
  // The lanes of news stay open from step to step; everything else begins anew.
  const key = step.show.kind === "news" ? lesson.id : `${lesson.id}.${index}`;
  return (
    <div class="stage">
      <header>
        <p class="question-of">
          <span class="soft">{lesson.id}</span> {lesson.question}
        </p>
        <h2 class="say" aria-live="polite">
          {step.say}
        </h2>
      </header>
      <div class="stage-floor">
        <Stage key={key} show={step.show} table={table} />
      </div>
      <footer class="line">
        <button type="button" class="quiet" onClick={leave}>
          All lessons
        </button>
        <span class="soft grow">
          Step {index + 1} of {lesson.steps.length}
        </span>
        <button type="button" onClick={back}>
          Back
        </button>
        <button type="button" class="main" onClick={on}>
          Next
        </button>
      </footer>
    </div>
  );
}
