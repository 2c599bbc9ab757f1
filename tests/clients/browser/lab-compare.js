// Can the same question be put to every style, and can what one sees be believed?

import assert from "node:assert/strict";
import { address } from "./told.js";
import { done, picture, visit } from "./browser.js";
import { answered, barsAreTrue, columns, focused, verdict } from "./lab-page.js";

await visit(
  "lab: the first look compares a user over every style, and says the numbers that the server said",
  "/",
  async (page) => {
    // Loaded once more, so that no answer comes before it is waited for.
    const [response] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith("/lab/compare")),
      page.reload(),
    ]);
    await answered(page);
    const { styles } = await response.json();
    assert.match(await verdict(page).innerText(), /All 6 styles gave the same answer/);
    assert.deepEqual(
      await columns(page).locator("h3").allInnerTexts(),
      styles.map(({ title }) => title),
    );
    for (const [index, { call, time_us }] of styles.entries()) {
      const numbers = await columns(page).nth(index).locator(".numbers").innerText();
      assert.ok(numbers.includes(`${call.request.total.toLocaleString("en")} B`), numbers);
      assert.ok(numbers.includes(`${call.response.total.toLocaleString("en")} B`), numbers);
      assert.ok(time_us.warm.length === 20, "20 calls each");
    }
    await barsAreTrue(page.locator(".bars").nth(0));
    await barsAreTrue(page.locator(".bars").nth(1));
    await picture(page, "lab-compare");
  },
);

await visit("lab: a form is filled in, and its address can be shared", "/", async (page) => {
  await answered(page);
  await page.getByLabel("Ask", { exact: true }).selectOption("get_product");
  await answered(page);
  await page.getByLabel("id", { exact: true }).fill("7");
  await page.getByRole("button", { name: "XML-RPC", exact: true }).click();
  await page.getByLabel("id", { exact: true }).press("Enter");
  await page.waitForFunction(() => document.querySelectorAll(".column").length === 5);
  await answered(page);
  const link = page.url();
  const body = await columns(page).first().getByLabel("REST: request: first line").innerText();
  assert.match(body, /\/rest\/products\/7 /);
  const other = await page.context().newPage();
  await other.goto(link);
  await answered(other);
  assert.equal(await columns(other).count(), 5);
  assert.equal(await other.getByLabel("id", { exact: true }).inputValue(), "7");
  await other.goBack();
});

await visit("lab: every style's message is shown pretty and just as it was", "/#/compare/get_user", async (page) => {
  await answered(page);
  const soap = columns(page).nth(1);
  assert.match(await soap.getByLabel("SOAP 1.1 and 1.2: request: body").innerText(), /\n {4}<GetUser/);
  await page.getByRole("button", { name: "Raw", exact: true }).click();
  const raw = await soap.locator("section").first().innerText();
  assert.match(raw, /POST \/.*\/soap HTTP\/1\.1\r?\n/i);
  assert.match(raw, /<soap:Body><GetUser/);
  // RFC 6455 section 5.2: a frame from a client is masked, so its second byte has the first bit.
  const frame = await columns(page).nth(4).getByLabel("WebSocket: request: header of the frame").innerText();
  assert.match(frame, /^81 [89a-f]/);
  await columns(page).nth(4).getByText("Before it, once: the handshake").click();
  assert.match(await columns(page).nth(4).locator(".handshake").innerText(), /101 Switching Protocols/);
});

await visit(
  "lab: a refusal is one mistake in every grammar",
  "/#/compare/get_user?input=%7B%22id%22%3A%22Ada%22%7D",
  async (page) => {
    await answered(page);
    assert.match(await verdict(page).innerText(), /All 6 styles refuse alike: .*invalid_input/s);
    assert.equal(await columns(page).count(), 6);
  },
);

await visit(
  "lab: a copy goes to the clipboard",
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
  "lab: packed answers are asked for, and each style says whether its own is",
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
    await page.getByText("Packed", { exact: true }).first().waitFor();
    await answered(page);
    assert.deepEqual(
      styles.filter(({ packed }) => !packed).map(({ style }) => style),
      ["websocket"],
    );
    for (const [index, { style }] of styles.entries()) {
      const column = await columns(page).nth(index).innerText();
      assert.match(
        column,
        style === "websocket" ? /Packed\s+no: it has no packing/ : /Packed\s+gzip[^]*came as [\d,]+ B of gzip/,
        style,
      );
    }
    assert.match(page.url(), /gzip=yes/);
  },
);

await visit(
  "lab: what is taken out of a list leaves the keyboard where it can go on",
  "/#/compare/place_order",
  async (page) => {
    await answered(page);
    await page.getByRole("button", { name: "Take out lines 2" }).press("Enter");
    await focused(page, "Add");
    assert.equal(await page.getByLabel("product_id").count(), 1);
  },
);

await visit(
  "lab: what is optional can be left out again, and what is no JSON is not asked",
  "/#/compare/update_product",
  async (page) => {
    await answered(page);
    const asJson = page.getByRole("button", { name: "As JSON" });
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

await visit("lab: a scenario is played step by step", "/#/compare/scenario/order-page?rtt=50", async (page) => {
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
