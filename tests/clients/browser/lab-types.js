// Type-checks the lab's sources; esbuild only strips the types.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { check } from "./check.js";

// The runner copies the sources there.
const PAGE = new URL("page/", import.meta.url);
const dependencies = (path) => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
  return { ...dependencies, ...devDependencies };
};

await check("browser/lab-types: the libraries have the versions that are bundled", () => {
  const [bundled, checked] = [dependencies("page/package.json"), dependencies("package.json")];
  for (const name of Object.keys(checked).filter((name) => name in bundled)) assert.equal(checked[name], bundled[name], name);
});

await check("browser/lab-types: the compiler finds no error", () => {
  const compiler = new URL("node_modules/typescript/bin/tsc", import.meta.url).pathname;
  const { status, stdout } = spawnSync(process.execPath, [compiler, "--project", "lab"], { cwd: PAGE, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
