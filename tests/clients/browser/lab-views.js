// Layout and accessibility of every view: it fits every screen, light and dark, and axe finds no violation.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { address } from "./check.js";
import { done, picture, visit } from "./browser.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const BATCH = '[{"jsonrpc":"2.0","id":1,"method":"who_am_i"},{"jsonrpc":"2.0","id":2,"method":"who_am_i"}]';

const VIEWS = {
  // First, as the other views do more exercises.
  exercises: ".paths",
  "exercises/read-a-user": '[data-outcome="done"]',
  "exercises/three-styles": '[data-outcome="near"]',
  "exercises/defend": ".answer",
  compare: ".columns",
  "compare/scenario/order-page": ".steps",
  "compare/search_products?gzip=yes": ".columns",
  translate: ".columns, .notice",
  [`translate?text=${encodeURIComponent(BATCH)}`]: ".columns",
  traffic: ".empty-state, .traffic",
  events: '[data-channel="sse"][data-state="open"]',
  settings: ".setting [aria-pressed]",
  contracts: ".columns",
  "compare/get_user?http2=yes": ".columns",
  "contracts/console/soap": ".console textarea",
  "contracts/console/grpc/watch_events": ".console textarea",
  lessons: ".lessons",
  class: ".empty-state",
  "lessons/D1/2": "[data-claim=held]",
  "lessons/D2/2": "[data-claim=held]",
  "lessons/D7/2": "[data-claim=held]",
  "lessons/D8/1": "[data-claim=held]",
  "lessons/D12/1": "[data-claim=held]",
  "lessons/D1/1/print": ".handout .main:enabled",
  "lessons/D17/1": "[data-claim=held]",
  "lessons/D16/1": ".worksheet",
};
const SCREENS = [
  [1920, 1080],
  [1366, 768],
  [390, 844],
  [320, 568],
];

/** The comparisons that are wider than their place. */
const scrolling = (page, selector) =>
  page.locator(selector).evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.className));

/** Fails if axe finds a violation, of these rules or of all. */
async function isAccessible(page, what, ...rules) {
  const options = rules.length ? { runOnly: rules } : {};
  const { violations } = await page.evaluate((options) => axe.run(options), options);
  assert.deepEqual(
    violations.map(({ id, nodes }) => [what, id, nodes.map(({ html }) => html.slice(0, 200))]),
    [],
  );
}

// One exercise is done, and others nearly.
await fetch(address, { method: "PATCH", headers: { "content-type": "application/json" }, body: '{"exercises":"on"}' });
await fetch(`${address}/rest/users/1`);

// A view is opened once: its size and its colours change while it is open.
for (const [view, content] of Object.entries(VIEWS)) {
  await visit(`lab: it fits every screen and is accessible, light and dark: ${decodeURIComponent(view)}`, `/#/${view}`, async (page) => {
    await page.evaluate(AXE);
    for (const [width, height] of SCREENS) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: "light" });
      await page.locator(content).first().waitFor();
      const name = `lab-${view.replaceAll("/", "-").replace(/\?.*/, "-input")}-${width}`;
      await picture(page, `${name}-light`);
      const [needed, available] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.deepEqual(await scrolling(page, ".columns, .charts"), [], `${width} wide: it scrolls sideways`);
      assert.ok(needed <= available, `${needed} wide, and ${available} are available`);
      await isAccessible(page, `${width} wide`);
      await page.emulateMedia({ colorScheme: "dark" });
      await picture(page, `${name}-dark`);
      await isAccessible(page, `${width} wide, dark`, "color-contrast");
    }
  });
}

await visit("lab: the exercises that are off are accessible", "/#/exercises", async (page) => {
  await page.goto(new URL("/#/exercises", address).href);
  await page.locator(".empty-state").waitFor();
  await page.evaluate(AXE);
  await isAccessible(page, "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await isAccessible(page, "dark", "color-contrast");
});

// The main sandbox has a short name, so its link is the smallest target of the header.
await visit("lab: the header of the main sandbox is accessible on 320x568", "/", async (page) => {
  await page.goto(new URL("/#/settings", address).href);
  await page.getByRole("link", { name: "main, as a visitor" }).waitFor();
  await page.evaluate(AXE);
  await isAccessible(page, "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await isAccessible(page, "dark", "color-contrast");
}, { viewport: { width: 320, height: 568 } });

await done();
