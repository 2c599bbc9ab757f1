// Do the other views do what they are for? A line of curl in SOAP, live traffic, news in every lane, a locked sandbox, contracts.

import assert from "node:assert/strict";
import { address } from "./told.js";
import { done, picture, visit } from "./browser.js";
import { answered, columns, focused, post, verdict } from "./lab-page.js";

/** Looks at the traffic past the page, until an exchange of that style has been `told`. */
async function wire(style) {
  const { body } = await fetch(`${address}/lab/wire`);
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  const told = (async () => {
    let text = "";
    while (!text.includes(`"style":"${style}"`)) text += (await reader.read()).value;
    await reader.cancel();
  })();
  return { told };
}

const STYLES = ["REST", "SOAP", "JSON-RPC", "XML-RPC", "WebSocket", "GraphQL"];

await visit("lab: a line of curl is read, and said in SOAP", "/#/translate", async (page) => {
  await page.getByLabel("Paste a request of any style").fill(`curl -s ${address}/rest/products?query=laptop&limit=5`);
  await page.getByRole("button", { name: "Translate" }).click();
  await page.getByText("REST for “search products”").waitFor();
  const soap = page.locator(".column", { hasText: "SOAP" }).first();
  assert.match(await soap.innerText(), /<SearchProducts xmlns="urn:parlance:shop:v1"><query>laptop<\/query>/);
  await page.getByLabel("Paste a request of any style").fill("good morning");
  await page.getByRole("button", { name: "Translate" }).click();
  await page.getByRole("alert").waitFor();
});

await visit("lab: of a batch every call is said in every style", "/#/translate", async (page) => {
  await page.getByRole("button", { name: "a batch" }).click();
  await page.getByText("JSON-RPC 2.0 for 2 calls").waitFor();
  assert.deepEqual(await page.locator("section h2").allInnerTexts(), ["1. get user", "2. get cart"]);
  assert.match(await page.getByLabel("1. SOAP 1.1 and 1.2: the request").innerText(), /<GetUser /);
  assert.match(await page.getByLabel("2. SOAP 1.1 and 1.2: the request").innerText(), /<GetCart /);
  assert.equal(await columns(page).count(), 12);
});

await visit("lab: live traffic, from whoever it comes, and every byte of it", "/#/wire", async (page) => {
  await page.getByText("Listening.").waitFor();
  await post("/jsonrpc", { jsonrpc: "2.0", id: 1, method: "get_user", params: { id: 1 } });
  const line = page.locator(".traffic tbody tr", { hasText: "JSON-RPC" }).first();
  await line.getByRole("button", { name: "get user" }).click();
  await page.getByText("One exchange").waitFor();
  await page.getByLabel(/received: body/).waitFor();
  assert.match(await columns(page).innerText(), /"method": "get_user"/);
  await focused(page, "One exchange");
  await page.getByRole("button", { name: "Close" }).click();
  await focused(page, "get user");
  await page.getByRole("button", { name: "Pause" }).click();
  // Somebody else who looks tells when the page has been told, too.
  const { told } = await wire("xmlrpc");
  await post("/xmlrpc", {});
  await told;
  assert.equal(await page.locator(".traffic tbody tr", { hasText: "XML-RPC" }).count(), 0);
  await picture(page, "lab-wire");
});

await visit("lab: an order placed over SOAP is heard of in every lane", "/#/events", async (page) => {
  await page.waitForFunction(() => document.querySelectorAll('[data-state="listens"]').length === 8);
  for (const does of ["Place an order", "Pay it", "Ship it", "Deliver it"])
    await page.getByRole("button", { name: does }).click();
  // Every lane hears of every change: the eighth is the one that polls.
  await page.waitForFunction(() => document.querySelectorAll(".lanes .piece").length === 32);
  await page.getByText(/is delivered: answered over SOAP/).waitFor();
  await page.getByText("The newest message of each lane").click();
  assert.match(await page.locator(".column", { hasText: "WebSocket" }).first().innerText(), /"order\.delivered"/);
  assert.match(await page.locator(".column", { hasText: "REST, pushed" }).innerText(), /"order\.delivered"/);
  await picture(page, "lab-events");
});

