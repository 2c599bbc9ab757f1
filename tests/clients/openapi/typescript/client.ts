// Does the client that openapi-typescript makes of the document compile, and is it answered? Types are checked by `tsc --strict`:
// a path, a member or a status that is not in the document would not compile.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./shop.js";

const address = process.argv[2];
// openapi-fetch does not read from the document that lists have commas between them.
const querySerializer = { array: { style: "form", explode: false } } as const;
const shop = createClient<paths>({ baseUrl: `${address}/rest`, querySerializer });
type User = components["schemas"]["User"];
type Order = components["schemas"]["Order"];

async function check(what: string, does: () => Promise<void>): Promise<void> {
  try {
    await does();
    console.log(`ok    openapi/typescript: ${what}`);
  } catch (error) {
    console.log(`FAIL  openapi/typescript: ${what}: ${error}`);
    process.exitCode = 1;
  }
}

await check("a user is made, changed by its tag, and gone", async () => {
  const made = await shop.POST("/users", { body: { name: "Grete", email: "grete@example.com" } });
  const user: User = made.data!;
  const path = { id: user.id };
  const tag = made.response.headers.get("etag")!;
  const changed = await shop.PATCH("/users/{id}", { params: { path, header: { "If-Match": tag } }, body: { name: "Grete H" } });
  assert.deepEqual([changed.data?.name, changed.data?.version], ["Grete H", 2]);
  const late = await shop.PATCH("/users/{id}", { params: { path, header: { "If-Match": tag } }, body: { name: "X" } });
  assert.deepEqual([late.response.status, late.error?.reason], [412, "stale_version"]);
  const gone = await shop.DELETE("/users/{id}", { params: { path } });
  assert.equal(gone.response.status, 204);
});

await check("an order is placed and read with its user", async () => {
  const placed = await shop.POST("/orders", { body: { user_id: 1, lines: [{ product_id: 1, quantity: 2 }] } });
  const order: Order = placed.data!;
  assert.equal(order.total.amount, 2 * order.lines[0].unit_price.amount);
  const fetched = await shop.GET("/orders/{id}", { params: { path: { id: order.id }, query: { include: ["user", "products"] } } });
  assert.ok(fetched.data && "user" in fetched.data && fetched.data.user?.id === 1);
});

// A list may come as a table too, which is text.
function page<T extends object>(data: T | string | undefined): T {
  assert.ok(typeof data === "object");
  return data;
}

await check("a list is chosen from and read on", async () => {
  const query = { fields: ["id" as const, "name" as const], limit: 2 };
  const first = await shop.GET("/products", { params: { query } });
  assert.deepEqual(Object.keys(page(first.data).items![0]), ["id", "name"]);
  const next = await shop.GET("/products", { params: { query: { ...query, after: page(first.data).next } } });
  assert.equal(page(next.data).items![0].id, 3);
});

await check("a mistake is a problem that says where", async () => {
  const { response, error } = await shop.POST("/orders", { body: { user_id: 1, lines: [{ product_id: 1, quantity: 100 }] } });
  assert.deepEqual([response.status, error?.reason, error?.errors?.[0].pointer], [422, "invalid_input", "/lines/0/quantity"]);
});

await check("what is known is not sent again", async () => {
  const path = { id: 1 };
  const first = await shop.GET("/products/{id}", { params: { path } });
  const header = { "If-None-Match": first.response.headers.get("etag")! };
  const again = await shop.GET("/products/{id}", { params: { path, header } });
  assert.equal(again.response.status, 304);
});
