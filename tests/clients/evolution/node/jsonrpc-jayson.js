// JSON-RPC, by `jayson`: the result is an object.

import jayson from "jayson/promise/index.js";
import { printTexts } from "./old.js";

await printTexts(async (address) => {
  const { hostname, port, pathname } = new URL(`${address}/jsonrpc`);
  const client = jayson.Client.http({ hostname, port, path: pathname });
  const { result: product } = await client.request("get_product", { id: 1 });
  return [product.name, product.description];
});
