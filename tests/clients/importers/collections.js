// Are the collections in docs/clients what the server itself makes of five calls in each style, and is each request answered when
// the tools send it? With --update they are written anew.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createCollectionFromBrunoObject } from "@usebruno/cli/src/utils/collection.js";
import { postmanToBruno } from "@usebruno/converters";
import newman from "newman";
import { address, check } from "./check.js";

const [folder, update] = process.argv.slice(3);
const shop = `${address}/sandboxes/importers-collections`;
const run = promisify(execFile);

// The five calls: a name, the call, and what the answer says in every style.
const line = (product_id, quantity) => ({ product_id, quantity });
const CALLS = [
  ["Get a user", "get_user", { id: 1 }, /Ada Lovelace/],
  ["Search products", "search_products", { query: "laptop" }, /Laptop Aurora 14/],
  ["Place an order", "place_order", { user_id: 1, lines: [line(1, 2), line(2, 3)] }, /placed/i],
  ["Order what is sold out", "place_order", { user_id: 1, lines: [line(10, 1)] }, /product 10 has 0 pieces in stock/],
  ["List events", "list_events", { after: 650, limit: 1 }, /order.placed/i],
];

// Headers that each tool writes itself.
const OWN = ["host", "content-length", "user-agent"];

// A request as the server shows it, with a variable for the address.
function parsed(raw) {
  const [head, body] = raw.split("\r\n\r\n");
  const [start, ...fields] = head.split("\r\n");
  const [method, path] = start.split(" ");
  const headers = fields.map((field) => field.split(/: (.*)/s).slice(0, 2)).filter(([name]) => !OWN.includes(name));
  return { method, url: path.replace(new URL(shop).pathname, "{{shop}}"), headers, body };
}

// Each style over HTTP with its five requests.
async function styles() {
  const made = new Map();
  for (const [name, method, params, expected] of CALLS) {
    const text = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const options = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text }) };
    const translation = await (await fetch(`${shop}/lab/translate`, options)).json();
    for (const { style, title, raw } of translation.styles.filter(({ style }) => style !== "websocket")) {
      if (!made.has(style)) made.set(style, { title, requests: [] });
      made.get(style).requests.push({ name, expected, ...parsed(raw) });
    }
  }
  return [...made.values()];
}

function http(styles) {
  const request = (title, { name, method, url, headers, body }) =>
    [`### ${title}: ${name}`, `${method} ${url}`, ...headers.map((field) => field.join(": ")), ...(body ? ["", body] : []), ""].join("\n");
  const texts = styles.flatMap(({ title, requests }) => requests.map((one) => request(title, one)));
  return ["# The same five calls in each style. Written by tests/clients/importers/run --update.\n@shop = http://127.0.0.1:8080\n", ...texts].join("\n");
}

function postman(styles) {
  const item = ({ name, method, url, headers, body }) => ({
    name,
    request: {
      method,
      header: headers.map(([key, value]) => ({ key, value })),
      url,
      ...(body && { body: { mode: "raw", raw: body } }),
    },
  });
  const collection = {
    info: { name: "Parlance", schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
    item: styles.map(({ title, requests }) => ({ name: title, item: requests.map(item) })),
    variable: [{ key: "shop", value: "http://127.0.0.1:8080" }],
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}

const made = await styles();
const requests = made.flatMap(({ requests }) => requests);
const files = { "shop.http": http(made), "shop.postman_collection.json": postman(made) };

// What came back, in the order of the requests.
function judge(answers) {
  assert.equal(answers.length, requests.length);
  requests.forEach(({ name, url, expected }, index) => assert.match(answers[index], expected, `${name}, ${url}`));
}

for (const [name, text] of Object.entries(files)) {
  if (update) await writeFile(join(folder, name), text);
  await check(`collections: ${name} is what the server makes`, async () => {
    assert.equal(await readFile(join(folder, name), "utf8"), text);
  });
}

// The tools send the files with the address of this server in them, as a user would write it there.
const here = (name) => files[name].replace("http://127.0.0.1:8080", shop);

await check("collections/httpyac: every request is answered", async () => {
  const cwd = await mkdtemp("httpyac-");
  await writeFile(join(cwd, "shop.http"), here("shop.http"));
  const { stdout } = await run("httpyac", ["send", "shop.http", "--all", "--json"], { cwd, maxBuffer: 1 << 24 });
  judge(JSON.parse(stdout).requests.map(({ response }) => response.body));
});

await check("collections/newman: every request is answered", async () => {
  const collection = JSON.parse(here("shop.postman_collection.json"));
  const { run: sent } = await promisify(newman.run)({ collection, reporters: [] });
  judge(sent.executions.map(({ response }) => String(response.stream)));
});

// Bruno imports Postman's collections: what its importer makes goes into a folder by its command line's own writer, and is sent.
await check("collections/bruno: every request is answered, once it is imported", async () => {
  const cwd = await mkdtemp("bruno-collection-");
  const { collection } = await postmanToBruno(JSON.parse(here("shop.postman_collection.json")));
  await createCollectionFromBrunoObject(collection, cwd, { format: "bru" });
  await run("bru", ["run", "-r", "--reporter-json", "report.json"], { cwd, maxBuffer: 1 << 24 });
  const [{ results }] = JSON.parse(await readFile(join(cwd, "report.json"), "utf8"));
  judge(results.map(({ response }) => JSON.stringify(response.data)));
});
