// GraphQL with `graphql-request`, and `graphql-ws` for the subscription: the client writes what it wants to know.
//
// Usage: node graphql.js [ADDRESS]

import { ClientError, GraphQLClient } from "graphql-request";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const address = process.argv[2] ?? "http://127.0.0.1:8080";
const shop = new GraphQLClient(`${address}/graphql`);

// A user, and of the user these fields.
const { user } = await shop.request("{ user(id: 1) { id name email } }");
console.log(`user ${user.id}: ${user.name} <${user.email}>`);

// A search. What a program fills in is a variable, never a part of the text.
const search = "query ($text: String) { products(query: $text) { nodes { name } } }";
const { products } = await shop.request(search, { text: "laptop" });
console.log(`found ${products.nodes.length} products, first ${products.nodes[0].name}`);

// An order.
const place = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { id lines { quantity } total { amount currency } } }
}`;
const lines = [{ productId: 1, quantity: 2 }, { productId: 2, quantity: 3 }];
const { placeOrder: { order } } = await shop.request(place, { input: { userId: 1, lines } });
console.log(`order ${order.id}: ${order.lines.length} lines, ${(order.total.amount / 100).toFixed(2)} ${order.total.currency}`);

// An error: `errors` in the answer, whose HTTP status is 200, with the shop's reason in `extensions`.
try {
  await shop.request(place, { input: { userId: 1, lines: [{ productId: 10, quantity: 1 }] } });
} catch (error) {
  if (!(error instanceof ClientError)) throw error;
  const [{ message, extensions }] = error.response.errors;
  console.log(`refused: ${extensions.reason}: ${message}`);
}

// Events: a subscription, over a WebSocket. It starts at the beginning of the log; without `after` with new ones.
const socket = createClient({ url: `${address.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket });
for await (const { data } of socket.iterate({ query: "subscription { orderEvents(after: 0) { seq orderId status } }" })) {
  const event = data.orderEvents;
  if (event.orderId === order.id) {
    console.log(`event ${event.seq}: order ${event.orderId} is ${event.status.toLowerCase()}`);
    break;
  }
}
