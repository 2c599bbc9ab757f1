// Can REST be tried out in Swagger UI?

import assert from "node:assert/strict";
import { done, picture, visit } from "./browser.js";

// The key of the made-up user 1 is no secret: `GET /` lists it.
const key = "parlance_u0000001_oyfDM8Je_4usrAKEEkXSLu_cFKS0RqPBzBXpyhXMqck";

// Those that the Path Item Object of OpenAPI 3.1 knows. Others are not shown.
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

// Asks for an operation, and gives the status and the text of the answer.
async function execute(page, operation, input = {}) {
  const block = page.locator(`.opblock[id$="-${operation}"]`);
  if (!(await block.locator(".execute").isVisible())) await block.locator(".opblock-summary-control").click();
  for (const [name, value] of Object.entries(input)) {
    await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
  }
  await block.locator(".execute").click();
  const answer = block.locator(".live-responses-table .response").first();
  await answer.waitFor();
  await block.scrollIntoViewIfNeeded();
  return { status: await answer.locator(".response-col_status").innerText(), text: await answer.innerText() };
}

for (const colorScheme of ["light", "dark"]) {
  await visit(`swagger-ui: a GET is tried out, ${colorScheme}`, "/rest/docs", async (page) => {
    await page.locator(".opblock").first().waitFor();
    assert.match(await page.title(), /The shop over REST/);
    assert.equal(await page.locator("#sandbox").innerText(), "browser-swagger-ui");
    await picture(page, `swagger-ui-${colorScheme}`);
    const asked = page.waitForRequest((request) => request.url().endsWith("/rest/users/1"));
    const { status, text } = await execute(page, "get_user", { id: "1" });
    assert.match((await asked).url(), /\/sandboxes\/browser-swagger-ui\/rest\/users\/1$/);
    assert.match(status, /^200/);
    assert.match(text, /"name": "Ada Lovelace"/);
    await picture(page, `swagger-ui-answer-${colorScheme}`);
  }, { colorScheme });
}

await visit("swagger-ui: what it shows is the contract", "/rest/docs", async (page) => {
  await page.locator(".opblock").first().waitFor();
  const contract = await page.evaluate(async () => (await fetch("openapi.json")).json());
  const operations = Object.values(contract.paths).flatMap((path) => METHODS.filter((method) => path[method]));
  assert.equal(await page.locator(".opblock").count(), operations.length);
});

await visit("swagger-ui: who is authorized stays so when the page is loaded again", "/rest/docs", async (page) => {
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

await visit("swagger-ui: a user consents by OAuth, and the page has a token", "/rest/docs", async (page) => {
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

await done();
