// REST, by `openapi-fetch`, with `ajv` to hold every answer against the OpenAPI document.

import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";
import createClient from "openapi-fetch";
import { printTexts } from "./old.js";

const ANSWER = "#/paths/~1products~1{id}/get/responses/200/content/application~1json/schema";

await printTexts(async (address) => {
  const contract = await (await fetch(`${address}/rest/openapi.json`)).json();
  // What of the document is no schema is no keyword either.
  const ajv = formats(new Ajv({ strict: false }));
  const is_as_agreed = ajv.addSchema(contract, "shop").compile({ $ref: `shop${ANSWER}` });
  const shop = createClient({ baseUrl: `${address}/rest` });
  const { data: product } = await shop.GET("/products/{id}", { params: { path: { id: 1 } } });
  if (!is_as_agreed(product)) throw new Error(ajv.errorsText(is_as_agreed.errors, { dataVar: "product" }));
  return [product.name, product.description];
});
