// JSON-RPC 2.0, by `json-rpc-2.0`: it knows the messages, and is given what carries them: here `fetch`.

import assert from "node:assert/strict";
import { createJSONRPCNotification, createJSONRPCRequest, JSONRPCClient } from "json-rpc-2.0";
import { address, check } from "./check.js";

// The status of the last message's answer, once it is there.
let status;

async function carry(message) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${address}/jsonrpc`, { method: "POST", headers, body: JSON.stringify(message) });
  // A notification is answered by nothing, so there is nothing to receive.
  if (response.status !== 204) client.receive(await response.json());
  return response.status;
}
const client = new JSONRPCClient((message) => (status = carry(message)));

await check("node/json-rpc-2.0: calls by name and by position", async () => {
  const user = await client.request("get_user", { id: 1 });
  assert.deepEqual([user.id, user.name, user.email], [1, "Ada Lovelace", "ada@example.com"]);
  assert.deepEqual(await client.request("get_user", [1]), user);
});

await check("node/json-rpc-2.0: orders two lines, and the stock falls", async () => {
  const stock = async () => (await client.request("get_product", [1])).stock;
  const before = await stock();
  const lines = [{ product_id: 1, quantity: 2 }, { product_id: 2, quantity: 3 }];
  const order = await client.request("place_order", { user_id: 1, lines });
  assert.deepEqual(order.lines.map((line) => line.quantity), [2, 3]);
  assert.equal(await stock(), before - 2);
});

await check("node/json-rpc-2.0: notifies: it is done, and not answered", async () => {
  client.notify("create_user", ["Notified", "notified@example.com"]);
  assert.equal(await status, 204);
  await assert.rejects(client.request("create_user", ["Again", "notified@example.com"]), { code: -32009 });
});

await check("node/json-rpc-2.0: makes several calls at once, and one of them fails", async () => {
  const answers = await client.requestAdvanced([
    createJSONRPCRequest("a", "get_user", [1]),
    createJSONRPCNotification("get_user", [2]),
    createJSONRPCRequest("c", "get_user", [999999]),
  ]);
  assert.deepEqual(answers.map((answer) => answer.id), ["a", "c"]);
  assert.deepEqual([answers[0].result.id, answers[1].error.code], [1, -32004]);
});

await check("node/json-rpc-2.0: hears an error with its data", async () => {
  await assert.rejects(client.request("get_user", [999999]), (error) => {
    assert.deepEqual([error.code, error.message], [-32004, "there is no user 999999; list_users lists those that exist"]);
    assert.deepEqual([error.data.reason, error.data.kind], ["user_not_found", "not_found"]);
    return true;
  });
  await assert.rejects(client.request("get_user", { id: "x" }), (error) => {
    assert.deepEqual([error.code, error.data.errors[0].pointer], [-32602, "/id"]);
    return true;
  });
});
