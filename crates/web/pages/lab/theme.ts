// Dark or light? As the system says, until somebody says otherwise; that is kept in the browser.

import { effect, signal } from "@preact/signals";
import { keep, kept } from "./kept.ts";

export type Theme = "light" | "dark";

const NAME = "parlance.theme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const before = kept(NAME);

const chosen = signal<Theme | undefined>(before === "light" || before === "dark" ? before : undefined);
const system = signal<Theme>(systemIsDark.matches ? "dark" : "light");
systemIsDark.addEventListener("change", ({ matches }) => (system.value = matches ? "dark" : "light"));

export const theme = () => chosen.value ?? system.value;

export function switchTheme(): void {
  chosen.value = theme() === "dark" ? "light" : "dark";
  keep(NAME, chosen.value);
}

// The style sheet has both, and `color-scheme` chooses.
effect(() => {
  if (chosen.value) document.documentElement.dataset["theme"] = chosen.value;
});
