// What does the browser keep from one visit to the next? A word by its name; nothing, where it has been told to keep nothing.

export function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name: string, word: string): void {
  try {
    localStorage.setItem(name, word);
  } catch {
    // Then it holds until the page is closed.
  }
}
