// How does a value become XML, and XML a value? For the two styles that speak it, each with its own habits. What is written is
// escaped; what is read is a document that is never shown.

import type { Json, JsonObject } from "../types.ts";

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** `order_details` as `orderDetails`; with `Big` as `OrderDetails`. */
export const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
export const Camel = (name: string) => camel(`_${name}`);

/** SOAP: members are elements; a list is an element of its items, and those have its name in the singular. */
function elements(input: JsonObject): string {
  return Object.entries(input)
    .map(([name, value]) => {
      const inner = Array.isArray(value)
        ? value
            .map((item) => `<${camel(name).replace(/s$/, "")}>${soapValue(item)}</${camel(name).replace(/s$/, "")}>`)
            .join("")
        : soapValue(value);
      return `<${camel(name)}>${inner}</${camel(name)}>`;
    })
    .join("");
}

const soapValue = (value: Json) =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? elements(value) : escaped(String(value));

/** A call as an envelope of SOAP 1.1. */
export const envelope = (operation: string, input: JsonObject) =>
  '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
  `<${Camel(operation)} xmlns="urn:parlance:shop:v1">${elements(input)}</${Camel(operation)}>` +
  "</soap:Body></soap:Envelope>";

/** A call of XML-RPC. */
export const methodCall = (operation: string, input: JsonObject) =>
  `<?xml version="1.0"?><methodCall><methodName>${operation}</methodName>` +
  `<params><param>${rpcValue(input)}</param></params></methodCall>`;

function rpcValue(value: Json): string {
  if (typeof value === "number") return `<value><int>${value}</int></value>`;
  if (Array.isArray(value)) return `<value><array><data>${value.map(rpcValue).join("")}</data></array></value>`;
  if (value === null || typeof value !== "object") return `<value><string>${escaped(String(value))}</string></value>`;
  const members = Object.entries(value).map(([name, value]) => `<member><name>${name}</name>${rpcValue(value)}</member>`);
  return `<value><struct>${members.join("")}</struct></value>`;
}

const document = (text: string) => new DOMParser().parseFromString(text, "text/xml");

/** What an envelope holds in elements of that name: for each, its own elements' texts by their names. */
export function things(text: string, name: string): Record<string, string>[] {
  return [...document(text).getElementsByTagNameNS("urn:parlance:shop:v1", name)].map((element) =>
    Object.fromEntries([...element.children].map((child) => [child.localName, child.textContent ?? ""])),
  );
}

/** The answer of XML-RPC; a fault has `faultCode` and `faultString`. */
export function methodResponse(text: string): Json {
  const value = document(text).querySelector("value");
  return value ? rpcRead(value) : null;
}

function rpcRead(value: Element): Json {
  const typed = value.firstElementChild;
  const content = typed?.textContent ?? value.textContent ?? "";
  switch (typed?.localName) {
    case "struct":
      return Object.fromEntries([...typed.children].map((member) => [nameOf(member), rpcRead(member.children[1] ?? member)]));
    case "array":
      return [...(typed.firstElementChild?.children ?? [])].map(rpcRead);
    case "int":
    case "i4":
      return Number(content);
    default:
      return content;
  }
}

const nameOf = (member: Element) => member.firstElementChild?.textContent ?? "";
