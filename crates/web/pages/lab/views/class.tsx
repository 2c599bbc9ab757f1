// The class, for an instructor: every learner, live, and what concerns all of them.

import { useEffect, useState } from "preact/hooks";
import { currentUser, errorText, isAborted, ShopError } from "../api.ts";
import { LearnerList, Matrix } from "../class/learners.tsx";
import { readClass } from "../class/requests.ts";
import { Tools } from "../class/tools.tsx";
import { Busy, Problem } from "../components/notices.tsx";
import { plural } from "../format.ts";
import { route, setQuery } from "../router.ts";
import type { Class as State, LearnerState, Person, Table } from "../types.ts";

/** The pause between two readings of the class. */
const POLL_MS = 2_000;

const SORTS = { name: "name", done: "exercises done", last: "last call", stuck: "stuck first" } as const;
type Sort = keyof typeof SORTS;

const lastAt = ({ last_call }: LearnerState) => last_call?.at ?? "";
const byName = (one: LearnerState, other: LearnerState) => one.name.localeCompare(other.name);
const ORDERS: Record<Sort, (one: LearnerState, other: LearnerState) => number> = {
  name: byName,
  done: (one, other) => other.done.length - one.done.length || byName(one, other),
  stuck: (one, other) => Number(other.is_stuck) - Number(one.is_stuck) || byName(one, other),
  last: (one, other) => lastAt(other).localeCompare(lastAt(one)) || byName(one, other),
};

export const Class = ({ table }: { table: Table }) =>
  currentUser.value?.role === "admin" ? <Live table={table} /> : <Admins people={table.people} />;

function Live({ table }: { table: Table }) {
  const { klass, problem, refresh } = useClass();
  return (
    <>
      {problem !== undefined && <Problem text={errorText(problem)} />}
      {!klass && problem === undefined && <Busy text="Reading the class" />}
      {klass && (
        <>
          <Setup klass={klass} refresh={refresh} />
          {klass.learners.length === 0 ? (
            <p class="empty-state muted">There are no learners yet. Add names, or have them join at the address.</p>
          ) : (
            <Learners klass={klass} table={table} />
          )}
        </>
      )}
    </>
  );
}

function Setup({ klass, refresh }: { klass: State; refresh: () => void }) {
  // It stays open while the first learners come.
  const [isNew] = useState(klass.learners.length === 0);
  return (
    <details open={isNew}>
      <summary>Join address, names, message, reset, results</summary>
      <Tools klass={klass} refresh={refresh} />
    </details>
  );
}

/** Whether it makes no sense to read again: the caller may not, or there is no class. */
const isFinal = (problem: unknown) => problem instanceof ShopError && [401, 403, 404].includes(problem.status);

/** Says who sees the class. */
const Admins = ({ people }: { people: Person[] }) => (
  <div class="empty-state">
    <p>Only an admin sees the class. Act as:</p>
    <p>
      {people
        .filter(({ role }) => role === "admin")
        .map((person) => (
          <button type="button" class="main" onClick={() => (currentUser.value = person)}>
            {person.name}, admin
          </button>
        ))}
    </p>
  </div>
);

function Learners({ klass, table }: { klass: State; table: Table }) {
  const { query } = route.value;
  const areResultsHidden = query.get("results") === "hidden";
  const sorts = (Object.keys(SORTS) as Sort[]).filter((sort) => !(areResultsHidden && sort === "done"));
  const sort = sorts.find((sort) => sort === query.get("sort")) ?? "name";
  const isMatrix = query.get("show") === "matrix" && !areResultsHidden;
  const learners = [...klass.learners].sort(ORDERS[sort]);
  const done = learners.reduce((sum, learner) => sum + learner.done.length, 0);
  const stuck = learners.filter(({ is_stuck }) => is_stuck).length;
  return (
    <>
      <div class="row">
        <label for="class-sort">Sort by</label>
        <select id="class-sort" value={sort} onChange={(event) => setQuery("sort", event.currentTarget.value)}>
          {sorts.map((sort) => (
            <option value={sort}>{SORTS[sort]}</option>
          ))}
        </select>
        <label class="check">
          <input
            type="checkbox"
            checked={isMatrix}
            disabled={areResultsHidden}
            onChange={(event) => setQuery("show", event.currentTarget.checked ? "matrix" : "")}
          />
          All exercises
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={areResultsHidden}
            onChange={(event) => setQuery("results", event.currentTarget.checked ? "hidden" : "")}
          />
          Hide results
        </label>
        <p class="muted fill">
          {plural(learners.length, "learner")}
          {!areResultsHidden && `, ${plural(done, "exercise")} done`}
          {stuck > 0 && (
            <>
              {", "}
              <strong class="stuck-mark">{stuck} stuck</strong>
            </>
          )}
        </p>
      </div>
      {isMatrix ? (
        <Matrix exercises={klass.exercises} learners={learners} />
      ) : (
        <LearnerList
          klass={klass}
          learners={learners}
          styles={table.styles}
          isRanked={sort === "done"}
          areResultsHidden={areResultsHidden}
        />
      )}
    </>
  );
}

/** Reads the class again and again, as long as the caller may. */
function useClass() {
  const [klass, setClass] = useState<State | undefined>(undefined);
  const [problem, setProblem] = useState<unknown>(undefined);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    const poll = async () => {
      try {
        setClass(await readClass(stop.signal));
        setProblem(undefined);
      } catch (problem) {
        if (isAborted(problem)) return;
        setProblem(problem);
        if (isFinal(problem)) return;
      }
      if (!stop.signal.aborted) timer = setTimeout(poll, POLL_MS);
    };
    void poll();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [currentUser.value, turn]);
  return { klass, problem, refresh: () => setTurn((turn) => turn + 1) };
}
