// Helpers for the scripts that check the lab.

import assert from "node:assert/strict";
import { address } from "./check.js";

/** The columns that are shown side by side. */
export const columns = (page) => page.locator(".column");

/** The column with that title; it is chosen in the picker first, if it is not shown. */
export async function column(page, title, label = title.replace(/ [\d.].*$/, "")) {
  const button = page.locator(".side-by-side").first().getByRole("button", { name: label, exact: true });
  if ((await button.getAttribute("aria-pressed")) === "false") await button.click();
  return page.locator(".column").filter({ has: page.locator("h3").getByText(title, { exact: true }) });
}

/** The notice above the results. */
export const notice = (page) => page.locator(".notice").first();

/** Waits until results are shown and no request is running. */
export const answered = (page) => page.locator(".results[aria-busy=false]").waitFor();

/** Waits until the element with that text has the focus. */
export const focused = (page, text) => page.waitForFunction((text) => document.activeElement.textContent === text, text);

/** Calls the shop without the page. */
export const post = (path, body, method = "POST") =>
  fetch(address + path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** Checks that all bars start at zero, in line, and are as long as their number says. */
export async function barsAreTrue(chart) {
  const bars = await chart.locator("dd").evaluateAll((bars) =>
    bars.map((bar) => {
      const segments = [...bar.querySelectorAll(".segment")].map((segment) => segment.getBoundingClientRect());
      const [number] = bar.querySelector(".number").textContent.replaceAll(",", "").match(/\d+/);
      return { number: Number(number), left: segments[0].left, width: segments.at(-1).right - segments[0].left };
    }),
  );
  const longest = bars.reduce((one, other) => (other.number > one.number ? other : one));
  assert.ok(longest.width > 40, `the longest bar is ${longest.width} wide`);
  for (const { number, left, width } of bars) {
    assert.equal(Math.round(left), Math.round(longest.left));
    assert.ok(Math.abs(width - (longest.width * number) / longest.number) < 2, `${number} is ${width} wide`);
  }
}
