// SOAP, by node's `soap`: methods are made from the WSDL, and an answer is an object.

import soap from "soap";
import { tell } from "./old.js";

await tell(async (address) => {
  const client = await soap.createClientAsync(`${address}/soap?wsdl`);
  const [{ product }] = await client.GetProductAsync({ id: 1 });
  return [product.name, product.description];
});
