// Numbers and names as the page shows them.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const rough = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export const count = (value: number) => whole.format(value);

/** `1,234 B`: byte counts are exact, so they are not rounded. */
export const bytes = (value: number) => `${whole.format(value)} B`;

/** Microseconds as `263 µs` or `1.32 ms`. */
export function time(us: number): string {
  if (us < 1_000) return `${whole.format(us)} µs`;
  return us < 1_000_000 ? `${rough.format(us / 1_000)} ms` : `${rough.format(us / 1_000_000)} s`;
}

export const share = (value: number) => `${whole.format(value * 100)} %`;

/** `2.4 ×`. */
export const times = (value: number) => `${rough.format(value)} ×`;

/** `1.5 → 2.4 ×`. */
export const change = (before: number, after: number) => `${rough.format(before)} → ${times(after)}`;

/** `get_user` as "get user". */
export const words = (name: string) => name.replaceAll("_", " ").replaceAll("-", " ");

/** `SOAP 1.1 and 1.2` as "SOAP", where there is little room. */
export const short = (title: string) => title.replace(/ [\d.].*$/, "");

/** `1 call`, `3 calls`. */
export const plural = (value: number, noun: string) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** The length of a text in UTF-8. */
export const bytesOf = (text: string) => new TextEncoder().encode(text).length;
