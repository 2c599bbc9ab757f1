// XML-RPC, by node's `xmlrpc`: a struct is an object, a fault is an error with `faultCode` and `faultString`.

import assert from "node:assert/strict";
import { promisify } from "node:util";
import xmlrpc from "xmlrpc";
import { address, check } from "./check.js";

const client = xmlrpc.createClient({ url: `${address}/xmlrpc` });
const methodCall = promisify(client.methodCall.bind(client));
const call = (method, ...params) => methodCall(method, params);

await check("node/xmlrpc: gets user 1, by position and by name", async () => {
  const user = await call("get_user", 1);
  assert.deepEqual([user.id, user.name, user.email], [1, "Ada Lovelace", "ada@example.com"]);
  assert.ok(user.created_at instanceof Date);
  assert.deepEqual(await call("get_user", { id: 1 }), user);
});

await check("node/xmlrpc: creates a user whose name is not ASCII", async () => {
  const name = "Žofia <&> 東京";
  assert.equal((await call("create_user", { name, email: "node@example.com" })).name, name);
});

await check('node/xmlrpc: finds a "laptop"', async () => {
  const { items } = await call("search_products", { query: "laptop" });
  assert.match(items[0].name, /laptop/i);
});

await check("node/xmlrpc: orders two lines, and the stock falls", async () => {
  const stock = async () => (await call("get_product", 1)).stock;
  const before = await stock();
  const lines = [{ product_id: 1, quantity: 2 }, { product_id: 2, quantity: 3 }];
  const order = await call("place_order", 1, lines);
  assert.deepEqual(order.lines.map((line) => line.quantity), [2, 3]);
  assert.equal(await stock(), before - 2);
});

await check("node/xmlrpc: hears a fault", async () => {
  const faultString = "user_not_found: there is no user 999999; list_users lists those that exist";
  await assert.rejects(call("get_user", 999999), { faultCode: -32004, faultString });
});

await check("node/xmlrpc: asks for the methods", async () => {
  const names = await call("system.listMethods");
  assert.ok(names.includes("place_order") && names.includes("system.multicall"), names.join());
  assert.equal((await call("system.methodSignature", "get_user"))[0][0], "struct");
});

await check("node/xmlrpc: makes several calls at once, and one of them fails", async () => {
  const get = (id) => ({ methodName: "get_user", params: [id] });
  const [[ada], fault, [third]] = await call("system.multicall", [get(1), get(999999), get(3)]);
  assert.deepEqual([ada.id, fault.faultCode, third.id], [1, -32004, 3]);
});
