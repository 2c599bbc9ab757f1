// How did a style say no? The status of HTTP, which a monitor counts, and the style's own code, which its clients read.

import { read } from "../shop/grammar.ts";
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
