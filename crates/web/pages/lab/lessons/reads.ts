// Twenty reads: what two lessons take from the runs of that scenario.

import type { Scenario, ScenarioLane, Step } from "../types.ts";
import { spreadOf } from "../spread.ts";
import { total, variantsOf } from "./figures.tsx";
import type { Shown } from "./lesson.ts";
import { repeated } from "./scenario-runs.ts";

export const READS = 20;
export const ROUND_TRIP_MS = 50;

export const near = (count: number) => repeated("twenty-reads", 0, count, `Reading ${READS} users in each way, ${count} times`);
export const distant = repeated("twenty-reads", ROUND_TRIP_MS, 1, `Reading ${READS} users in each way, with ${ROUND_TRIP_MS} ms per round trip`);

/** The runs with these variants alone, in this order. */
export const only = (runs: Scenario[], titles: readonly string[]): Scenario[] =>
  runs.map((run) => ({ ...run, styles: titles.flatMap((title) => run.styles.filter((variant) => variant.title === title)) }));

/** The spread of the times of a variant; without an end if it was not run. */
export function timesOf(runs: Scenario[], title: string) {
  const times = variantsOf(runs).find((variant) => variant.title === title)?.times ?? [];
  return spreadOf(times.length > 0 ? times : [Infinity]);
}

/** The factor between the slowest and the fastest of these variants. */
export function ratio(runs: Scenario[], titles: readonly string[]): number {
  const medians = titles.map((title) => timesOf(runs, title).median);
  return Math.max(...medians) / Math.min(...medians);
}

/** The first read of a variant, and of those after it the one with the median size. */
export function firstAndLater({ steps: [first, ...others] }: ScenarioLane): { first: Step; later: Step } | undefined {
  const sorted = others.sort((one, other) => total(one.parts) - total(other.parts));
  const later = sorted[Math.floor(sorted.length / 2)];
  return first && later && { first, later };
}

/** The last read of each variant. */
export const lastOf = ([run]: Scenario[]): Shown[] =>
  (run?.styles ?? []).map(({ title, steps }) => ({ title, wire: steps.at(-1)?.wire ?? { sent: [], received: [] } }));
