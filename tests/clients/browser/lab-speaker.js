// The speaker's keys and windows, and what is on the screen at once.

import assert from "node:assert/strict";
import { address } from "./check.js";
import { done, visit } from "./browser.js";

await visit("lab: D1 shows all styles and the answer at once", "/#/lessons/D1/1", async (page) => {
  const styles = (await (await page.request.get(`${address}/lab/table`)).json()).styles.length;
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.locator(".answer").getByText("Ada Lovelace").waitFor();
  assert.equal(await page.locator(".bodies tbody tr").count(), styles);
  const { y, height } = await page.locator(".bodies tbody tr").last().boundingBox();
  assert.ok(y + height < 700, `the last style ends at ${y + height}`);
});

await visit("lab: the speaker's keys; a stray digit does not leave the lesson", "/#/lessons/D1/2", async (page) => {
  const size = () => page.locator(".slide").evaluate((slide) => parseFloat(getComputedStyle(slide).fontSize));
  await page.locator("[data-claim=held]").waitFor();
  const before = await size();
  await page.keyboard.press("+");
  assert.ok((await size()) > before);
  await page.keyboard.press("-");
  await page.keyboard.press("-");
  assert.equal(await size(), before, "none is smaller than the least size");
  await page.keyboard.press("b");
  await page.locator(".blank").waitFor();
  await page.keyboard.press("b");
  assert.equal(await page.locator(".blank").count(), 0);
  await page.keyboard.press("f");
  await page.waitForFunction(() => document.fullscreenElement);
  await page.keyboard.press("f");
  await page.waitForFunction(() => !document.fullscreenElement);
  for (const digit of "123456789") await page.keyboard.press(digit);
  assert.match(page.url(), /#\/lessons\/D1\/2$/);
});

for (const [keys, lesson, notes] of [
  ["p", "D1", ""],
  ["Control+p", "D7", "?notes=yes"],
]) {
  await visit(`lab: ${keys} prints the whole lesson ${lesson}${notes && " with its notes"}, in black and white`, "/", async (page) => {
    await page.addInitScript(() => (globalThis.print = () => (globalThis.printed = (globalThis.printed ?? 0) + 1)));
    await page.goto("about:blank");
    await page.goto(`${address}/#/lessons/${lesson}/2${notes}`);
    const shown = notes ? undefined : await page.locator("[data-claim=held] h2").innerText();
    await page.locator(".slide").waitFor();
    await page.keyboard.press(keys);
    await page.waitForFunction(() => globalThis.printed === 1);
    const steps = page.locator(".handout-step");
    assert.equal(await steps.count(), 4);
    assert.equal(await page.locator(".handout-step [data-claim] h2").count(), 4);
    assert.equal(await page.locator(".handout-step .key-number").count(), 4);
    assert.equal(await page.locator(".speaker").count(), notes ? 4 : 0);
    if (shown) assert.equal(await steps.nth(1).locator("[data-claim] h2").innerText(), shown);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".controls").isVisible(), false);
    const [colour, ...bars] = await page.evaluate(() => [
      getComputedStyle(document.body).color,
      ...[...document.querySelectorAll(".segment")].map((segment) => getComputedStyle(segment).printColorAdjust),
    ]);
    assert.equal(colour, "rgb(0, 0, 0)");
    assert.deepEqual(bars.filter((adjust) => adjust !== "exact"), [], "paper without bars");
    assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
    await page.emulateMedia({ media: "screen" });
    await page.keyboard.press("Escape");
    await page.getByText("Step 2 of 4").waitFor();
  }, { colorScheme: "dark" });
}

await visit("lab: the notes follow the lesson in a second window", "/#/lessons/D1/3", async (page) => {
  await page.locator("[data-claim]").waitFor();
  const [notes] = await Promise.all([page.waitForEvent("popup"), page.keyboard.press("n")]);
  await notes.getByText("It is shown if").waitFor();
  await page.bringToFront();
  await page.keyboard.press("ArrowRight");
  await notes.getByText("Step 4 of 4, the last of this lesson").waitFor();
  await notes.keyboard.press("ArrowRight");
  await page.getByText("The order page").first().waitFor();
});

await visit("lab: the last step says that it is the last", "/#/lessons/D16/1", async (page) => {
  await page.getByText("the last of all lessons").waitFor();
  await page.getByRole("button", { name: "The end" }).click();
  await page.getByText("The first 20 minutes").waitFor();
});

await done();
