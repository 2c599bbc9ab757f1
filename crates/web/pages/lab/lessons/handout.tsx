// All steps of a lesson on paper, readable in black and white: with the numbers that the class has seen, or else with new ones.

import { useEffect, useLayoutEffect } from "preact/hooks";
import { NoFaults } from "../components/notices.tsx";
import { Within } from "../components/within.ts";
import { sandbox } from "../router.ts";
import { bind, type Shortcut } from "../shortcuts.ts";
import type { Table } from "../types.ts";
import type { Lesson, Step } from "./lesson.ts";
import { nameOf } from "./place.ts";
import { lastRun } from "./runs.ts";
import { Slide } from "./slide.tsx";
import { StepView } from "./step.tsx";

interface Props {
  lesson: Lesson;
  table: Table;
  /** Whether the speaker's notes are printed, too. */
  hasNotes: boolean;
  leave: () => void;
}

export function Handout({ lesson, table, hasNotes, leave }: Props) {
  const steps = lesson.steps.map((step, index) => ({ step, index, numbers: lastRun({ lesson, index }) }));
  const canRun = ({ needsFaults }: Step) => table.faults || !needsFaults;
  // One after the other, since runs at the same time would slow each other down.
  const running = steps.find(({ step, numbers }) => numbers === undefined && canRun(step));
  const keys: Record<"leave" | "print", Shortcut> = {
    leave: { keys: ["Escape"], label: "Esc", description: "Back to the step", run: leave },
    print: { keys: ["p"], label: "p", description: "Print", run: () => print() },
  };
  useLayoutEffect(() => bind(Object.values(keys)), [lesson]);
  useEffect(() => {
    if (!running) print();
  }, [running === undefined]);
  return (
    <div class="handout">
      <header>
        <h2 class="large">
          {lesson.id}: {lesson.question}
        </h2>
        <p class="muted">
          Measured on Parlance {table.version}, sandbox {sandbox.value}, {new Date().toLocaleDateString("en", { dateStyle: "long" })}.
        </p>
        <p class="row controls">
          <button type="button" class="main" disabled={running !== undefined} onClick={keys.print.run}>
            {running ? `Measuring ${nameOf({ lesson, index: running.index })} …` : "Print"}
          </button>
          <button type="button" onClick={leave}>
            Back to the step
          </button>
        </p>
      </header>
      {steps
        .filter(({ step, numbers }) => numbers !== undefined || !canRun(step))
        .map(({ step, index, numbers }) => (
          <section class="handout-step" aria-label={nameOf({ lesson, index })}>
            <p class="muted">
              {nameOf({ lesson, index })}, step {index + 1} of {lesson.steps.length}
            </p>
            <Within.Provider value={nameOf({ lesson, index })}>
              {numbers === undefined ? <NoFaults /> : <Slide step={step} numbers={numbers} isDone />}
            </Within.Provider>
            {hasNotes && (
              <p class="speaker">
                <strong>Notes:</strong> {step.notes}
              </p>
            )}
          </section>
        ))}
      {running && (
        <section class="handout-step running" aria-label={nameOf({ lesson, index: running.index })}>
          {/* The event channels stay open between steps. */}
          <StepView
            key={running.step.source.kind === "events" ? lesson.id : running.index}
            {...{ lesson, table, index: running.index, step: running.step, run: 0 }}
          />
        </section>
      )}
    </div>
  );
}
