// A user's tasks in the other views: translate a request, watch traffic and events, lock a sandbox, read contracts, send messages.

import assert from "node:assert/strict";
import { address } from "./check.js";
import { done, picture, visit } from "./browser.js";
import { answered, column, columns, focused, notice, post } from "./lab-page.js";

/** Watches the traffic without the page; `recorded` resolves after an exchange of that style. */
async function watchTraffic(style) {
  const { body } = await fetch(`${address}/lab/wire`);
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  const recorded = (async () => {
    let text = "";
    while (!text.includes(`"style":"${style}"`)) text += (await reader.read()).value;
    await reader.cancel();
  })();
  return { recorded };
}

await visit("lab: a curl command is translated to SOAP", "/#/translate", async (page) => {
  await page.getByLabel("Paste a request in any style").fill(`curl -s ${address}/rest/products?query=laptop&limit=5`);
  await page.getByRole("button", { name: "Translate" }).click();
  await page.getByText("This is “search products” in REST.").waitFor();
  const soap = await column(page, "SOAP 1.1 and 1.2");
  assert.match(await soap.innerText(), /<SearchProducts xmlns="urn:parlance:shop:v1"><query>laptop<\/query>/);
  await page.getByLabel("Paste a request in any style").fill("good morning");
  await page.getByText("The text has changed").waitFor();
  assert.equal(await page.getByText("This is “search products”").count(), 0, "what is shown belongs to another text");
  await page.getByRole("button", { name: "Translate" }).click();
  await page.getByRole("alert").waitFor();
});

await visit("lab: every call of a batch is translated to every style", "/#/translate", async (page) => {
  await page.getByRole("button", { name: "JSON-RPC batch" }).click();
  await page.getByText("This is a batch of 2 calls in JSON-RPC 2.0.").waitFor();
  assert.deepEqual(await page.locator("section h2").allInnerTexts(), ["1. get user", "2. get cart"]);
  assert.match(await page.getByLabel("1. SOAP 1.1 and 1.2: the request").innerText(), /<GetUser /);
  assert.match(await page.getByLabel("2. SOAP 1.1 and 1.2: the request").innerText(), /<GetCart /);
  assert.equal(await page.locator(".side-by-side .choice button").count(), 14);
});

await visit("lab: live traffic from any client, with every byte", "/#/traffic", async (page) => {
  await page.getByText("Recording.").waitFor();
  await post("/jsonrpc", { jsonrpc: "2.0", id: 1, method: "get_user", params: { id: 1 } });
  const line = page.locator(".traffic tbody tr", { hasText: "JSON-RPC" }).first();
  await line.getByRole("button", { name: "get user" }).click();
  await page.getByText("One exchange").waitFor();
  await page.getByLabel(/received: body/).waitFor();
  assert.match(await columns(page).innerText(), /"method": "get_user"/);
  await focused(page, "One exchange");
  await page.getByRole("button", { name: "Close" }).click();
  await focused(page, "get user");
  await page.getByRole("button", { name: "Pause" }).click();
  // Once another client has the exchange, the page has it too.
  const { recorded } = await watchTraffic("xmlrpc");
  await post("/xmlrpc", {});
  await recorded;
  assert.equal(await page.locator(".traffic tbody tr", { hasText: "XML-RPC" }).count(), 0);
  await picture(page, "lab-traffic");
});

await visit("lab: the traffic survives a reload, with its filter and the open exchange; a misspelled path is shown", "/#/traffic", async (page) => {
  await page.getByText("Recording.").waitFor();
  await post("/jsonrpc", { jsonrpc: "2.0", id: 1, method: "get_product", params: { id: 1 } });
  await post("/restful/users", {});
  await page.locator(".traffic tbody tr", { hasText: "POST /sandboxes/" }).getByText("/restful/users").waitFor();
  await page.getByLabel("Filter").fill("get product");
  const line = page.locator(".traffic tbody tr");
  await line.getByRole("button", { name: "get product" }).click();
  await page.getByLabel(/sent: body/).waitFor();
  const cells = await line.locator("td.right").allInnerTexts();
  assert.match(await page.getByLabel(/sent: body/).innerText(), /"method": "get_product"/);
  await page.reload();
  await page.getByLabel(/sent: body/).waitFor();
  assert.deepEqual(await line.locator("td.right").allInnerTexts(), cells);
  assert.equal(await page.getByLabel("Filter").inputValue(), "get product");
});

