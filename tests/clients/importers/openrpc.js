// Are the examples of the OpenRPC document what OpenRPC's own validator takes for calls, and answered when its own client sends them?

import assert from "node:assert/strict";
import { Client, HTTPTransport, RequestManager } from "@open-rpc/client-js";
import openrpc from "@open-rpc/schema-utils-js";
import { address, check } from "./check.js";

const shop = `${address}/sandboxes/importers-openrpc`;

// Each example is answered by a new shop; those about a webhook, once one was made and tested.
async function renew(method) {
  const post = (path, body = {}) =>
    fetch(shop + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  await post("/reset");
  if (!/webhook|deliveries/.test(method) || method === "create_webhook") return;
  await post("/rest/webhooks", { url: "https://example.com/news" });
  await post("/rest/webhooks/1/test");
}

// The types of a value's members. Times, tokens and secrets differ each time. A delivery has a `problem` once its first attempt has
// failed, which may be before or after the example is sent.
function members(value) {
  if (Array.isArray(value)) return value.map(members);
  if (value === null || typeof value !== "object") return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "problem")
      .map(([name, value]) => [name, members(value)]),
  );
}

await check("openrpc/client-js: every example is a call, and is answered", async () => {
  const document = await openrpc.parseOpenRPCDocument(`${shop}/jsonrpc/openrpc.json`);
  const validator = new openrpc.MethodCallValidator(document);
  const client = new Client(new RequestManager([new HTTPTransport(document.servers[0].url)]));
  // Those with servers of their own are for a WebSocket.
  const methods = document.methods.filter((method) => !method.servers);
  let sent = 0;
  for (const { name: method, examples } of methods) {
    for (const { name, params, result } of examples) {
      const given = Object.fromEntries(params.map(({ name, value }) => [name, value]));
      assert.deepEqual(validator.validate(method, given), [], `${method}, ${name}`);
      await renew(method);
      sent += 1;
      assert.deepEqual(members(await client.request({ method, params: given })), members(result.value), `${method}, ${name}`);
    }
  }
  console.log(`openrpc/client-js: ${methods.length} methods, ${sent} examples sent, ${sent} answered as they say`);
});
