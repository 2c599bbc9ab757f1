// What an attacker would look for: the probes of GraphQL Cop, written anew: the tool is not published where it
// could be installed from. What it would find is meant: introspection, an explorer and hints are for learners, and a query by GET
// is a link that changes nothing.

import assert from "node:assert/strict";
import { address, check } from "./check.js";

const url = `${address}/graphql`;
const send = async (body, headers = {}) => {
  const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  return { status: response.status, answer: await response.json() };
};
const ask = (query, headers) => send({ query }, headers);
const times = (count, part) => Array.from({ length: count }, (_, number) => part(number)).join(" ");
const code = ({ answer }) => answer.errors?.[0].extensions.code;

const attacks = {
  "alias overloading": `{ ${times(101, (n) => `alias${n}: __typename`)} }`,
  "aliases deeper down": `{ user(id: 1) { ${times(101, (n) => `alias${n}: name`)} } }`,
  "field duplication": `{ ${times(500, () => "__typename")} }`,
  "directive overloading": `{ user(id: 1) { name ${times(51, () => "@skip(if: false)")} } }`,
  "circular introspection":
    `{ __schema { types { ${times(4, () => "fields { type {")} name ${times(8, () => "}")} } } }`,
  "a graph that comes back to itself": `{ users(first: 100) { nodes { ${times(3, () => "orders(first: 100) { nodes { user {")} name
    ${times(9, () => "}")} } } }`,
  "a document without an end": `{ ${times(3000, () => "a")} }`,
};
for (const [name, query] of Object.entries(attacks)) {
  await check(`node/graphql-probes: ${name} is refused before it costs anything`, async () => {
    const started = performance.now();
    assert.equal(code(await ask(query)), "TOO_LARGE");
    assert.ok(performance.now() - started < 1_000);
  });
}

await check("node/graphql-probes: a fragment of itself is refused", async () => {
  const cycle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }";
  assert.equal(code(await ask(cycle)), "GRAPHQL_VALIDATION_FAILED");
});

await check("node/graphql-probes: ten unknown directives are not ten errors", async () => {
  const { answer } = await ask(`{ __typename ${times(10, () => "@aa")} }`);
  assert.notEqual(answer.errors.length, 10, JSON.stringify(answer.errors));
});

await check("node/graphql-probes: there are no batches", async () => {
  const { status, answer } = await send(Array(10).fill({ query: "{ __typename }" }));
  assert.deepEqual([status, Array.isArray(answer), answer.data], [400, false, undefined]);
});

await check("node/graphql-probes: a link looks and changes nothing", async () => {
  assert.equal((await fetch(`${url}?query=%7B__typename%7D`)).status, 200);
  const mutation = encodeURIComponent("mutation { __typename }");
  assert.equal((await fetch(`${url}?query=${mutation}`)).status, 405);
});

await check("node/graphql-probes: nor does a form", async () => {
  for (const type of ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]) {
    const body = "query=mutation%20%7B__typename%7D";
    assert.equal((await fetch(url, { method: "POST", headers: { "content-type": type }, body })).status, 415, type);
  }
});

await check("node/graphql-probes: no trace and no inner error is shown", async () => {
  for (const query of ["{ __typename }", "qwerty { abc }", "{ user(id: 999999) { name } }"]) {
    const { status, answer } = await ask(query, { "apollo-tracing": "1" });
    assert.equal(status, 200);
    const shown = JSON.stringify(answer);
    assert.ok(!/tracing|stack|exception|panicked|\.rs/i.test(shown), shown);
  }
});

await check("node/graphql-probes: introspection and hints are there, for learners", async () => {
  const { answer } = await ask("{ __schema { types { name } } }");
  assert.ok(answer.data.__schema.types.length > 25);
  const { answer: hinted } = await ask("{ usr(id: 1) { name } }");
  assert.match(hinted.errors[0].message, /did you mean user\?/);
});
