// What the lessons have shown on this page, and the case that a learner holds it against; the browser remembers both.

import { remembered } from "../storage.ts";
import type { KeyNumber, Lesson } from "./lesson.ts";

/** A claim as the last run of its step has left it. */
export interface Evidence {
  lesson: string;
  /** From 1. */
  step: number;
  text: string;
  holds: boolean;
  key: KeyNumber;
  at: string;
}

export interface Case {
  /** What the learner's system does. */
  description: string;
  /** The steps whose evidence matters for it, as `D1.2`. */
  matters: string[];
  /** The name of the chosen style. */
  choice: string;
  reason: string;
}

const NO_CASE: Case = { description: "", matters: [], choice: "", reason: "" };

export const evidence = remembered<Evidence[]>("parlance.evidence", []);
export const ownCase = remembered<Case>("parlance.case", NO_CASE);

export const nameOf = ({ lesson, step }: Evidence) => `${lesson}.${step}`;

/** Keeps what a step has shown, in place of its run before. */
export function keep({ id }: Lesson, index: number, outcome: { text: string; holds: boolean }, key: KeyNumber): void {
  const one: Evidence = { lesson: id, step: index + 1, ...outcome, key, at: new Date().toISOString() };
  evidence.set([...evidence.value.peek().filter((other) => nameOf(other) !== nameOf(one)), one]);
}

export const evidenceFor = ({ matters }: Case, all: Evidence[]) => all.filter((one) => matters.includes(nameOf(one)));

/** The worksheet as Markdown. */
export function worksheet(one: Case, all: Evidence[], server: { version: string; sandbox: string; choice: string }): string {
  const cells = ({ text, key, at, ...rest }: Evidence) =>
    [nameOf(rest as Evidence), text, `${key.value} ${key.of}`, at].map((cell) => cell.replaceAll("|", "\\|")).join(" | ");
  return [
    "# Which style fits?",
    "",
    `My case: ${one.description || "(not described)"}`,
    "",
    `My choice: ${server.choice || "(none yet)"}`,
    "",
    `Because: ${one.reason || "(no reason yet)"}`,
    "",
    "| step | what its run showed | number | measured |",
    "| --- | --- | --- | --- |",
    ...evidenceFor(one, all).map((row) => `| ${cells(row)} |`),
    "",
    `Measured on Parlance ${server.version}, sandbox ${server.sandbox}.`,
    "",
  ].join("\n");
}
