// Bundles each page with esbuild into `built/{page}/{file}.gz`, and writes the hash of each file's content to `built/tags`.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";

const BUILT = "built";

// The entry points of each page; each worker is one too.
const PAGES = {
  lab: { main: "pages/lab/main.tsx", style: "pages/lab/style-page.tsx" },
  rest: { main: "pages/rest/main.js" },
  graphql: {
    main: "pages/graphql/main.jsx",
    "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
    "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
    "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
  },
};

// GraphiQL's style sheet contains Monaco's, so Monaco's modules must not add a second copy.
const withoutStylesOfMonaco = {
  name: "without-styles-of-monaco",
  setup: ({ onLoad }) => onLoad({ filter: /[\\/]monaco-editor[\\/].*\.css$/ }, () => ({ contents: "", loader: "js" })),
};

async function bundle(page, entryPoints) {
  const folder = join(BUILT, page);
  const { metafile } = await build({
    entryPoints,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    metafile: true,
    // `licences.txt` has them.
    legalComments: "none",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [withoutStylesOfMonaco],
    logLevel: "warning",
  });
  cpSync(join("pages", page, "index.html"), join(folder, "index.html"));
  cpSync("pages/icon.svg", join(folder, "icon.svg"));
  writeFileSync(join(folder, "licences.txt"), licences(packages(metafile)));
}

// The folders of the packages that are part of the bundle.
function packages({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return [...new Set(used.map((path) => path.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean))].sort();
}

// The licences of the packages, with their notices.
function licences(folders) {
  const texts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const isNotice = (file) => /^(licen[cs]e|notice|thirdpartynotices)/i.test(file) || /-es-bundle\.js\.LICENSE/.test(file);
    const notices = readdirSync(folder).filter(isNotice).map((file) => readFileSync(join(folder, file), "utf8").trim());
    return [`${name} ${version}: ${license}`, ...notices].join("\n\n");
  });
  return texts.join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}

// Every file below a folder.
function filesIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

// Compresses a file, and returns its line of `tags`.
function pack(path) {
  const content = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  rmSync(path);
  const tag = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return `${relative(BUILT, path).replaceAll("\\", "/")} ${tag}\n`;
}

if (existsSync(BUILT)) rmSync(BUILT, { recursive: true });
mkdirSync(BUILT);
for (const [page, entryPoints] of Object.entries(PAGES)) await bundle(page, entryPoints);
// OAuth returns to this page, which passes the code to Swagger UI.
for (const end of ["html", "js"]) {
  const file = `oauth2-redirect.${end}`;
  cpSync(join("node_modules/swagger-ui-dist", file), join(BUILT, "rest", file));
}
writeFileSync(join(BUILT, "tags"), filesIn(BUILT).sort().map(pack).join(""));
