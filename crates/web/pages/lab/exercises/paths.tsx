// The paths, each with its exercises: what is done, and where each leads.

import { short } from "../format.ts";
import { LESSONS } from "../lessons/all.ts";
import { link } from "../router.ts";
import type { ExerciseState, PathProgress, Style } from "../types.ts";
import { isDone, limits } from "./progress.ts";

interface Props {
  paths: PathProgress[];
  styles: Style[];
  /** The name of the opened exercise. */
  opened: string | undefined;
}

/** All paths are open in the overview; next to an exercise, only its own. */
export const Paths = ({ paths, styles, opened }: Props) => (
  <nav class="paths" aria-label="Exercises">
    {paths.map(({ name, title, exercises }) => (
      <details key={name} open={!opened || exercises.some(({ name }) => name === opened)}>
        <summary>
          <h2>{title}</h2>{" "}
          <span class="muted">
            {exercises.filter(isDone).length} of {exercises.length}
          </span>
        </summary>
        <ul>
          {exercises.map((exercise) => (
            <Item key={exercise.name} exercise={exercise} styles={styles} isOpened={exercise.name === opened} />
          ))}
        </ul>
      </details>
    ))}
  </nav>
);

/** The id of the link that opens an exercise. */
export const openerId = (name: string) => `exercise-${name}`;

function Item({ exercise, styles, isOpened }: { exercise: ExerciseState; styles: Style[]; isOpened: boolean }) {
  const { name, title, lesson } = exercise;
  return (
    <li data-exercise={name} data-done={isDone(exercise)}>
      <Mark exercise={exercise} />
      <span class="fill">
        <a id={openerId(name)} href={link("exercises", [name])} aria-current={isOpened ? "true" : undefined}>
          {title}
        </a>{" "}
        <Limits exercise={exercise} styles={styles} />
      </span>
      <LessonLink lesson={lesson} />
    </li>
  );
}

export function Mark({ exercise }: { exercise: ExerciseState }) {
  const [state, sign, words] = isDone(exercise)
    ? ["good", "✓", "Done"]
    : exercise.near_miss !== undefined
      ? ["close", "≈", "Close"]
      : ["muted", "○", "Not done"];
  return (
    <span class={`mark ${state}`}>
      <span aria-hidden="true">{sign}</span>
      <span class="visually-hidden">{words}: </span>
    </span>
  );
}

/** More names than these say less than their number. */
const NAMES_MAX = 2;

function Limits({ exercise, styles }: { exercise: ExerciseState; styles: Style[] }) {
  const names = limits(exercise, styles);
  const all = titles(names, styles);
  // Some titles begin with the only style.
  if (all === "" || exercise.title.startsWith(all)) return null;
  return (
    <span class="muted small limits" title={`in ${all}`}>
      {names.length > NAMES_MAX ? `${names.length} styles` : all}
    </span>
  );
}

export const titles = (names: string[], styles: Style[]) =>
  names.map((wanted) => short(styles.find(({ name }) => name === wanted)?.title ?? wanted)).join(", ");

/** A link to the lesson, short or with its question. */
export function LessonLink({ lesson, isLong = false }: { lesson: string; isLong?: boolean }) {
  const question = LESSONS.find(({ id }) => id === lesson)?.question ?? "";
  return (
    <a href={link("lessons", [lesson])} title={question} class={isLong ? undefined : "small"}>
      <span class={isLong ? undefined : "visually-hidden"}>Lesson </span>
      {lesson}
      {isLong && `: ${question}`}
    </a>
  );
}
