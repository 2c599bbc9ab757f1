// The contracts of all styles: to download, to read whole, or one operation in each of them side by side.

import { errorOf, fetchShop, textOf } from "../api.ts";
import { Code, CopyButton } from "../components/code.tsx";
import { BadLink, Busy, Problem } from "../components/notices.tsx";
import { SideBySide } from "../components/side-by-side.tsx";
import { Console } from "../contracts/console.tsx";
import { excerpt } from "../contracts/excerpt.ts";
import { bytes, bytesOf, short, words } from "../format.ts";
import type { Language } from "../highlight.ts";
import { useRequest } from "../request.ts";
import { link, navigate, route, sandbox, shopUrl } from "../router.ts";
import type { Contract, Style, Table } from "../types.ts";

interface Document extends Contract {
  style: Style;
  text: string;
}

/** Characters shown of a long document; the download has all. */
const CHARACTERS_MAX = 50_000;

export function Contracts({ table }: { table: Table }) {
  const [first, second] = route.value.rest;
  const run = useRequest(() => loadDocuments(table), [table, sandbox.value]);
  const isOfOne = first !== "whole" && first !== "console";
  const operation = isOfOne ? table.operations.find(({ name }) => name === (first ?? "get_user")) : undefined;
  const whole = first === "whole" ? run.value?.find(({ path }) => path === second) : undefined;
  const console = first === "console" ? table.styles.find(({ name }) => name === second) : undefined;
  const isKnown = operation ?? console ?? (whole || !run.value);
  return (
    <>
      {run.problem && <Problem text={run.problem} />}
      {!isKnown && (
        <BadLink text={`There is no ${isOfOne ? `operation “${first}”` : `“${second}”`}.`} href={link("contracts")} label="All contracts" />
      )}
      {!run.value && run.isBusy && <Busy text="Loading the contracts" />}
      {run.value && !console && <List documents={run.value} table={table} />}
      {whole && <WholeDocument document={whole} />}
      {console && (
        <Console key={console.name} style={console} table={table}>
          <a href={link("contracts")}>Back to the contracts</a>
        </Console>
      )}
      {!whole && !console && run.value && operation && (
        <Excerpts documents={run.value} operation={operation.name} table={table} />
      )}
    </>
  );
}

const loadDocuments = (table: Table) =>
  Promise.all(table.styles.flatMap((style) => style.contracts.map((contract) => loadDocument(style, contract))));

async function loadDocument(style: Style, contract: Contract): Promise<Document> {
  const response = await fetchShop(contract.path.slice(1));
  if (!response.ok) throw await errorOf(response);
  return { ...contract, style, text: await textOf(response) };
}

function List({ documents, table }: { documents: Document[]; table: Table }) {
  return (
    <ul class="documents">
      {table.styles.map((style) => (
        <li>
          <h2>{short(style.title)}</h2>
          {documents
            .filter((document) => document.style === style)
            .map(({ title, path, text }) => (
              <p>
                <a href={link("contracts", ["whole", path])}>{title}</a>
                <br />
                <a href={shopUrl(path.slice(1))} download={fileName(path)}>
                  Download
                </a>{" "}
                <span class="muted">{bytes(bytesOf(text))}</span>
              </p>
            ))}
          <p>
            <a href={style.explorer ? shopUrl(style.explorer.slice(1)) : link("contracts", ["console", style.name])}>
              Try {short(style.title)}
            </a>
          </p>
        </li>
      ))}
    </ul>
  );
}

// `/soap?wsdl` becomes soap.wsdl, and `/soap?xsd=shop.xsd` becomes shop.xsd.
function fileName(path: string): string {
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (last.includes("=")) return last.slice(last.lastIndexOf("=") + 1);
  return last.includes("?") ? last.replace("?", ".") : last;
}

const languageOf = ({ text, path }: Document): Language =>
  path.endsWith(".graphql") ? "graphql" : text.trimStart().startsWith("<") ? "xml" : "json";

function WholeDocument({ document }: { document: Document }) {
  const { style, title, text } = document;
  const start = indented(text).slice(0, CHARACTERS_MAX);
  return (
    <section class="results">
      <div class="row">
        <h2>
          {style.title}: {title}
        </h2>
        <CopyButton text={text} what={title} />
        <a href={link("contracts")}>Back to one operation</a>
      </div>
      <div class="document">
        <Code text={start} language={languageOf(document)} label={title} />
      </div>
      {start.length === CHARACTERS_MAX && <p class="muted">This is only the beginning; download the file for all of it.</p>}
    </section>
  );
}

// Only JSON is served without line breaks.
const indented = (text: string) => (text.startsWith("{") ? JSON.stringify(JSON.parse(text), null, 2) : text);

function Excerpts({ documents, operation, table }: { documents: Document[]; operation: string; table: Table }) {
  // The first document of each style comes first.
  const isFirst = (document: Document) => documents.find(({ style }) => style === document.style) === document;
  const sorted = [...documents.filter(isFirst), ...documents.filter((document) => !isFirst(document))];
  const items = sorted.map((document) => ({
    title: `${short(document.style.title)}: ${document.title}`,
    content: <Excerpt document={document} operation={operation} />,
  }));
  return (
    <section class="results">
      <div class="row">
        <h2>
          <label for="contract-operation">One operation in every contract</label>
        </h2>
        <select
          id="contract-operation"
          value={operation}
          onChange={(event) => navigate(link("contracts", [event.currentTarget.value]))}
        >
          {table.operations.map(({ name }) => (
            <option value={name}>{words(name)}</option>
          ))}
        </select>
      </div>
      <SideBySide label="Show side by side" items={items} />
    </section>
  );
}

function Excerpt({ document, operation }: { document: Document; operation: string }) {
  const text = excerpt(document.text, operation);
  if (!text) return <p class="muted">This contract does not describe the operation: the style lacks it, or another document has it.</p>;
  return (
    <>
      <p class="muted">{bytes(bytesOf(text))} about this operation</p>
      <div class="document">
        <Code text={text} language={languageOf(document)} label={`${document.title}: ${words(operation)}`} />
      </div>
    </>
  );
}
