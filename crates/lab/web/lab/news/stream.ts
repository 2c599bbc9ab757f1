// How is one told by server-sent events? The browser's EventSource does it all. It can't say who one is, though: then the
// stream is read by hand.

import { bytesOf } from "../format.ts";
import { at } from "../place.ts";
import { credentials, isStopped, me, Refused, told as problemTold } from "../server.ts";

export interface Heard {
  event: string;
  data: string;
}

export interface Listener {
  ready: () => void;
  heard: (event: Heard, bytes: number) => void;
  failed: (why: string) => void;
}

/** Listens at that place to events of these names, until the returned function is called. */
export function listen(place: string, names: string[], listener: Listener): () => void {
  return me.value ? byHand(place, listener) : byEventSource(place, names, listener);
}

function byEventSource(place: string, names: string[], { ready, heard, failed }: Listener): () => void {
  const source = new EventSource(at(place));
  source.onopen = ready;
  source.onerror = () =>
    failed(source.readyState === EventSource.CLOSED ? "refused" : "the connection broke; the browser tries again");
  for (const event of names) {
    source.addEventListener(event, ({ data, lastEventId }: MessageEvent<string>) => {
      // The browser tells what was in the fields, and not the bytes: they are put together again as they are sent.
      const block = `${lastEventId ? `id: ${lastEventId}\n` : ""}event: ${event}\ndata: ${data}\n\n`;
      heard({ event, data }, bytesOf(block));
    });
  }
  return () => source.close();
}

function byHand(place: string, listener: Listener): () => void {
  const stop = new AbortController();
  read(place, listener, stop.signal).catch((problem: unknown) => {
    if (!isStopped(problem)) listener.failed(problemTold(problem));
  });
  return () => stop.abort();
}

async function read(place: string, { ready, heard }: Listener, signal: AbortSignal): Promise<void> {
  const response = await fetch(at(place), { headers: { Accept: "text/event-stream", ...credentials() }, signal });
  if (!response.ok || !response.body) throw new Refused(response.status, "", `refused with ${response.status}`);
  ready();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Refused(0, "", "the stream has ended");
    // HTML, section 9.2.5: an empty line ends an event.
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = field(block, "event");
      if (event) heard({ event, data: field(block, "data") }, bytesOf(block) + 2);
    }
  }
}

const field = (block: string, name: string) => block.match(new RegExp(`^${name}: ?(.*)$`, "m"))?.[1] ?? "";
