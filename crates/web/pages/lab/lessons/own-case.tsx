// Where to measure a case of your own.

import { link } from "../router.ts";

const LINKS = [
  { text: "Compare an operation, and download every call as CSV", address: link("compare", ["list_orders"]) },
  { text: "Run a whole scenario, and read its steps", address: link("compare", ["scenario", "order-page"]) },
  { text: "Read an operation in every contract", address: link("contracts", ["place_order"]) },
  { text: "Change the settings: a distant, locked or limited shop", address: link("settings") },
];

export const OwnCase = () => (
  <ul class="links">
    {LINKS.map(({ text, address }) => (
      <li>
        <a href={address}>{text}</a>
      </li>
    ))}
  </ul>
);
