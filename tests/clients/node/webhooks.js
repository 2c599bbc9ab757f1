// Webhooks made over GraphQL, verified by the specification's own library for Node.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { address, check } from "./check.js";

const server = createServer(async (request, response) => {
  const delivery = { body: await text(request), headers: request.headers };
  response.end();
  server.emit("delivery", delivery);
});
await once(server.listen(0, "127.0.0.1"), "listening");

const ask = async (query, variables) => {
  const body = JSON.stringify({ query, variables });
  const answer = await fetch(`${address}/graphql`, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined);
  return data;
};

// Does something, and returns the delivery that follows.
const deliveryOf = async (done) => {
  const delivery = once(server, "delivery", { signal: AbortSignal.timeout(30_000) });
  const answer = await done();
  return { answer, ...(await delivery)[0] };
};

const url = `http://127.0.0.1:${server.address().port}/`;
const create = "mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id secret } } }";
const { createWebhook: { webhook: { id, secret } } } = await ask(create, { input: { url } });

await check("node/webhooks: an order is delivered, and verifies", async () => {
  const place = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }";
  const input = { userId: 1, lines: [{ productId: 1, quantity: 1 }] };
  const { answer, body, headers } = await deliveryOf(() => ask(place, { input }));
  const event = new Webhook(secret).verify(body, headers);
  assert.deepEqual([event.type, String(event.data.order_id)], ["order.placed", answer.placeOrder.order.id]);
  assert.throws(() => new Webhook(secret).verify(`${body} `, headers), WebhookVerificationError);
});

await check("node/webhooks: a test verifies by both secrets after a rotation", async () => {
  const rotate = "mutation ($input: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $input) { webhook { secret } } }";
  const { rotateWebhookSecret: { webhook } } = await ask(rotate, { input: { id } });
  const test = "mutation ($input: TestWebhookInput!) { testWebhook(input: $input) { delivery { id status } } }";
  const { answer, body, headers } = await deliveryOf(() => ask(test, { input: { id } }));
  assert.equal(answer.testWebhook.delivery.status, "PENDING");
  for (const good of [secret, webhook.secret]) {
    assert.equal(new Webhook(good).verify(body, headers).type, "webhook.test");
  }
});

server.close();
server.closeAllConnections();
