// What surrounds every view: the header with the views and the sandbox, the view's title and purpose, errors, the footer.

import type { ComponentType } from "preact";
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { currentUser, errorText, loadTable, table } from "./api.ts";
import { BadLink, Problem } from "./components/notices.tsx";
import { ShortcutDialog } from "./components/shortcut-dialog.tsx";
import { openedBy } from "./lessons/place.ts";
import { link, navigate, route, sandbox, type View, VIEWS } from "./router.ts";
import { bind } from "./shortcuts.ts";
import { switchTheme, theme } from "./theme.ts";
import type { Table } from "./types.ts";
import { Class } from "./views/class.tsx";
import { Compare } from "./views/compare.tsx";
import { Contracts } from "./views/contracts.tsx";
import { Events } from "./views/events.tsx";
import { Exercises } from "./views/exercises.tsx";
import { Lessons } from "./views/lessons.tsx";
import { Settings } from "./views/settings.tsx";
import { Traffic } from "./views/traffic.tsx";
import { Translate } from "./views/translate.tsx";

const PAGES: Record<View, { title: string; purpose: string; Page: ComponentType<{ table: Table }> }> = {
  compare: {
    title: "Compare",
    purpose: "Makes the same call in every style, checks that the results are equal, and shows what each one costs and sends.",
    Page: Compare,
  },
  translate: {
    title: "Translate",
    purpose: "Reads a request written in one style and writes the same call in all the others.",
    Page: Translate,
  },
  traffic: {
    title: "Traffic",
    purpose: "Shows every request that reaches this sandbox, live, from any client, with all its bytes.",
    Page: Traffic,
  },
  events: {
    title: "Events",
    purpose: "Changes an order and shows how soon each event channel reports it, and at what cost.",
    Page: Events,
  },
  settings: {
    title: "Settings",
    purpose: "Chooses your user and your sandbox, and makes the shop distant, limited, locked or faulty.",
    Page: Settings,
  },
  contracts: {
    title: "Contracts",
    purpose: "Shows the machine-readable description of each style, whole or for one operation, and lets you send a request.",
    Page: Contracts,
  },
  lessons: {
    title: "Lessons",
    purpose: "Seventeen short lessons, in large type for a projector. Every number is measured while you watch, and every claim with it.",
    Page: Lessons,
  },
  exercises: {
    title: "Exercises",
    purpose: "Gives you tasks to do with any client, and shows what the server has recognised in your calls.",
    Page: Exercises,
  },
  class: {
    title: "Class",
    purpose: "Shows an instructor every learner: what they have done, their last call, and who is stuck.",
    Page: Class,
  },
};

const problem = signal("");
const isDialogOpen = signal(false);

export function Layout() {
  const { view, unknown, rest } = route.value;
  const { title, purpose, Page } = PAGES[view];
  useTable();
  // Each lesson starts at the top; its steps do not.
  const main = useFocus(view === "lessons" ? `${view}/${rest[0] ?? ""}` : view);
  // An open lesson has the whole screen.
  const isLessonOpen = view === "lessons" && typeof openedBy(rest) === "object";
  useShortcuts(isLessonOpen);
  useEffect(() => {
    document.title = `${title} · Parlance`;
  }, [title]);
  return (
    <>
      {/* A button, since a link to #main would change the view. */}
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      {!isLessonOpen && <Header view={view} />}
      <main ref={main} tabIndex={-1} class="view" data-view={view}>
        {!unknown && (
          <div class={isLessonOpen ? "visually-hidden" : "view-title"}>
            <h1>{title}</h1>
            <p class="muted">{purpose}</p>
          </div>
        )}
        {problem.value && <Problem text={problem.value} />}
        {unknown && <BadLink text={`There is no view “${unknown}”.`} href={link("compare")} label="Open Compare" />}
        {!unknown && table.value && <Page table={table.value} />}
      </main>
      {!isLessonOpen && <Footer />}
      {isDialogOpen.value && <ShortcutDialog close={() => (isDialogOpen.value = false)} />}
    </>
  );
}

function Header({ view }: { view: View }) {
  const list = useRef<HTMLUListElement>(null);
  // On a phone the list is wider than the screen.
  useEffect(
    () => list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }),
    [view],
  );
  return (
    <header class="page-header">
      <a class="brand" href={link("compare")}>
        Parlance
      </a>
      <nav aria-label="Views">
        <ul ref={list}>
          {VIEWS.map((name, index) => (
            <li>
              <a href={link(name)} aria-current={name === view && !route.value.unknown ? "page" : undefined} title={PAGES[name].purpose}>
                <kbd aria-hidden="true">{index + 1}</kbd>
                {PAGES[name].title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <p class="context">
        <a href={link("settings")} title="Change the sandbox or the user">
          <span class="visually-hidden">Sandbox </span>
          <strong>{sandbox.value}</strong>
          {", as "}
          {currentUser.value ? `${currentUser.value.name} (${currentUser.value.role})` : "a visitor"}
        </a>
      </p>
      <button
        type="button"
        class="quiet"
        onClick={switchTheme}
        aria-label={theme() === "dark" ? "Light theme" : "Dark theme"}
        title={theme() === "dark" ? "Light theme" : "Dark theme"}
      >
        {theme() === "dark" ? "☀" : "☾"}
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => (isDialogOpen.value = true)}
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts"
      >
        ?
      </button>
    </header>
  );
}

const Footer = () => (
  <footer class="page-footer">
    <a href="rest/docs">Swagger UI</a>
    <a href="graphql/docs">GraphiQL</a>
    <a href="lab/licences.txt">Licences</a>
    {table.value && <span class="muted">Parlance {table.value.version}</span>}
  </footer>
);

/** Loads the table again for each sandbox and user. */
function useTable(): void {
  useEffect(() => {
    loadTable().then(
      () => (problem.value = ""),
      (error: unknown) => (problem.value = errorText(error)),
    );
  }, [sandbox.value, currentUser.value]);
}

/** In a lesson a stray digit opens no other view. */
function useShortcuts(isLessonOpen: boolean): void {
  useEffect(() => {
    const views = VIEWS.map((name, index) => ({
      keys: [String(index + 1)],
      label: String(index + 1),
      description: PAGES[name].title,
      run: () => navigate(link(name)),
    }));
    return bind([
      ...(isLessonOpen ? [] : views),
      { keys: ["t"], label: "t", description: "Dark or light theme", run: switchTheme },
      { keys: ["?"], label: "?", description: "Show these shortcuts", run: () => (isDialogOpen.value = true) },
    ]);
  }, [isLessonOpen]);
}

/** Moves the focus and the scroll position to the top of a new view, but not of the first one. */
function useFocus(view: string) {
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [view]);
  return main;
}
