// Exercises: turned on in the page, done with other clients, and seen without a reload.

import assert from "node:assert/strict";
import { address } from "./check.js";
import { done, picture, visit } from "./browser.js";
import { focused, post } from "./lab-page.js";

/** Calls the shop without the page. */
const call = (path) => fetch(address + path);

const item = (page, name) => page.locator(`[data-exercise=${name}]`);
const outcome = (page, kind) => page.locator(`.exercise [data-outcome=${kind}]`);

await visit("lab: exercises are off until they are turned on, by keyboard", "/#/compare", async (page) => {
  await page.locator(".columns").waitFor();
  await page.keyboard.press("8");
  await page.getByText("Exercises are tasks that the server recognises").waitFor();
  await page.getByRole("button", { name: /^Turn on the exercises in / }).focus();
  await page.keyboard.press("Enter");
  await focused(page, "0 of 50 done");
  assert.equal(await page.locator(".paths details[open]").count(), 8);
  assert.equal(await page.locator("[data-exercise]").count(), 50);
  assert.equal(await page.locator(".call-here code").first().innerText(), address);
});

await visit("lab: a near miss and then the done mark appear without a reload", "/#/exercises", async (page) => {
  await page.evaluate(() => (window.isSamePage = true));
  await page.getByRole("link", { name: "Read a user" }).click();
  await focused(page, "○Not done:  Read a user");
  await outcome(page, "none").waitFor();
  await call("/rest/users/999");
  await outcome(page, "near").getByText("the shop refused it: user_not_found").waitFor();
  await picture(page, "lab-exercises-near");
  // The same near miss again: only its time shows that it was recognised.
  const time = outcome(page, "near").locator(".small");
  const first = await time.innerText();
  await page.waitForFunction((first) => new Date().toLocaleTimeString("en-GB") !== first, first);
  await call("/rest/users/999");
  await page.waitForFunction((first) => document.querySelector("[data-outcome=near] .small").textContent !== first, first);
  await call("/rest/users/1");
  await outcome(page, "done").getByText("Done: user 1, over rest").waitFor();
  await picture(page, "lab-exercises-done");
  await page.getByText("1 of 50", { exact: true }).waitFor();
  assert.equal(await item(page, "read-a-user").getAttribute("data-done"), "true");
  await page.getByRole("link", { name: "All exercises" }).click();
  await focused(page, "Read a user");
  assert.equal(await page.locator(".notice").count(), 0, "it was shown before");
  // What is done while another is open is a notice.
  const notice = page.getByRole("status").filter({ hasText: "Done: Three violations at once" });
  await post("/rest/orders", { user_id: "x", lines: [{ product_id: "y", quantity: 0 }] });
  await notice.waitFor();
  await notice.getByRole("button", { name: "Hide" }).click();
  await notice.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => window.isSamePage), true, "the page was reloaded");
});

/** Waits until the server has recognised that an exercise was nearly done. */
async function isNear(name) {
  for (;;) {
    const { paths } = await (await call("/progress")).json();
    if (paths.flatMap(({ exercises }) => exercises).find((one) => one.name === name).near_miss) return;
  }
}

await visit("lab: after a broken stream the page says so, reconnects, and reads what it has missed", "/#/settings", async (page) => {
  let isBroken = true;
  await page.route("**/progress/stream", (route) => (isBroken ? route.abort() : route.continue()));
  await page.goto(`${address}/#/exercises/find-a-product`);
  await page.getByText("Not live: the connection broke; trying again").waitFor();
  await call("/rest/products/1");
  await isNear("find-a-product");
  await outcome(page, "none").waitFor();
  isBroken = false;
  await outcome(page, "near").getByText("search first").waitFor();
  assert.equal(await page.getByText("Not live").count(), 0);
});

await visit("lab: hints are counted, and stay", "/#/exercises/four-grammars", async (page) => {
  const hints = page.locator(".hints li");
  await page.getByRole("button", { name: "Show a hint (1 of 2)" }).click();
  await page.getByText("Hints are counted: 1 hint so far.").waitFor();
  assert.equal(await hints.count(), 1);
  await page.getByRole("button", { name: "Show a hint (2 of 2)" }).click();
  await page.getByText("2 hints counted.").waitFor();
  await focused(page, await hints.last().innerText());
  await page.reload();
  await page.getByText("2 hints counted.").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Show a hint/ }).count(), 0);
});

await visit("lab: an answer in writing is refused with the reason, and is remembered", "/#/exercises/defend", async (page) => {
  const answer = page.getByLabel("Your answer");
  await answer.fill("REST, as 42 bytes are few. 🙂");
  await page.getByText("28 of at most 5,000 characters").waitFor();
  await page.getByRole("button", { name: "Send the answer" }).click();
  await outcome(page, "near").getByText("28 characters: write at least 200").waitFor();
  await page.reload();
  assert.equal(await answer.inputValue(), "REST, as 42 bytes are few. 🙂");
  await answer.fill("x".repeat(5_001));
  assert.ok(await page.getByRole("button", { name: "Send the answer" }).isDisabled());
});

await visit("lab: a done exercise is done again", "/#/exercises/read-a-user", async (page) => {
  await page.getByRole("button", { name: "Do it again" }).click();
  await outcome(page, "none").waitFor();
  await focused(page, "○Not done:  Read a user");
  await call("/rest/users/1");
  await outcome(page, "done").waitFor();
  await page.getByText("Next:").getByRole("link", { name: "The same user in three styles" }).click();
  await focused(page, "≈Close:  The same user in three styles");
  await page.goto(`${address}/#/exercises/juggle`);
  await page.getByRole("alert").getByText("There is no exercise “juggle”.").waitFor();
});

await visit("lab: exercises are turned off in the settings", "/#/settings", async (page) => {
  const choice = page.getByRole("group", { name: "Exercises" });
  await choice.getByRole("button", { name: "off" }).click();
  await page.getByText("The exercises are off.").waitFor();
  await page.keyboard.press("8");
  await page.getByRole("button", { name: /^Turn on the exercises in / }).waitFor();
});

await done();
