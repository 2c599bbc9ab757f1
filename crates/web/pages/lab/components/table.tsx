// A table that scrolls on its own where the screen is too narrow for it.

import type { ComponentChildren } from "preact";
import { useLabel } from "./within.ts";

interface Props {
  /** The name that a screen reader says. */
  label: string;
  class: string;
  /** The column headings; those of numbers are right-aligned. */
  heads: (string | { right: string })[];
  /** The rows. */
  children: ComponentChildren;
}

export function Table({ label, class: name, heads, children }: Props) {
  return (
    // It scrolls, so it must be reachable by keyboard (WCAG 2.2, 2.1.1).
    <div class={`scrolls ${name}`} role="region" aria-label={useLabel(label)} tabIndex={0}>
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
