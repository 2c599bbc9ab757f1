// Settings that the browser remembers between visits; where it forbids storage, they last until the page closes.

import { signal } from "@preact/signals";

export function stored(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function store(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage is forbidden here.
  }
}

/** A value that the browser remembers under a name. */
export function remembered<T>(name: string, otherwise: T) {
  const value = signal<T>(parsed(stored(name)) ?? otherwise);
  const set = (next: T) => {
    value.value = next;
    store(name, JSON.stringify(next));
  };
  return { value, set };

  function parsed(text: string | null): T | undefined {
    try {
      return text === null ? undefined : (JSON.parse(text) as T);
    } catch {
      return undefined;
    }
  }
}
