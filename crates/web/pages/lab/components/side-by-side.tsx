// Up to four items side by side, with a picker: more would not fit a screen without scrolling sideways.

import type { ComponentChildren } from "preact";
import { route, setQuery } from "../router.ts";

export interface Item {
  title: string;
  /** Its name in the picker, if the title is long. */
  short?: string;
  content: ComponentChildren;
  isHighlighted?: boolean;
}

const MOST = 4;

/** The width that an item needs to be read, in units of the page's font size. */
const ITEM_REM = 22;

function startCount(): number {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Math.min(MOST, Math.max(1, Math.floor(innerWidth / (ITEM_REM * rem))));
}

export function SideBySide({ label, items }: { label: string; items: Item[] }) {
  // The address has what the user has chosen, and nothing before, so that the start follows the items.
  const chosen = route.value.query.get("show")?.split("|") ?? [];
  const first = () => [...items].sort((a, b) => Number(b.isHighlighted ?? false) - Number(a.isHighlighted ?? false));
  const known = chosen.filter((title) => items.some((item) => item.title === title));
  const shown = known.length > 0 ? known : first().slice(0, startCount()).map(({ title }) => title);
  // The last one stays; a fifth replaces the one that was chosen first.
  const toggle = (title: string) => {
    const next = shown.includes(title) ? shown.filter((other) => other !== title) : [...shown, title].slice(-MOST);
    if (next.length > 0) setQuery("show", next.join("|"));
  };
  return (
    <div class="side-by-side">
      {items.length > 1 && (
        <div class="choice" role="group" aria-label={label}>
          <span class="muted">{label}</span>
          {items.map(({ title, short }) => (
            <button type="button" aria-pressed={shown.includes(title)} onClick={() => toggle(title)}>
              {short ?? title}
            </button>
          ))}
        </div>
      )}
      <div class="columns">
        {items
          .filter(({ title }) => shown.includes(title))
          .map(({ title, content, isHighlighted }) => (
            <article class={isHighlighted ? "column highlighted" : "column"} key={title}>
              <h3>{title}</h3>
              {content}
            </article>
          ))}
      </div>
    </div>
  );
}
