// What do tools make of the WSDL that has its schema inline, and is it answered? They know no values for the shop's types, so each
// request is sent twice: as it was made, which must reach its operation, and filled in by the contract's own examples.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import converters from "@usebruno/converters";
import insomnia from "insomnia-importers";
import soap from "soap";
import { address, check } from "./check.js";

const EXAMPLES = JSON.parse(await readFile(new URL("examples.json", import.meta.url), "utf8"));
// watch_events can't be called over SOAP.
const OPERATIONS = Object.keys(EXAMPLES).filter((name) => name !== "watch_events");

const shop = `${address}/sandboxes/importers-wsdl`;
const wsdl = await (await fetch(`${shop}/soap?singlewsdl`)).text();

const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
const pascal = (name) => camel(`_${name}`);

async function send({ url, headers, body }) {
  const response = await fetch(url, { method: "POST", headers, body });
  return { status: response.status, text: await response.text() };
}

// A shop that is new, with a webhook where the operation is about one.
async function renew(operation) {
  await fetch(`${shop}/reset`, { method: "POST" });
  if (!/webhook|deliveries/.test(operation)) return;
  const body = JSON.stringify({ url: "https://example.com/news" });
  await fetch(`${shop}/rest/webhooks`, { method: "POST", headers: { "content-type": "application/json" }, body });
}

// The envelope with the example's values in its elements; the others, which may be left out, are left out.
function filled(envelope, operation) {
  const name = pascal(operation);
  const [whole, prefix, attributes] = new RegExp(`<((?:\\w+:)?)${name}\\b([^>]*)>[^]*</\\1${name}>`).exec(envelope);
  const element = (member, value) => {
    assert.match(whole, new RegExp(`<${prefix}${member}[ />]`), `${name} has no ${member}`);
    return `<${prefix}${member}>${inside(value, member)}</${prefix}${member}>`;
  };
  const inside = (value, of) => {
    if (Array.isArray(value)) return value.map((item) => element(of.replace(/s$/, ""), item)).join("");
    if (typeof value !== "object") return String(value);
    return Object.entries(value).map(([member, value]) => element(camel(member), value)).join("");
  };
  const input = EXAMPLES[operation][0].input;
  return envelope.replace(whole, () => `<${prefix}${name}${attributes}>${inside(input, "")}</${prefix}${name}>`);
}

// Each operation must be there so often; what is sent as it was made is answered, or refused for its values and nothing else.
async function judge(name, requests, ports) {
  let [succeeded, answered] = [0, 0];
  const problems = [];
  for (const operation of OPERATIONS) {
    const made = requests.filter((request) => request.operation === pascal(operation));
    assert.equal(made.length, ports, `${operation}: ${made.length} requests`);
    for (const request of made) {
      await renew(operation);
      const asMade = await send(request);
      if (asMade.status === 200) succeeded += 1;
      else if (!/<reason>(?!unreadable|unknown_operation|credentials)/.test(asMade.text)) problems.push([operation, asMade]);
      await renew(operation);
      const whole = await send({ ...request, body: filled(request.body, operation) });
      if (whole.status === 200) answered += 1;
      else problems.push([operation, whole]);
    }
  }
  console.log(
    `${name}: ${requests.length} requests made and sent; ${succeeded} answered as they were made, the others refused for ` +
      `their values; ${answered} answered when filled in`,
  );
  assert.deepEqual(problems, []);
  assert.equal(requests.length, ports * OPERATIONS.length);
}

const headersOf = (list) => Object.fromEntries(list.map(({ name, value }) => [name, value]));

await check("wsdl/bruno: every request reaches its operation, and succeeds when filled in", async () => {
  const { items } = await converters.wsdlToBruno(wsdl);
  const requests = items.flatMap((folder) => folder.items).map(({ name, request }) => {
    assert.equal(request.url, `${shop}/soap`);
    return { operation: name.replace(/_\d+$/, ""), url: request.url, headers: headersOf(request.headers), body: request.body.xml };
  });
  await judge("wsdl/bruno", requests, 2);
});

await check("wsdl/insomnia: every request reaches its operation, and succeeds when filled in", async () => {
  const { data } = await insomnia.convert(wsdl);
  const made = data.resources.filter((resource) => resource._type === "request");
  const requests = made.map(({ name, url, headers, body }) => {
    assert.equal(url, `${shop}/soap`);
    // It says itself that this is to be removed: it is about made-up credentials.
    const text = body.text.replace(/<soapenv:Header>[^]*<\/soapenv:Header>/, "").trim();
    return { operation: name, url, headers: headersOf(headers), body: text };
  });
  await judge("wsdl/insomnia", requests, 1);
});

for (const form of ["wsdl", "singlewsdl"]) {
  await check(`${form}/node soap: every operation of both ports is called`, async () => {
    for (const [port, forceSoap12Headers] of [["ShopSoap11Port", false], ["ShopSoap12Port", true]]) {
      const client = await soap.createClientAsync(`${shop}/soap?${form}`, { forceSoap12Headers });
      for (const operation of OPERATIONS) {
        await renew(operation);
        const listed = (value, of) => {
          if (Array.isArray(value)) return { [of.replace(/s$/, "")]: value.map((item) => listed(item, "")) };
          if (typeof value !== "object") return value;
          return Object.fromEntries(Object.entries(value).map(([name, value]) => [camel(name), listed(value, name)]));
        };
        const input = listed(EXAMPLES[operation][0].input, "");
        const call = client.ShopService[port][pascal(operation)];
        await new Promise((done, fail) => call(input, (error, reply) => (error ? fail(error) : done(reply))));
      }
    }
  });
}
