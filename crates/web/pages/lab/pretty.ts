// Indents JSON and XML for reading, without changing any value.

import { languageOf } from "./highlight.ts";

/** The text indented, if it is JSON or XML; otherwise as it is. */
export function pretty(text: string): string {
  const language = languageOf(text);
  if (language === "json") return prettyJson(text);
  return language === "xml" ? prettyXml(text) : text;
}

// Not by JSON.parse, which turns 1.0 into 1 and drops duplicate members.
function prettyJson(text: string): string {
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  const pieces = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  return pieces
    .map((piece, index) => {
      const isEmpty = /^[{[]$/.test(pieces[index - 1] ?? "");
      if (piece === "{" || piece === "[") {
        depth += 1;
        return /^[}\]]$/.test(pieces[index + 1] ?? "") ? piece : piece + line();
      }
      if (piece === "}" || piece === "]") {
        depth = Math.max(0, depth - 1);
        return isEmpty ? piece : line() + piece;
      }
      if (piece === ",") return piece + line();
      return piece === ":" ? ": " : piece;
    })
    .join("");
}

// An element that holds only text stays on one line: a line break would change its value.
function prettyXml(text: string): string {
  let depth = 0;
  let out = "";
  let before = "";
  for (const piece of text.match(/<!--[^]*?-->|<[^>]*>|[^<]+/g) ?? []) {
    const isBlank = piece.trim() === "";
    if (isBlank && before !== "open") continue;
    const kind = kindOf(piece);
    if (kind === "close") depth = Math.max(0, depth - 1);
    const stays = kind === "text" || before === "text" || (kind === "close" && before === "open") || out === "";
    out += stays ? piece : `\n${"  ".repeat(depth)}${piece}`;
    if (kind === "open") depth += 1;
    before = kind;
  }
  return out;
}

function kindOf(piece: string): "text" | "open" | "close" | "alone" {
  if (!piece.startsWith("<")) return "text";
  if (piece.startsWith("</")) return "close";
  return /^<[?!]|\/>$/.test(piece) ? "alone" : "open";
}
