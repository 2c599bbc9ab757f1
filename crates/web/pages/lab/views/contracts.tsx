// What does each style promise? Its documents to read and to keep; and one operation in all of them, side by side.

import { useAsked } from "../asked.ts";
import { Console } from "../contracts/console.tsx";
import { excerpt } from "../contracts/excerpt.ts";
import { bytes, bytesOf, short, words } from "../format.ts";
import type { Language } from "../highlight.ts";
import { Code, CopyButton } from "../parts/code.tsx";
import { Busy, Problem } from "../parts/said.tsx";
import { at, go, link, route, sandbox } from "../place.ts";
import { reach, refused, textOf } from "../server.ts";
import type { Contract, Style, Table } from "../types.ts";

interface Document extends Contract {
  style: Style;
  text: string;
}

/** The characters that are shown of a long document; the rest is in the file. */
const CHARACTERS_MAX = 50_000;

export function Contracts({ table }: { table: Table }) {
  const [first, second] = route.value.rest;
  const run = useAsked(() => documents(table), [table, sandbox.value]);
  const operation =
    table.operations.find(({ name }) => name === first) ?? table.operations.find(({ name }) => name === "get_user");
  const whole = first === "whole" ? run.value?.find(({ path }) => path === second) : undefined;
  const tried = first === "console" ? table.styles.find(({ name }) => name === second) : undefined;
  return (
    <>
      {run.problem && <Problem text={run.problem} />}
      {!run.value && run.isBusy && <Busy what="Fetching the contracts" />}
      {run.value && <List documents={run.value} table={table} />}
      {whole && <Whole document={whole} />}
      {tried && <Console key={tried.name} style={tried} table={table} />}
      {!whole && !tried && run.value && operation && (
        <SideBySide documents={run.value} operation={operation.name} table={table} />
      )}
    </>
  );
}

const documents = (table: Table) =>
  Promise.all(table.styles.flatMap((style) => style.contracts.map((contract) => fetched(style, contract))));

async function fetched(style: Style, contract: Contract): Promise<Document> {
  const response = await reach(contract.path.slice(1));
  if (!response.ok) throw await refused(response);
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
                <a href={at(path.slice(1))} download={fileName(path)}>
                  Download
                </a>{" "}
                <span class="soft">{bytes(bytesOf(text))}</span>
              </p>
            ))}
          <p>
            <a href={style.explorer ? at(style.explorer.slice(1)) : link("contracts", ["console", style.name])}>
              Try {short(style.title)} out
            </a>
          </p>
        </li>
      ))}
    </ul>
  );
}

// `/soap?wsdl` is a file of that kind, and `/soap?xsd=shop.xsd` says which.
function fileName(path: string): string {
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (last.includes("=")) return last.slice(last.lastIndexOf("=") + 1);
  return last.includes("?") ? last.replace("?", ".") : last;
}

const languageOf = ({ text, path }: Document): Language =>
  path.endsWith(".graphql") ? "graphql" : text.trimStart().startsWith("<") ? "xml" : "json";

function Whole({ document }: { document: Document }) {
  const { style, title, text } = document;
  const start = laidOut(text).slice(0, CHARACTERS_MAX);
  return (
    <section class="results">
      <div class="line">
        <h2>
          {style.title}: {title}
        </h2>
        <CopyButton text={text} what={title} />
        <a href={link("contracts")}>Back to one operation</a>
      </div>
      <div class="whole">
        <Code text={start} language={languageOf(document)} label={title} />
      </div>
      {start.length === CHARACTERS_MAX && <p class="soft">This is how it begins; the file has all of it.</p>}
    </section>
  );
}

// Only JSON comes without line breaks.
const laidOut = (text: string) => (text.startsWith("{") ? JSON.stringify(JSON.parse(text), null, 2) : text);

function SideBySide({ documents, operation, table }: { documents: Document[]; operation: string; table: Table }) {
  return (
    <section class="results">
      <div class="line">
        <h2>
          <label for="contract-operation">One operation in each</label>
        </h2>
        <select
          id="contract-operation"
          value={operation}
          onChange={(event) => go(link("contracts", [event.currentTarget.value]))}
        >
          {table.operations.map(({ name }) => (
            <option value={name}>{words(name)}</option>
          ))}
        </select>
      </div>
      <div class="columns wide" role="region" aria-label="The contracts side by side" tabIndex={0}>
        {documents.map((document) => (
          <Excerpt document={document} operation={operation} />
        ))}
      </div>
    </section>
  );
}

function Excerpt({ document, operation }: { document: Document; operation: string }) {
  const text = excerpt(document.text, operation);
  return (
    <article class="column">
      <h3>{document.title}</h3>
      {text ? (
        <>
          <p class="soft">{bytes(bytesOf(text))} about it</p>
          <div class="whole">
            <Code text={text} language={languageOf(document)} label={`${document.title}: ${words(operation)}`} />
          </div>
        </>
      ) : (
        <p class="soft">It says nothing of it: the style can't do this, or this document is about another part.</p>
      )}
    </article>
  );
}
