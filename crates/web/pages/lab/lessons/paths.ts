// Which lessons are there, and in which order? Twenty minutes, an hour, and all that one may ask besides.

import { FIRST } from "./first.ts";
import { HOUR } from "./hour.ts";
import type { Lesson } from "./lesson.ts";
import { MORE } from "./more.ts";

export const PATHS: { title: string; lessons: Lesson[] }[] = [
  { title: "Twenty minutes", lessons: FIRST },
  { title: "An hour: these besides", lessons: HOUR },
  { title: "And if somebody asks", lessons: MORE },
];

/** All of them, in the order in which they are told. */
export const LESSONS: Lesson[] = PATHS.flatMap(({ lessons }) => lessons);
