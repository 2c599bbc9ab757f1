// What does it cost to read the same again? With the tag of what one has, where the style has such a thing; without, elsewhere.

import { useAsked } from "../asked.ts";
import { Bars } from "../parts/bars.tsx";
import { bytes, bytesOf } from "../format.ts";
import { Busy, Problem } from "../parts/said.tsx";
import { reach, type Sending, textOf } from "../server.ts";
import { envelope, methodCall } from "../shop/xml.ts";

interface Reading {
  title: string;
  place: string;
  init: Sending;
}

const QUERY = "{ product(id: 1) { id name description price { amount currency } stock version } }";
const INPUT = { id: 1 };

const post = (title: string, place: string, type: string, body: string): Reading => ({
  title,
  place,
  init: { method: "POST", headers: { "Content-Type": type }, body },
});

const READINGS: Reading[] = [
  { title: "REST", place: "rest/products/1", init: {} },
  {
    title: "GraphQL, GET",
    place: `graphql?query=${encodeURIComponent(QUERY)}`,
    init: { headers: { Accept: "application/graphql-response+json" } },
  },
  post("GraphQL, POST", "graphql", "application/json", JSON.stringify({ query: QUERY })),
  post("SOAP", "soap", "text/xml; charset=utf-8", envelope("get_product", INPUT)),
  post(
    "JSON-RPC",
    "jsonrpc",
    "application/json",
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: "get_product", params: INPUT }),
  ),
  post("XML-RPC", "xmlrpc", "text/xml", methodCall("get_product", INPUT)),
];

export function ReadAgain() {
  const run = useAsked(() => Promise.all(READINGS.map(twice)), []);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy what="Reading twice" />;
  const groups = run.value.map(({ title, first, second, status, isTagged }) => ({
    title,
    bars: [
      { label: "first", pieces: [{ kind: "body", value: first }], text: bytes(first) },
      { label: "again", pieces: [{ kind: "cold", value: second }], text: `${bytes(second)}, ${status}` },
    ],
    isPointedAt: isTagged,
  }));
  return (
    <Bars
      title="Bytes of the answer's body"
      note="its headers a browser does not count; If-None-Match (RFC 9110), wherever the first answer had an ETag"
      groups={groups}
    />
  );
}

async function twice({ title, place, init }: Reading) {
  const ask = async (more: Record<string, string>) => {
    const response = await reach(place, { ...init, headers: { ...init.headers, ...more }, cache: "no-store" });
    return { response, size: bytesOf(await textOf(response)) };
  };
  const first = await ask({});
  const tag = first.response.headers.get("ETag");
  const second = await ask(tag ? { "If-None-Match": tag } : {});
  return { title, first: first.size, second: second.size, status: second.response.status, isTagged: tag !== null };
}
