// XML-RPC, by node's `xmlrpc`: a struct is an object.

import { promisify } from "node:util";
import xmlrpc from "xmlrpc";
import { tell } from "./old.js";

await tell(async (address) => {
  const client = xmlrpc.createClient({ url: `${address}/xmlrpc` });
  const product = await promisify(client.methodCall.bind(client))("get_product", [1]);
  return [product.name, product.description];
});
