// GraphQL over server-sent events, by `graphql-sse`, whose protocol it is, with a connection for each operation.

import assert from "node:assert/strict";
import { createClient } from "graphql-sse";
import { address, check } from "./check.js";

const url = `${address}/graphql/stream`;
const place = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }";
const variables = { input: { userId: "1", lines: [{ productId: "1", quantity: 1 }] } };

const client = createClient({ url, retryAttempts: 0 });
const ask = async (request) => (await client.iterate(request).next()).value;

await check("node/graphql-sse: a query is answered", async () => {
  const { data, extensions } = await ask({ query: "{ user(id: 1) { name } }" });
  assert.deepEqual(data, { user: { name: "Ada Lovelace" } });
  assert.equal(extensions.lookups, 1);
});

await check("node/graphql-sse: orders are placed, and their events arrive", async () => {
  const { seq } = (await ask({ query: "{ events(after: 0, first: 1) { nodes { seq } } }" })).data.events.nodes[0];
  const query = "subscription ($after: Int) { orderEvents(after: $after) { seq orderId status } }";
  const events = client.iterate({ query, variables: { after: seq } });
  // What had happened before comes at once, so the subscription has begun.
  const { value } = await events.next();
  assert.equal(value.data.orderEvents.seq, seq + 1);
  const { order } = (await ask({ query: place, variables })).data.placeOrder;
  for await (const { data } of events) {
    if (data.orderEvents.orderId === order.id) {
      assert.equal(data.orderEvents.status, "PLACED");
      break;
    }
  }
});

await check("node/graphql-sse: errors of a document are shown", async () => {
  const { errors, data } = await ask({ query: "{ nothing }" });
  assert.deepEqual([errors[0].extensions.code, data], ["GRAPHQL_VALIDATION_FAILED", undefined]);
});

client.dispose();
