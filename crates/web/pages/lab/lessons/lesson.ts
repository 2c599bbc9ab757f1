// What is a lesson made of? A question, and steps: each says one sentence, runs one thing, and points at the number.

import type { ComponentType } from "preact";
import type { Chart } from "../compare/charts.tsx";
import type { Measure } from "../compare/scenario.tsx";
import type { JsonObject, Table } from "../types.ts";

export interface Lesson {
  id: string;
  question: string;
  steps: Step[];
}

export interface Step {
  say: string;
  show: Show;
}

/** What a step runs. */
export type Show =
  | { kind: "compare"; operation: string; input: JsonObject; charts?: Chart[]; pointedAt?: string[]; isWire?: boolean }
  | { kind: "scenario"; name: string; rtt_ms?: number; measures?: Measure[]; pointedAt?: string[] }
  | { kind: "mistake"; operation: string; input: JsonObject }
  | { kind: "own"; is: ComponentType<{ table: Table }> }
  /** The lanes of news, after so many changes of one order. */
  | { kind: "news"; changes: number };
