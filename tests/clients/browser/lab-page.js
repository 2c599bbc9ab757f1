// What do the scripts that look at the page of the lab share?

import assert from "node:assert/strict";
import { address } from "./told.js";

/** The styles, each a column. */
export const columns = (page) => page.locator(".column");

/** What is said on top: whether the answers are equal. */
export const verdict = (page) => page.locator(".verdict").first();

/** A question is answered when its results are there and none is under way. */
export const answered = (page) => page.locator(".results[aria-busy=false]").waitFor();

/** Waits until the keyboard is at what says that. */
export const focused = (page, text) => page.waitForFunction((text) => document.activeElement.textContent === text, text);

/** Asks the shop past the page. */
export const post = (path, body, method = "POST") =>
  fetch(address + path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** Checks that bars begin at zero and at the same place, and are as long as their number says. */
export async function barsAreTrue(chart) {
  const bars = await chart.locator("dd").evaluateAll((bars) =>
    bars.map((bar) => {
      const pieces = [...bar.querySelectorAll(".piece")].map((piece) => piece.getBoundingClientRect());
      const [number] = bar.querySelector(".number").textContent.replaceAll(",", "").match(/\d+/);
      return { number: Number(number), from: pieces[0].left, wide: pieces.at(-1).right - pieces[0].left };
    }),
  );
  const longest = bars.reduce((one, other) => (other.number > one.number ? other : one));
  assert.ok(longest.wide > 40, `the longest bar is ${longest.wide} wide`);
  for (const { number, from, wide } of bars) {
    assert.equal(Math.round(from), Math.round(longest.from));
    assert.ok(Math.abs(wide - (longest.wide * number) / longest.number) < 2, `${number} is ${wide} wide`);
  }
}
