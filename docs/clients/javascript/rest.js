// REST with fetch: an address for each thing, HTTP's methods and status codes, JSON.
//
// Usage: node rest.js [ADDRESS]

const address = process.argv[2] ?? "http://127.0.0.1:8080";
const shop = `${address}/rest`;

// fetch does not throw if it is refused: the status is 4xx or 5xx, and the body a problem document (RFC 9457).
async function call(path, options) {
  const response = await fetch(shop + path, options);
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.detail), answer);
  return answer;
}

// A user, by the address.
const user = await call("/users/1");
console.log(`user ${user.id}: ${user.name} <${user.email}>`);

// A search. This is a page of up to 20 products; the next one is at `?after=` and the page's `next`.
const page = await call(`/products?${new URLSearchParams({ query: "laptop" })}`);
console.log(`found ${page.items.length} products, first ${page.items[0].name}`);

// An order. With a key, a request that is repeated because its answer was lost does not order twice.
const place = (lines) =>
  call("/orders", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
    body: JSON.stringify({ user_id: 1, lines }),
  });
const order = await place([{ product_id: 1, quantity: 2 }, { product_id: 2, quantity: 3 }]);
console.log(`order ${order.id}: ${order.lines.length} lines, ${(order.total.amount / 100).toFixed(2)} ${order.total.currency}`);

// An error.
await place([{ product_id: 10, quantity: 1 }]).catch((problem) => {
  console.log(`refused: ${problem.reason}: ${problem.detail}`);
});

// Events, as the server sends them. `Last-Event-ID` is the cursor: 0 is the beginning of the log. A browser has `EventSource`
// for this, which resumes by itself.
const stream = await fetch(`${shop}/events`, { headers: { Accept: "text/event-stream", "Last-Event-ID": "0" } });
let text = "";
reading: for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
  const blocks = (text + chunk).split("\n\n");
  text = blocks.pop(); // The last one is not complete yet.
  for (const block of blocks) {
    const data = block.split("\n").find((line) => line.startsWith("data: "));
    const event = data && JSON.parse(data.slice("data: ".length));
    if (event?.order_id === order.id) {
      console.log(`event ${event.seq}: order ${event.order_id} is ${event.status}`);
      break reading;
    }
  }
}
