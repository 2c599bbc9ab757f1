// The GraphQL schema, checked by `graphql-eslint` with all rules of schema-recommended.

import assert from "node:assert/strict";
import { ESLint } from "eslint";
import graphql from "@graphql-eslint/eslint-plugin";
import { address, check } from "./check.js";

const schema = await (await fetch(`${address}/graphql/schema.graphql`)).text();

// These things have no id, as the shop's dictionary has none for them: values, parts of other things, and results.
const types = ["Money", "Cart", "CartLine", "OrderLine", "PageInfo", "EventPage", "Event", "Caller", "Token"];
const suffixes = ["Connection", "Edge", "Page", "Payload", "Line"];
// And this member is called as the dictionary calls it in every style.
const fixed = 'Field "token" starts with the name of the parent type "Token"';
const rules = {
  ...graphql.configs["flat/schema-recommended"].rules,
  "@graphql-eslint/strict-id-in-types": ["error", { exceptions: { types, suffixes } }],
};

const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [{
    files: ["**/*.graphql"],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema } } },
    plugins: { "@graphql-eslint": graphql },
    rules,
  }],
});

await check("node/graphql-eslint: schema-recommended has nothing against the schema", async () => {
  assert.ok(Object.keys(rules).length > 10, "there are rules");
  const [{ messages }] = await eslint.lintText(schema, { filePath: "schema.graphql" });
  const found = messages.filter((one) => one.message !== fixed);
  assert.deepEqual(found.map((one) => `${one.line}: ${one.message} (${one.ruleId})`), []);
});

await check("node/graphql-eslint: and would have, against another", async () => {
  const worse = schema.replace(/type User \{\n[^\n]*\n  id: ID!/, "type User {\n  user_name: String");
  const [{ messages }] = await eslint.lintText(worse, { filePath: "schema.graphql" });
  const found = new Set(messages.map((one) => one.ruleId));
  assert.ok(found.has("@graphql-eslint/strict-id-in-types") && found.has("@graphql-eslint/naming-convention"), [...found]);
});
