// Where a link into the lessons leads: to the list, a step, or nothing.

import { LESSONS } from "./all.ts";
import type { Lesson, Step } from "./lesson.ts";

export interface Place {
  lesson: Lesson;
  index: number;
}

/** A step on the screen, or all steps of its lesson, to print. */
export type Opened = Place & { step: Step; isPrint: boolean };

/** The name in a link for all steps of a lesson. */
export const PRINT = "print";

/** What the path of a link opens; a text says why it opens nothing. */
export function openedBy([id = "", number = "1", view, ...rest]: string[]): Opened | string | undefined {
  if (!id) return undefined;
  const lesson = LESSONS.find((lesson) => lesson.id === id);
  if (!lesson) return `There is no lesson “${id}”.`;
  const index = lesson.steps.findIndex((_, index) => String(index + 1) === number);
  const step = lesson.steps[index];
  if (!step) return `Lesson ${id} has no step “${number}”: its steps are 1 to ${lesson.steps.length}.`;
  if ((view !== undefined && view !== PRINT) || rest.length > 0) return `A step of a lesson has no “${[view, ...rest].join("/")}”.`;
  return { lesson, index, step, isPrint: view === PRINT };
}

export const nameOf = ({ lesson, index }: Place) => `${lesson.id}.${index + 1}`;

/** The step that has that name. */
export const placeOf = (name: string): Place | undefined =>
  LESSONS.flatMap((lesson) => lesson.steps.map((_, index) => ({ lesson, index }))).find((place) => nameOf(place) === name);

/** The next or previous step, in this lesson or a neighbouring one; beyond the first and the last, none. */
export function neighbour({ lesson, index }: Place, offset: 1 | -1): Place | undefined {
  if (lesson.steps[index + offset]) return { lesson, index: index + offset };
  const other = LESSONS[LESSONS.indexOf(lesson) + offset];
  return other && { lesson: other, index: offset > 0 ? 0 : other.steps.length - 1 };
}
