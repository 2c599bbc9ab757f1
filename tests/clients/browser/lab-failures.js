// What does the page do when something goes wrong? It says so in words, comes again where that helps, and never stays stuck.

import assert from "node:assert/strict";
import { done, visit } from "./browser.js";
import { address } from "./told.js";
import { answered } from "./lab-page.js";

const lane = (page, name) => page.locator(`[data-lane="${name}"]`);
const openEvents = (page) => page.getByRole("link", { name: "Events" }).click();
const lanesListen = (page) => page.waitForFunction(() => document.querySelectorAll('[data-state="listens"]').length === 8);
const stream = (...events) => ({
  contentType: "text/event-stream",
  body: events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(""),
});

/** Answers every message of the page's sockets at that path by these, and lets none through. */
const answerSockets = (page, path, answers) =>
  page.routeWebSocket(new RegExp(`/${path}$`), (socket) =>
    socket.onMessage((message) => {
      for (const answer of answers(JSON.parse(message))) socket.send(JSON.stringify(answer));
    }),
  );

const LAST_WORD = { reason: "credentials_missing", message: "the sandbox has been locked; look again as an admin" };

for (const who of ["a visitor", "Ada Lovelace, customer"]) {
  await visit(`lab: ${who} is told what was missed of the traffic, and why it ends`, "/#/dials", async (page) => {
    await page.getByLabel("I am").selectOption({ label: who });
    await page.route("**/lab/wire", (route) => route.fulfill(stream(["missed", { count: 5 }], ["error", LAST_WORD])));
    await page.getByRole("link", { name: "Wire" }).click();
    await page.getByText(/Not listening: the sandbox has been locked/).waitFor();
    await page.getByText(/\d+ were missed/).waitFor();
    assert.equal(await page.locator(".traffic").count(), 0, "neither is an exchange");
  });
}

const ENDS = {
  websocket: [
    "ws",
    ({ id }) => [
      { id, ok: {} },
      { id, end: {} },
    ],
  ],
  jsonrpc: [
    "jsonrpc",
    ({ id }) => [
      { jsonrpc: "2.0", id, result: "1" },
      {
        jsonrpc: "2.0",
        method: "event",
        params: { subscription: "1", error: { code: -32006, message: "the stream is over" } },
      },
    ],
  ],
  graphql: [
    "graphql",
    ({ id, type }) =>
      type === "connection_init"
        ? [{ type: "connection_ack" }]
        : [{ id, type: "next", payload: { errors: [{ message: "the stream is over" }] } }],
  ],
};

for (const [name, [path, answers]] of Object.entries(ENDS)) {
  await visit(`lab: the lane of ${name} does not say that it listens once it was ended`, "/#/present", async (page) => {
    await answerSockets(page, path, answers);
    await openEvents(page);
    await lane(page, name)
      .getByText(/the stream is over|the shop has ended the stream/)
      .waitFor();
    assert.equal(await lane(page, name).getAttribute("data-state"), "failed");
  });
}

await visit("lab: somebody in particular is not heard as nobody over JSON-RPC's socket", "/#/dials", async (page) => {
  await page.getByLabel("I am").selectOption({ label: "Ada Lovelace, customer" });
  await openEvents(page);
  await lane(page, "jsonrpc").getByText("a browser can't say who one is over this socket").waitFor();
  await page.waitForFunction(() => document.querySelectorAll('[data-state="listens"]').length === 7);
});

await visit("lab: lanes that ask come again after a hiccup, and go on where they were", "/#/present", async (page) => {
  const asked = { soap: 0, poll: 0 };
  await page.route(/\/soap$/, (route) => {
    asked.soap += 1;
    return asked.soap === 1 ? route.fulfill({ status: 503, body: "" }) : route.continue();
  });
  await page.route(/\/rest\/events\?after=\d+$/, (route) => {
    const isPoll = route.request().resourceType() === "fetch";
    if (isPoll) asked.poll += 1;
    return isPoll && asked.poll <= 2 ? route.abort() : route.continue();
  });
  await openEvents(page);
  await lane(page, "soap").getByText("HTTP 503").waitFor();
  await lane(page, "poll")
    .getByText(/does not answer/)
    .waitFor();
  await lanesListen(page);
  await page.getByLabel("over").selectOption("REST");
  await page.getByRole("button", { name: "Place an order" }).click();
  for (const name of ["soap", "poll"]) await lane(page, name).locator(".piece").waitFor();
});

await visit(
  "lab: a question that is answered at once, and by nothing, is not asked without a pause",
  "/#/present",
  async (page) => {
    let asked = 0;
    await page.route(/\/xmlrpc$/, (route) => {
      asked += 1;
      const page =
        "<struct><member><name>items</name><value><array><data/></array></value></member>" +
        "<member><name>next</name><value><int>7</int></value></member></struct>";
      const body = `<?xml version="1.0"?><methodResponse><params><param><value>${page}</value></param></params></methodResponse>`;
      return route.fulfill({ contentType: "text/xml", body });
    });
    await openEvents(page);
    await page.waitForFunction(() => document.querySelector('[data-lane="poll"] td:nth-of-type(5)')?.textContent === "3");
    assert.ok(asked <= 4, `asked ${asked} times, while another asked 3 times by its beat`);
  },
);

await visit("lab: an order that gets no answer is given up, and the button comes back", "/#/present", async (page) => {
  await page.routeWebSocket(/\/ws$/, (socket) =>
    socket.onMessage((message) => {
      if (message.includes("place_order")) socket.close({ code: 1011, reason: "not today" });
    }),
  );
  await openEvents(page);
  await page.getByLabel("over").selectOption("WebSocket");
  await page.getByRole("button", { name: "Place an order" }).click();
  await page.getByRole("alert").getByText("1011 not today").waitFor();
  assert.equal(await page.getByRole("button", { name: "Place an order" }).isEnabled(), true);
});

await visit("lab: a refusal is told in the shop's words, over whichever style", "/#/present", async (page) => {
  await page.route(/\/soap$/, (route) => {
    const isOrder = route.request().postData().includes("PlaceOrder");
    const postData = route
      .request()
      .postData()
      .replace("<quantity>1<", "<quantity>99<")
      .replace("<productId>1<", "<productId>7<");
    return route.continue(isOrder ? { postData } : {});
  });
  await openEvents(page);
  await page.getByRole("button", { name: "Place an order" }).click();
  await page
    .getByRole("alert")
    .getByText(/^✕ product 7 has \d+ in stock, 99 wanted/)
    .waitFor();
});

await visit("lab: without faults the page says what to do", "/#/present", async (page) => {
  await page.route("**/lab/table", async (route) => {
    const response = await route.fetch();
    return route.fulfill({ response, json: { ...(await response.json()), faults: false } });
  });
  for (const view of ["present/D8/1", "compare/scenario/retry", "dials"]) {
    await page.goto("about:blank");
    await page.goto(`${address}/#/${view}`);
    await page.getByText("parlance serve --faults").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0, view);
  }
});

await visit(
  "lab: where a browser has no clipboard, as over HTTP in a class, it is copied all the same, or said not to be",
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

await visit("lab: neither a broken address nor a browser that keeps nothing leaves it blank", "/", async (page) => {
  await page.addInitScript(() =>
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    }),
  );
  await page.goto("about:blank");
  await page.goto(`${address}/#/%E0/%`);
  await answered(page);
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  await page.getByRole("button", { name: "Light", exact: true }).waitFor();
});

await done();
