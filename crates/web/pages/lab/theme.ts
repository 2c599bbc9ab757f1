// Dark or light: the system's choice until the user makes another, which the browser remembers.

import { effect, signal } from "@preact/signals";
import { store, stored } from "./storage.ts";

export type Theme = "light" | "dark";

const NAME = "parlance.theme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const saved = stored(NAME);

const chosen = signal<Theme | undefined>(saved === "light" || saved === "dark" ? saved : undefined);
const system = signal<Theme>(systemIsDark.matches ? "dark" : "light");
systemIsDark.addEventListener("change", ({ matches }) => (system.value = matches ? "dark" : "light"));

export const theme = () => chosen.value ?? system.value;

export function switchTheme(): void {
  chosen.value = theme() === "dark" ? "light" : "dark";
  store(NAME, chosen.value);
}

// The style sheet has both themes; `color-scheme` chooses between them.
effect(() => {
  if (chosen.value) document.documentElement.dataset["theme"] = chosen.value;
});
