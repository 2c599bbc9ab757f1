// Do the pages lead to each other and to the contracts, and do they read well on a telephone?

import assert from "node:assert/strict";
import { done, picture, visit } from "./browser.js";

for (const [path, works] of [["/rest/docs", ".opblock"], ["/graphql/docs", ".graphiql-query-editor .view-line"]]) {
  await visit(`pages: all links of ${path} lead somewhere`, path, async (page) => {
    assert.equal(await page.locator("#sandbox").innerText(), "main");
    const links = await page.locator(".bar a").evaluateAll((links) => links.map((link) => link.href));
    assert.equal(links.length, 4);
    for (const link of links) assert.equal((await page.request.get(link)).status(), 200, link);
  });

  await visit(`pages: ${path} fits a telephone`, path, async (page) => {
    await page.locator(works).first().waitFor();
    const [needed, there] = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth];
    });
    await picture(page, `telephone${path.replaceAll("/", "-")}`);
    assert.ok(needed <= there, `${needed} wide, and ${there} are there`);
  }, { viewport: { width: 390, height: 844 } });

  await visit(`pages: ${path} without scripts points to the contract`, path, async (page) => {
    assert.match(await page.locator("noscript").innerText(), /needs JavaScript/);
  }, { javaScriptEnabled: false });
}

await done();
