// Swagger UI: it shows every operation and calls the shop.

import assert from "node:assert/strict";
import { done, picture, visit } from "./browser.js";

// The public key of the demo user 1; `GET /` lists it.
const key = "parlance_u0000001_oyfDM8Je_4usrAKEEkXSLu_cFKS0RqPBzBXpyhXMqck";

// The methods of a Path Item Object in OpenAPI 3.1; Swagger UI shows no others.
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

// Executes an operation, and returns the status and the text of the response.
async function execute(page, operation, input = {}) {
  const block = page.locator(`.opblock[id$="-${operation}"]`);
  if (!(await block.locator(".execute").isVisible())) await block.locator(".opblock-summary-control").click();
  for (const [name, value] of Object.entries(input)) {
    await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
  }
  await block.locator(".execute").click();
  const response = block.locator(".live-responses-table .response").first();
  await response.waitFor();
  await block.scrollIntoViewIfNeeded();
  return { status: await response.locator(".response-col_status").innerText(), text: await response.innerText() };
}

for (const colorScheme of ["light", "dark"]) {
  await visit(`swagger-ui: a GET is executed, ${colorScheme}`, "/rest/docs", async (page) => {
    await page.locator(".opblock").first().waitFor();
    assert.match(await page.title(), /The shop over REST/);
    assert.equal(await page.locator("#sandbox").innerText(), "browser-swagger-ui");
    await picture(page, `swagger-ui-${colorScheme}`);
    const sent = page.waitForRequest((request) => request.url().endsWith("/rest/users/1"));
    const { status, text } = await execute(page, "get_user", { id: "1" });
    assert.match((await sent).url(), /\/sandboxes\/browser-swagger-ui\/rest\/users\/1$/);
    assert.match(status, /^200/);
    assert.match(text, /"name": "Ada Lovelace"/);
    await picture(page, `swagger-ui-response-${colorScheme}`);
  }, { colorScheme });
}

await visit("swagger-ui: it shows every operation of the contract", "/rest/docs", async (page) => {
  await page.locator(".opblock").first().waitFor();
  const contract = await page.evaluate(async () => (await fetch("openapi.json")).json());
  const operations = Object.values(contract.paths).flatMap((path) => METHODS.filter((method) => path[method]));
  assert.equal(await page.locator(".opblock").count(), operations.length);
});

await visit("swagger-ui: the authorization survives a reload", "/rest/docs", async (page) => {
  await page.locator(".auth-wrapper .authorize").first().click();
  const form = page.locator(".auth-container", { hasText: "X-API-Key" });
  await form.locator("input").fill(key);
  await form.locator("button.authorize").click();
  await page.locator(".auth-wrapper .close-modal, .dialog-ux .close-modal").first().click();
  await page.reload();
  const { status, text } = await execute(page, "who_am_i");
  assert.match(status, /^200/);
  assert.match(text, /"proof": "api_key"/);
});

await visit("swagger-ui: a user consents with OAuth, and the page gets a token", "/rest/docs", async (page) => {
  await page.locator(".auth-wrapper .authorize").first().click();
  const form = page.locator(".auth-container", { hasText: "authorizationCode" });
  assert.equal(await form.locator("input[id^=client_id]").inputValue(), "demo-app");
  const opened = page.waitForEvent("popup");
  await form.locator("button.authorize").click();
  const consent = await opened;
  await consent.locator("#email").fill("ada@example.com");
  await consent.locator("#password").fill("parlance");
  await consent.locator("button[value=allow]").click();
  await form.getByText("Logout").waitFor();
  await page.locator(".auth-wrapper .close-modal, .dialog-ux .close-modal").first().click();
  const { text } = await execute(page, "who_am_i");
  assert.match(text, /"user_id": 1/);
  assert.match(text, /"proof": "token"/);
});

await visit("swagger-ui: a caller is chosen in the header, where the keys and the password stand", "/rest/docs", async (page) => {
  await page.getByLabel("Call as").selectOption({ label: "Ada Lovelace, customer" });
  await page.getByText("Keys and passwords").click();
  await page.getByText("ada@example.com, password parlance").waitFor();
  await page.reload();
  await page.waitForFunction((key) => document.querySelector(".page-header select")?.value === key, key);
  const sent = page.waitForRequest((request) => request.url().endsWith("/rest/me"));
  await execute(page, "who_am_i");
  assert.equal((await sent).headers()["x-api-key"], key);
  await page.getByLabel("Call as").selectOption("a visitor");
  const anonymous = page.waitForRequest((request) => request.url().endsWith("/rest/me"));
  await execute(page, "who_am_i");
  assert.equal((await anonymous).headers()["x-api-key"], undefined);
});

await done();
