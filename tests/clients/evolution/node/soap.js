// SOAP, by node's `soap`: methods are made from the WSDL, and an answer is an object.

import soap from "soap";
import { printTexts } from "./old.js";

await printTexts(async (address) => {
  const client = await soap.createClientAsync(`${address}/soap?wsdl`);
  const [{ product }] = await client.GetProductAsync({ id: 1 });
  return [product.name, product.description];
});
