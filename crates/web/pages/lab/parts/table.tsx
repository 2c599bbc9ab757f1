// How do numbers stand below each other? In a table that is wider than a telephone, and then scrolls on its own.

import type { ComponentChildren } from "preact";

interface Props {
  /** What it is, for who does not see it. */
  label: string;
  class: string;
  /** What stands above each column; above numbers, at the right. */
  heads: (string | { right: string })[];
  /** The rows. */
  children: ComponentChildren;
}

export function Table({ label, class: name, heads, children }: Props) {
  return (
    // It scrolls, so it must be reachable by keyboard (WCAG 2.2, 2.1.1).
    <div class={`scrolls ${name}`} role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {heads.map((head) =>
              typeof head === "string" ? (
                <th scope="col">{head}</th>
              ) : (
                <th scope="col" class="right">
                  {head.right}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
