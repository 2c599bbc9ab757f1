// WebSocket with `ws`: one connection, on which calls, answers and events are messages. A browser has `WebSocket`.
//
// Usage: node websocket.js [ADDRESS]

import { once } from "node:events";
import WebSocket from "ws";

const address = process.argv[2] ?? "http://127.0.0.1:8080";
const socket = new WebSocket(`${address.replace("http", "ws")}/ws`, "shop.v1.json");
await once(socket, "open");

// What waits for an answer, by the `id` of its call: calls may overlap, and answers come in any order.
const waiting = new Map();
let onEvent, id = 0;
socket.on("message", (data) => {
  const message = JSON.parse(data);
  if (message.event) return onEvent(message.event);
  const { resolve, reject } = waiting.get(message.id) ?? {};
  waiting.delete(message.id);
  if (message.error) reject?.(Object.assign(new Error(message.error.message), message.error));
  else resolve?.(message.ok);
});

const call = (op, params) =>
  new Promise((resolve, reject) => {
    waiting.set(++id, { resolve, reject });
    socket.send(JSON.stringify({ id, op, params }));
  });

// A user and a search, at the same time. The search gives a page of up to 20 products; the next is at `after: page.next`.
const [user, page] = await Promise.all([call("get_user", { id: 1 }), call("search_products", { query: "laptop" })]);
console.log(`user ${user.id}: ${user.name} <${user.email}>`);
console.log(`found ${page.items.length} products, first ${page.items[0].name}`);

// An order.
const lines = [{ product_id: 1, quantity: 2 }, { product_id: 2, quantity: 3 }];
const order = await call("place_order", { user_id: 1, lines });
console.log(`order ${order.id}: ${order.lines.length} lines, ${(order.total.amount / 100).toFixed(2)} ${order.total.currency}`);

// An error.
await call("place_order", { user_id: 1, lines: [{ product_id: 10, quantity: 1 }] }).catch((error) => {
  console.log(`refused: ${error.reason}: ${error.message}`);
});

// Events, pushed from the beginning of the log on; without `after` only new ones. Heartbeats come between them.
onEvent = (event) => {
  if (event.order_id !== order.id) return;
  console.log(`event ${event.seq}: order ${event.order_id} is ${event.status}`);
  socket.close();
};
await call("watch_events", { after: 0 });
