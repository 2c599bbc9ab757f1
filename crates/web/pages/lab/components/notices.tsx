// Messages about a request: it runs, it is done, it failed, it can't run here. Screen readers announce them.

import type { ComponentChildren } from "preact";

export const Problem = ({ text }: { text: string }) => (
  <p class="notice bad" role="alert">
    <span aria-hidden="true">✕ </span>
    {text}
  </p>
);

/** A link that leads to nothing says so, and where to go on. */
export const BadLink = ({ text, href, label }: { text: string; href: string; label: string }) => (
  <p class="notice bad" role="alert">
    <span>
      <span aria-hidden="true">✕ </span>
      {text} <a href={href}>{label}</a>
    </span>
  </p>
);

/** What has succeeded. It stays in the page without a text, since screen readers announce only what changes in it. */
export const Done = ({ children }: { children: ComponentChildren }) => (
  <div class={children ? "notice good" : "visually-hidden"} role="status">
    {children}
  </div>
);

export const NoFaults = () => (
  <p class="notice refused" role="status">
    <span>
      <span aria-hidden="true">⊘ </span>
      This needs a server that loses responses on purpose. Start it with <code>parlance serve --faults</code> and reload the page.
    </span>
  </p>
);

export const Busy = ({ text }: { text: string }) => (
  <p class="busy" role="status">
    {text} …
  </p>
);
