// XML-RPC, by node's `xmlrpc`: a struct is an object.

import { promisify } from "node:util";
import xmlrpc from "xmlrpc";
import { printTexts } from "./old.js";

await printTexts(async (address) => {
  const client = xmlrpc.createClient({ url: `${address}/xmlrpc` });
  const product = await promisify(client.methodCall.bind(client))("get_product", [1]);
  return [product.name, product.description];
});
