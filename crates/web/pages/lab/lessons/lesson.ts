// The parts of a lesson: a question, and steps. Each step makes one statement and runs one call or scenario.

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
  statement: string;
  run: Run;
}

/** What a step runs and shows. */
export type Run =
  | { kind: "compare"; operation: string; input: JsonObject; charts?: Chart[]; highlighted?: string[]; showsMessages?: boolean }
  | { kind: "scenario"; name: string; rtt_ms?: number; measures?: Measure[]; highlighted?: string[] }
  | { kind: "mistake"; operation: string; input: JsonObject }
  | { kind: "own"; Content: ComponentType<{ table: Table }> }
  /** The event channels, after so many changes of one order. */
  | { kind: "events"; changes: number };
