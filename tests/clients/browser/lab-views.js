// Layout and accessibility of every view: it fits every screen, light and dark, and axe finds no violation.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { address } from "./check.js";
import { done, picture, visit } from "./browser.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const BATCH = '[{"jsonrpc":"2.0","id":1,"method":"who_am_i"},{"jsonrpc":"2.0","id":2,"method":"who_am_i"}]';

const VIEWS = {
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
  "lessons/D1/2": "[data-claim=held]",
  "lessons/D2/2": "[data-claim=held]",
  "lessons/D7/2": "[data-claim=held]",
  "lessons/D8/1": "[data-claim=held]",
  "lessons/D12/1": "[data-claim=held]",
  "lessons/D1/1/print": ".handout .main:enabled",
  "lessons/D17/1": "[data-claim=held]",
  "lessons/D16/1": ".worksheet",
};
const SCREENS = {
  large: [
    [1920, 1080],
    [1366, 768],
  ],
  small: [
    [390, 844],
    [320, 568],
  ],
};

/** The comparisons that are wider than their place. */
const scrolling = (page, selector) =>
  page.locator(selector).evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.className));

// The runner starts this script once for each theme and screens, since all together could exceed its time limit.
const [colorScheme, screens] = process.argv.slice(3);

for (const [width, height] of SCREENS[screens]) {
  await visit(
    `lab: every view fits ${width}x${height} and is accessible, ${colorScheme}`,
    "/",
    async (page) => {
      for (const [view, content] of Object.entries(VIEWS)) {
        await page.goto(`${address}/#/${view}`);
        await page.locator(content).first().waitFor();
        await picture(page, `lab-${view.replaceAll("/", "-").replace(/\?.*/, "-input")}-${width}-${colorScheme}`);
        const [needed, available] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        assert.deepEqual(await scrolling(page, ".columns, .charts"), [], `${view} scrolls sideways`);
        assert.ok(needed <= available, `${view}: ${needed} wide, and ${available} are available`);
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => axe.run());
        assert.deepEqual(
          violations.map(({ id, nodes }) => [view, id, nodes.map(({ html }) => html.slice(0, 200))]),
          [],
        );
      }
    },
    { viewport: { width, height }, colorScheme },
  );
}

// The main sandbox has a short name, so its link is the smallest target of the header.
await visit(`lab: the header of the main sandbox is accessible on 320x568, ${colorScheme}`, "/", async (page) => {
  await page.goto(new URL("/#/settings", address).href);
  await page.getByRole("link", { name: "main, as a visitor" }).waitFor();
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]), []);
}, { viewport: { width: 320, height: 568 }, colorScheme });

await done();
