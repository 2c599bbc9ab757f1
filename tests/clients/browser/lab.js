// What holds in every view of the lab? Keys and colours; nothing of the shop becomes markup; the first look is small.

import assert from "node:assert/strict";
import { address } from "./told.js";
import { done, visit } from "./browser.js";
import { answered, post } from "./lab-page.js";

// A name as nobody has it, and everybody may.
const NASTY = `<script>alert(1)</script> "'&`;

await visit("lab: keys open views, tell themselves, and leave those alone who type", "/", async (page) => {
  await answered(page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "MAIN");
  await page.keyboard.press("6");
  await page.waitForURL(/#\/contracts$/);
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Contracts").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("2");
  await page.getByLabel("Paste a request of any style").press("5");
  assert.match(page.url(), /#\/translate$/);
  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByLabel("Single keys do this").uncheck();
  await page.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("5");
  assert.match(page.url(), /#\/translate$/);
});

await visit("lab: dark and light are one press apart, and stay", "/", async (page) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  const dark = await ground();
  await page.reload();
  await page.getByRole("button", { name: "Light", exact: true }).waitFor();
  assert.equal(await ground(), dark);
});

await visit("lab: what the shop holds is text, wherever it is shown", "/", async (page) => {
  const user = await (await post("/rest/users", { name: NASTY, email: `nasty-${Date.now()}@example.com` })).json();
  await post("/rest/products/2", { description: NASTY }, "PATCH");
  page.on("dialog", () => assert.fail("markup of the shop was run"));
  const views = [
    `#/compare/get_user?input=${encodeURIComponent(JSON.stringify({ id: user.id }))}`,
    '#/compare/get_product?input={"id":2}',
    `#/compare/search_products?input=${encodeURIComponent(JSON.stringify({ query: NASTY }))}`,
    `#/compare/get_user?input=${encodeURIComponent(JSON.stringify({ id: NASTY }))}`,
    `#/compare/get_user?input=${encodeURIComponent(JSON.stringify({ [NASTY]: NASTY }))}`,
    `#/translate?text=${encodeURIComponent(NASTY)}`,
    `#/contracts/${encodeURIComponent(NASTY)}`,
    `#/present/${encodeURIComponent(NASTY)}`,
  ];
  for (const view of views) {
    await page.goto(`${address}/${view}`);
    await page.locator(".results[aria-busy=false], .verdict, .documents, .lessons").first().waitFor();
    assert.equal(await page.locator("script").count(), 1, view);
    const isShown = (await page.locator("main").innerText()).includes("alert(1)");
    if (view.includes("compare")) assert.ok(isShown, `${view} does not show it`);
  }
});

await visit("lab: the first look is small", "/", async (page) => {
  const sizes = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => /\.(js|css)$/.test(name))
      .map(({ name, encodedBodySize }) => [name, encodedBodySize]),
  );
  const script = sizes.filter(([name]) => name.endsWith(".js")).reduce((sum, [, size]) => sum + size, 0);
  assert.ok(script > 10_000 && script < 150_000, JSON.stringify(sizes));
});

await visit(
  "lab: without scripts the page lists every endpoint with an example",
  "/",
  async (page) => {
    const text = await page.locator(".listing").textContent();
    for (const path of ["/rest", "/soap", "/jsonrpc", "/xmlrpc", "/ws", "/graphql"]) assert.ok(text.includes(path), path);
    assert.match(text, /curl -s/);
  },
  { javaScriptEnabled: false },
);

await done();
