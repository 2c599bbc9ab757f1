// The class: an instructor makes it, writes to it and sees it; a learner joins. It fits every screen, and axe finds no violation.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { address } from "./check.js";
import { done, picture, visit } from "./browser.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const SCREENS = [
  [1920, 1080],
  [1366, 768],
  [390, 844],
];

const isAccessible = async (page, what) => {
  const { violations } = await page.evaluate(() => axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => [what, id, nodes.map(({ html }) => html.slice(0, 200))]), []);
};

/** The progress of a learner, as their page gets it. */
const progress = async (sandbox) => (await fetch(new URL(`/sandboxes/${sandbox}/progress`, address))).json();

await visit("lab: an instructor makes a class and sees it", "/#/class", async (page) => {
  await page.getByRole("button", { name: /, admin$/ }).click();
  await page.locator("main details").evaluate((details) => (details.open = true));
  await page.getByRole("img", { name: /^QR code of http.*\/class\/join$/ }).waitFor();
  await page.getByLabel("Add learners").fill("Ada Löwe\nAda Löwe\n\nBob");
  await page.getByRole("button", { name: "Add 3 learners" }).click();
  for (const name of ["ada-loewe", "ada-loewe-2", "bob"]) await page.getByRole("link", { name, exact: true }).waitFor();
  await page.getByLabel("Message to all").fill("Break until ten");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("All learners see the message.").waitFor();
  assert.equal((await progress("bob")).message, "Break until ten");
  await fetch(new URL("/sandboxes/bob/rest/users/1", address));
  const row = page.getByRole("row", { name: /^bob Show/ });
  await row.getByText("1/50").waitFor();
  assert.match(await row.innerText(), /get user rest ok \d+ s ago/);
  await page.getByRole("button", { name: "Reset all shops …" }).click();
  await page.getByRole("button", { name: /^Reset \d+ shops now$/ }).click();
  await page.getByText("All shops are reset.").waitFor();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Results as CSV" }).click();
  assert.match(readFileSync(await (await saved).path(), "utf8"), /\r\nbob,read-a-user,Read a user,first-steps,/);
  await page.evaluate(AXE);
  for (const show of ["list", "matrix"]) {
    if (show === "matrix") await page.getByLabel("All exercises").check();
    for (const [width, height] of SCREENS) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await picture(page, `lab-class-${show}-${width}-${colorScheme}`);
        const [needed, available] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(needed <= available, `${show}: ${needed} wide, and ${available} are available`);
        await isAccessible(page, `${show}, ${width}, ${colorScheme}`);
      }
    }
  }
  await page.getByLabel("Hide results").check();
  assert.equal(await page.getByText("/50").count(), 0);
});

await visit("lab: a learner joins with a name", "/", async (page) => {
  await page.goto(new URL("/class/join", address).href);
  await page.evaluate(AXE);
  await isAccessible(page, "join");
  await page.getByLabel("Your name").fill("Zoë");
  await page.getByRole("button", { name: "Join" }).click();
  await page.waitForURL("**/sandboxes/zoe/#/exercises");
  assert.equal((await progress("zoe")).exercises, "on");
});

await done();