for (const style of ["REST", "JSON-RPC", "XML-RPC", "WebSocket", "GraphQL"]) {
  await visit(`lab: an order is placed over ${style}`, "/#/events", async (page) => {
    await page.waitForFunction(() => document.querySelectorAll('[data-state="listens"]').length === 8);
    await page.getByLabel("over").selectOption(style);
    await page.getByRole("button", { name: "Place an order" }).click();
    await page.getByRole("button", { name: "Pay it" }).click();
    await page.waitForFunction(() => document.querySelectorAll('[data-lane="sse"] .piece').length === 2);
  });
}

await visit("lab: a sandbox of one's own is locked, and every style says so in its grammar", "/#/dials", async (page) => {
  await page.evaluate(() => (window.isSamePage = true));
  const name = new URL(address).pathname.split("/").pop();
  await page.getByLabel("Go to").fill(`${name}-locked`);
  await page.getByRole("button", { name: "Go", exact: true }).click();
  await page.waitForURL(new RegExp(`/sandboxes/${name}-locked/#/dials`));
  await page.getByRole("button", { name: "locked", exact: true }).click();
  await page.getByText("The sandbox is locked.").waitFor();
  await page.keyboard.press("1");
  await page.getByText(/All 6 styles refuse alike/).waitFor();
  await answered(page);
  assert.match(await verdict(page).innerText(), /credentials_missing/);
  assert.match(await columns(page).first().innerText(), /HTTP\/1\.1 401/);
  for (const [index, code] of [
    "credentials_missing",
    "soap:Client",
    "-32001",
    "-32001",
    "unauthenticated",
    "UNAUTHENTICATED",
  ].entries()) {
    assert.ok((await columns(page).nth(index).innerText()).includes(code), `${STYLES[index]} says ${code}`);
  }
  await page.keyboard.press("5");
  await page.getByLabel("I am").selectOption({ label: "Ada Lovelace, customer" });
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "open", exact: true }).click();
  await page.getByRole("alert").getByText("not_allowed").waitFor();
  await page.getByLabel("I am").selectOption("3");
  await page.getByRole("button", { name: "open", exact: true }).click();
  await page.getByText("The sandbox is open.").waitFor();
  assert.equal(await page.evaluate(() => window.isSamePage), true, "the page was loaded anew");
});

await visit("lab: the other dials turn, and the comparison feels it", "/#/dials", async (page) => {
  await page.getByRole("button", { name: "50 ms", exact: true }).click();
  await page.getByText("A round trip takes 50 ms more.").waitFor();
  await page.goto(`${address}/#/compare/get_product?over=rest`);
  await answered(page);
  const numbers = await columns(page).first().locator(".numbers").innerText();
  const [, time] = numbers.match(/Open connection\s+([\d.]+) ms/) ?? [];
  assert.ok(Number(time) >= 50, numbers);
  await page.goto(`${address}/#/dials`);
  await page.getByRole("button", { name: "0 ms", exact: true }).click();
  await page.getByText("A round trip takes 0 ms more.").waitFor();
  await page.getByRole("button", { name: "Reset …" }).click();
  await focused(page, "Keep it");
  await page.keyboard.press("Enter");
  await focused(page, "Reset …");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Reset .* now$/ }).click();
  await page.getByText("The sandbox is as new.").waitFor();
});

await visit("lab: one operation stands in every contract", "/#/contracts/place_order", async (page) => {
  await columns(page).first().waitFor();
  const texts = await columns(page).allInnerTexts();
  assert.equal(texts.length, 8);
  for (const text of texts) assert.match(text, /place_?order/i);
  for (const text of texts) assert.doesNotMatch(text, /says nothing of it/);
  await page.getByRole("link", { name: "WSDL 1.1" }).click();
  await page.getByText("<wsdl:definitions").waitFor();
});

for (const [style, says] of [
  ["SOAP", "<name>Ada Lovelace</name>"],
  ["JSON-RPC", '"name": "Ada Lovelace"'],
  ["XML-RPC", "<string>Ada Lovelace</string>"],
  ["WebSocket", '"name": "Ada Lovelace"'],
]) {
  await visit(`lab: ${style} is tried out by a message`, "/#/contracts", async (page) => {
    await page.getByRole("link", { name: `Try ${style} out` }).click();
    await page.getByLabel(/^Message/).waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByLabel("The answer").waitFor();
    const answer = await page.getByLabel("The answer").innerText();
    assert.ok(answer.includes(says), answer);
  });
}

await done();
