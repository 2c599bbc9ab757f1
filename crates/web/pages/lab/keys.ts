// What do keys do? A digit opens a view, `?` tells all of them; never while somebody types.

import { signal } from "@preact/signals";
import { keep, kept } from "./kept.ts";

export interface Key {
  /** As `KeyboardEvent.key` says it. */
  keys: string[];
  /** As it stands on the keyboard. */
  label: string;
  does: string;
  run: () => void;
}

/** Single keys can be turned off, for who speaks to the computer or touches keys by mistake (WCAG 2.2, 2.1.4). */
export const areKeysOn = signal(kept("parlance.keys") !== "off");

export function turnKeys(on: boolean): void {
  areKeysOn.value = on;
  keep("parlance.keys", on ? "on" : "off");
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

/** How large a scroll region's content and its window are, along the way in which a key scrolls. */
const ALONG = { scrollWidth: "clientWidth", scrollHeight: "clientHeight" } as const;
const SCROLLS: Record<string, keyof typeof ALONG> = {
  ArrowLeft: "scrollWidth",
  ArrowRight: "scrollWidth",
  PageUp: "scrollHeight",
  PageDown: "scrollHeight",
  " ": "scrollHeight",
};

// Who has gone into a region that scrolls that way wants to scroll it (WCAG 2.2, 2.1.1).
function takesScroll(target: EventTarget | null, key: string): boolean {
  const along = SCROLLS[key];
  const isRegion = (element: Element) => element.matches('[role="region"][tabindex]');
  for (let at = target instanceof Element ? target : null; along && at; at = at.parentElement) {
    if (isRegion(at) && at[along] > at[ALONG[along]]) return true;
  }
  return false;
}

addEventListener("keydown", (event) => {
  if (!areKeysOn.peek() || event.ctrlKey || event.metaKey || event.altKey) return;
  const { target } = event;
  if (takesText(target) || takesPress(target, event.key) || takesScroll(target, event.key)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = bindings.peek().find(({ keys }) => keys.includes(event.key));
  if (!key) return;
  event.preventDefault();
  key.run();
});
