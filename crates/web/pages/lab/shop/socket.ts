// How does one ask over a WebSocket, once? Word by word on a socket of its own, and what counts is the answer to the last.

import { socketAt } from "../place.ts";
import { me, Refused } from "../server.ts";

/** Says who one is, if one is somebody: a browser can't set headers of a WebSocket, so it takes a message. */
export const authenticate = (): object[] =>
  me.value ? [{ id: "0", op: "authenticate", params: { api_key: me.value.api_key } }] : [];

export interface Answer {
  text: string;
  /** From the last word to its answer. */
  ms: number;
}

/** Says the words, each when the one before was answered. Who is refused as somebody is not asked on as nobody. */
export function ask(words: string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketAt("ws"), ["shop.v1.json"]);
    const left = [...words];
    let start = 0;
    const say = () => {
      start = performance.now();
      socket.send(left.shift() ?? "");
    };
    socket.onopen = say;
    socket.onmessage = ({ data: text }: MessageEvent<string>) => {
      if (left.length > 0 && !/^\{[^{]*"error":/.test(text)) return say();
      resolve({ text, ms: performance.now() - start });
      socket.close(1000);
    };
    // Also where it could not be opened. Whoever has the answer already does not hear of it.
    socket.onclose = ({ code, reason }) => reject(new Refused(0, "", `The socket was closed: ${code} ${reason}`.trim()));
  });
}
