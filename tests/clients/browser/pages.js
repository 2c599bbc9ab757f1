// Swagger UI and GraphiQL: their links work, they fit a phone, and they point to the contract without scripts.

import assert from "node:assert/strict";
import { done, picture, visit } from "./browser.js";

for (const [path, content] of [["/rest/docs", ".opblock"], ["/graphql/docs", ".graphiql-query-editor .view-line"]]) {
  await visit(`pages: all links of ${path} work`, path, async (page) => {
    assert.equal(await page.locator("#sandbox").innerText(), "main");
    const links = await page.locator(".page-header a").evaluateAll((links) => links.map((link) => link.href));
    assert.equal(links.length, 4);
    for (const link of links) assert.equal((await page.request.get(link)).status(), 200, link);
  });

  await visit(`pages: ${path} fits a phone`, path, async (page) => {
    await page.locator(content).first().waitFor();
    const [needed, available] = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth];
    });
    await picture(page, `phone${path.replaceAll("/", "-")}`);
    assert.ok(needed <= available, `${needed} wide, and ${available} are available`);
  }, { viewport: { width: 390, height: 844 } });

  await visit(`pages: ${path} without scripts points to the contract`, path, async (page) => {
    assert.match(await page.locator("noscript").innerText(), /needs JavaScript/);
  }, { javaScriptEnabled: false });
}

await done();
