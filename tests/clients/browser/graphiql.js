// GraphiQL: it reads the schema, and runs queries, mutations and subscriptions.

import assert from "node:assert/strict";
import { address } from "./check.js";
import { done, picture, visit } from "./browser.js";

const run = (page) => page.getByRole("button", { name: /^Execute query/ }).click();

// The editors write non-breaking spaces.
const shown = async (page, selector) => (await page.locator(selector).first().innerText()).replaceAll("\u00a0", " ");
const response = (page) => shown(page, ".graphiql-response .view-lines");

// Waits for a response with that text.
async function answered(page, text) {
  await page.waitForFunction(
    (text) => document.querySelector(".graphiql-response .view-lines")?.innerText.replaceAll("\u00a0", " ").includes(text),
    text,
  );
  return response(page);
}

// Waits until the schema is loaded.
async function ready(page) {
  await page.locator(".graphiql-query-editor .view-line", { hasText: "query" }).first().waitFor();
  await page.getByRole("button", { name: "Re-fetch GraphQL schema" }).waitFor();
  await page.locator(".graphiql-spinner").waitFor({ state: "detached" });
}

// Opens a tab, and waits until GraphiQL has parsed and stored its query.
async function open(page, name) {
  await page.getByRole("tab", { name }).click();
  await page.waitForFunction((name) => localStorage["graphiql:query"]?.includes(name), name);
}

for (const colorScheme of ["light", "dark"]) {
  await visit(`graphiql: the first query goes from a user to the orders, ${colorScheme}`, "/graphql/docs", async (page) => {
    await ready(page);
    assert.match(await page.title(), /The shop over GraphQL/);
    assert.equal(await page.locator("#sandbox").innerText(), "browser-graphiql");
    const sent = page.waitForRequest((request) => request.postData()?.includes("UserWithOrders") ?? false);
    await run(page);
    assert.match((await sent).url(), /\/sandboxes\/browser-graphiql\/graphql$/);
    const text = await answered(page, "Ada Lovelace");
    assert.match(text, /"orders": \{/);
    assert.doesNotMatch(text, /"errors"/);
    await picture(page, `graphiql-${colorScheme}`);
  }, { colorScheme });
}

await visit("graphiql: the documentation shows the schema", "/graphql/docs", async (page) => {
  await ready(page);
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  await page.locator(".graphiql-doc-explorer-content").getByText("Mutation", { exact: true }).click();
  await page.locator(".graphiql-doc-explorer-content").getByText("placeOrder", { exact: true }).waitFor();
  await picture(page, "graphiql-documentation");
});

await visit("graphiql: the schema completes and checks the typed text", "/graphql/docs", async (page) => {
  await ready(page);
  await page.locator(".graphiql-query-editor .view-lines").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("{ produ");
  await page.locator(".suggest-widget .monaco-list-row", { hasText: "products" }).first().waitFor();
  await picture(page, "graphiql-completion");
  await page.keyboard.press("Escape");
  await page.keyboard.type("ctt(id: 1) { name }");
  await page.locator(".graphiql-query-editor .squiggly-error").first().waitFor();
});

await visit("graphiql: a mutation places an order, and a subscription receives its event", "/graphql/docs", async (page) => {
  await ready(page);
  await open(page, "OrderEvents");
  const socket = page.waitForEvent("websocket");
  await run(page);
  assert.match((await socket).url(), /^ws:.*\/sandboxes\/browser-graphiql\/graphql$/);
  // Nothing shows when the subscription has started, so orders are placed until an event arrives.
  const buy = { query: "mutation { placeOrder(input: {userId: 1, lines: [{productId: 2, quantity: 1}]}) { order { id } } }" };
  const order = () => fetch(`${address}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(buy),
  });
  const event = answered(page, "ORDER_PLACED");
  let waits = true;
  event.finally(() => (waits = false)).catch(() => {});
  while (waits) await order();
  assert.match(await event, /"orderEvents": \{/);
  await picture(page, "graphiql-subscription");
  await page.getByRole("button", { name: /^Stop query/ }).click();
  await open(page, "PlaceOrder");
  await run(page);
  assert.match(await answered(page, '"placeOrder"'), /"status": "PLACED"/);
});

await visit("graphiql: typed headers are sent as credentials", "/graphql/docs", async (page) => {
  await ready(page);
  await page.getByRole("button", { name: "Headers", exact: true }).click();
  await page.locator(".graphiql-editor-tool .view-lines:visible").click();
  await page.keyboard.press("Control+A");
  // Pasted, since the editor adds closing brackets to typed text.
  await page.keyboard.insertText('{"X-API-Key": "parlance_u0000001_wrong"}');
  await run(page);
  assert.match(await answered(page, "errors"), /UNAUTHENTICATED/);
});

await visit("graphiql: a caller is chosen in the header, for queries and subscriptions", "/graphql/docs", async (page) => {
  await ready(page);
  await page.getByLabel("Call as").selectOption({ label: "Ada Lovelace, customer" });
  const sent = page.waitForRequest((request) => request.postData()?.includes("UserWithOrders") ?? false);
  await run(page);
  assert.match((await sent).headers()["x-api-key"], /^parlance_u0000001/);
  await open(page, "OrderEvents");
  // The first frame follows the handshake at once.
  const first = new Promise((resolve) => page.once("websocket", (socket) => socket.once("framesent", resolve)));
  await run(page);
  const { payload } = await first;
  assert.match(payload, /connection_init.*parlance_u0000001/);
});

await done();
