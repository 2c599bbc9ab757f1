// The numbers of each step's last run on this page: what is printed is what the class has seen.

import { signal } from "@preact/signals";
import { sandbox } from "../router.ts";
import { nameOf, type Place } from "./place.ts";

const runs = signal<ReadonlyMap<string, unknown>>(new Map());

// Each sandbox has numbers of its own.
const key = (place: Place) => `${sandbox.value}/${nameOf(place)}`;

/** The numbers of a complete run; undefined if the step has not run. */
export const lastRun = (place: Place): unknown => runs.value.get(key(place));

export function keepRun(place: Place, numbers: unknown): void {
  runs.value = new Map(runs.peek()).set(key(place), numbers);
}
