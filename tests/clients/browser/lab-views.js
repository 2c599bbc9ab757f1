// Does every view of the lab fit every screen, and can everybody read it? Axe reads them all, light and dark.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { address } from "./told.js";
import { done, picture, visit } from "./browser.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const BATCH = '[{"jsonrpc":"2.0","id":1,"method":"who_am_i"},{"jsonrpc":"2.0","id":2,"method":"who_am_i"}]';

const VIEWS = {
  compare: ".columns",
  "compare/scenario/order-page": ".steps",
  "compare/search_products?gzip=yes": ".columns",
  translate: ".columns, .verdict",
  [`translate?text=${encodeURIComponent(BATCH)}`]: ".columns",
  wire: ".empty, .traffic",
  events: '[data-lane="sse"][data-state="listens"]',
  dials: ".dial [aria-pressed]",
  contracts: ".columns",
  "contracts/console/soap": ".desk textarea",
  present: ".lessons",
  "present/D1/2": ".charts",
  "present/D2/2": ".lists",
  "present/D7/2": ".refusals",
  "present/D8/1": ".charts",
  "present/D12/1": ".outcomes",
};
const SCREENS = [
  [1280, 720],
  [1920, 1080],
  [390, 844],
];

for (const colorScheme of ["light", "dark"]) {
  for (const [width, height] of SCREENS) {
    await visit(
      `lab: every view fits ${width}x${height} and everybody can read it, ${colorScheme}`,
      "/",
      async (page) => {
        for (const [view, works] of Object.entries(VIEWS)) {
          await page.goto(`${address}/#/${view}`);
          await page.locator(works).first().waitFor();
          await picture(page, `lab-${view.replaceAll("/", "-").replace(/\?.*/, "-asked")}-${width}-${colorScheme}`);
          const [needed, there] = await page.evaluate(() => [
            document.documentElement.scrollWidth,
            document.documentElement.clientWidth,
          ]);
          assert.ok(needed <= there, `${view}: ${needed} wide, and ${there} are there`);
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
}

await done();
