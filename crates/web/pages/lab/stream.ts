// How is one told by server-sent events? An EventSource that comes again by itself; the browser's own can't say who one is.

import { EventSource } from "eventsource";
import { at } from "./place.ts";
import { reach, refused, told } from "./server.ts";

export interface Heard {
  event: string;
  data: string;
}

export interface Listener {
  ready: () => void;
  heard: (event: Heard) => void;
  failed: (why: string) => void;
}

/** What the server says last, in an event of the name `error`, before it ends a stream. */
const lastWord = (data: string) => (JSON.parse(data) as { message: string }).message;

/** Listens at that place, as whoever one is, to events of these names, until the returned function is called. */
export function listen(place: string, names: string[], { ready, heard, failed }: Listener): () => void {
  let why = "";
  const source = new EventSource(at(place), {
    fetch: async (_, { headers, signal }) => {
      const response = await reach(place, { headers, signal: signal as AbortSignal, cache: "no-store" });
      if (!response.ok) why = told(await refused(response));
      return response;
    },
  });
  source.onopen = () => {
    why = "";
    ready();
  };
  // An event of the server's and a break of the connection have one name; only the event has data. After it comes the break.
  source.addEventListener("error", (event) => {
    if ("data" in event) why = lastWord(String(event.data));
    const isOver = source.readyState === source.CLOSED;
    failed(why || (isOver ? "refused" : "the connection broke; trying again"));
  });
  for (const event of names) source.addEventListener(event, ({ data }: MessageEvent<string>) => heard({ event, data }));
  return () => source.close();
}
