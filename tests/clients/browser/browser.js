// How does a script look at a page? In a browser of its own, which is told to reach the shop alone and reports if anything
// tried to reach further, or if the page broke its own policy.

import assert from "node:assert/strict";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { address, check } from "./told.js";

const host = new URL(address).host;

// No name is known but the machine's own, and nothing is asked for in the background.
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});

/** Runs a check on a page of the shop, and checks besides that it was quiet: no request elsewhere, no error, no violation. */
export async function visit(what, path, test, options = {}) {
  await check(`browser/${what}`, async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
    const complaints = [];
    const see = (url) => {
      if (!/^(data|blob|about):/.test(url) && new URL(url).host !== host) complaints.push(`asked for ${url}`);
    };
    context.on("request", (request) => see(request.url()));
    context.on("weberror", (error) => complaints.push(`failed: ${error.error().stack}`));
    context.on("console", (message) => {
      // That the shop refuses something is an answer; that a file of the page is missing is not.
      const isFile = /\/docs|\/lab\/[\w-]+\.\w+$/.test(message.location().url);
      const isRefusal = /^Failed to load resource/.test(message.text()) && !isFile;
      if (message.type() === "error" && !isRefusal) complaints.push(`complained: ${message.text()}`);
    });
    await context.route((url) => url.host !== host, (route) => route.abort());
    const page = await context.newPage();
    page.on("websocket", (socket) => see(socket.url()));
    page.setDefaultTimeout(20_000);
    try {
      await page.goto(address + path);
      await test(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  });
}

/** Takes a picture, if pictures are wanted. */
export async function picture(page, name) {
  const folder = process.env.PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Ends the browser. */
export const done = () => browser.close();
