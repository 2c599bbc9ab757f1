// Is the page of the lab what its types say? esbuild takes the types off unread; here their compiler reads them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { check } from "./told.js";

// Where the runner has put the page's sources.
const PAGE = new URL("page/", import.meta.url);
const dependencies = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")).dependencies;

await check("browser/lab-types: they are read against the libraries that are built in", () => {
  const [built, read] = [dependencies("page/package.json"), dependencies("package.json")];
  for (const name of ["preact", "@preact/signals", "eventsource"]) assert.equal(read[name], built[name], name);
});

await check("browser/lab-types: the compiler finds nothing", () => {
  const compiler = new URL("node_modules/typescript/bin/tsc", import.meta.url).pathname;
  const { status, stdout } = spawnSync(process.execPath, [compiler, "--project", "lab"], { cwd: PAGE, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
