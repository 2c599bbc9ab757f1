// What the page shows when something goes wrong: a message in words, a new try where that helps, and never a stuck button.

import assert from "node:assert/strict";
import { done, visit } from "./browser.js";
import { address } from "./check.js";
import { answered } from "./lab-page.js";

const channel = (page, name) => page.locator(`[data-channel="${name}"]`);
const openEvents = (page) => page.getByRole("link", { name: "Events" }).click();
const channelsOpen = (page) => page.waitForFunction(() => document.querySelectorAll('[data-state="open"]').length === 9);
const stream = (...events) => ({
  contentType: "text/event-stream",
  body: events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(""),
});

const FINAL_ERROR = { reason: "credentials_missing", message: "the sandbox has been locked; open the view again as an admin" };

for (const user of ["a visitor", "Ada Lovelace, customer"]) {
  await visit(`lab: ${user} sees how much traffic was missed, and why recording ends`, "/#/settings", async (page) => {
    await page.getByLabel("Act as").selectOption({ label: user });
    await page.route("**/lab/wire", (route) => route.fulfill(stream(["missed", { count: 5 }], ["error", FINAL_ERROR])));
    await page.getByRole("link", { name: "Traffic" }).click();
    await page.getByText(/Not recording: the sandbox has been locked/).waitFor();
    await page.getByText(/\d+ exchanges came too fast/).waitFor();
    assert.equal(await page.locator(".traffic").count(), 0, "neither event is an exchange");
  });
}

const CHANNELS = ["ws", "graphql", "jsonrpc", "poll"].map((name) => ({ name, title: name, how: "" }));

for (const { name } of CHANNELS) {
  await visit(`lab: the channel ${name} is not shown as open after it has ended`, "/#/lessons", async (page) => {
    const ends = ["lane", { lane: name, why: "the stream is over" }];
    await page.route("**/lab/follow", (route) => route.fulfill(stream(["lanes", CHANNELS], ["lane", { lane: name }], ends)));
    await openEvents(page);
    await channel(page, name).getByText("the stream is over").waitFor();
    assert.equal(await channel(page, name).getAttribute("data-state"), "failed");
  });
}

await visit("lab: a customer receives the events of their own orders on every channel, in a locked sandbox too", "/#/settings", async (page) => {
  const name = `${new URL(address).pathname.split("/").pop()}-locked`;
  await page.getByLabel("Open sandbox").fill(name);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("button", { name: "locked", exact: true }).click();
  await page.getByText("The sandbox is locked.").waitFor();
  await openEvents(page);
  await page.getByRole("alert").getByText("credentials_missing").waitFor();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Act as").selectOption({ label: "Ada Lovelace, customer" });
  await openEvents(page);
  await channelsOpen(page);
  await page.getByRole("button", { name: "Place an order" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".channels .segment").length === 9);
});

await visit("lab: after a broken connection the page reconnects, and continues where it was", "/#/lessons", async (page) => {
  let requests = 0;
  const ids = [];
  await page.route("**/lab/follow", (route) => {
    requests += 1;
    ids.push(route.request().headers()["last-event-id"]);
    if (requests === 1) return route.fulfill({ contentType: "text/event-stream", body: "retry: 100\nid: 7\nevent: lanes\ndata: []\n\n" });
    return requests === 2 ? route.abort() : route.continue();
  });
  await openEvents(page);
  await page.getByText("the connection broke; trying again").waitFor();
  await channelsOpen(page);
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.deepEqual(ids, [undefined, "7", "7"]);
  await page.getByLabel("with", { exact: true }).selectOption("REST");
  await page.getByRole("button", { name: "Place an order" }).click();
  for (const name of ["soap", "poll"]) await channel(page, name).locator(".segment").waitFor();
});

await visit("lab: a stream that ends at once is not requested again without a pause", "/#/lessons", async (page) => {
  let requests = 0;
  await page.route("**/lab/follow", (route) => {
    requests += 1;
    return route.fulfill(stream());
  });
  await openEvents(page);
  await page.getByText("the connection broke; trying again").waitFor();
  await page.waitForTimeout(2_000);
  assert.ok(requests <= 3, `${requests} requests within two seconds`);
});

await visit("lab: after an order without a response the button works again", "/#/lessons", async (page) => {
  await page.route("**/lab/send", (route) => route.abort());
  await openEvents(page);
  await page.getByLabel("with", { exact: true }).selectOption("WebSocket");
  await page.getByRole("button", { name: "Place an order" }).click();
  await page.getByRole("alert").getByText("The server does not answer").waitFor();
  assert.equal(await page.getByRole("button", { name: "Place an order" }).isEnabled(), true);
});

