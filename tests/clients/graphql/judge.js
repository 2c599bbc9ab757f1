// What graphql-js makes of the cases, and whether the shop makes the same of them.

import { readFileSync } from "node:fs";
import {
  GraphQLError, buildSchema, defaultFieldResolver, execute, getNamedType, getOperationAST, getVariableValues, isLeafType, isEnumType,
  isListType, isNonNullType, parse, validate,
} from "graphql";

const [address, file] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(file, "utf8"));
const schema = buildSchema(await (await fetch(`${address}/graphql/schema.graphql`)).text());
// What the shop looks up for each: the reference does so too, by the id in the object itself.
const links = { "User.orders": ["orders", "userId", "id"], "Order.user": ["user", "id", "userId"], "OrderLine.product": ["product", "id", "productId"] };
const known = new Map();

function everything(type) {
  const fields = Object.entries(type.getFields()).filter(([name]) => !(`${type.name}.${name}` in links));
  return fields.map(([name, field]) => {
    const below = getNamedType(field.type);
    return isLeafType(below) ? name : `${name} { ${everything(below)} }`;
  }).join(" ");
}

function literal(value, type) {
  if (isNonNullType(type)) return literal(value, type.ofType);
  if (isListType(type) && Array.isArray(value)) return `[${value.map((item) => literal(item, type.ofType)).join(", ")}]`;
  return isEnumType(type) && value !== null ? value : JSON.stringify(value);
}

// All members of a field of the root type, from the simplest query.
async function ask(name, values) {
  const field = schema.getQueryType().getFields()[name];
  const type = (argument) => field.args.find((one) => one.name === argument).type;
  const given = Object.entries(values).map(([key, value]) => `${key}: ${literal(value, type(key))}`).join(", ");
  const query = `{ ${name}${given && `(${given})`} { ${everything(getNamedType(field.type))} } }`;
  if (!known.has(query)) known.set(query, post({ query }).then(({ body }) => body));
  const answer = await known.get(query);
  if (answer.errors) throw new GraphQLError(answer.errors[0].message);
  return answer.data[name];
}

function resolve(source, values, context, info) {
  const link = links[`${info.parentType.name}.${info.fieldName}`];
  if (info.parentType === schema.getQueryType()) return ask(info.fieldName, values);
  if (link) return ask(link[0], { [link[1]]: source[link[2]], ...values });
  return defaultFieldResolver(source, values, context, info);
}

// Null, if it is refused; else the data and the paths of errors, or that it is no query.
async function expected({ query, variables, operation: operationName }) {
  let document;
  try {
    document = parse(query);
  } catch {
    return null;
  }
  const operation = getOperationAST(document, operationName);
  if (validate(schema, document).length || !operation) return null;
  if (getVariableValues(schema, operation.variableDefinitions ?? [], variables).errors) return null;
  if (operation.operation !== "query") return "accepted";
  const { data, errors = [] } = await execute({ schema, document, operationName, variableValues: variables, fieldResolver: resolve });
  return data ? [data, paths(errors)] : null;
}

const paths = (errors) => errors.map(({ path }) => path.join("/")).sort();
const headers = { accept: "application/graphql-response+json", "content-type": "application/json" };

async function post(request) {
  const response = await fetch(`${address}/graphql`, { method: "POST", headers, body: JSON.stringify(request) });
  return { status: response.status, body: await response.json() };
}

async function get({ variables, ...request }) {
  const response = await fetch(`${address}/graphql?${new URLSearchParams({ ...request, variables: JSON.stringify(variables) })}`, { headers });
  return { status: response.status, body: await response.json() };
}

// The same of the shop. By GET nothing is changed or listened to: 405 says that it would be.
async function answered({ query, variables, operation }) {
  const request = { query, variables, operationName: operation ?? "" };
  const { status, body } = await (/mutation|subscription/.test(query) ? get(request) : post(request));
  if (status === 405) return "accepted";
  if (body.data) return [body.data, paths(body.errors ?? [])];
  return status === 400 && !("data" in body) ? null : `${status} ${JSON.stringify(body)}`;
}

const alike = new Map(), other = new Map();
const count = (map, rule) => map.set(rule, (map.get(rule) ?? 0) + 1);
let refused = 0;
for (const one of cases) {
  const wanted = await expected(one), got = await answered(one);
  refused += wanted === null;
  // The order of members counts, so they are compared as text.
  if (JSON.stringify(wanted) === JSON.stringify(got)) {
    count(alike, one.rule);
    continue;
  }
  count(other, one.rule);
  if (other.get(one.rule) <= 3) {
    console.log(`    ${JSON.stringify(one)}\n    graphql-js ${JSON.stringify(wanted)?.slice(0, 300)}\n    the shop   ${JSON.stringify(got).slice(0, 300)}`);
  }
}
for (const rule of new Set(cases.map((one) => one.rule))) {
  const [good, bad] = [alike.get(rule) ?? 0, other.get(rule) ?? 0];
  console.log(bad ? `FAIL  graphql-js, ${rule}: ${bad} of ${good + bad}` : `ok    graphql-js, ${rule}: ${good}`);
}
const total = [...alike.values()].reduce((sum, good) => sum + good, 0);
console.log(`      graphql-js: ${cases.length} documents and variable sets, ${refused} of them refused; alike ${total}`);
