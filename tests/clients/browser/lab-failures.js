// What does the page do when something goes wrong? It says so in words, comes again where that helps, and never stays stuck.

import assert from "node:assert/strict";
import { done, visit } from "./browser.js";
import { address } from "./told.js";
import { answered } from "./lab-page.js";

const lane = (page, name) => page.locator(`[data-lane="${name}"]`);
const openEvents = (page) => page.getByRole("link", { name: "Events" }).click();
const lanesListen = (page) => page.waitForFunction(() => document.querySelectorAll('[data-state="listens"]').length === 8);
const stream = (...events) => ({
  contentType: "text/event-stream",
  body: events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(""),
});

const LAST_WORD = { reason: "credentials_missing", message: "the sandbox has been locked; look again as an admin" };

for (const who of ["a visitor", "Ada Lovelace, customer"]) {
  await visit(`lab: ${who} is told what was missed of the traffic, and why it ends`, "/#/dials", async (page) => {
    await page.getByLabel("I am").selectOption({ label: who });
    await page.route("**/lab/wire", (route) => route.fulfill(stream(["missed", { count: 5 }], ["error", LAST_WORD])));
    await page.getByRole("link", { name: "Wire" }).click();
    await page.getByText(/Not listening: the sandbox has been locked/).waitFor();
    await page.getByText(/\d+ were missed/).waitFor();
    assert.equal(await page.locator(".traffic").count(), 0, "neither is an exchange");
  });
}

const LANES = ["ws", "graphql", "jsonrpc", "poll"].map((name) => ({ name, title: name, how: "" }));

for (const { name } of LANES) {
  await visit(`lab: the lane of ${name} does not say that it listens once it was ended`, "/#/present", async (page) => {
    const ends = ["lane", { lane: name, why: "the stream is over" }];
    await page.route("**/lab/follow", (route) => route.fulfill(stream(["lanes", LANES], ["lane", { lane: name }], ends)));
    await openEvents(page);
    await lane(page, name).getByText("the stream is over").waitFor();
    assert.equal(await lane(page, name).getAttribute("data-state"), "failed");
  });
}

await visit("lab: somebody in particular hears the own news in every lane, in a locked shop too", "/#/dials", async (page) => {
  const name = `${new URL(address).pathname.split("/").pop()}-locked`;
  await page.getByLabel("Go to").fill(name);
  await page.getByRole("button", { name: "Go", exact: true }).click();
  await page.getByRole("button", { name: "locked", exact: true }).click();
  await page.getByText("The sandbox is locked.").waitFor();
  await openEvents(page);
  await page.getByRole("alert").getByText("credentials_missing").waitFor();
  await page.getByRole("link", { name: "Dials" }).click();
  await page.getByLabel("I am").selectOption({ label: "Ada Lovelace, customer" });
  await openEvents(page);
  await lanesListen(page);
  await page.getByRole("button", { name: "Place an order" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".lanes .piece").length === 8);
});

await visit("lab: who follows comes again after a hiccup, and goes on where it was", "/#/present", async (page) => {
  let asked = 0;
  const ids = [];
  await page.route("**/lab/follow", (route) => {
    asked += 1;
    ids.push(route.request().headers()["last-event-id"]);
    if (asked === 1) return route.fulfill({ contentType: "text/event-stream", body: "retry: 100\nid: 7\nevent: lanes\ndata: []\n\n" });
    return asked === 2 ? route.abort() : route.continue();
  });
  await openEvents(page);
  await page.getByText("the connection broke; trying again").waitFor();
  await lanesListen(page);
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.deepEqual(ids, [undefined, "7", "7"]);
  await page.getByLabel("over").selectOption("REST");
  await page.getByRole("button", { name: "Place an order" }).click();
  for (const name of ["soap", "poll"]) await lane(page, name).locator(".piece").waitFor();
});

await visit("lab: a stream that ends at once, and says nothing, is not asked for without a pause", "/#/present", async (page) => {
  let asked = 0;
  await page.route("**/lab/follow", (route) => {
    asked += 1;
    return route.fulfill(stream());
  });
  await openEvents(page);
  await page.getByText("the connection broke; trying again").waitFor();
  await page.waitForTimeout(2_000);
  assert.ok(asked <= 3, `asked ${asked} times within two seconds`);
});

await visit("lab: an order that gets no answer is given up, and the button comes back", "/#/present", async (page) => {
  await page.route("**/lab/send", (route) => route.abort());
  await openEvents(page);
  await page.getByLabel("over").selectOption("WebSocket");
  await page.getByRole("button", { name: "Place an order" }).click();
  await page.getByRole("alert").getByText("The server does not answer").waitFor();
  assert.equal(await page.getByRole("button", { name: "Place an order" }).isEnabled(), true);
});

await visit("lab: a refusal is told in the shop's words, over whichever style", "/#/present", async (page) => {
  await page.route("**/lab/send", (route) => {
    const body = route.request().postDataJSON();
    body.input.lines = [{ product_id: 7, quantity: 99 }];
    return route.continue({ postData: JSON.stringify(body) });
  });
  await openEvents(page);
  await page.getByRole("button", { name: "Place an order" }).click();
  await page
    .getByRole("alert")
    .getByText(/^✕ product 7 has \d+ in stock, 99 wanted/)
    .waitFor();
});

await visit("lab: without faults the page says what to do", "/#/present", async (page) => {
  await page.route("**/lab/table", async (route) => {
    const response = await route.fetch();
    return route.fulfill({ response, json: { ...(await response.json()), faults: false } });
  });
  for (const view of ["present/D8/1", "compare/scenario/retry", "dials"]) {
    await page.goto("about:blank");
    await page.goto(`${address}/#/${view}`);
    await page.getByText("parlance serve --faults").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0, view);
  }
});

await visit(
  "lab: where a browser has no clipboard, as over HTTP in a class, it is copied all the same, or said not to be",
  "/",
  async (page) => {
    await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await answered(page);
    const copy = page.getByRole("button", { name: "Copy REST as curl" });
    await page.evaluate(() => document.addEventListener("copy", () => (window.copied = document.activeElement.value)));
    await copy.click();
    await page.getByText("Copied", { exact: true }).waitFor();
    assert.match(await page.evaluate(() => window.copied), /^curl /);
    await page.evaluate(() => (document.execCommand = () => false));
    await copy.click();
    await page.getByText(/^Not copied/).waitFor();
  },
);

await visit("lab: neither a broken address nor a browser that keeps nothing leaves it blank", "/", async (page) => {
  await page.addInitScript(() =>
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    }),
  );
  await page.goto("about:blank");
  await page.goto(`${address}/#/%E0/%`);
  await answered(page);
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  await page.getByRole("button", { name: "Light", exact: true }).waitFor();
});

await done();
