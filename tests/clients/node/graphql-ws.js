// GraphQL's subscription, by `graphql-ws`, whose protocol it is.

import assert from "node:assert/strict";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { address, check } from "./check.js";

const ask = async (query, variables) => {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ query, variables });
  const { data, errors } = await (await fetch(`${address}/graphql`, { method: "POST", headers, body })).json();
  assert.equal(errors, undefined);
  return data;
};

await check("node/graphql-ws: an order event arrives", async () => {
  const client = createClient({ url: `${address.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket });
  const events = client.iterate({ query: "subscription { orderEvents { orderId status } }" });
  const first = events.next();
  // A question on the same socket: when it is answered, the subscription before it has begun.
  for await (const answer of client.iterate({ query: "{ user(id: 1) { id } }" })) assert.equal(answer.data.user.id, "1");
  const input = { userId: "1", lines: [{ productId: "1", quantity: 1 }] };
  const place = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }";
  const { order } = (await ask(place, { input })).placeOrder;
  assert.deepEqual({ ...(await first).value.data.orderEvents }, { orderId: order.id, status: "PLACED" });
  await events.return();
  await client.dispose();
});

await check("node/graphql-ws: an order is placed", async () => {
  const client = createClient({ url: `${address.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket });
  const variables = { input: { userId: "1", lines: [{ productId: "1", quantity: 1 }] } };
  const query = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { status } } }";
  const { data } = (await client.iterate({ query, variables }).next()).value;
  assert.equal(data.placeOrder.order.status, "PLACED");
  await client.dispose();
});

await check("node/graphql-ws: a document that is wrong is an error of its own", async () => {
  const client = createClient({ url: `${address.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket });
  const errors = await client.iterate({ query: "subscription { nothing }" }).next().then(() => null, (errors) => errors);
  assert.equal(errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  await client.dispose();
});
