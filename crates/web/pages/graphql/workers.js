// The workers in which the editor, Monaco, checks the text while the user types.

const NAMES = { graphql: "graphql", json: "json" };

globalThis.MonacoEnvironment = {
  getWorker: (_, language) =>
    new Worker(new URL(`./${NAMES[language] ?? "editor"}.worker.js`, import.meta.url), { type: "module" }),
};
