// The part of a contract about one operation; each kind of document has its own place for it.

import type { Json, JsonObject } from "../types.ts";

/** `order_details` as `orderDetails`; with `Big` as `OrderDetails`. */
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const Camel = (name: string) => camel(`_${name}`);

/** The part about that operation; undefined if the document does not describe it. */
export function excerpt(text: string, operation: string): string | undefined {
  const start = text.trimStart()[0];
  if (start === "<") return ofXml(text, Camel(operation));
  if (text.includes('syntax = "proto3"')) return ofProto(text, Camel(operation));
  return start === "{" ? ofJson(JSON.parse(text) as JsonObject, operation) : ofSdl(text, operation);
}

/** Protocol Buffers: the method with its comment, its request and its response. */
function ofProto(text: string, name: string): string | undefined {
  const method = text.match(new RegExp(`^  //.*\\n  rpc ${name}\\(.*;$`, "m"))?.[0];
  const message = (kind: string) => text.match(new RegExp(`^//.*\\nmessage ${name}${kind} \\{(\\}|[^}]*^\\})$`, "m"))?.[0];
  return method && [method, message("Request"), message("Response")].filter(Boolean).join("\n\n");
}

const indented = (value: Json) => JSON.stringify(value, null, 2);

function ofJson(document: JsonObject, operation: string): string | undefined {
  if ("openapi" in document) return ofOpenApi(objectOf(document["paths"]), operation);
  if ("asyncapi" in document) return ofAsyncApi(document, operation);
  const methods = document["methods"];
  const list = Array.isArray(methods) ? methods.map(objectOf) : [];
  const found = list.find((method) => method["name"] === operation) ?? objectOf(methods)[operation];
  return found === undefined ? undefined : indented(found);
}

/** OpenAPI 3.1, section 4.8.10: an operation stands below its path and its method. */
function ofOpenApi(paths: JsonObject, operation: string): string | undefined {
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, description] of Object.entries(objectOf(methods))) {
      if (objectOf(description)["operationId"] === operation) return indented({ [path]: { [method]: description } });
    }
  }
  return undefined;
}

/** AsyncAPI 3: an operation refers to its messages, which stand among the components. */
function ofAsyncApi(document: JsonObject, operation: string): string | undefined {
  const found = objectOf(document["operations"])[camel(operation)];
  if (found === undefined) return undefined;
  const messages = objectOf(objectOf(document["components"])["messages"]);
  const own = [Camel(operation), `${Camel(operation)}Answer`].filter((name) => name in messages);
  return indented({
    operations: { [camel(operation)]: found },
    messages: Object.fromEntries(own.map((name) => [name, messages[name] ?? null])),
  });
}

const objectOf = (value: Json | undefined): JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};

/** WSDL and XML Schema: every element with the name of the operation or of one of its messages. */
function ofXml(text: string, name: string): string | undefined {
  const document = new DOMParser().parseFromString(text, "text/xml");
  const names = [name, `${name}Request`, `${name}Response`, `${name}Input`, `${name}Output`];
  const found = [...document.querySelectorAll("[name]")].filter((element) =>
    names.includes(element.getAttribute("name") ?? ""),
  );
  // Without elements inside another found one.
  const outer = found.filter((element) => !found.some((other) => other !== element && other.contains(element)));
  const writer = new XMLSerializer();
  // The serializer repeats the namespaces that the document declares once, at the top.
  const written = outer.map((element) => outdented(writer.serializeToString(element).replace(/ xmlns(:\w+)?="[^"]*"/g, "")));
  return written.length > 0 ? written.join("\n\n") : undefined;
}

/** Removes the indent, which the last line shows. */
function outdented(text: string): string {
  const indent = text.match(/\n([ \t]*)<[^\n]*$/)?.[1] ?? "";
  return text.replaceAll(`\n${indent}`, "\n");
}

/** Operations with another name in GraphQL (docs/operations.md). */
const GRAPHQL_NAMES: Record<string, string> = { search_products: "products", who_am_i: "me", watch_events: "orderEvents" };

const graphqlName = (operation: string) =>
  GRAPHQL_NAMES[operation] ?? camel(operation.replace(/^(get|list)_/, "").replace(/_details$/, ""));

/** The schema language of GraphQL: the field, and the types of its input and its payload. */
function ofSdl(text: string, operation: string): string | undefined {
  const blocks = text.split(/\n(?=""")(?=(?:"""[^]*?""")\n(?:type|input|enum|scalar|union|interface))/);
  const roots = blocks.filter((block) => /^type (Query|Mutation|Subscription) \{/m.test(block));
  const field = roots.map((block) => fieldOf(block, graphqlName(operation))).find((found) => found !== undefined);
  if (!field) return undefined;
  const own = [`input ${Camel(operation)}Input {`, `type ${Camel(operation)}Payload {`];
  const types = blocks.filter((block) => own.some((head) => block.includes(`\n${head}`) || block.startsWith(head)));
  return [field, ...types.map((block) => block.trim())].join("\n\n");
}

function fieldOf(block: string, name: string): string | undefined {
  const kind = block.match(/^type (Query|Mutation|Subscription) \{/m)?.[1] ?? "";
  const lines = block.split("\n");
  const at = lines.findIndex((line) => new RegExp(`^  ${name}\\b`).test(line));
  if (at < 0) return undefined;
  // The description stands above the field; arguments on lines of their own stand below.
  let above = at;
  while (/^  """/.test(lines[above - 1] ?? "")) above -= 1;
  const isOpen = /\($/.test(lines[at] ?? "");
  const end = isOpen ? lines.findIndex((line, index) => index > at && /^  \)/.test(line)) : at;
  return `type ${kind} {\n${lines.slice(above, end + 1).join("\n")}\n}`;
}
