// XML-RPC with `xmlrpc`: the name of a method, and its parameters.
//
// Usage: node xmlrpc.js [ADDRESS]

import { promisify } from "node:util";
import xmlrpc from "xmlrpc";

const address = process.argv[2] ?? "http://127.0.0.1:8080";
const client = xmlrpc.createClient(`${address}/xmlrpc`);
const methodCall = promisify(client.methodCall.bind(client));
const call = (method, ...params) => methodCall(method, params);

// A user. Parameters are passed in the order of the contract; what comes back is an object.
const user = await call("get_user", 1);
console.log(`user ${user.id}: ${user.name} <${user.email}>`);

// A search. Parameters by name are one struct. The next page of up to 20 is at `after: page.next`.
const page = await call("search_products", { query: "laptop" });
console.log(`found ${page.items.length} products, first ${page.items[0].name}`);

// An order.
const order = await call("place_order", 1, [{ product_id: 1, quantity: 2 }, { product_id: 2, quantity: 3 }]);
console.log(`order ${order.id}: ${order.lines.length} lines, ${(order.total.amount / 100).toFixed(2)} ${order.total.currency}`);

// An error: a fault, which has a number and a text. The text begins with the shop's reason.
try {
  await call("place_order", 1, [{ product_id: 10, quantity: 1 }]);
} catch (error) {
  if (!error.faultString) throw error;
  const [reason, message] = error.faultString.split(/: (.*)/s);
  console.log(`refused: ${reason}: ${message}`);
}

// The events after a cursor. XML-RPC can't push: the client asks, and the answer waits until there is news.
async function* follow(after) {
  for (;;) {
    const page = await call("list_events", { after, limit: 100, wait_seconds: 20 });
    yield* page.items;
    after = page.next;
  }
}

// Events, from the beginning of the log.
for await (const event of follow(0)) {
  if (event.order_id === order.id) {
    console.log(`event ${event.seq}: order ${event.order_id} is ${event.status}`);
    break;
  }
}
