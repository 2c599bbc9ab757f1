// GraphQL by `urql`: a query, a mutation, a subscription over a WebSocket and over an event stream, and documents that are
// known by their hashes.

import assert from "node:assert/strict";
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { createClient as overSocket } from "graphql-ws";
import { createClient as overEvents } from "graphql-sse";
import WebSocket from "ws";
import { address, check } from "./check.js";

const url = `${address}/graphql`;
const ORDERS = "query ($first: Int) { orders(first: $first) { nodes { id user { name } lines { product { name } } } } }";
const EVENTS = "subscription ($after: Int) { orderEvents(after: $after) { seq kind } }";
const PLACE = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id status } } }";

const sent = [];
const counted = async (input, init) => {
  const response = await fetch(input, init);
  sent.push([init.method ?? "GET", init.body ?? "", String(input)]);
  return response;
};

const client = (...exchanges) =>
  new Client({ url, fetch: counted, preferGetMethod: false, exchanges: [...exchanges, fetchExchange] });

await check("node/graphql-urql: a query of a graph takes three look-ups", async () => {
  const { data, error, extensions } = await client().query(ORDERS, { first: 10 }).toPromise();
  assert.equal(error, undefined);
  assert.ok(data.orders.nodes.length === 10 && data.orders.nodes[0].lines[0].product.name);
  assert.equal(extensions.lookups, 3);
});

await check("node/graphql-urql: a mutation, and one that is refused", async () => {
  const order = (productId) => ({ input: { userId: "1", lines: [{ productId, quantity: 1 }] } });
  const { data } = await client().mutation(PLACE, order("1")).toPromise();
  assert.equal(data.placeOrder.order.status, "PLACED");
  const { error } = await client().mutation(PLACE, order("999999")).toPromise();
  assert.equal(error.graphQLErrors[0].extensions.reason, "product_not_found");
});

const socket = overSocket({ url: url.replace("http", "ws"), webSocketImpl: WebSocket });
const events = overEvents({ url: `${url}/stream` });
for (const [way, transport] of [["a WebSocket", socket], ["an event stream", events]]) {
  await check(`node/graphql-urql: a subscription over ${way}`, async () => {
    const forwardSubscription = ({ query, variables }) => ({
      subscribe: (sink) => ({ unsubscribe: transport.subscribe({ query, variables }, sink) }),
    });
    const subscription = client(subscriptionExchange({ forwardSubscription })).subscription(EVENTS, { after: 0 });
    const first = await new Promise((done) => {
      const { unsubscribe } = subscription.subscribe((result) => queueMicrotask(() => (unsubscribe(), done(result))));
    });
    assert.equal(first.error, undefined);
    assert.deepEqual([first.data.orderEvents.seq, first.data.orderEvents.kind], [1, "ORDER_PLACED"]);
  });
  await transport.dispose();
}

await check("node/graphql-urql: a persisted document is sent once, and then its name alone", async () => {
  const persisted = client(persistedExchange({ preferGetForPersistedQueries: true }));
  // A name of its own, so that no earlier run has made it known.
  const query = `query Q${Date.now()} { me { proof } }`;
  sent.length = 0;
  for (const _ of [1, 2]) {
    const { data, error } = await persisted.query(query, {}, { requestPolicy: "network-only" }).toPromise();
    assert.deepEqual([error, data.me.proof], [undefined, "NONE"]);
  }
  const withText = sent.map(([, body, address]) => body.includes("proof") || address.includes("proof"));
  assert.deepEqual(withText, [false, true, false], JSON.stringify(sent));
});
