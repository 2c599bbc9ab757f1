// The lessons on stage: every step from one lesson to another, at two sizes, without small text or an alert.
//
// Usage: lab-stage.js ADDRESS FIRST LAST       (all of them together could exceed the runner's time limit)

import assert from "node:assert/strict";
import { address } from "./check.js";
import { done, picture, visit } from "./browser.js";

const SIZES = [
  [1366, 768],
  [1920, 1080],
];
/** Pixels that can be read from the last row. */
const LEAST = 24;

/** Texts that are smaller, with their size. */
const small = (page) =>
  page.evaluate((least) => {
    const texts = document.createTreeWalker(document.querySelector(".slide"), NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
      const [text, element] = [texts.currentNode.textContent.trim(), texts.currentNode.parentElement];
      const size = parseFloat(getComputedStyle(element).fontSize);
      if (text && size < least && !element.closest(".visually-hidden")) found.push(`${size}: ${text.slice(0, 30)}`);
    }
    return found;
  }, LEAST);

const isVisible = (page, selector) =>
  page.locator(selector).first().evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });

const [first, last] = process.argv.slice(3);

await visit(`lab: every step is readable at both sizes, ${first} to ${last}`, `/#/lessons/${first}/1`, async (page) => {
  for (let isEnd = false; !isEnd; ) {
    const step = page.url().replace(/.*lessons\//, "");
    // A claim about times may be withdrawn on a busy machine; either way, all of the step must be there.
    await page.locator('[data-claim="held"], [data-claim="withdrawn"]').waitFor();
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await picture(page, `lab-lesson-${step.replace("/", "-")}-${width}`);
      assert.deepEqual(await small(page), [], `${step} at ${width}`);
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(needed <= width, `${step}: ${needed} wide`);
      for (const part of ["[data-claim]", ".key-number", "footer .main"]) {
        if (step !== "D16/1") assert.ok(await isVisible(page, part), `${step} at ${width}: ${part} is not on the screen`);
      }
    }
    assert.equal(await page.getByRole("alert").count(), 0, step);
    // Every refusal has a message.
    assert.ok(!(await page.locator("main").innerText()).includes("nothing came"), step);
    isEnd = step.startsWith(`${last}/`) && (await page.locator(".counter").innerText()).includes("the last");
    if (!isEnd) {
      await page.keyboard.press("ArrowRight");
      await page.waitForFunction((step) => !location.hash.endsWith(step), step);
    }
  }
});

await done();
