// Which parts of a text are names, which values? Three small grammars, enough to read a message; what they do not know stays
// as it is. The result is a list of texts, so that nothing of the shop can ever become markup.

export type Language = "json" | "xml" | "http" | "graphql" | "text";

export interface Token {
  kind: "name" | "string" | "number" | "word" | "mark" | "comment" | "plain";
  text: string;
}

type Rule = [kind: Token["kind"], pattern: RegExp];

// Each pattern is sticky: it matches where the one before has ended, or not at all.
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

/** Longer texts are shown without colours: thousands of elements would make the page slow. */
const CHARACTERS_MAX = 60_000;

/** The text in pieces, which together are the text again. */
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

/** What a text is, by what it begins with. */
export function languageOf(text: string): Language {
  const start = text.trimStart()[0];
  if (start === "<") return "xml";
  return start === "{" || start === "[" ? "json" : "text";
}
