// The lessons: one key leads to the next step, and a step says only what its numbers show.

import assert from "node:assert/strict";
import { address } from "./check.js";
import { done, visit } from "./browser.js";

const title = (page) => page.locator(".lesson-title .muted").first().innerText();
const claimed = (page) => page.locator('[data-claim="held"], [data-claim="withdrawn"]').waitFor();
const statement = (page) => page.locator("[data-claim] h2").innerText();

await visit("lab: the twenty minutes, with one key for each step", "/#/lessons", async (page) => {
  await page.getByRole("link", { name: /^D1 / }).click();
  const seen = [];
  for (let step = 1; step <= 17; step += 1) {
    await claimed(page);
    assert.equal(await page.locator(".key-number strong").count(), 1);
    assert.equal(await page.locator(".slide-reasons dt").count(), 3);
    assert.equal(await page.locator(".requests .code").count(), 2);
    seen.push(await title(page));
    const claim = await page.locator("[data-claim]").innerText();
    await page.keyboard.press(step % 2 ? "ArrowRight" : " ");
    if (step < 17) await page.waitForFunction((claim) => document.querySelector("[data-claim]").innerText !== claim, claim);
  }
  assert.deepEqual(seen, ["D1", "D3", "D7", "D10"].flatMap((lesson) => Array(lesson === "D10" ? 5 : 4).fill(lesson)));
  assert.equal(await title(page), "D4");
  await page.keyboard.press("ArrowLeft");
  await page.getByText("Step 5 of 5, the last of this lesson").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("The first 20 minutes").waitFor();
});

await visit("lab: a lesson takes the focus; inside a scroll region the keys scroll it", "/#/lessons", async (page) => {
  await page.getByRole("link", { name: /^D1 / }).press("Enter");
  await page.waitForFunction(() => document.activeElement.tagName === "MAIN");
  await page.getByRole("button", { name: "SOAP", exact: true }).click();
  const body = page.getByRole("region", { name: "SOAP: response" });
  await body.focus();
  await page.keyboard.press("PageDown");
  await page.waitForFunction(() => document.activeElement.scrollTop > 0);
  await page.getByText("Step 1 of 4").waitFor();
  await page.getByRole("button", { name: "Next" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByText("Step 2 of 4").waitFor();
});

await visit(
  "lab: the lesson about events makes each change once, after any other view and with quick key presses",
  "/#/events",
  async (page) => {
    const operations = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/lab/send")) operations.push(request.postDataJSON().operation);
    });
    const areOpen = (page) =>
      page.waitForFunction(() => {
        const channels = [...document.querySelectorAll("[data-channel]")];
        return channels.length > 0 && channels.every(({ dataset }) => dataset.state === "open");
      });
    await areOpen(page);
    await page.getByRole("button", { name: "Place an order" }).click();
    await page.locator('[data-channel="sse"] .segment').waitFor();
    await page.evaluate(() => (location.hash = "#/lessons/D10/1"));
    await page.locator(".slide").waitFor();
    await areOpen(page);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.locator('[data-channel="sse"] td:nth-child(4) .segment').waitFor();
    assert.deepEqual(operations, ["place_order", "place_order", "set_order_status", "set_order_status"]);
  },
);

/** A number of the server that is broken on its way to the page, and what the page says then. */
const BROKEN = [
  ["D1/2", "compare", (run) => (run.equal = false), /^In this run at least half of the styles/],
  ["D4/1", "scenario", ({ styles }) => (styles[1].bytes.received = 99_999), /^In this run selecting fields saves less/],
  ["D7/2", "send", (sent) => sent.error && (sent.error.status = 200), /^In this run the statuses are of fewer classes/],
  ["D9/1", "again", ([rest]) => (rest.again.response.body = 1), /^In this run a response with a tag came whole/],
];

for (const [step, path, breaks, expected] of BROKEN) {
  await visit(`lab: step ${step} withdraws its claim when a number of the run is broken`, "/#/lessons", async (page) => {
    await page.goto(`${address}/#/lessons/${step}`);
    await page.locator('[data-claim="held"]').waitFor();
    await page.route(`**/lab/${path}`, async (route) => {
      const response = await route.fetch();
      const json = await response.json();
      breaks(json);
      return route.fulfill({ response, json });
    });
    await page.keyboard.press("r");
    await page.locator('[data-claim="withdrawn"]').waitFor();
    assert.match(await statement(page), expected);
  });
}

await visit("lab: the worksheet keeps the evidence of other steps, and is saved", "/#/lessons/D1/1", async (page) => {
  const shown = [];
  for (const step of ["D1/1", "D1/2", "D4/1"]) {
    await page.goto(`${address}/#/lessons/${step}`);
    await claimed(page);
    shown.push(await page.locator(".key-number strong").innerText());
  }
  await page.goto(`${address}/#/lessons/D16/1`);
  await page.getByLabel("My case").fill("An app on a train");
  await page.getByLabel("D1.2 matters").check();
  await page.getByLabel("My choice").selectOption("REST");
  await page.getByLabel("Because").fill("Few bytes");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download the worksheet" }).click(),
  ]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  for (const part of ["An app on a train", "My choice: REST", "Because: Few bytes", `| D1.2 |`, ` | ${shown[1]} `]) {
    assert.ok(text.includes(part), `${part} is not in ${text}`);
  }
  assert.ok(!text.includes("D1.1"), "a step that does not matter is left out");
  await page.reload();
  assert.equal(await page.getByLabel("My case").inputValue(), "An app on a train");
});

await done();
