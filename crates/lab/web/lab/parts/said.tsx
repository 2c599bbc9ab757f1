// How does the page say that something is under way, or went wrong? So that it is also heard.

export const Problem = ({ text }: { text: string }) => (
  <p class="verdict bad" role="alert">
    <span aria-hidden="true">✕ </span>
    {text}
  </p>
);

export const Busy = ({ what }: { what: string }) => (
  <p class="busy" role="status">
    {what} …
  </p>
);
