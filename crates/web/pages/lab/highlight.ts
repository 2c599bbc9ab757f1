// Syntax colours for messages. The result is a list of texts, so that data of the shop can never become markup.

export type Language = "json" | "xml" | "http" | "graphql" | "text";

export interface Token {
  kind: "name" | "string" | "number" | "word" | "mark" | "comment" | "plain";
  text: string;
}

type Rule = [kind: Token["kind"], pattern: RegExp];

// Each pattern is sticky: it matches only where the previous token ended.
const GRAMMARS: Record<Exclude<Language, "text">, Rule[]> = {
  json: [
    ["name", /"(?:[^"\\]|\\.)*"(?=\s*:)/y],
    ["string", /"(?:[^"\\]|\\.)*"/y],
    ["number", /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
    ["word", /true|false|null/y],
    ["mark", /[{}[\],:]+/y],
  ],
  xml: [
    ["comment", /<!--[^]*?-->|<\?[^]*?\?>/y],
    ["name", /<\/?[\w:.-]+|\/?>/y],
    ["word", /[\w:.-]+(?==")/y],
    ["string", /"[^"<]*"(?=[\s/>?])/y],
  ],
  http: [
    ["word", /^(?:[A-Z]+(?= )|HTTP\/[\d.]+ \d+)/y],
    ["name", /(?<=\n)[\w-]+(?=:)/y],
  ],
  graphql: [
    ["comment", /"""[^]*?"""|#[^\n]*/y],
    ["string", /"(?:[^"\\]|\\.)*"/y],
    ["word", /\b(?:type|input|enum|interface|union|scalar|schema|directive|implements|query|mutation|subscription|on)\b/y],
    ["name", /[A-Za-z_]\w*(?=\s*[:(])/y],
    ["number", /-?\d+/y],
    ["mark", /[{}[\]()!:,=|&@$]+/y],
  ],
};

/** Longer texts get no colours: thousands of elements would slow the page down. */
const CHARACTERS_MAX = 60_000;

/** Splits the text into tokens. */
export function tokens(text: string, language: Language): Token[] {
  if (language === "text" || text.length > CHARACTERS_MAX) return [{ kind: "plain", text }];
  const rules = GRAMMARS[language];
  const found: Token[] = [];
  let plain = 0;
  let at = 0;
  while (at < text.length) {
    const token = match(rules, text, at);
    if (!token) {
      at += 1;
      continue;
    }
    if (plain < at) found.push({ kind: "plain", text: text.slice(plain, at) });
    found.push(token);
    at += token.text.length;
    plain = at;
  }
  if (plain < at) found.push({ kind: "plain", text: text.slice(plain) });
  return found;
}

function match(rules: Rule[], text: string, at: number): Token | undefined {
  for (const [kind, pattern] of rules) {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    if (found) return { kind, text: found };
  }
  return undefined;
}

/** Guesses the language by the first character. */
export function languageOf(text: string): Language {
  const start = text.trimStart()[0];
  if (start === "<") return "xml";
  return start === "{" || start === "[" ? "json" : "text";
}
