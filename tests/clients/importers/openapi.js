// Can a collection that a tool makes of the OpenAPI document be sent as it is, in its order, to a new shop?

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import insomnia from "insomnia-importers";
import newman from "newman";
import postman from "openapi-to-postmanv2";
import { address, check } from "./check.js";

// Of those that a path of OpenAPI 3.1 knows, the ones that the shop uses. `x-query` is shown by no tool.
const METHODS = ["get", "post", "put", "patch", "delete"];
const run = promisify(execFile);

// The document of a shop that nothing has been sent to.
async function fresh(name) {
  const shop = `${address}/sandboxes/importers-${name}`;
  await fetch(`${shop}/reset`, { method: "POST" });
  return (await fetch(`${shop}/rest/openapi.json`)).json();
}

function operations(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, ...item[method] })),
  );
}

// What came of the requests: all were made and sent, and every one was answered as it should be.
function judge(name, expected, answers) {
  const answered = answers.filter(({ status }) => status >= 200 && status < 300);
  console.log(`${name}: ${expected} operations, ${answers.length} requests sent, ${answered.length} answered with 2xx`);
  const refused = answers.filter((answer) => !answered.includes(answer));
  assert.deepEqual(refused, []);
  assert.equal(answers.length, expected);
}

// Both of Postman's converters, with the option by which parameters get the contract's examples.
for (const convert of ["convert", "convertV2"]) {
  const name = `openapi/postman ${convert}`;
  await check(`${name}: every request succeeds`, async () => {
    const document = await fresh(`postman-${convert.toLowerCase()}`);
    const options = { parametersResolution: "Example", requestParametersResolution: "Example" };
    const input = { type: "json", data: document };
    const made = await new Promise((done, fail) =>
      postman[convert](input, options, (error, made) => (error ? fail(error) : done(made))),
    );
    assert.ok(made.result, made.reason);
    const ran = promisify(newman.run);
    const { run: sent } = await ran({ collection: made.output[0].data, reporters: [] });
    const answers = sent.executions.map(({ item, response }) => ({
      name: item.name, status: response?.code, text: String(response?.stream).slice(0, 300),
    }));
    judge(name, operations(document).length, answers);
  });
}

// Bruno's own command line, which has the same importer as the application.
await check("openapi/bruno: every request succeeds", async () => {
  const document = await fresh("bruno");
  const folder = await mkdtemp("bruno-openapi-");
  const [source, collection, report] = ["openapi.json", "collection", "report.json"].map((name) => join(folder, name));
  await writeFile(source, JSON.stringify(document));
  await run("bru", ["import", "openapi", "--source", source, "--output", collection, "--collection-name", "shop"]);
  const [environment] = (await readdir(join(collection, "environments"))).map((file) => basename(file, ".yml"));
  const sending = ["run", "-r", "--env", environment, "--reporter-json", join("..", "report.json")];
  await run("bru", sending, { cwd: collection });
  const [{ results }] = JSON.parse(await readFile(report, "utf8"));
  const answers = results.map(({ name, response }) => ({ name, status: response.status, data: response.data }));
  judge("openapi/bruno", operations(document).length, answers);
});

// Insomnia's importer knows OpenAPI 3.0 and no examples of parameters and bodies: `{{ id }}` and `"string"` are what it writes. So
// what a user would fill in is filled in here, by the contract's own examples, and its made-up credentials are left out.
await check("openapi/insomnia: every request succeeds, once it is filled in", async () => {
  const document = await fresh("insomnia");
  // It warns of OpenAPI 3.1, and goes on.
  const log = console.log;
  console.log = () => {};
  const { data } = await insomnia.convert(JSON.stringify(document)).finally(() => (console.log = log));
  const requests = data.resources.filter((resource) => resource._type === "request");
  const environment = Object.assign({}, ...data.resources.filter((one) => one._type === "environment").map((one) => one.data));
  const answers = [];
  for (const { path, method, parameters, requestBody, summary } of operations(document)) {
    const template = `{{ base_url }}${path.replaceAll("{", "{{ ").replaceAll("}", " }}")}`;
    const made = requests.find((one) => one.method.toLowerCase() === method && one.url === template);
    assert.ok(made, `${method} ${path}`);
    assert.equal(made.name, summary);
    const values = { ...environment };
    parameters.filter((one) => one.in === "path").forEach((one) => (values[one.name] = one.example));
    const filled = (text) => (/{{/.test(text) ? filled(text.replace(/{{ (\w+) }}/g, (_, name) => values[name])) : text);
    const body = made.body.text && JSON.stringify(requestBody.content["application/json"].example);
    const headers = made.body.text ? { "content-type": made.body.mimeType } : {};
    const response = await fetch(filled(made.url), { method: made.method, headers, body });
    answers.push({ name: made.name, status: response.status, text: await response.text() });
  }
  assert.equal(requests.length, answers.length);
  judge("openapi/insomnia", operations(document).length, answers);
});
