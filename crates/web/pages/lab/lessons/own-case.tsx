// How does one compare a case of one's own? By the views of this page, each by its address.

import { link } from "../place.ts";

const WAYS = [
  { text: "Compare an operation, and keep every call as CSV", address: link("compare", ["list_orders"]) },
  { text: "Play a whole task, and look at its steps", address: link("compare", ["scenario", "order-page"]) },
  { text: "Read what an operation looks like in every contract", address: link("contracts", ["place_order"]) },
  { text: "Turn the dials: far away, locked, limited", address: link("dials") },
];

export const OwnCase = () => (
  <ul class="ways">
    {WAYS.map(({ text, address }) => (
      <li>
        <a href={address}>{text}</a>
      </li>
    ))}
  </ul>
);