await visit("lab: a refused order shows the shop's message", "/#/lessons", async (page) => {
  await page.route("**/lab/send", (route) => {
    const body = route.request().postDataJSON();
    body.input.lines = [{ product_id: 7, quantity: 99 }];
    return route.continue({ postData: JSON.stringify(body) });
  });
  await openEvents(page);
  await page.getByRole("button", { name: "Place an order" }).click();
  await page
    .getByRole("alert")
    .getByText(/^✕ .*product 7.*\(out_of_stock\)$/)
    .waitFor();
});

await visit("lab: without injected faults the page says what to do", "/#/lessons", async (page) => {
  await page.route("**/lab/table", async (route) => {
    const response = await route.fetch();
    return route.fulfill({ response, json: { ...(await response.json()), faults: false } });
  });
  for (const view of ["lessons/D8/1", "compare/scenario/retry", "settings"]) {
    await page.goto("about:blank");
    await page.goto(`${address}/#/${view}`);
    await page.getByText("parlance serve --faults").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0, view);
  }
});

await visit(
  "lab: copying works without a clipboard API, as over HTTP in a class, or says that it failed",
  "/",
  async (page) => {
    await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await answered(page);
    const copy = page.getByRole("button", { name: "Copy REST as curl" });
    await page.evaluate(() => document.addEventListener("copy", () => (window.copied = document.activeElement.value)));
    await copy.click();
    await page.getByText("Copied", { exact: true }).waitFor();
    assert.match(await page.evaluate(() => window.copied), /^curl /);
    await page.evaluate(() => (document.execCommand = () => false));
    await copy.click();
    await page.getByText(/^Not copied/).waitFor();
  },
);

await visit("lab: a malformed address, and a browser without storage, still show the page", "/", async (page) => {
  await page.addInitScript(() =>
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    }),
  );
  await page.goto("about:blank");
  await page.goto(`${address}/#/%E0/%`);
  await page.getByRole("alert").getByText("There is no view “%E0”.").waitFor();
  await page.getByRole("link", { name: "Open Compare" }).click();
  await answered(page);
  await page.getByRole("button", { name: "Dark theme" }).click();
  await page.getByRole("button", { name: "Light theme" }).waitFor();
});

for (const [link, message] of [
  ["#/nowhere", "There is no view “nowhere”."],
  ["#/compare/get_usr", "There is no operation “get_usr” to compare."],
  ["#/compare/watch_events", "There is no operation “watch_events” to compare."],
  ["#/compare/scenario/retyr", "There is no scenario “retyr”."],
  ["#/compare/get_user?over=rest,corba", "This link names styles that do not exist here: corba."],
  ["#/compare/get_user?input={id:1}", "The input in this link is not a JSON object: {id:1}."],
  ["#/contracts/get_usr", "There is no operation “get_usr”."],
  ["#/contracts/whole/rest.json", "There is no “rest.json”."],
  ["#/contracts/console/corba", "There is no “corba”."],
  ["#/contracts/console/soap/get_usr", "There is no operation “get_usr” to send."],
  ["#/contracts/console/grpc/get_usr", "There is no method for “get_usr”. Choose one."],
  ["#/lessons/D99", "There is no lesson “D99”."],
  ["#/lessons/D1/99", "Lesson D1 has no step “99”: its steps are 1 to 4."],
  ["#/lessons/D1/1/pirnt", "A step of a lesson has no “pirnt”."],
  ["#/traffic/abc", "There is no exchange “abc”"],
  ["#/traffic/987654", "There is no exchange 987654 in this sandbox"],
]) {
  await visit(`lab: a bad link says so: ${link}`, `/${link}`, async (page) => {
    await page.getByRole("alert").getByText(message).waitFor();
    assert.equal(await page.getByRole("alert").count(), 1);
  });
}

await visit("lab: a sandbox that can't have its name says why", "/#/settings", async (page) => {
  for (const [name, why] of [
    ["A_b", "not “A”, “_”. Write small letters."],
    ["ann lee", "not “ ”."],
    ["-ann", "not with a hyphen"],
    ["a".repeat(41), "this one has 41"],
  ]) {
    await page.getByLabel("Open sandbox").fill(name);
    await page.getByText(why).waitFor();
    assert.equal(await page.getByRole("button", { name: "Open", exact: true }).isDisabled(), true);
  }
  await page.goto(`${new URL(address).origin}/sandboxes/A_b/`);
  await page.getByRole("alert").getByText('a sandbox can\'t be named "A_b"').waitFor();
});

await done();
