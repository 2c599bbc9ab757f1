// Ordinary mistakes in programs with axios: what the programmer sees, the error's message and the content that it carries, names
// what was sent, where, what is expected, and what to do.

import assert from "node:assert/strict";
import axios from "axios";
import { address, check } from "./check.js";

const limited = `${address}-limited`;
const line = { product_id: 1, quantity: 1 };
const wrongKey = { headers: { "X-API-Key": "parlance_u0000001_wrong" } };

await axios.patch(limited, { rate_per_minute: 1 });
await axios.get(`${limited}/rest/me`);

/** The mistake, the call, and what the programmer's text contains. */
const MISTAKES = [
  ["a member with a typo", () => axios.post(`${address}/rest/orders`, { userId: 1, lines: [line] }), ["userId is not", "PlaceOrder, which has user_id, lines", "did you mean user_id?"]],
  ["a query parameter with a typo", () => axios.get(`${address}/rest/products`, { params: { limt: 5 } }), ["limt is not", "which has", "did you mean limit?"]],
  ["an address with a typo", () => axios.get(`${address}/rest/user/1`), ["/rest/user/1", "did you mean /rest/users/1?", "/rest/openapi.json"]],
  ["an address with a typo in front", () => axios.get(`${address}/rst/users/1`), ["/rst/users/1", "did you mean /rest/users/1?"]],
  ["a wrong type", () => axios.post(`${address}/rest/orders`, { user_id: "abc", lines: [line] }), ["user_id must be an integer", "abc"]],
  ["a missing member", () => axios.post(`${address}/rest/orders`, { user_id: 1 }), ["lines is required", "a list"]],
  ["a text in place of an object", () => axios.post(`${address}/rest/orders`, JSON.stringify({ user_id: 1 })), ["x-www-form-urlencoded", "must be application/json"]],
  ["a wrong method", () => axios.delete(`${address}/rest/orders/1`), ["DELETE is not allowed at /rest/orders/1", "allowed: GET"]],
  ["an id of nothing", () => axios.get(`${address}/rest/users/999`), ["no user 999", "GET /rest/users"]],
  ["a wrong API key", () => axios.get(`${address}/rest/users/1`, wrongKey), ["API key", "X-API-Key", "Authorization: Basic"]],
  ["over the rate limit", () => axios.get(`${limited}/rest/users/1`), ["limit of 1 operation per minute", "try again in"]],
];

for (const [what, call, parts] of MISTAKES) {
  await check(`node/mistakes: axios, ${what}`, async () => {
    const error = await call().then(({ data }) => assert.fail(JSON.stringify(data)), (error) => error);
    const { detail, message } = error.response.data;
    const text = `${error.message}: ${detail ?? message}`;
    for (const part of parts) assert.ok(text.includes(part), `${part} is not in: ${text}`);
  });
}
