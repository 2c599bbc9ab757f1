// REST, by `fetch`: a member is a property.

import { tell } from "./old.js";

await tell(async (address) => {
  const response = await fetch(`${address}/rest/products/1`);
  const product = await response.json();
  return [product.name, product.description];
});
