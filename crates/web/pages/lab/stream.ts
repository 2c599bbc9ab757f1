// Server-sent events, with an EventSource that sends credentials (the browser's own can't) and reconnects by itself.

import { EventSource } from "eventsource";
import { errorOf, errorText, fetchShop } from "./api.ts";
import { shopUrl } from "./router.ts";

export interface StreamEvent {
  event: string;
  data: string;
}

export interface StreamHandlers {
  onOpen: () => void;
  onEvent: (event: StreamEvent) => void;
  onError: (reason: string) => void;
}

/** Subscribes to events of these names, until the returned function is called. */
export function subscribe(relative: string, names: string[], { onOpen, onEvent, onError }: StreamHandlers): () => void {
  let reason = "";
  const source = new EventSource(shopUrl(relative), {
    fetch: async (_, { headers, signal }) => {
      const response = await fetchShop(relative, { headers, signal: signal as AbortSignal, cache: "no-store" });
      if (!response.ok) reason = errorText(await errorOf(response));
      return response;
    },
  });
  source.onopen = () => {
    reason = "";
    onOpen();
  };
  // The server's last event and a broken connection are both called `error`; only the event has data. The break follows it.
  source.addEventListener("error", (event) => {
    if ("data" in event) reason = (JSON.parse(String(event.data)) as { message: string }).message;
    const isClosed = source.readyState === source.CLOSED;
    onError(reason || (isClosed ? "the server refused the connection" : "the connection broke; trying again"));
  });
  for (const event of names) source.addEventListener(event, ({ data }: MessageEvent<string>) => onEvent({ event, data }));
  return () => source.close();
}
