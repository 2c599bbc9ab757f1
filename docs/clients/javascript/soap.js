// SOAP with `soap`, which reads the WSDL and makes a function of each operation.
//
// Usage: node soap.js [ADDRESS]

import soap from "soap";

const address = process.argv[2] ?? "http://127.0.0.1:8080";
const shop = await soap.createClientAsync(`${address}/soap?wsdl`);

// A user. `...Async` returns a promise of a list: the answer as an object, then the XML that it was.
const [{ user }] = await shop.GetUserAsync({ id: 1 });
console.log(`user ${user.id}: ${user.name} <${user.email}>`);

// A search. This is a page of up to 20 products; the next one is at `after: products.next`.
const [{ products }] = await shop.SearchProductsAsync({ query: "laptop" });
console.log(`found ${products.item.length} products, first ${products.item[0].name}`);

// An order. A list is an element of its own in XML: `lines` holds each `line`.
const lines = { line: [{ productId: 1, quantity: 2 }, { productId: 2, quantity: 3 }] };
const [{ order }] = await shop.PlaceOrderAsync({ userId: 1, lines });
const { amount, currency } = order.total;
console.log(`order ${order.id}: ${order.lines.line.length} lines, ${(amount / 100).toFixed(2)} ${currency}`);

// An error: a fault, whose detail is the shop's.
try {
  await shop.PlaceOrderAsync({ userId: 1, lines: { line: [{ productId: 10, quantity: 1 }] } });
} catch (error) {
  const problem = error.root.Envelope.Body.Fault.detail.ShopFault;
  console.log(`refused: ${problem.reason}: ${problem.message}`);
}

// The events after a cursor. SOAP can't push: the client asks, and the answer waits until there is news.
async function* follow(after) {
  for (;;) {
    const [{ events }] = await shop.ListEventsAsync({ after, limit: 100, waitSeconds: 20 });
    yield* events.item ?? []; // A page without events has no `item`.
    after = events.next;
  }
}

// Events, from the beginning of the log.
for await (const event of follow(0)) {
  if (event.orderId === order.id) {
    console.log(`event ${event.seq}: order ${event.orderId} is ${event.status}`);
    break;
  }
}
