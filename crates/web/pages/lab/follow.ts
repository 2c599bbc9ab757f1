// What has each lane heard, and what did it cost? The server follows the news in every way at once, with its own clients, and tells
// the page of it in one stream.

import { signal } from "@preact/signals";
import { Refused, send } from "./server.ts";
import { listen } from "./stream.ts";
import type { JsonObject, LaneName, LaneNews, LaneSpent, LaneState } from "./types.ts";

/** What became of one lane so far. */
export interface Lane extends LaneName, Omit<LaneSpent, "lane"> {
  state: "begins" | "listens" | "failed";
  why?: string;
  heard: LaneNews[];
}

/** A change that somebody made here. */
export interface Change {
  order: number;
  status: string;
  over: string;
  /** When it was sent, by the server's clock. */
  sentAtUs: number;
  tookUs: number;
}

export interface PlaceOrder extends JsonObject {
  user_id: number;
  lines: { product_id: number; quantity: number }[];
}

/** What an order goes through. */
export const STATUSES = ["placed", "paid", "shipped", "delivered"];

/** The most news and changes that are kept; older ones go. */
const KEPT_MAX = 200;

export const lanes = signal<Lane[]>([]);
export const changes = signal<Change[]>([]);

/** Whether every lane listens, or can't. */
export const areOpen = () => lanes.value.length > 0 && lanes.value.every(({ state }) => state !== "begins");

/** Follows what comes from now on, until the returned function is called. */
export function follow(failed: (why: string) => void): () => void {
  // What was heard before goes at once: it may be of another shop.
  lanes.value = [];
  changes.value = [];
  return listen("lab/follow", Object.keys(TAKES), {
    ready: () => failed(""),
    failed,
    heard: ({ event, data }) => TAKES[event]?.(JSON.parse(data) as never),
  });
}

const TAKES: Record<string, (told: never) => void> = {
  // Also when the browser has come again: then the server tells all from the beginning, and what was heard is known.
  lanes: (names: LaneName[]) => {
    const known = lanes.peek();
    lanes.value = names.map((name) => ({
      ...{ ...name, requests: 0, sent: 0, received: 0, state: "begins" as const },
      heard: known.find((lane) => lane.name === name.name)?.heard ?? [],
    }));
  },
  lane: ({ lane, why }: LaneState) => turn(lane, () => ({ state: why === undefined ? "listens" : "failed", why: why ?? "" })),
  news: (news: LaneNews) =>
    turn(news.lane, ({ heard }) => (heard.some(({ seq }) => seq === news.seq) ? {} : { heard: [...heard.slice(1 - KEPT_MAX), news] })),
  spent: (all: LaneSpent[]) => {
    for (const { lane, ...spent } of all) turn(lane, () => spent);
  },
};

function turn(name: string, to: (lane: Lane) => Partial<Lane>): void {
  lanes.value = lanes.peek().map((lane) => (lane.name === name ? { ...lane, ...to(lane) } : lane));
}

/** Places an order over that style, or moves the newest one on. */
export async function change(over: string, status: string, input: PlaceOrder): Promise<void> {
  const id = changes.peek().at(-1)?.order ?? 0;
  const sent =
    status === "placed"
      ? await send({ over, operation: "place_order", input })
      : await send({ over, operation: "set_order_status", input: { id, status } });
  const order = Number((sent.answer as JsonObject | undefined)?.["id"]);
  if (!order) throw new Refused(0, sent.refused?.reason ?? "", sent.refused?.message ?? sent.said?.message ?? sent.text);
  const change = { order, status, over, sentAtUs: sent.sent_at_us, tookUs: sent.time_us };
  changes.value = [...changes.peek().slice(1 - KEPT_MAX), change];
}

/** How long after it was sent a lane heard of a change, in microseconds. */
export function delay({ heard }: Lane, { order, status, sentAtUs }: Change): number | undefined {
  const news = heard.find((news) => news.order_id === order && news.status === status);
  return news && Math.max(0, news.at_us - sentAtUs);
}
