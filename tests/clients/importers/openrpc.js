// Does OpenRPC's own tool of coverage get the answers that the document has as examples? It sends parameters by position, in which a
// gap can't be said, wherever a method takes either; so it is shown the methods as ones that take them by name.

import assert from "node:assert/strict";
import coverage from "@open-rpc/test-coverage/build/coverage.js";
import examples from "@open-rpc/test-coverage/build/rules/examples-rule.js";
import transport from "@open-rpc/test-coverage/build/transports/HTTPTransport.js";
import empty from "@open-rpc/test-coverage/build/reporters/emptyReporter.js";
import utils from "@open-rpc/schema-utils-js";
import { address, check } from "./told.js";

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

await check("openrpc/test-coverage: every example is answered", async () => {
  const document = await utils.parseOpenRPCDocument(`${shop}/jsonrpc/openrpc.json`);
  document.methods.forEach((method) => (method.paramStructure = "by-name"));
  // Those over a WebSocket alone: it speaks HTTP.
  const skip = document.methods.filter((method) => method.servers).map((method) => method.name);
  const rule = new examples.default({ skip });
  rule.beforeRequest = (_, call) => renew(call.methodName);
  const calls = await coverage.default({
    openrpcDocument: document, transport: transport.default, reporters: [new empty.default()], rules: [rule], skip,
  });
  const answered = calls.filter((call) => call.result !== undefined);
  const valid = calls.filter((call) => call.valid);
  console.log(
    `openrpc/test-coverage: ${calls.length} calls of ${document.methods.length - skip.length} methods sent, ` +
      `${answered.length} answered with a result, ${valid.length} as the example or its schema says`,
  );
  const wrong = calls.filter((call) => !call.valid);
  assert.deepEqual(wrong.map(({ methodName, reason, requestError }) => [methodName, String(reason ?? requestError).slice(0, 500)]), []);
});
