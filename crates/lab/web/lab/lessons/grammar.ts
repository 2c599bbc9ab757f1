// How did a style say no? The status of HTTP, which a monitor counts, and the style's own code, which its clients read.

import type { Part, Row } from "../types.ts";

export interface Said {
  title: string;
  /** Of HTTP; a frame has none. */
  status?: number;
  code: string;
  message: string;
}

/** What a row's answer said. */
export function saidBy({ style, title, wire }: Row): Said {
  // Over a WebSocket it may have been refused before it was asked, with who one is.
  return { title, ...readParts(style, wire.received.length > 0 ? wire.received : wire.handshake.received) };
}

function readParts(style: string, parts: Part[]): Omit<Said, "title"> {
  const last = parts.at(-1);
  if (!last) return { code: "", message: "nothing came" };
  if (last.kind === "frame") return read(style, last.text);
  const status = Number(last.head.split(" ")[1]);
  return { status, ...read(style, last.body) };
}

/** The code and the message in a refusal, each where its style has it. */
export function read(style: string, body: string): { code: string; message: string } {
  const found = (code?: RegExp, message?: RegExp) => ({
    code: (code && body.match(code)?.[1]) ?? "",
    message: unescaped((message && body.match(message)?.[1]) ?? ""),
  });
  switch (style) {
    case "soap":
      return found(/<faultcode>(.*?)<\/faultcode>|<(?:\w+:)?Value>(.*?)</, /<faultstring[^>]*>(.*?)<\/faultstring>/);
    case "xmlrpc":
      return found(/faultCode<\/name><value><(?:int|i4)>(-?\d+)</, /faultString<\/name><value>(?:<string>)?(.*?)</);
    case "jsonrpc":
      return found(/"code":\s*(-?\d+)/, /"message":\s*"((?:[^"\\]|\\.)*)"/);
    case "graphql":
      return found(/"code":\s*"(\w+)"/, /"message":\s*"((?:[^"\\]|\\.)*)"/);
    case "rest":
      return found(/"reason":\s*"(\w+)"/, /"detail":\s*"((?:[^"\\]|\\.)*)"/);
    default:
      return found(/"reason":\s*"(\w+)"/, /"message":\s*"((?:[^"\\]|\\.)*)"/);
  }
}

const unescaped = (text: string) =>
  text
    .replaceAll('\\"', '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
