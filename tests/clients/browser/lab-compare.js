// The Compare view: the same call in every style, and numbers that match the server's.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { address } from "./check.js";
import { done, picture, visit } from "./browser.js";
import { answered, barsAreTrue, column, columns, focused, notice } from "./lab-page.js";

await visit(
  "lab: the first view compares a user in every style, with the server's numbers",
  "/",
  async (page) => {
    // Reloaded, so that the response can't come before it is awaited.
    const [response] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith("/lab/compare")),
      page.reload(),
    ]);
    await answered(page);
    const { styles } = await response.json();
    assert.match(await notice(page).innerText(), /All 7 styles returned the same result/);
    assert.deepEqual(
      await page.locator(".numbers tbody th").allInnerTexts(),
      styles.map(({ title }) => title),
    );
    for (const [index, { call, time_us }] of styles.entries()) {
      const numbers = await page.locator(".numbers tbody tr").nth(index).innerText();
      assert.ok(numbers.includes(`${call.request.total.toLocaleString("en")} B`), numbers);
      assert.ok(numbers.includes(`${call.response.total.toLocaleString("en")} B`), numbers);
      assert.ok(time_us.warm.length === 20, "20 calls in each style");
    }
    await barsAreTrue(page.locator(".bars").nth(0));
    await barsAreTrue(page.locator(".bars").nth(1));
    await picture(page, "lab-compare");
  },
);

await visit("lab: a form is filled in, and its link can be shared", "/", async (page) => {
  await answered(page);
  await page.getByLabel("Call", { exact: true }).selectOption("get_product");
  await answered(page);
  await page.getByLabel("id", { exact: true }).fill("7");
  await page.getByRole("group", { name: "Styles to call" }).getByRole("button", { name: "XML-RPC", exact: true }).click();
  await page.getByLabel("id", { exact: true }).press("Enter");
  await page.waitForFunction(() => document.querySelectorAll(".numbers tbody tr").length === 6);
  await answered(page);
  const link = page.url();
  const body = await columns(page).first().getByLabel("REST: request: first line").innerText();
  assert.match(body, /\/rest\/products\/7 /);
  const other = await page.context().newPage();
  await other.goto(link);
  await answered(other);
  assert.equal(await other.locator(".numbers tbody tr").count(), 6);
  assert.equal(await other.getByLabel("id", { exact: true }).inputValue(), "7");
  await other.goBack();
});

await visit("lab: every style's message is shown formatted and raw", "/#/compare/get_user", async (page) => {
  await answered(page);
  const soap = await column(page, "SOAP 1.1 and 1.2");
  assert.match(await soap.getByLabel("SOAP 1.1 and 1.2: request: body").innerText(), /\n {4}<GetUser/);
  await page.getByRole("button", { name: "Raw", exact: true }).click();
  const raw = await soap.locator("section").first().innerText();
  assert.match(raw, /POST \/.*\/soap HTTP\/1\.1\r?\n/i);
  assert.match(raw, /<soap:Body><GetUser/);
  // RFC 6455 section 5.2: a frame from a client is masked, so its second byte has the first bit.
  const socket = await column(page, "WebSocket");
  const frame = await socket.getByLabel("WebSocket: request: frame header").innerText();
  assert.match(frame, /^81 [89a-f]/);
  await socket.getByText("Handshake, once per connection").click();
  assert.match(await socket.locator(".handshake").innerText(), /101 Switching Protocols/);
});

await visit("lab: the address has the styles that stand side by side", "/#/compare/get_user", async (page) => {
  await answered(page);
  const chosen = page.getByRole("group", { name: "Show side by side" }).locator("[aria-pressed=true]");
  for (const button of (await chosen.all()).reverse()) await button.click();
  await page.getByRole("group", { name: "Show side by side" }).getByRole("button", { name: "GraphQL" }).click();
  const before = await columns(page).locator("h3").allInnerTexts();
  assert.equal(before.length, 2);
  assert.ok(before.includes("GraphQL"), before.join());
  await page.reload();
  await answered(page);
  assert.deepEqual(await columns(page).locator("h3").allInnerTexts(), before);
  await page.getByRole("button", { name: "Run" }).click();
  await answered(page);
  assert.deepEqual(await columns(page).locator("h3").allInnerTexts(), before);
});

for (const [former, title] of [["wire", "Traffic"], ["dials", "Settings"], ["present", "Lessons"]]) {
  await visit(`lab: a link to #/${former} opens ${title}`, `/#/${former}`, async (page) => {
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
  });
}

await visit(
  "lab: every style refuses the same mistake",
  "/#/compare/get_user?input=%7B%22id%22%3A%22Ada%22%7D",
  async (page) => {
    await answered(page);
    assert.match(await notice(page).innerText(), /All 7 styles refuse the call: .*invalid_input/s);
    assert.equal(await page.locator(".numbers tbody tr").count(), 7);
  },
);

await visit(
  "lab: a snippet is copied to the clipboard",
  "/",
  async (page) => {
    await answered(page);
    await page.getByRole("button", { name: "Copy SOAP 1.1 and 1.2 as curl" }).click();
    await page.getByText("Copied").filter({ visible: true }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^curl .*GetUser/s);
  },
  { permissions: ["clipboard-read", "clipboard-write"] },
);

