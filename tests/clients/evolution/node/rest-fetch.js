// REST, by `fetch`: a member is a property.

import { printTexts } from "./old.js";

await printTexts(async (address) => {
  const response = await fetch(`${address}/rest/products/1`);
  const product = await response.json();
  return [product.name, product.description];
});
