// The list of lessons, and one lesson step by step, in large type or to print; in a second window, the speaker's notes.

import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { BadLink } from "../components/notices.tsx";
import { LESSONS, PATHS } from "../lessons/all.ts";
import { Handout } from "../lessons/handout.tsx";
import type { Step } from "../lessons/lesson.ts";
import { nameOf, neighbour, openedBy, type Place, placeOf, PRINT } from "../lessons/place.ts";
import { StepView } from "../lessons/step.tsx";
import { link, navigate, route } from "../router.ts";
import { bind, type Shortcut } from "../shortcuts.ts";
import { announce, changeFont, enterStage, followSteps, fontFactor, isBlank, switchFullScreen } from "../stage.ts";
import type { Table } from "../types.ts";

export function Lessons({ table }: { table: Table }) {
  const opened = openedBy(route.value.rest);
  if (typeof opened === "string") {
    return (
      <>
        <BadLink text={opened} href={link("lessons")} label="Open the list of lessons" />
        <Index />
      </>
    );
  }
  if (!opened) return <Index />;
  const { lesson, index, isPrint } = opened;
  const leave = () => navigate(address(opened));
  return isPrint ? (
    <Handout key={lesson.id} {...{ lesson, table, leave }} hasNotes={isNotes()} />
  ) : (
    <OpenLesson lesson={lesson} index={index} table={table} />
  );
}

/** The second window: the notes of the step that the first one shows. */
const NOTES = { notes: "yes" };
const isNotes = () => route.value.query.has("notes");

const address = ({ lesson, index }: Place, ...view: string[]) =>
  link("lessons", [lesson.id, index + 1, ...view], isNotes() ? NOTES : {});

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
                <a href={address({ lesson, index: 0 })}>
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

function OpenLesson({ lesson, index, table }: Place & { table: Table }) {
  const [run, setRun] = useState(0);
  const here = { lesson, index };
  const go = (place: Place | undefined) => navigate(place ? address(place) : link("lessons"), "replace");
  const leave = () => navigate(link("lessons"));
  const keys: Record<"next" | "back" | "leave" | Tool, Shortcut> = {
    next: { keys: ["ArrowRight", "PageDown", " "], label: "→ or Space", description: "Next step", run: () => go(neighbour(here, 1)) },
    back: { keys: ["ArrowLeft", "PageUp"], label: "←", description: "Previous step", run: () => go(neighbour(here, -1)) },
    leave: { keys: ["Escape"], label: "Esc", description: "All lessons", run: leave },
    again: { keys: ["r"], label: "r", description: "Run again", run: () => setRun(run + 1) },
    notes: { keys: ["n"], label: "n", description: "Notes", run: () => open(link("lessons", [lesson.id, index + 1], NOTES), "notes") },
    full: { keys: ["f"], label: "f", description: "Full screen", run: switchFullScreen },
    blank: { keys: ["b"], label: "b", description: "Blank", run: () => (isBlank.value = !isBlank.value) },
    larger: { keys: ["+", "="], label: "+", description: "Larger", run: () => changeFont(1) },
    smaller: { keys: ["-"], label: "-", description: "Smaller", run: () => changeFont(-1) },
    print: { keys: ["p"], label: "p", description: "Print the lesson", run: () => navigate(address(here, PRINT)) },
  };
  // Before the next paint, so that a second quick press starts from the new step.
  useLayoutEffect(() => bind(Object.values(keys)), [lesson, index, run]);
  useEffect(() => onBrowserPrint(keys.print.run), [lesson, index]);
  useLayoutEffect(enterStage, []);
  useLayoutEffect(() => document.documentElement.style.setProperty("--stage-factor", String(fontFactor())), [fontFactor()]);
  useEffect(() => announce(nameOf(here)), [lesson, index]);
  useEffect(() => followSteps((name) => name !== nameOf(here) && go(placeOf(name))), [lesson, index]);
  const step = lesson.steps[index];
  if (!step) return null;
  return (
    <div class="slide">
      <p class="lesson-title">
        <span class="muted">{lesson.id}</span> <span class="fill">{lesson.question}</span>
        <span class="muted counter">{counter(here)}</span>
      </p>
      {isNotes() ? (
        <Notes step={step} next={neighbour(here, 1)} />
      ) : (
        // The event channels stay open between steps; everything else starts anew.
        <StepView
          key={step.source.kind === "events" ? lesson.id : nameOf(here)}
          {...{ lesson, index, step, table, run }}
        />
      )}
      <Controls keys={keys} next={neighbour(here, 1)} isLast={index + 1 === lesson.steps.length} />
      {isBlank.value && <div class="blank" />}
    </div>
  );
}

/** The browser's own command would print this step alone. */
function onBrowserPrint(run: () => void): () => void {
  const listen = (event: KeyboardEvent) => {
    if (event.key !== "p" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    run();
  };
  addEventListener("keydown", listen);
  return () => removeEventListener("keydown", listen);
}

function counter({ lesson, index }: Place): string {
  const isLast = index + 1 === lesson.steps.length;
  const isEnd = isLast && lesson === LESSONS.at(-1);
  const last = isEnd ? ", the last of all lessons" : isLast ? ", the last of this lesson" : "";
  return `Step ${index + 1} of ${lesson.steps.length}${last}`;
}

type Tool = "again" | "notes" | "full" | "blank" | "larger" | "smaller" | "print";
const TOOLS: Tool[] = ["again", "notes", "full", "blank", "larger", "smaller", "print"];

interface ControlsProps {
  keys: Record<"next" | "back" | "leave" | Tool, Shortcut>;
  next: Place | undefined;
  isLast: boolean;
}

function Controls({ keys, next, isLast }: ControlsProps) {
  const nextText = next ? (isLast ? `Next: ${next.lesson.id}` : "Next") : "The end";
  return (
    <footer class="row">
      <button type="button" class="quiet" onClick={keys.leave.run}>
        All lessons
      </button>
      <span class="tools fill">
        {TOOLS.map((tool) => (
          <button type="button" class="quiet" title={`${keys[tool].description} (${keys[tool].label})`} onClick={keys[tool].run}>
            {SHORT[tool] ?? keys[tool].description}
          </button>
        ))}
      </span>
      <button type="button" onClick={keys.back.run}>
        Back
      </button>
      <button type="button" class="main" onClick={keys.next.run}>
        {nextText}
      </button>
    </footer>
  );
}

const SHORT: Partial<Record<Tool, string>> = { again: "Again", full: "Full", larger: "A+", smaller: "A−", print: "Print" };

function Notes({ step, next }: { step: Step; next: Place | undefined }) {
  const { claim, notes } = step;
  const following = next?.lesson.steps[next.index];
  return (
    <div class="notes">
      <h2 class="statement large">{notes}</h2>
      <dl>
        <Note name="The claim" text={claim.sentence} />
        <Note name="It is shown if" text={claim.shownIf} />
        <Note name="Otherwise" text={claim.otherwise} />
        <Note name="Next" text={next && following ? `${nameOf(next)}: ${following.claim.sentence}` : "Nothing: this is the end."} />
      </dl>
    </div>
  );
}

const Note = ({ name, text }: { name: string; text: string }) => (
  <div>
    <dt class="muted">{name}</dt>
    <dd>{text}</dd>
  </div>
);