await visit("lab: every channel receives the events of an order placed over SOAP", "/#/events", async (page) => {
  await page.waitForFunction(() => document.querySelectorAll('[data-state="open"]').length === 9);
  for (const action of ["Place an order", "Pay the order", "Ship the order", "Deliver the order"])
    await page.getByRole("button", { name: action }).click();
  // Eight channels, four events.
  await page.waitForFunction(() => document.querySelectorAll(".channels .segment").length === 32);
  await page.getByText(/is delivered\. The SOAP call took/).waitFor();
  await page.getByText("Show the newest message of each channel").click();
  assert.match(await (await column(page, "WebSocket")).innerText(), /"order\.delivered"/);
  assert.match(await (await column(page, "REST, pushed", "REST, pushed")).innerText(), /"order\.delivered"/);
  await picture(page, "lab-events");
});

for (const style of ["REST", "JSON-RPC", "XML-RPC", "WebSocket", "GraphQL"]) {
  await visit(`lab: an order is placed over ${style}`, "/#/events", async (page) => {
    await page.waitForFunction(() => document.querySelectorAll('[data-state="open"]').length === 9);
    await page.getByLabel("with", { exact: true }).selectOption(style);
    await page.getByRole("button", { name: "Place an order" }).click();
    await page.getByRole("button", { name: "Pay the order" }).click();
    await page.waitForFunction(() => document.querySelectorAll('[data-channel="sse"] .segment').length === 2);
  });
}

await visit("lab: a new sandbox is locked, and every style refuses calls in its own way", "/#/settings", async (page) => {
  await page.evaluate(() => (window.isSamePage = true));
  const name = new URL(address).pathname.split("/").pop();
  await page.getByLabel("Open sandbox").fill(`${name}-locked`);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.waitForURL(new RegExp(`/sandboxes/${name}-locked/#/settings`));
  await page.getByRole("button", { name: "locked", exact: true }).click();
  await page.getByText("The sandbox is locked.").waitFor();
  await page.keyboard.press("1");
  await page.getByText(/All 7 styles refuse the call/).waitFor();
  await answered(page);
  assert.match(await notice(page).innerText(), /credentials_missing/);
  assert.match(await (await column(page, "REST")).innerText(), /HTTP\/1\.1 401/);
  for (const [title, code] of [
    ["REST", "credentials_missing"],
    ["SOAP 1.1 and 1.2", "soap:Client"],
    ["JSON-RPC 2.0", "-32001"],
    ["XML-RPC", "-32001"],
    ["WebSocket", "unauthenticated"],
    ["GraphQL", "UNAUTHENTICATED"],
  ]) {
    assert.ok((await (await column(page, title)).innerText()).includes(code), `${title} has ${code}`);
  }
  await page.keyboard.press("5");
  await page.getByLabel("Act as").selectOption({ label: "Ada Lovelace, customer" });
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "open", exact: true }).click();
  await page.getByRole("alert").getByText("not_allowed").waitFor();
  await page.getByLabel("Act as").selectOption("3");
  await page.getByRole("button", { name: "open", exact: true }).click();
  await page.getByText("The sandbox is open.").waitFor();
  assert.equal(await page.evaluate(() => window.isSamePage), true, "the page was reloaded");
});

await visit("lab: the other settings change, and the comparison shows it", "/#/settings", async (page) => {
  await page.getByRole("button", { name: "50 ms", exact: true }).click();
  await page.getByText("The round-trip time is 50 ms.").waitFor();
  await page.goto(`${address}/#/compare/get_product?over=rest`);
  await answered(page);
  const numbers = await page.locator(".numbers tbody tr").innerText();
  const [, time] = numbers.match(/([\d.]+) ms$/) ?? [];
  assert.ok(Number(time) >= 50, numbers);
  await page.goto(`${address}/#/settings`);
  await page.getByRole("button", { name: "0 ms", exact: true }).click();
  await page.getByText("The round-trip time is 0 ms.").waitFor();
  await page.getByRole("button", { name: "Reset …" }).click();
  await focused(page, "Cancel");
  await page.keyboard.press("Enter");
  await focused(page, "Reset …");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Reset .* now$/ }).click();
  await page.getByText("The sandbox is reset.").waitFor();
});

