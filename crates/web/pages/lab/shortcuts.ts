// Keyboard shortcuts: a digit opens a view, `?` lists them; none while the user types.

import { signal } from "@preact/signals";
import { store, stored } from "./storage.ts";

export interface Shortcut {
  /** As in `KeyboardEvent.key`. */
  keys: string[];
  /** As on the keyboard. */
  label: string;
  description: string;
  run: () => void;
}

/** Single-key shortcuts can be turned off, for speech input and for keys pressed by mistake (WCAG 2.2, 2.1.4). */
export const areShortcutsOn = signal(stored("parlance.keys") !== "off");

export function setShortcuts(on: boolean): void {
  areShortcutsOn.value = on;
  store("parlance.keys", on ? "on" : "off");
}

const bindings = signal<Shortcut[]>([]);

/** The shortcuts that work now. */
export const activeShortcuts = () => bindings.value;

/** Adds shortcuts until the returned function is called. Later ones win. */
export function bind(shortcuts: Shortcut[]): () => void {
  bindings.value = [...shortcuts, ...bindings.peek()];
  return () => (bindings.value = bindings.peek().filter((shortcut) => !shortcuts.includes(shortcut)));
}

// These elements take typed text themselves.
const takesText = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

// Space and Enter press a button or a link.
const takesPress = (target: EventTarget | null, key: string) =>
  (key === " " || key === "Enter") && target instanceof HTMLElement && /^(BUTTON|A|SUMMARY)$/.test(target.tagName);

/** The size of a scroll region's content and of its visible part, in the direction in which a key scrolls. */
const VISIBLE = { scrollWidth: "clientWidth", scrollHeight: "clientHeight" } as const;
const SCROLLS: Record<string, keyof typeof VISIBLE> = {
  ArrowLeft: "scrollWidth",
  ArrowRight: "scrollWidth",
  PageUp: "scrollHeight",
  PageDown: "scrollHeight",
  " ": "scrollHeight",
};

// Inside a region that scrolls in that direction, the key scrolls it (WCAG 2.2, 2.1.1).
function takesScroll(target: EventTarget | null, key: string): boolean {
  const size = SCROLLS[key];
  const isRegion = (element: Element) => element.matches('[role="region"][tabindex]');
  for (let at = target instanceof Element ? target : null; size && at; at = at.parentElement) {
    if (isRegion(at) && at[size] > at[VISIBLE[size]]) return true;
  }
  return false;
}

addEventListener("keydown", (event) => {
  if (!areShortcutsOn.peek() || event.ctrlKey || event.metaKey || event.altKey) return;
  const { target } = event;
  if (takesText(target) || takesPress(target, event.key) || takesScroll(target, event.key)) return;
  if (document.querySelector("dialog[open]")) return;
  const shortcut = bindings.peek().find(({ keys }) => keys.includes(event.key));
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run();
});
