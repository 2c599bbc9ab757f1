// Which shop is this, and what is looked at? The address says both: the path names the sandbox, and what follows `#` the view
// and the question. So whatever one sees can be sent to somebody else, and nothing is loaded twice.

import { computed, signal } from "@preact/signals";

export const VIEWS = ["compare", "translate", "wire", "events", "dials", "contracts", "present"] as const;
export type View = (typeof VIEWS)[number];

const here = signal(location.href);

const path = computed(() => {
  const { pathname } = new URL(here.value);
  const [, root, name] = pathname.match(/^(.*\/)sandboxes\/([^/]+)\/$/) ?? [];
  return { root: root ?? pathname.replace(/[^/]*$/, ""), name: name ?? "main" };
});

/** The private copy of the shop that the page is of. */
export const sandbox = computed(() => path.value.name);

/** Where something of the shop is: of this sandbox, unless another is named. */
export function at(place: string, name: string = sandbox.value): string {
  const { root } = path.value;
  const base = name === "main" ? root : `${root}sandboxes/${name}/`;
  return new URL(base + place, location.origin).href;
}

/** The same for a WebSocket. */
export const socketAt = (place: string, name?: string) => at(place, name).replace(/^http/, "ws");

/** What follows `#`: a view, what is chosen in it, and the rest. */
export const route = computed(() => {
  const [steps = "", query = ""] = new URL(here.value).hash.replace(/^#\/?/, "").split("?");
  const [first, ...rest] = steps.split("/").map(decoded);
  const view = VIEWS.find((view) => view === first) ?? "compare";
  return { view, rest, query: new URLSearchParams(query) };
});

/** A step as it was meant; what can't be decoded, as a link may come from anywhere, stands for itself. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** The address of a view within this page. */
export function link(view: View, rest: (string | number)[] = [], query: Record<string, string> = {}): string {
  const steps = [view, ...rest].map((step) => encodeURIComponent(step)).join("/");
  const search = new URLSearchParams(query).toString();
  return `#/${steps}${search && `?${search}`}`;
}

/** Goes there; `replace` leaves no trace in the history. */
export function go(address: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  here.value = location.href;
}

/** Goes to another copy of the shop, and stays in the view. */
export function moveTo(name: string): void {
  go(new URL(at("", name)).pathname + location.hash);
}

addEventListener("popstate", () => (here.value = location.href));
addEventListener("hashchange", () => (here.value = location.href));
