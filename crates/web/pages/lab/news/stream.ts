// How is one told by server-sent events? The browser's EventSource does it all. It can't say who one is, though: then the
// stream is read by hand.

import { bytesOf } from "../format.ts";
import { at } from "../place.ts";
import { isStopped, me, reach, Refused, refused, told } from "../server.ts";

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
  return me.value ? byHand(place, names, listener) : byEventSource(place, names, listener);
}

/** What the server says last, in an event of the name `error`, before it ends a stream. */
const lastWord = (data: string) => (JSON.parse(data) as { message: string }).message;

function byEventSource(place: string, names: string[], { ready, heard, failed }: Listener): () => void {
  const source = new EventSource(at(place));
  let why = "";
  source.onopen = () => {
    why = "";
    ready();
  };
  // An event of the server's and a break of the connection have one name; only the event has data. After it comes the break.
  source.onerror = (event: Event | MessageEvent<string>) => {
    if ("data" in event) why = lastWord(event.data);
    const isOver = source.readyState === EventSource.CLOSED;
    failed(why || (isOver ? "refused" : "the connection broke; the browser tries again"));
  };
  for (const event of names) {
    source.addEventListener(event, ({ data, lastEventId }: MessageEvent<string>) => {
      // The browser tells what was in the fields, and not the bytes: they are put together again as they are sent.
      const block = `${lastEventId ? `id: ${lastEventId}\n` : ""}event: ${event}\ndata: ${data}\n\n`;
      heard({ event, data }, bytesOf(block));
    });
  }
  return () => source.close();
}

function byHand(place: string, names: string[], listener: Listener): () => void {
  const stop = new AbortController();
  read(place, names, listener, stop.signal).catch((problem: unknown) => {
    if (!isStopped(problem)) listener.failed(told(problem));
  });
  return () => stop.abort();
}

/** Reads until the stream ends, which is always a problem: it would go on for ever. */
async function read(place: string, names: string[], { ready, heard }: Listener, signal: AbortSignal): Promise<never> {
  const response = await reach(place, { headers: { Accept: "text/event-stream" }, signal });
  if (!response.ok) throw await refused(response);
  ready();
  for await (const block of blocks(response)) {
    const [event, data] = [field(block, "event"), field(block, "data")];
    if (event === "error") throw new Refused(0, "", lastWord(data));
    if (names.includes(event)) heard({ event, data }, bytesOf(block) + 2);
  }
  throw new Refused(0, "", "the stream has ended");
}

/** HTML, section 9.2.5: an empty line ends an event. */
async function* blocks({ body }: Response): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { done: true };
    if (done) return;
    const pieces = (rest + value).split("\n\n");
    rest = pieces.pop() ?? "";
    yield* pieces;
  }
}

const field = (block: string, name: string) => block.match(new RegExp(`^${name}: ?(.*)$`, "m"))?.[1] ?? "";