await visit(
  "lab: with gzip, each style shows whether its response was compressed",
  "/#/compare/search_products",
  async (page) => {
    await answered(page);
    await page.getByLabel("limit").fill("50");
    await page.getByLabel("query").fill("");
    const [request] = await Promise.all([
      page.waitForRequest((request) => request.url().endsWith("/lab/compare") && request.postDataJSON().gzip === true),
      page.getByLabel("Ask for gzip").check(),
    ]);
    const { styles } = await (await request.response()).json();
    await page.getByText("Compressed", { exact: true }).first().waitFor();
    await answered(page);
    assert.deepEqual(
      styles.filter(({ compressed }) => !compressed).map(({ style }) => style),
      ["websocket"],
    );
    for (const [index, { style, title }] of styles.entries()) {
      const numbers = await page.locator(".numbers tbody tr").nth(index).innerText();
      assert.match(numbers, style === "websocket" ? /no: not supported/ : /gzip/, style);
      const shown = await (await column(page, title)).innerText();
      // gRPC compresses each message, and is shown frame by frame.
      assert.equal(/Sent as [\d,]+ B of gzip/.test(shown), !["websocket", "grpc"].includes(style), style);
    }
    assert.match(page.url(), /gzip=yes/);
  },
);

await visit("lab: over HTTP/2 the table, the requests, the address and the CSV say so", "/#/compare/get_user", async (page) => {
  await answered(page);
  const rows = page.locator(".numbers tbody tr");
  const versions = () => rows.evaluateAll((rows) => rows.map((row) => row.cells[1].textContent));
  const expected = (other) => ["REST", "SOAP", "JSON-RPC", "XML-RPC"].map(() => other).concat("WebSocket, HTTP/1.1", other, "HTTP/2");
  assert.deepEqual(await versions(), expected("HTTP/1.1"));
  const choice = page.getByRole("group", { name: "Version of HTTP" });
  await choice.getByText("WebSocket stays on HTTP/1.1").waitFor();
  const [request] = await Promise.all([
    page.waitForRequest((request) => request.url().endsWith("/lab/compare") && request.postDataJSON().http2 === true),
    choice.getByRole("button", { name: "HTTP/2" }).click(),
  ]);
  await request.response();
  await answered(page);
  assert.deepEqual(await versions(), expected("HTTP/2"));
  assert.match(page.url(), /http2=yes/);
  assert.match(await (await column(page, "REST")).innerText(), /HEADERS frame[^]*:path: \/[^]*users\/1/);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download as CSV" }).click(),
  ]);
  const text = readFileSync(await download.path(), "utf8");
  assert.match(text, /^operation,style,http_version,connection,call,/);
  assert.match(text, /^get_user,rest,HTTP\/2,new,1,/m);
  assert.match(text, /^get_user,websocket,HTTP\/1\.1,open,20,/m);
  await page.reload();
  await answered(page);
  assert.deepEqual(await versions(), expected("HTTP/2"));
  assert.equal(await choice.getByRole("button", { name: "HTTP/2" }).getAttribute("aria-pressed"), "true");
  await choice.getByRole("button", { name: "HTTP/1.1" }).click();
  await page.waitForFunction(() => document.querySelector(".numbers tbody td").textContent === "HTTP/1.1");
  assert.doesNotMatch(page.url(), /http2/);
});

await visit(
  "lab: removing a list item moves the focus to a button that stays",
  "/#/compare/place_order",
  async (page) => {
    await answered(page);
    await page.getByRole("button", { name: "Remove lines 2" }).press("Enter");
    await focused(page, "Add an item");
    assert.equal(await page.getByLabel("product_id").count(), 1);
  },
);

await visit(
  "lab: an optional value can be left out again, and invalid JSON is not sent",
  "/#/compare/update_product",
  async (page) => {
    await answered(page);
    const asJson = page.getByRole("button", { name: "Edit as JSON" });
    const fill = async (amount, currency) => {
      await page.getByLabel("amount").fill(amount);
      await page.getByLabel("currency").selectOption(currency);
      await asJson.click();
      const input = JSON.parse(await page.getByLabel("Input").inputValue());
      await asJson.click();
      return input.price;
    };
    assert.deepEqual(await fill("5", "EUR"), { amount: 5, currency: "EUR" });
    assert.equal(await fill("", ""), undefined);
    await asJson.click();
    await page.getByLabel("Input").fill("{");
    const before = page.url();
    await page.getByRole("button", { name: "Run" }).click();
    assert.equal(await page.getByLabel("Input").evaluate((field) => field.validity.customError), true);
    assert.equal(page.url(), before);
  },
);

await visit("lab: a scenario shows its steps", "/#/compare/scenario/order-page?rtt=50", async (page) => {
  await answered(page);
  const rest = columns(page).first();
  const steps = await rest.locator(".steps li").count();
  assert.ok(steps > 2, `${steps} steps over REST`);
  await rest.locator("summary").first().click();
  assert.match(await rest.locator(".steps li").first().innerText(), /GET \/.*orders/);
  assert.ok((await page.locator(".bars").count()) >= 3, "bytes, round trips and time");
  await barsAreTrue(page.locator(".bars").nth(0));
  await barsAreTrue(page.locator(".bars").nth(1));
  await picture(page, "lab-scenario");
});

await done();
