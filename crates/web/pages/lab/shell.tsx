// What is around every view? Whose shop it is and who one is, the way to the other views, and what went wrong.

import type { ComponentType } from "preact";
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { bind } from "./keys.ts";
import { Help } from "./parts/help.tsx";
import { Problem } from "./parts/said.tsx";
import { go, link, route, sandbox, type View, VIEWS } from "./place.ts";
import { loadTable, me, table, told } from "./server.ts";
import { switchTheme, theme } from "./theme.ts";
import type { Table } from "./types.ts";
import { Compare } from "./views/compare.tsx";
import { Contracts } from "./views/contracts.tsx";
import { Dials } from "./views/dials.tsx";
import { Events } from "./views/events.tsx";
import { Presenter } from "./views/presenter.tsx";
import { Translate } from "./views/translate.tsx";
import { Traffic } from "./views/traffic.tsx";

const PAGES: Record<View, { title: string; is: ComponentType<{ table: Table }> }> = {
  compare: { title: "Compare", is: Compare },
  translate: { title: "Translate", is: Translate },
  wire: { title: "Wire", is: Traffic },
  events: { title: "Events", is: Events },
  dials: { title: "Dials", is: Dials },
  contracts: { title: "Contracts", is: Contracts },
  present: { title: "Present", is: Presenter },
};

const problem = signal("");
const isHelpOpen = signal(false);

export function Shell() {
  const { view, rest } = route.value;
  const { title, is: Page } = PAGES[view];
  useTable();
  useKeys();
  // Each lesson is a place of its own; its steps are not.
  const main = useFocus(view === "present" ? `${view}/${rest[0] ?? ""}` : view);
  // On the stage nothing is around the lesson.
  const isOnStage = view === "present" && rest.length > 0;
  useEffect(() => {
    document.title = `${title} · Parlance`;
  }, [title]);
  return (
    <>
      {/* Not a link to #main: what follows # is the view. */}
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      {!isOnStage && <Head view={view} />}
      <main ref={main} tabIndex={-1} class="view" data-view={view}>
        <h1 class="unseen">{title}</h1>
        {problem.value && <Problem text={problem.value} />}
        {table.value && <Page table={table.value} />}
      </main>
      {!isOnStage && <Foot />}
      {isHelpOpen.value && <Help close={() => (isHelpOpen.value = false)} />}
    </>
  );
}

function Head({ view }: { view: View }) {
  const list = useRef<HTMLUListElement>(null);
  // On a telephone the list is wider than the screen.
  useEffect(
    () => list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }),
    [view],
  );
  return (
    <header class="head-bar">
      <a class="brand" href={link("compare")}>
        Parlance
      </a>
      <nav aria-label="Views">
        <ul ref={list}>
          {VIEWS.map((name, index) => (
            <li>
              <a href={link(name)} aria-current={name === view ? "page" : undefined}>
                <kbd aria-hidden="true">{index + 1}</kbd>
                {PAGES[name].title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <p class="whose">
        <a href={link("dials")}>
          <span class="unseen">Sandbox </span>
          <strong>{sandbox.value}</strong>
          {", as "}
          {me.value ? `${me.value.name} (${me.value.role})` : "a visitor"}
        </a>
      </p>
      <button type="button" class="quiet" onClick={switchTheme} aria-label={theme() === "dark" ? "Light" : "Dark"}>
        {theme() === "dark" ? "☀" : "☾"}
      </button>
      <button type="button" class="quiet" onClick={() => (isHelpOpen.value = true)} aria-label="Keys">
        ?
      </button>
    </header>
  );
}

const Foot = () => (
  <footer class="foot-bar">
    <a href="rest/docs">Swagger UI</a>
    <a href="graphql/docs">GraphiQL</a>
    <a href="lab/licences.txt">Licences</a>
    {table.value && <span class="soft">Parlance {table.value.version}</span>}
  </footer>
);

/** The table is asked for anew in each sandbox. */
function useTable(): void {
  useEffect(() => {
    loadTable().then(
      () => (problem.value = ""),
      (error: unknown) => (problem.value = told(error)),
    );
  }, [sandbox.value, me.value]);
}

function useKeys(): void {
  useEffect(() => {
    const views = VIEWS.map((name, index) => ({
      keys: [String(index + 1)],
      label: String(index + 1),
      does: PAGES[name].title,
      run: () => go(link(name)),
    }));
    return bind([
      ...views,
      { keys: ["t"], label: "t", does: "Dark or light", run: switchTheme },
      { keys: ["?"], label: "?", does: "These keys", run: () => (isHelpOpen.value = true) },
    ]);
  }, []);
}

/** Another place begins at its top, also for who reads it by ear; the first one is not to be shouted. */
function useFocus(place: string) {
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [place]);
  return main;
}
