// Credentials in a locked sandbox, by node's `soap` with WS-Security and by `graphql-ws`.

import assert from "node:assert/strict";
import { createClient } from "graphql-ws";
import soap from "soap";
import WebSocket from "ws";
import { address, check } from "./check.js";

const [email, password] = ["ada@example.com", "parlance"];
// The key of the made-up user 1 is no secret: `GET /` lists it.
const key = "parlance_u0000001_oyfDM8Je_4usrAKEEkXSLu_cFKS0RqPBzBXpyhXMqck";

const body = JSON.stringify({ access: "locked" });
const set = await fetch(address, { method: "PATCH", headers: { "content-type": "application/json" }, body });

await check("node/access: an anonymous caller may lock an open sandbox, but not unlock it", async () => {
  assert.deepEqual([set.status, (await set.json()).access], [200, "locked"]);
  const unlock = (headers) => fetch(address, { method: "PATCH", headers, body: JSON.stringify({ access: "open" }) });
  assert.deepEqual([(await unlock({})).status, (await unlock({ "x-api-key": key })).status], [401, 403]);
});

for (const port of ["ShopSoap11Port", "ShopSoap12Port"]) {
  const options = { forceSoap12Headers: port === "ShopSoap12Port" };
  const call = async (name, input, security, once) => {
    const client = await soap.createClientAsync(`${address}/soap?wsdl`, options);
    if (security) client.setSecurity(security);
    if (once) client.addSoapHeader({ IdempotencyKey: once }, "", "", "urn:parlance:shop:v1");
    const reply = await new Promise((done, fail) =>
      client.ShopService[port][name](input, (error, reply) => (error ? fail(error) : done(reply))));
    return { ...reply, headers: client.lastResponseHeaders };
  };
  const reason = (error) => {
    const { detail, Detail } = error.root.Envelope.Body.Fault;
    return (detail ?? Detail).ShopFault.reason;
  };
  const ada = (options) => new soap.WSSecurity(email, password, { hasTimeStamp: true, hasNonce: true, ...options });

  await check(`node/access soap ${port}: is refused without credentials`, async () => {
    assert.equal(await call("GetUser", { id: 1 }).then(() => null, reason), "credentials_missing");
  });

  await check(`node/access soap ${port}: is served with a UsernameToken, a nonce and a timestamp`, async () => {
    const security = ada({ hasTokenCreated: true, mustUnderstand: true });
    const { caller } = await call("WhoAmI", {}, security);
    assert.deepEqual([Number(caller.userId), caller.role, caller.proof], [1, "customer", "password"]);
    assert.equal((await call("GetUser", { id: 1 }, security)).user.email, email);
    assert.equal(await call("GetUser", { id: 4 }, security).then(() => null, reason), "not_allowed");
  });

  await check(`node/access soap ${port}: is refused with a wrong password, and with a digest`, async () => {
    for (const security of [new soap.WSSecurity(email, "wrong"), ada({ passwordType: "PasswordDigest" })]) {
      assert.equal(await call("GetProduct", { id: 1 }, security).then(() => null, reason), "credentials_wrong");
    }
  });

  await check(`node/access soap ${port}: clicks twice for one order`, async () => {
    const input = { userId: 1, lines: { line: [{ productId: 1, quantity: 1 }] } };
    const click = () => call("PlaceOrder", input, ada(), port);
    const [first, second] = [await click(), await click()];
    assert.equal(second.order.id, first.order.id);
    assert.deepEqual([first, second].map(({ headers }) => headers["idempotency-replayed"]), [undefined, "true"]);
  });
}

const graphql = async (connectionParams, query) => {
  const url = `${address.replace("http", "ws")}/graphql`;
  const client = createClient({ url, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
  try {
    return (await client.iterate({ query }).next()).value;
  } finally {
    await client.dispose();
  }
};
const me = "{ me { userId role proof } }";

await check("node/access graphql-ws: is refused without credentials", async () => {
  for (const query of ["{ user(id: 1) { name } }", "subscription { orderEvents { orderId } }"]) {
    // What is refused before it begins is an error of the protocol, with which graphql-ws rejects.
    const errors = await graphql(undefined, query).then((answer) => answer.errors, (errors) => errors);
    assert.deepEqual(errors.map((error) => error.extensions.reason), ["credentials_missing"]);
  }
});

await check("node/access graphql-ws: is served with connectionParams", async () => {
  const { data } = await graphql({ apiKey: key }, me);
  assert.deepEqual({ ...data.me }, { userId: "1", role: "CUSTOMER", proof: "API_KEY" });
  const basic = `Basic ${Buffer.from(`${email}:${password}`).toString("base64")}`;
  assert.equal((await graphql(() => ({ Authorization: basic }), me)).data.me.proof, "PASSWORD");
  assert.equal((await graphql({ apiKey: key }, "{ user(id: 1) { email } }")).data.user.email, email);
});

await check("node/access graphql-ws: is closed with 4403 for wrong connectionParams", async () => {
  const closed = await graphql({ apiKey: "wrong" }, me).then(() => null, (closed) => closed);
  assert.equal(closed.code, 4403);
});
