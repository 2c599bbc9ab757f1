// JSON-RPC 2.0, by `jayson`: one client for calls, notifications and batches.

import assert from "node:assert/strict";
import jayson from "jayson/promise/index.js";
import { address, check } from "./check.js";

const { hostname, port, pathname } = new URL(`${address}/jsonrpc`);
const client = jayson.Client.http({ hostname, port, path: pathname });
const call = async (method, params) => (await client.request(method, params)).result;

await check("node/jayson: calls by name and by position", async () => {
  const user = await call("get_user", { id: 1 });
  assert.deepEqual([user.id, user.name, user.email], [1, "Ada Lovelace", "ada@example.com"]);
  assert.deepEqual(await call("get_user", [1]), user);
});

await check("node/jayson: orders two lines, and the stock falls", async () => {
  const stock = async () => (await call("get_product", [1])).stock;
  const before = await stock();
  const lines = [{ product_id: 1, quantity: 2 }, { product_id: 2, quantity: 3 }];
  const order = await call("place_order", { user_id: 1, lines });
  assert.deepEqual(order.lines.map((line) => line.quantity), [2, 3]);
  assert.equal(await stock(), before - 2);
});

await check("node/jayson: notifies: it is done, and not answered", async () => {
  assert.equal(await client.request("create_user", ["Notified", "notified@example.com"], null), undefined);
  await assert.rejects(async () => {
    const { error } = await client.request("create_user", ["Again", "notified@example.com"]);
    throw error;
  }, { code: -32009 });
});

await check("node/jayson: makes several calls at once, and one of them fails", async () => {
  const batch = [
    client.request("get_user", [1], "a", false),
    client.request("get_user", [2], null, false),
    client.request("get_user", [999999], "c", false),
  ];
  const answers = await client.request(batch);
  const byId = Object.fromEntries(answers.map((answer) => [answer.id, answer]));
  assert.deepEqual(Object.keys(byId), ["a", "c"]);
  assert.equal(byId.a.result.id, 1);
  assert.equal(byId.c.error.code, -32004);
});

await check("node/jayson: hears an error with its data", async () => {
  const { error } = await client.request("get_user", [999999]);
  assert.deepEqual([error.code, error.message], [-32004, "there is no user 999999; list_users lists those that exist"]);
  assert.deepEqual([error.data.reason, error.data.kind], ["user_not_found", "not_found"]);
  const invalid = await client.request("get_user", { id: "x" });
  assert.deepEqual([invalid.error.code, invalid.error.data.errors[0].pointer], [-32602, "/id"]);
});
