// What do keys do? A digit opens a view, `?` tells all of them; never while somebody types.

import { signal } from "@preact/signals";

export interface Key {
  /** As `KeyboardEvent.key` says it. */
  keys: string[];
  /** As it stands on the keyboard. */
  label: string;
  does: string;
  run: () => void;
}

/** Single keys can be turned off, for who speaks to the computer or touches keys by mistake (WCAG 2.2, 2.1.4). */
export const areKeysOn = signal(localStorage.getItem("parlance.keys") !== "off");

export function turnKeys(on: boolean): void {
  areKeysOn.value = on;
  localStorage.setItem("parlance.keys", on ? "on" : "off");
}

const bindings = signal<Key[]>([]);

/** All keys that do something now. */
export const keysNow = () => bindings.value;

/** Binds keys until the returned function is called. Later ones go first. */
export function bind(keys: Key[]): () => void {
  bindings.value = [...keys, ...bindings.peek()];
  return () => (bindings.value = bindings.peek().filter((key) => !keys.includes(key)));
}

// What is typed there is meant for it.
const takesText = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

// A button or a link is pressed by these keys.
const takesPress = (target: EventTarget | null, key: string) =>
  (key === " " || key === "Enter") && target instanceof HTMLElement && /^(BUTTON|A|SUMMARY)$/.test(target.tagName);

addEventListener("keydown", (event) => {
  if (!areKeysOn.peek() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (takesText(event.target) || takesPress(event.target, event.key) || document.querySelector("dialog[open]")) return;
  const key = bindings.peek().find(({ keys }) => keys.includes(event.key));
  if (!key) return;
  event.preventDefault();
  key.run();
});
