// SOAP, by node's `soap`: methods made from the WSDL, over both ports. It leaves numbers of a restricted type as text.

import assert from "node:assert/strict";
import soap from "soap";
import { address, check } from "./check.js";

for (const port of ["ShopSoap11Port", "ShopSoap12Port"]) {
  const options = { forceSoap12Headers: port === "ShopSoap12Port" };
  const client = await soap.createClientAsync(`${address}/soap?wsdl`, options);
  const shop = client.ShopService[port];
  const call = (name, input) =>
    new Promise((done, fail) => shop[name](input, (error, reply) => (error ? fail(error) : done(reply))));

  await check(`node/soap ${port}: gets user 1`, async () => {
    const { user } = await call("GetUser", { id: 1 });
    assert.deepEqual([Number(user.id), user.name], [1, "Ada Lovelace"]);
  });

  await check(`node/soap ${port}: orders two lines, and the stock falls`, async () => {
    const stock = async () => Number((await call("GetProduct", { id: 1 })).product.stock);
    const before = await stock();
    const line = [{ productId: 1, quantity: 2 }, { productId: 2, quantity: 3 }];
    const { order } = await call("PlaceOrder", { userId: 1, lines: { line } });
    assert.equal(order.lines.line.length, 2);
    assert.equal(await stock(), before - 2);
  });

  await check(`node/soap ${port}: hears a fault with the shop's words`, async () => {
    const refused = await call("GetUser", { id: 999999 }).then(() => null, (error) => error);
    const { detail, Detail } = refused.root.Envelope.Body.Fault;
    assert.equal((detail ?? Detail).ShopFault.reason, "user_not_found");
  });
}
