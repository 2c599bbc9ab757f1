// A call as a command or as a few lines of a program, to copy.

import { signal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Copy } from "../types.ts";
import { Code, CopyButton } from "./code.tsx";

// One choice for all styles; a style that lacks that kind of snippet shows its first.
const chosen = signal("curl");

export function Snippets({ snippets, title }: { snippets: Copy[]; title: string }) {
  const id = useId();
  const snippet = snippets.find(({ name }) => name === chosen.value) ?? snippets[0];
  if (!snippet) return null;
  return (
    <div class="snippets">
      <div class="row">
        <label for={id}>Copy as</label>
        <select id={id} value={snippet.name} onChange={(event) => (chosen.value = event.currentTarget.value)}>
          {snippets.map(({ name }) => (
            <option value={name}>{name}</option>
          ))}
        </select>
        <CopyButton text={snippet.text} what={`${title} as ${snippet.name}`} />
      </div>
      <Code text={snippet.text} language="text" label={`${title} as ${snippet.name}`} />
    </div>
  );
}
