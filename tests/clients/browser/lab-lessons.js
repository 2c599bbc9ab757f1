// The lessons: every step shows its numbers, and one key leads to the next step.

import assert from "node:assert/strict";
import { done, picture, visit } from "./browser.js";

await visit("lab: the twenty minutes, with one key for each step", "/#/lessons", async (page) => {
  await page.getByRole("link", { name: /^D1 / }).click();
  const seen = [];
  const wait = async (what) => {
    await page.locator(what).first().waitFor();
    seen.push(await page.locator(".lesson-title .muted").innerText());
    await picture(page, `lab-lesson-${seen.length}`);
  };
  const next = async (what) => {
    await page.keyboard.press(seen.length % 2 ? "ArrowRight" : " ");
    await wait(what);
  };
  await wait(".column");
  await next(".group.highlighted");
  await next(".charts[data-count='2']");
  await next(".charts[data-count='1']");
  for (let step = 0; step < 4; step += 1) await next(".charts");
  for (let step = 0; step < 4; step += 1) await next(".refusals tbody tr:nth-child(6)");
  await next('[data-channel="sse"][data-state="open"]');
  for (let change = 1; change <= 4; change += 1) await next(`[data-channel="ws"] td:nth-child(${change + 1}) .segment`);
  assert.deepEqual(seen, [
    "D1",
    "D1",
    "D1",
    "D1",
    "D3",
    "D3",
    "D3",
    "D3",
    "D7",
    "D7",
    "D7",
    "D7",
    "D10",
    "D10",
    "D10",
    "D10",
    "D10",
  ]);
  await page.keyboard.press("ArrowLeft");
  await page.getByText("Step 4 of 5").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("The first 20 minutes").waitFor();
});

await visit("lab: a lesson takes the focus; inside a scroll region the keys scroll it", "/#/lessons", async (page) => {
  await page.getByRole("link", { name: /^D1 / }).press("Enter");
  await page.waitForFunction(() => document.activeElement.tagName === "MAIN");
  const body = page.getByRole("region", { name: "SOAP 1.1 and 1.2: response: body" });
  await body.evaluate((region) => (region.style.maxHeight = "5rem"));
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
    await page.waitForFunction(() => document.querySelectorAll('[data-state="open"]').length === 8);
    await page.getByRole("button", { name: "Place an order" }).click();
    await page.locator('[data-channel="sse"] .segment').waitFor();
    await page.evaluate(() => (location.hash = "#/lessons/D10/1"));
    await page.waitForFunction(() => document.querySelectorAll('.slide [data-state="open"]').length === 8);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.locator('[data-channel="sse"] td:nth-child(4) .segment').waitFor();
    assert.deepEqual(operations, ["place_order", "place_order", "set_order_status", "set_order_status"]);
  },
);

const OTHERS = {
  D2: ".multiples strong",
  D4: ".charts",
  D5: ".charts",
  D6: ".charts",
  D8: ".charts",
  D9: ".bars",
  D11: ".charts",
  D12: ".outcomes .bad",
  D13: ".refusals tbody tr:nth-child(6)",
  D14: ".refusals tbody tr:nth-child(4)",
  D15: ".figures",
  D16: ".links",
};

for (const [lesson, shows] of Object.entries(OTHERS)) {
  await visit(`lab: lesson ${lesson} shows its numbers`, `/#/lessons/${lesson}/1`, async (page) => {
    await page.locator(shows).first().waitFor();
    await picture(page, `lab-${lesson}`);
    // The other steps of the lesson, if it has more.
    const [, steps] = (await page.locator("footer .muted").innerText()).match(/of (\d+)/);
    for (let step = 2; step <= Number(steps); step += 1) {
      await page.keyboard.press("ArrowRight");
      await page.getByText(`Step ${step} of ${steps}`).waitFor();
      await page.locator(".refusals tbody tr:nth-child(6), .key-number, .charts[data-count='2']").first().waitFor();
    }
    // Every refusal has a message.
    assert.ok(!(await page.locator("main").innerText()).includes("nothing came"));
    assert.equal(await page.getByRole("alert").count(), 0);
  });
}

await done();
