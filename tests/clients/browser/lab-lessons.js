// Can one teach with the page? Every lesson, with one key for each step.

import assert from "node:assert/strict";
import { done, picture, visit } from "./browser.js";

await visit("lab: the twenty minutes, with one key for each step", "/#/present", async (page) => {
  await page.getByRole("link", { name: /^D1 / }).click();
  const seen = [];
  const look = async (what) => {
    await page.locator(what).first().waitFor();
    seen.push(await page.locator(".question-of .soft").innerText());
    await picture(page, `lab-stage-${seen.length}`);
  };
  const next = async (what) => {
    await page.keyboard.press(seen.length % 2 ? "ArrowRight" : " ");
    await look(what);
  };
  await look(".column");
  await next(".group.pointed-at");
  await next(".charts[data-count='2']");
  await next(".charts[data-count='1']");
  for (let step = 0; step < 4; step += 1) await next(".charts");
  for (let step = 0; step < 4; step += 1) await next(".refusals tbody tr:nth-child(6)");
  await next('[data-lane="sse"][data-state="listens"]');
  for (let change = 1; change <= 4; change += 1) await next(`[data-lane="ws"] td:nth-child(${change + 1}) .piece`);
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
  await page.getByText("Twenty minutes").waitFor();
});

await visit("lab: a lesson takes the keyboard along; who goes into what scrolls, scrolls it", "/#/present", async (page) => {
  await page.getByRole("link", { name: /^D1 / }).press("Enter");
  await page.waitForFunction(() => document.activeElement.tagName === "MAIN");
  const columns = page.getByRole("region", { name: "The styles side by side" });
  await columns.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector(".columns").scrollLeft > 0);
  await page.getByText("Step 1 of 4").waitFor();
  await page.getByRole("button", { name: "Next" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByText("Step 2 of 4").waitFor();
});

await visit(
  "lab: the lesson of news makes each change once, whatever was seen before and however fast one goes on",
  "/#/events",
  async (page) => {
    const asked = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/lab/send")) asked.push(request.postDataJSON().operation);
    });
    await page.waitForFunction(() => document.querySelectorAll('[data-state="listens"]').length === 8);
    await page.getByRole("button", { name: "Place an order" }).click();
    await page.locator('[data-lane="sse"] .piece').waitFor();
    await page.evaluate(() => (location.hash = "#/present/D10/1"));
    await page.waitForFunction(() => document.querySelectorAll('.stage [data-state="listens"]').length === 8);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.locator('[data-lane="sse"] td:nth-child(4) .piece').waitFor();
    assert.deepEqual(asked, ["place_order", "place_order", "set_order_status", "set_order_status"]);
  },
);

const OTHERS = {
  D2: ".lists strong",
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
  D16: ".ways",
};

for (const [lesson, shows] of Object.entries(OTHERS)) {
  await visit(`lab: lesson ${lesson} shows its number`, `/#/present/${lesson}/1`, async (page) => {
    await page.locator(shows).first().waitFor();
    await picture(page, `lab-${lesson}`);
    // The other steps of the lesson, if it has more.
    const [, steps] = (await page.locator("footer .soft").innerText()).match(/of (\d+)/);
    for (let step = 2; step <= Number(steps); step += 1) {
      await page.keyboard.press("ArrowRight");
      await page.getByText(`Step ${step} of ${steps}`).waitFor();
      await page.locator(".refusals tbody tr:nth-child(6), .pointed, .charts[data-count='2']").first().waitFor();
    }
    // Whoever is refused, over whatever style, is told why.
    assert.ok(!(await page.locator("main").innerText()).includes("nothing came"));
    assert.equal(await page.getByRole("alert").count(), 0);
  });
}

await done();