await visit("lab: every contract describes an operation", "/#/contracts/place_order", async (page) => {
  await columns(page).first().waitFor();
  const titles = await page.locator(".side-by-side .choice button").allInnerTexts();
  assert.equal(titles.length, 9);
  for (const title of titles) {
    const text = await (await column(page, title, title)).innerText();
    assert.match(text, /place_?order/i);
    assert.doesNotMatch(text, /does not describe/);
  }
  await page.getByRole("link", { name: "WSDL 1.1" }).click();
  await page.getByText("<wsdl:definitions").waitFor();
});

for (const [style, expected] of [
  ["SOAP", "<name>Ada Lovelace</name>"],
  ["JSON-RPC", '"name": "Ada Lovelace"'],
  ["XML-RPC", "<string>Ada Lovelace</string>"],
  ["WebSocket", '"name": "Ada Lovelace"'],
]) {
  await visit(`lab: a message is sent over ${style}`, "/#/contracts", async (page) => {
    await page.getByRole("link", { name: `Try ${style}`, exact: true }).click();
    await page.getByLabel(/^Message/).waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByLabel("The response").waitFor();
    const response = await page.getByLabel("The response").innerText();
    assert.ok(response.includes(expected), response);
  });
}

await visit("lab: gRPC is called from the browser: an order, an error with its details, a stream", "/#/contracts", async (page) => {
  await page.getByRole("link", { name: "Try gRPC", exact: true }).click();
  const [method, status] = [page.getByLabel("Method"), page.locator(".console [role=status]")];
  await method.waitFor();
  assert.ok((await method.locator("option").count()) > 20, "the methods that the server reflects");
  await method.selectOption("place_order");
  const message = page.getByLabel(/^PlaceOrderRequest as JSON/);
  await message.waitFor();
  assert.match(await page.getByLabel("The fields of PlaceOrderRequest").innerText(), /repeated \w+ lines = 2;/);
  const [request] = await Promise.all([
    page.waitForRequest((request) => request.url().endsWith("/parlance.shop.v1.ShopService/PlaceOrder")),
    page.getByRole("button", { name: "Send" }).click(),
  ]);
  assert.equal(request.headers()["content-type"], "application/grpc-web+proto");
  await status.getByText("0 OK").waitFor();
  assert.match(await page.getByLabel("The response").innerText(), /"status": "ORDER_STATUS_PLACED"/);
  await message.fill(JSON.stringify({ user_id: 1, lines: [{ product_id: 1, quantity: 0 }] }));
  await page.getByRole("button", { name: "Send" }).click();
  await status.getByText("3 INVALID_ARGUMENT").waitFor();
  const details = await page.getByLabel("Details of the error").innerText();
  assert.match(details, /"@type": "google.rpc.ErrorInfo",\s+"reason": "INVALID_INPUT"/);
  assert.match(details, /"@type": "google.rpc.BadRequest"[^]*"field": "lines\[0\].quantity"/);
  await message.fill('{"user": 1}');
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("alert").getByText("The request is not the JSON of a PlaceOrderRequest").waitFor();
  await method.selectOption("watch_events");
  await page.getByLabel(/^WatchEventsRequest as JSON/).fill('{"after": 0}');
  await page.getByRole("button", { name: "Send" }).click();
  await status.getByText("Open", { exact: true }).waitFor();
  await page.getByLabel("The response", { exact: true }).waitFor();
  const order = await (await post("/rest/orders", { user_id: 1, lines: [{ product_id: 1, quantity: 1 }] })).json();
  await page.getByLabel("The response", { exact: true }).getByText(`"order_id": ${order.id}`).waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await status.getByText("1 CANCELLED").waitFor();
  await page.getByRole("button", { name: "Send" }).waitFor();
  await picture(page, "lab-grpc-console");
});

await done();
