// JSON-RPC 2.0 with `axios`: one address, and the name of the method in the body.
//
// Usage: node jsonrpc.js [ADDRESS]

import axios from "axios";

const address = process.argv[2] ?? "http://127.0.0.1:8080";
let id = 0;

class Refused extends Error {
  constructor({ code, message, data }) {
    super(message);
    Object.assign(this, { code, data });
  }
}

// axios throws for a status such as 413; an error of JSON-RPC comes with status 200.
async function call(method, params) {
  const { data } = await axios.post(`${address}/jsonrpc`, { jsonrpc: "2.0", id: ++id, method, params });
  if (data.error) throw new Refused(data.error);
  return data.result;
}

// A user.
const user = await call("get_user", { id: 1 });
console.log(`user ${user.id}: ${user.name} <${user.email}>`);

// A search. This is a page of up to 20 products; the next one is at `after: page.next`.
const page = await call("search_products", { query: "laptop" });
console.log(`found ${page.items.length} products, first ${page.items[0].name}`);

// An order.
const lines = [{ product_id: 1, quantity: 2 }, { product_id: 2, quantity: 3 }];
const order = await call("place_order", { user_id: 1, lines });
console.log(`order ${order.id}: ${order.lines.length} lines, ${(order.total.amount / 100).toFixed(2)} ${order.total.currency}`);

// An error: a code of JSON-RPC, a message, and in `data` the shop's reason.
try {
  await call("place_order", { user_id: 1, lines: [{ product_id: 10, quantity: 1 }] });
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.log(`refused: ${error.data.reason}: ${error.message}`);
}

// The events after a cursor. Over HTTP the client asks, and the answer waits until there is news.
async function* follow(after) {
  for (;;) {
    const page = await call("list_events", { after, limit: 100, wait_seconds: 20 });
    yield* page.items;
    after = page.next;
  }
}

// Events, from the beginning of the log. Over a WebSocket at /jsonrpc, `watch_events` pushes them.
for await (const event of follow(0)) {
  if (event.order_id === order.id) {
    console.log(`event ${event.seq}: order ${event.order_id} is ${event.status}`);
    break;
  }
}
