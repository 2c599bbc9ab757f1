// Who checks what is typed, while it is typed? Monaco, the editor, leaves it to workers, and asks the page for them.

const NAMES = { graphql: "graphql", json: "json" };

globalThis.MonacoEnvironment = {
  getWorker: (_, language) =>
    new Worker(new URL(`./${NAMES[language] ?? "editor"}.worker.js`, import.meta.url), { type: "module" }),
};
