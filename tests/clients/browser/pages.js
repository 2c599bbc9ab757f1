// Swagger UI and GraphiQL: their links work, they fit a phone, and they point to the contract without scripts.

import assert from "node:assert/strict";
import { done, picture, visit } from "./browser.js";
import { address } from "./check.js";

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

for (const [path, title, expected] of [
  ["/rest", "REST", '"name": "Ada Lovelace"'],
  ["/soap", "SOAP 1.1 and 1.2", "<name>Ada Lovelace</name>"],
  ["/jsonrpc", "JSON-RPC 2.0", '"name": "Ada Lovelace"'],
  ["/xmlrpc", "XML-RPC", "<string>Ada Lovelace</string>"],
  ["/ws", "WebSocket", '"name": "Ada Lovelace"'],
]) {
  await visit(`pages: at ${path} stands what it is, and an example is sent`, path, async (page) => {
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await page.getByLabel(/^Message/).waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    const response = page.getByLabel("The response");
    await response.waitFor();
    assert.ok((await response.innerText()).includes(expected), await response.innerText());
    await page.getByText("Sent before (1)").waitFor();
    // As a user, whose key is a header of the next request.
    await page.getByLabel("Call", { exact: true }).selectOption("who_am_i");
    await page.getByLabel("as", { exact: true }).selectOption("1");
    await page.waitForFunction(() => /x-api-key: parlance_u0000001/i.test(document.querySelector("#console-headers")?.value ?? ""));
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Sent before (2)").click();
    await page.getByRole("button", { name: "who am i as Ada Lovelace" }).waitFor();
    assert.match(await response.innerText(), /Ada Lovelace/);
    await page.getByRole("button", { name: "get user as a visitor" }).click();
    assert.ok((await response.innerText()).includes(expected), "the first response again");
    await picture(page, `style-page${path.replaceAll("/", "-")}`);
  });
}

await visit("pages: at the address of gRPC its console calls a method as a user", "/parlance.shop.v1.ShopService", async (page) => {
  await page.getByRole("heading", { level: 1, name: "gRPC" }).waitFor();
  await page.getByLabel("Method").selectOption("who_am_i");
  await page.getByLabel("as", { exact: true }).selectOption("1");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByLabel("The response").getByText("Ada Lovelace").waitFor();
});

await visit("pages: /graphql is the IDE", "/graphql", async (page) => {
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  assert.match(page.url(), /\/graphql\/docs$/);
});

await visit("pages: an admin of main sees the traffic of all sandboxes", "/#/traffic?sandboxes=all", async (page) => {
  await page.getByText("Only an admin sees all sandboxes").waitFor();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Act as").selectOption("3");
  await page.getByRole("link", { name: "Traffic" }).click();
  await page.getByLabel("All sandboxes").check();
  await page.getByText("Recording.").waitFor();
  for (const name of ["seen-one", "seen-two"]) await page.request.get(`${address}/sandboxes/${name}/rest/users/1`);
  for (const name of ["seen-one", "seen-two"]) await page.locator(".traffic tbody tr", { hasText: name }).waitFor();
  await page.locator(".traffic tbody tr", { hasText: "seen-two" }).getByRole("button", { name: "get user" }).click();
  await page.getByLabel(/sent: first line/).getByText("/sandboxes/seen-two/rest/users/1").waitFor();
  await picture(page, "traffic-of-all");
});

await done();
