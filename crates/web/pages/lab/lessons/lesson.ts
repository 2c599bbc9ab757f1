// The parts of a lesson: a question, and steps. Each step measures, and says what it claims only if the numbers of this run show it.

import type { ComponentChildren } from "preact";
import type { Following } from "../channels.ts";
import type { Table, Wire } from "../types.ts";

export interface Lesson {
  id: string;
  question: string;
  steps: Step[];
}

/** A sentence, and the predicate over the numbers of a run that must hold for it to be shown. */
export interface Claim<N> {
  sentence: string;
  /** The predicate in words. */
  shownIf: string;
  /** Methods, not functions, here and in `Step`: so that steps of all kinds of numbers form one list. */
  holds(numbers: N): boolean;
  /** What is shown if it does not hold. */
  otherwise: string;
}

/** The number that the step is about. */
export interface KeyNumber {
  value: string;
  /** Of what. */
  of: string;
}

/** What was sent and received, by the title of a style or a variant. */
export interface Shown {
  title: string;
  wire: Wire;
}

/** Where the numbers of a step come from. */
export type Source<N> =
  | {
      kind: "measured";
      /** What happens meanwhile. */
      busy: string;
      /** Hands over what it has so far, where it runs several times. */
      measure(context: Context, soFar: (numbers: N) => void): Promise<N>;
    }
  /** The event channels, after so many changes of one order. */
  | { kind: "events"; changes: number };

export interface Context {
  table: Table;
  signal: AbortSignal;
}

export interface Step<N = unknown> {
  claim: Claim<N>;
  source: Source<N>;
  key(numbers: N): KeyNumber;
  figures(numbers: N): ComponentChildren;
  exchanges(numbers: N): Shown[];
  /** Whether the figures need the whole width. */
  isWide?: boolean;
  /** Whether the numbers of a live source say something yet. */
  isSettled?(numbers: N): boolean;
  /** Whether the server must allow injected faults. */
  needsFaults?: boolean;
  /** Why it is so. */
  cause: string;
  /** What belongs to the styles, on any server. */
  nature: string;
  /** What this server has chosen; another may choose otherwise. */
  choice: string;
  /** What the speaker may say and show. */
  notes: string;
}

/** A step whose parts agree on their numbers. */
export const step = <N>(step: Step<N>): Step => step as Step;

/** The step's numbers come from the event channels. */
export const followed = (step: Omit<Step<Following>, "source">, changes: number): Step =>
  ({ ...step, source: { kind: "events", changes } }) as Step;

/** The sentence that the numbers of this run bear out. */
export const stated = <N>({ claim }: Step<N>, numbers: N): { text: string; holds: boolean } => {
  const holds = claim.holds(numbers);
  return { text: holds ? claim.sentence : claim.otherwise, holds };
};
