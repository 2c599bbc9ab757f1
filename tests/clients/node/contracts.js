// AsyncAPI and OpenRPC, checked by their own parsers.

import assert from "node:assert/strict";
import { Parser } from "@asyncapi/parser";
import { parseOpenRPCDocument } from "@open-rpc/schema-utils-js";
import { address, check } from "./check.js";

const text = async (path) => (await fetch(address + path)).text();

await check("node/contracts: AsyncAPI 3 is valid", async () => {
  const { document, diagnostics } = await new Parser().parse(await text("/ws/asyncapi.json"));
  // Severity 0 is an error; what comes after it is advice.
  const errors = diagnostics.filter((one) => one.severity === 0);
  assert.deepEqual(errors.map((one) => `${one.path.join("/")}: ${one.message}`), []);
  assert.ok(document.operations().all().length > 0);
});

await check("node/contracts: OpenRPC is valid", async () => {
  const document = await parseOpenRPCDocument(JSON.parse(await text("/jsonrpc/openrpc.json")), { dereference: true });
  assert.ok(document.methods.some((method) => method.name === "place_order"));
});
