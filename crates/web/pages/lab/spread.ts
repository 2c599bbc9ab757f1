// Times of several runs: their spread, and whether two of them can be distinguished.

import type { Row } from "./types.ts";

export interface Spread {
  median: number;
  least: number;
  most: number;
  n: number;
}

/** The spread of times: the median by the nearest rank, as the server takes it. */
export function spreadOf(times: number[]): Spread {
  const ascending = [...times].sort((a, b) => a - b);
  const at = (index: number) => ascending[index] ?? 0;
  return { median: at(Math.ceil(ascending.length / 2) - 1), least: at(0), most: at(ascending.length - 1), n: times.length };
}

/** Whether every time of one is less than every time of the other. */
export const isFaster = (one: Spread, other: Spread) => one.most < other.least;

/** The styles in whose run calls on an open connection took longer than on a new one: something else disturbed them. */
export const noisy = (rows: Row[]) => rows.filter(({ time_us }) => time_us && time_us.warm_median > time_us.cold_median);

/** Whether all times were measured, without such a disturbance. */
export const isQuiet = (rows: Row[]) => rows.length > 0 && rows.every(({ time_us }) => time_us) && noisy(rows).length === 0;
