// The address of the page: its path names the sandbox (and, after it, the style on a style's own page), and its hash names the view with the view's input, so that a link
// opens the same for others.

import { computed, signal } from "@preact/signals";

export const VIEWS = ["compare", "translate", "traffic", "events", "settings", "contracts", "lessons", "exercises", "class"] as const;
export type View = (typeof VIEWS)[number];

/** Names that views had before, as they stand in links from elsewhere. */
const FORMER: Record<string, View> = { wire: "traffic", dials: "settings", present: "lessons" };

const address = signal(location.href);

const path = computed(() => {
  const { pathname } = new URL(address.value);
  const [, root, name] = pathname.match(/^(.*\/)sandboxes\/([^/]+)\/[^/]*$/) ?? [];
  return { root: root ?? pathname.replace(/[^/]*$/, ""), name: name ?? "main" };
});

/** The name of the sandbox that the page shows. */
export const sandbox = computed(() => path.value.name);

/** The URL of a path of the shop, in this sandbox or in the named one. */
export function shopUrl(relative: string, name: string = sandbox.value): string {
  const { root } = path.value;
  const base = name === "main" ? root : `${root}sandboxes/${name}/`;
  return new URL(base + relative, location.origin).href;
}

export const socketUrl = (relative: string, name?: string) => shopUrl(relative, name).replace(/^http/, "ws");

/** The hash, split into the view, the path segments after it, and the query. */
export const route = computed(() => {
  const [steps = "", query = ""] = new URL(address.value).hash.replace(/^#\/?/, "").split("?");
  const [first, ...rest] = steps.split("/").map(decoded);
  const view = VIEWS.find((view) => view === first) ?? FORMER[first ?? ""];
  // A link without a view opens the first one; a link to an unknown view opens none.
  const unknown = first && !view ? first : undefined;
  return { view: view ?? "compare", unknown, rest, query: new URLSearchParams(query) };
});

/** A path segment, decoded; a malformed one, as it may stand in a link from anywhere, stays as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The hash of a view. */
export function link(view: View, rest: (string | number)[] = [], query: Record<string, string> = {}): string {
  const steps = [view, ...rest].map((step) => encodeURIComponent(step)).join("/");
  const search = new URLSearchParams(query).toString();
  return `#/${steps}${search && `?${search}`}`;
}

/** Sets a member of the query, so that a link shows the same to others; an empty value removes it. */
export function setQuery(name: string, value: string): void {
  const { view, rest, query } = route.value;
  const { [name]: _, ...others } = Object.fromEntries(query);
  navigate(link(view, rest, value ? { ...others, [name]: value } : others), "replace");
}

/** Opens an address of this page; `replace` adds no entry to the history. */
export function navigate(to: string, mode: "push" | "replace" = "push"): void {
  if (mode === "push") history.pushState(null, "", to);
  else history.replaceState(null, "", to);
  address.value = location.href;
}

/** Opens another sandbox in the same view. */
export function switchSandbox(name: string): void {
  navigate(new URL(shopUrl("", name)).pathname + location.hash);
}

addEventListener("popstate", () => (address.value = location.href));
addEventListener("hashchange", () => (address.value = location.href));
