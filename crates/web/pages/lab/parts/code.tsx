// How is a text shown that a program wrote? With colours for its grammar, and always as text nodes.

import { useMemo, useState } from "preact/hooks";
import { type Language, languageOf, tokens } from "../highlight.ts";

interface Props {
  text: string;
  language?: Language;
  /** What it is, for who does not see it. */
  label: string;
}

export function Code({ text, language, label }: Props) {
  const pieces = useMemo(() => tokens(text, language ?? languageOf(text)), [text, language]);
  return (
    // It scrolls, so it must be reachable by keyboard (WCAG 2.2, 2.1.1).
    <pre class="code" tabIndex={0} role="region" aria-label={label}>
      {pieces.map(({ kind, text }) => (kind === "plain" ? text : <span class={`token-${kind}`}>{text}</span>))}
    </pre>
  );
}

/** Puts a text on the clipboard, and says whether it is there. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [said, setSaid] = useState("");
  const copy = async () => setSaid((await isCopied(text)) ? "Copied" : "Not copied: this browser forbids it");
  return (
    <>
      <button type="button" class="quiet" onClick={copy} onBlur={() => setSaid("")}>
        Copy<span class="unseen"> {what}</span>
      </button>
      <span class="soft" role="status">
        {said}
      </span>
    </>
  );
}

async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return isCopiedByHand(text);
  }
}

/** The way of old, for where the other is forbidden: over HTTP to another machine, as in a class, there is no `clipboard`. */
function isCopiedByHand(text: string): boolean {
  const [before, field] = [document.activeElement, document.createElement("textarea")];
  field.value = text;
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return isDone;
}
