// In how many ways does one hear of news? A lane for each: its own connection or its own questions, and what they cost, as far
// as a browser can know.

import type { News } from "../types.ts";

/** Where a lane tells what happens to it. */
export interface Told {
  /** It listens from now on. */
  ready: () => void;
  /** Asked once more: by a request, or by a message on an open socket. */
  asked: (bytes: number) => void;
  got: (bytes: number) => void;
  /** Something happened to an order. */
  heard: (news: News, raw: string) => void;
  failed: (why: string) => void;
}

export interface Lane {
  name: string;
  title: string;
  /** In which words it is asked. */
  how: string;
  /** Listens to what comes after that event, until the returned function is called. */
  listen: (after: number, told: Told) => () => void;
}

/** How often the polling lane asks, as most programs do. */
export const POLL_MS = 1_000;
/** How long a question may wait for news; the shop allows 30. */
export const WAIT_SECONDS = 20;
