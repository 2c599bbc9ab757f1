// Checks of the whole page: keyboard, theme, escaping, size, and the page without scripts.

import assert from "node:assert/strict";
import { address } from "./check.js";
import { done, visit } from "./browser.js";
import { answered, post } from "./lab-page.js";

// Unusual, but a valid name.
const NASTY = `<script>alert(1)</script> "'&`;

await visit("lab: shortcuts open views, are listed, and do nothing while the user types", "/", async (page) => {
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
  await page.getByLabel("Paste a request in any style").press("5");
  assert.match(page.url(), /#\/translate$/);
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await page.getByLabel("Use keyboard shortcuts").uncheck();
  await page.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("5");
  assert.match(page.url(), /#\/translate$/);
});

await visit("lab: the theme is switched by a button, and remembered", "/", async (page) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.getByRole("button", { name: "Dark theme" }).click();
  const dark = await background();
  await page.reload();
  await page.getByRole("button", { name: "Light theme" }).waitFor();
  assert.equal(await background(), dark);
});

await visit("lab: data of the shop never becomes markup", "/", async (page) => {
  const user = await (await post("/rest/users", { name: NASTY, email: `nasty-${Date.now()}@example.com` })).json();
  await post("/rest/products/2", { description: NASTY }, "PATCH");
  page.on("dialog", () => assert.fail("markup from the shop was run"));
  const views = [
    `#/compare/get_user?input=${encodeURIComponent(JSON.stringify({ id: user.id }))}`,
    '#/compare/get_product?input={"id":2}',
    `#/compare/search_products?input=${encodeURIComponent(JSON.stringify({ query: NASTY }))}`,
    `#/compare/get_user?input=${encodeURIComponent(JSON.stringify({ id: NASTY }))}`,
    `#/compare/get_user?input=${encodeURIComponent(JSON.stringify({ [NASTY]: NASTY }))}`,
    `#/translate?text=${encodeURIComponent(NASTY)}`,
    `#/contracts/${encodeURIComponent(NASTY)}`,
    `#/lessons/${encodeURIComponent(NASTY)}`,
    `#/exercises/${encodeURIComponent(NASTY)}`,
  ];
  for (const view of views) {
    await page.goto(`${address}/${view}`);
    await page.locator(".results[aria-busy=false], .notice, .documents, .lessons, .empty-state").first().waitFor();
    assert.equal(await page.locator("script").count(), 1, view);
    const isShown = (await page.locator("main").innerText()).includes("alert(1)");
    if (view.includes("compare")) assert.ok(isShown, `${view} does not show it`);
  }
});

await visit("lab: every view says what it is for, and a first visit what to do", "/", async (page) => {
  await page.getByRole("heading", { name: /^Parlance is one shop/ }).waitFor();
  for (const view of ["compare", "translate", "traffic", "events", "settings", "contracts", "lessons", "exercises", "class"]) {
    await page.goto(`${address}/#/${view}`);
    const purpose = await page.locator(`[data-view=${view}] .view-title p`).innerText();
    assert.match(purpose, /^[A-Z].{40,}\.$/, view);
  }
  await page.goto(`${address}/#/compare`);
  await page.getByRole("button", { name: "Hide this introduction" }).click();
  await page.reload();
  await answered(page);
  assert.equal(await page.locator(".welcome").count(), 0);
});

await visit("lab: the first page load is small", "/", async (page) => {
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
