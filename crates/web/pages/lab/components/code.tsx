// Code and messages with syntax colours, and the button that copies them. Texts of the shop stay text nodes.

import { useMemo, useState } from "preact/hooks";
import { type Language, languageOf, tokens } from "../highlight.ts";
import { useLabel } from "./within.ts";

interface Props {
  text: string;
  language?: Language;
  /** The name that a screen reader says. */
  label: string;
}

export function Code({ text, language, label }: Props) {
  const pieces = useMemo(() => tokens(text, language ?? languageOf(text)), [text, language]);
  return (
    // It scrolls, so it must be reachable by keyboard (WCAG 2.2, 2.1.1).
    <pre class="code" tabIndex={0} role="region" aria-label={useLabel(label)}>
      {pieces.map(({ kind, text }) => (kind === "plain" ? text : <span class={`token-${kind}`}>{text}</span>))}
    </pre>
  );
}

/** A sentence of the shop's documentation, with `code` between backticks. */
export function DocText({ text }: { text: string }) {
  return <>{text.split("`").map((part, index) => (index % 2 ? <code>{part}</code> : part))}</>;
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [status, setStatus] = useState("");
  const copy = async () => setStatus((await copyText(text)) ? "Copied" : "Not copied: this browser forbids it");
  return (
    <>
      <button type="button" class="quiet" onClick={copy} onBlur={() => setStatus("")}>
        Copy<span class="visually-hidden"> {what}</span>
      </button>
      <span class="muted" role="status">
        {status}
      </span>
    </>
  );
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Browsers offer `clipboard` only over HTTPS or on the same machine, which a class server is not. */
function copyBySelection(text: string): boolean {
  const [focused, field] = [document.activeElement, document.createElement("textarea")];
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return isCopied;
}
