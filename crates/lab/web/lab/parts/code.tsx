// How is a text shown that a program wrote? With colours for its grammar, and always as text nodes.

import { useMemo } from "preact/hooks";
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

/** Puts a text on the clipboard. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const copy = async (event: Event) => {
    const button = event.currentTarget as HTMLButtonElement;
    await navigator.clipboard.writeText(text);
    button.dataset["done"] = "yes";
    button.addEventListener("blur", () => delete button.dataset["done"], { once: true });
  };
  return (
    <button type="button" class="quiet copy" onClick={copy} aria-label={`Copy ${what}`}>
      <span class="undone">Copy</span>
      <span class="done">Copied</span>
    </button>
  );
}
