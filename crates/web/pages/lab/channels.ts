// The shop's events on all channels at once. The server subscribes on each channel with its own clients, and reports to the
// page in one stream.

import { signal } from "@preact/signals";
import { send, ShopError } from "./api.ts";
import { subscribe } from "./stream.ts";
import type { JsonObject, LaneName, LaneNews, LaneSpent, LaneState } from "./types.ts";

export interface Channel extends LaneName, Omit<LaneSpent, "lane"> {
  state: "opening" | "open" | "failed";
  why?: string;
  events: LaneNews[];
}

/** A change of an order, made on this page. */
export interface Change {
  order: number;
  status: string;
  over: string;
  /** When it was sent, by the server's clock. */
  sentAtUs: number;
  tookUs: number;
}

export interface OrderInput extends JsonObject {
  user_id: number;
  lines: { product_id: number; quantity: number }[];
}

/** The life of an order. */
export const STATUSES = ["placed", "paid", "shipped", "delivered"];

/** Events and changes kept in memory; older ones are dropped. */
const HISTORY_MAX = 200;

export const channels = signal<Channel[]>([]);
export const changes = signal<Change[]>([]);

/** All channels, and the changes of orders that they report. */
export interface Following {
  channels: Channel[];
  changes: Change[];
}

/** Whether no channel is still opening. */
export const areOpen = ({ channels }: Following) => channels.length > 0 && channels.every(({ state }) => state !== "opening");

export const following = (): Following => ({ channels: channels.value, changes: changes.value });

/** Subscribes on every channel, until the returned function is called. */
export function openChannels(onError: (reason: string) => void): () => void {
  // Earlier events may belong to another sandbox.
  channels.value = [];
  changes.value = [];
  return subscribe("lab/follow", Object.keys(HANDLERS), {
    onOpen: () => onError(""),
    onError,
    onEvent: ({ event, data }) => HANDLERS[event]?.(JSON.parse(data) as never),
  });
}

const HANDLERS: Record<string, (data: never) => void> = {
  // After a reconnect the server sends everything again; the events so far are kept.
  lanes: (names: LaneName[]) => {
    const known = channels.peek();
    channels.value = names.map((name) => ({
      ...{ ...name, requests: 0, sent: 0, received: 0, state: "opening" as const },
      events: known.find((channel) => channel.name === name.name)?.events ?? [],
    }));
  },
  lane: ({ lane, why }: LaneState) => update(lane, () => ({ state: why === undefined ? "open" : "failed", why: why ?? "" })),
  news: (event: LaneNews) =>
    update(event.lane, ({ events }) =>
      events.some(({ seq }) => seq === event.seq) ? {} : { events: [...events.slice(1 - HISTORY_MAX), event] },
    ),
  spent: (all: LaneSpent[]) => {
    for (const { lane, ...spent } of all) update(lane, () => spent);
  },
};

function update(name: string, next: (channel: Channel) => Partial<Channel>): void {
  channels.value = channels.peek().map((channel) => (channel.name === name ? { ...channel, ...next(channel) } : channel));
}

/** Places an order in that style, or sets the next status of the newest one. */
export async function change(over: string, status: string, input: OrderInput): Promise<void> {
  const id = changes.peek().at(-1)?.order ?? 0;
  const sent =
    status === "placed"
      ? await send({ over, operation: "place_order", input })
      : await send({ over, operation: "set_order_status", input: { id, status } });
  const order = Number((sent.answer as JsonObject | undefined)?.["id"]);
  if (!order) throw new ShopError(0, sent.refused?.reason ?? "", sent.refused?.message ?? sent.error?.message ?? sent.text);
  const change = { order, status, over, sentAtUs: sent.sent_at_us, tookUs: sent.time_us };
  changes.value = [...changes.peek().slice(1 - HISTORY_MAX), change];
}

/** How long after a change was sent its event arrived on a channel, in microseconds. */
export function delay({ events }: Channel, { order, status, sentAtUs }: Change): number | undefined {
  const event = events.find((event) => event.order_id === order && event.status === status);
  return event && Math.max(0, event.at_us - sentAtUs);
}
