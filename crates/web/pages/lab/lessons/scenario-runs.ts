// Several runs of a scenario, as a source of numbers.

import { runScenario } from "../api.ts";
import type { Scenario } from "../types.ts";
import type { Source } from "./lesson.ts";

/** The runs one after another: simultaneous ones would disturb each other. */
export const repeated = (name: string, rtt_ms: number, count: number, busy: string): Source<Scenario[]> => ({
  kind: "measured",
  busy,
  measure: async ({ signal }, soFar) => {
    const runs: Scenario[] = [];
    while (runs.length < count) {
      runs.push(await runScenario(name, rtt_ms, { signal }));
      soFar([...runs]);
    }
    return runs;
  },
});
