// A headless Chromium that can reach only the shop, and fails a check if a page tries to reach anything else or breaks its policy.

import assert from "node:assert/strict";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { address, check } from "./check.js";

const host = new URL(address).host;

// Resolves no name but the machine's own, and has no background traffic.
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

/** Runs a check on a page of the shop; it also fails on requests to other hosts, on errors and on policy violations. */
export async function visit(what, path, test, options = {}) {
  await check(`browser/${what}`, async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
    const complaints = [];
    const inspect = (url) => {
      if (!/^(data|blob|about):/.test(url) && new URL(url).host !== host) complaints.push(`requested ${url}`);
    };
    context.on("request", (request) => inspect(request.url()));
    context.on("weberror", (error) => complaints.push(`failed: ${error.error().stack}`));
    context.on("console", (message) => {
      // A refused call is expected; a missing file of the page is not.
      const isFile = /\/docs|\/lab\/[\w-]+\.\w+$/.test(message.location().url);
      const isRefusal = /^Failed to load resource/.test(message.text()) && !isFile;
      if (message.type() === "error" && !isRefusal) complaints.push(`console error: ${message.text()}`);
    });
    await context.route((url) => url.host !== host, (route) => route.abort());
    const page = await context.newPage();
    page.on("websocket", (socket) => inspect(socket.url()));
    // Two suites share a machine that may be slow.
    page.setDefaultTimeout(60_000);
    try {
      await page.goto(address + path);
      await test(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  });
}

/** Takes a screenshot, if a folder for them was given. */
export async function picture(page, name) {
  const folder = process.env.PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Closes the browser. */
export const done = () => browser.close();
