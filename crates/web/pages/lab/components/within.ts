// Names of regions that occur several times on a page: each says within what it stands.

import { createContext } from "preact";
import { useContext } from "preact/hooks";

export const Within = createContext("");

/** The name of a region, with what it stands in, if the page says that. */
export function useLabel(label: string): string {
  const within = useContext(Within);
  return within ? `${within}, ${label}` : label;
}
