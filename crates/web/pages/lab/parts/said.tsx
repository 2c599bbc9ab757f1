// How does the page say that something is under way, or went wrong? So that it is also heard.

export const Problem = ({ text }: { text: string }) => (
  <p class="verdict bad" role="alert">
    <span aria-hidden="true">✕ </span>
    {text}
  </p>
);

/** What to do where a server grants no wishes for faults. */
export const NoFaults = () => (
  <p class="verdict refused" role="status">
    <span>
      <span aria-hidden="true">⊘ </span>
      This loses answers on purpose, which this server does not: start it with <code>parlance serve --faults</code>
    </span>
  </p>
);

export const Busy = ({ what }: { what: string }) => (
  <p class="busy" role="status">
    {what} …
  </p>
);
