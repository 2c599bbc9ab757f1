// The list of lessons, and one lesson step by step, in large type.

import { useLayoutEffect } from "preact/hooks";
import { LESSONS, PATHS } from "../lessons/all.ts";
import type { Lesson } from "../lessons/lesson.ts";
import { StepContent } from "../lessons/step.tsx";
import { link, navigate, route } from "../router.ts";
import { bind } from "../shortcuts.ts";
import type { Table } from "../types.ts";

export function Lessons({ table }: { table: Table }) {
  const [id, number] = route.value.rest;
  const lesson = LESSONS.find((lesson) => lesson.id === id);
  if (!lesson) return <Index />;
  const index = Math.min(Math.max(Number(number) || 1, 1), lesson.steps.length) - 1;
  return <OpenLesson lesson={lesson} index={index} table={table} />;
}

const address = ({ id }: Lesson, index: number) => link("lessons", [id, index + 1]);

function Index() {
  return (
    <>
      <p>
        Choose a lesson. <kbd>→</kbd> or <kbd>Space</kbd> opens the next step, <kbd>←</kbd> the previous one, and <kbd>Esc</kbd>{" "}
        returns to this list.
      </p>
      {PATHS.map(({ title, lessons }) => (
        <section class="results">
          <h2>{title}</h2>
          <ol class="lessons">
            {lessons.map((lesson) => (
              <li>
                <a href={address(lesson, 0)}>
                  <span class="muted">{lesson.id}</span> {lesson.question}
                </a>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

/** The next or previous step, in this lesson or a neighbouring one; beyond the first and the last, the list. */
function neighbour(lesson: Lesson, index: number, offset: 1 | -1): string {
  if (lesson.steps[index + offset]) return address(lesson, index + offset);
  const other = LESSONS[LESSONS.indexOf(lesson) + offset];
  return other ? address(other, offset > 0 ? 0 : other.steps.length - 1) : link("lessons");
}

function OpenLesson({ lesson, index, table }: { lesson: Lesson; index: number; table: Table }) {
  const step = lesson.steps[index];
  const next = () => navigate(neighbour(lesson, index, 1), "replace");
  const back = () => navigate(neighbour(lesson, index, -1), "replace");
  const leave = () => navigate(link("lessons"));
  // Before the next paint, so that a second quick press starts from the new step.
  useLayoutEffect(
    () =>
      bind([
        { keys: ["ArrowRight", "PageDown", " "], label: "→ or Space", description: "Next step", run: next },
        { keys: ["ArrowLeft", "PageUp"], label: "←", description: "Previous step", run: back },
        { keys: ["Escape"], label: "Esc", description: "All lessons", run: leave },
      ]),
    [lesson, index],
  );
  if (!step) return null;
  // The event channels stay open between steps; everything else starts anew.
  const key = step.run.kind === "events" ? lesson.id : `${lesson.id}.${index}`;
  return (
    <div class="slide">
      <header>
        <p class="lesson-title">
          <span class="muted">{lesson.id}</span> {lesson.question}
        </p>
        <h2 class="statement" aria-live="polite">
          {step.statement}
        </h2>
      </header>
      <div class="slide-content">
        <StepContent key={key} run={step.run} table={table} />
      </div>
      <footer class="row">
        <button type="button" class="quiet" onClick={leave}>
          All lessons
        </button>
        <span class="muted fill">
          Step {index + 1} of {lesson.steps.length}
        </span>
        <button type="button" onClick={back}>
          Back
        </button>
        <button type="button" class="main" onClick={next}>
          Next
        </button>
      </footer>
    </div>
  );
}
