// What has each lane heard, and what did it cost? All lanes together, as signals that the view shows.

import { signal } from "@preact/signals";
import { at } from "../place.ts";
import { reach, refused } from "../server.ts";
import { BUYING, type PlaceOrder } from "../shop/buying.ts";
import type { News } from "../types.ts";
import type { Lane, Told } from "./lanes.ts";
import { QUESTIONS } from "./questions.ts";
import { SOCKETS } from "./sockets.ts";
import { listen } from "./stream.ts";

const stream: Lane = {
  name: "sse",
  title: "REST, pushed",
  how: "server-sent events",
  listen: (after, { ready, asked, got, heard, failed }) => {
    const place = `rest/events?after=${after}`;
    asked(new URL(at(place)).pathname.length + new URL(at(place)).search.length);
    return listen(place, KINDS, {
      ready,
      failed,
      heard: ({ data }, bytes) => {
        got(bytes);
        heard(JSON.parse(data) as News, data);
      },
    });
  },
};

const KINDS = ["placed", "paid", "shipped", "delivered", "cancelled"].map((status) => `order.${status}`);

export const LANES: Lane[] = [stream, ...SOCKETS, ...QUESTIONS];

/** What became of one lane so far. */
export interface Heard {
  state: "begins" | "listens" | "failed";
  why?: string;
  requests: number;
  sent: number;
  received: number;
  /** When it heard of each event, by the page's clock in milliseconds. */
  arrivals: { news: News; at: number; raw: string }[];
}

/** A change that somebody made here. */
export interface Change {
  order: number;
  status: string;
  over: string;
  sentAt: number;
  answeredAt: number;
}

/** Whether every lane listens, or can't. */
export const areOpen = () =>
  Object.values(lanes.value).length > 0 && Object.values(lanes.value).every(({ state }) => state !== "begins");

/** What an order goes through. */
export const STATUSES = ["placed", "paid", "shipped", "delivered"];

/** The most arrivals and changes that are kept; older ones go. */
const KEPT_MAX = 200;

export const lanes = signal<Record<string, Heard>>({});
export const changes = signal<Change[]>([]);

const silent: Heard = { state: "begins", requests: 0, sent: 0, received: 0, arrivals: [] };

/** Listens in all lanes to what comes from now on, until the returned function is called. */
export async function follow(): Promise<() => void> {
  // What was heard before goes at once: it may be of another shop.
  lanes.value = Object.fromEntries(LANES.map(({ name }) => [name, silent]));
  changes.value = [];
  const after = await newest();
  const stops = LANES.map((lane) => lane.listen(after, teller(lane.name)));
  return () => stops.forEach((stop) => stop());
}

function teller(name: string): Told {
  const change = (to: (lane: Heard) => Partial<Heard>) => {
    const lane = lanes.peek()[name] ?? silent;
    lanes.value = { ...lanes.peek(), [name]: { ...lane, ...to(lane) } };
  };
  return {
    ready: () => change(() => ({ state: "listens" })),
    asked: (bytes) => change(({ requests, sent }) => ({ requests: requests + 1, sent: sent + bytes })),
    got: (bytes) => change(({ received }) => ({ received: received + bytes })),
    heard: (news, raw) => {
      const at = performance.now();
      change(({ arrivals }) => ({ arrivals: [...arrivals.slice(1 - KEPT_MAX), { news, at, raw }] }));
    },
    failed: (why) => change(() => ({ state: "failed", why })),
  };
}

/** Where the log of events stands now: a stream begins by telling that. */
async function newest(): Promise<number> {
  const stop = new AbortController();
  const response = await reach("rest/events", { headers: { Accept: "text/event-stream" }, signal: stop.signal });
  if (!response.ok) throw await refused(response);
  const first = await response.body?.pipeThrough(new TextDecoderStream()).getReader().read();
  stop.abort();
  return Number(first?.value?.match(/^id: (\d+)$/m)?.[1] ?? 0);
}

/** Places an order over that style, or moves the newest one on. */
export async function change(over: string, status: string, input: PlaceOrder): Promise<void> {
  const style = BUYING.find(({ name }) => name === over) ?? BUYING[0];
  if (!style) return;
  const sentAt = performance.now();
  const last = changes.peek().at(-1)?.order ?? 0;
  const order = status === "placed" ? await style.place(input) : await style.setStatus(last, status);
  changes.value = [...changes.peek().slice(1 - KEPT_MAX), { order, status, over, sentAt, answeredAt: performance.now() }];
}

/** How long after it was sent a lane heard of a change, in milliseconds. */
export function delay(lane: Heard, { order, status, sentAt }: Change): number | undefined {
  const arrival = lane.arrivals.find(({ news }) => news.order_id === order && news.status === status);
  return arrival && Math.max(0, arrival.at - sentAt);
}
