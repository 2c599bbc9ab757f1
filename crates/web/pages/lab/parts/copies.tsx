// How does one ask the same from somewhere else? As a command or a few lines of a program, to copy.

import { signal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Copy } from "../types.ts";
import { Code, CopyButton } from "./code.tsx";

// One choice for all columns; a style that has no such copy shows its first.
const chosen = signal("curl");

export function Copies({ copies, title }: { copies: Copy[]; title: string }) {
  const id = useId();
  const copy = copies.find(({ name }) => name === chosen.value) ?? copies[0];
  if (!copy) return null;
  return (
    <div class="copies">
      <div class="line">
        <label for={id}>Copy as</label>
        <select id={id} value={copy.name} onChange={(event) => (chosen.value = event.currentTarget.value)}>
          {copies.map(({ name }) => (
            <option value={name}>{name}</option>
          ))}
        </select>
        <CopyButton text={copy.text} what={`${title} as ${copy.name}`} />
      </div>
      <Code text={copy.text} language="text" label={`${title} as ${copy.name}`} />
    </div>
  );
}
