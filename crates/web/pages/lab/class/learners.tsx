// The learners as a list, and all exercises of all learners as a matrix.

import { Table } from "../components/table.tsx";
import { plural, short, words } from "../format.ts";
import { shopUrl } from "../router.ts";
import type { Class, ClassExercise, LastCall, LearnerState, Style } from "../types.ts";

const pageOf = (name: string, view: string) => `${shopUrl("", name)}#/${view}`;

interface ListProps {
  klass: Class;
  learners: LearnerState[];
  styles: Style[];
  /** Whether they are ranked by what they have done. */
  isRanked: boolean;
  areResultsHidden: boolean;
}

export function LearnerList({ klass, learners, styles, isRanked, areResultsHidden }: ListProps) {
  const total = klass.exercises.length;
  const results = areResultsHidden ? [] : ["Done", { right: "Hints" }];
  const heads = [...(isRanked ? [{ right: "Rank" }] : []), "Learner", "Traffic", ...results, "Styles", { right: "Calls" }, "Last call"];
  return (
    <Table label="Learners" class="learners" heads={heads}>
      {learners.map(({ name, done, hints, calls, styles: used, last_call, refusals, is_stuck }) => (
        <tr key={name} class={is_stuck ? "stuck" : ""}>
          {isRanked && <td class="right">{1 + learners.filter((other) => other.done.length > done.length).length}</td>}
          <th scope="row">
            <a href={pageOf(name, "exercises")}>{name}</a>
            {is_stuck && <strong class="stuck-mark" title={`${plural(refusals, "refusal")} in a row`}> stuck</strong>}
          </th>
          <td>
            <a href={pageOf(name, "traffic")} aria-label={`Show the traffic of ${name}`}>show</a>
          </td>
          {!areResultsHidden && (
            <>
              <td class="done">
                <span class="done-bar" aria-hidden="true">
                  <span style={{ width: `${(100 * done.length) / total}%` }} />
                </span>
                {done.length}/{total}
              </td>
              <td class="right">{hints}</td>
            </>
          )}
          <td>
            <Styles styles={styles} used={used} />
          </td>
          <td class="right">{calls}</td>
          <td>{last_call ? <Last call={last_call} now={klass.now} /> : <span class="muted">none yet</span>}</td>
        </tr>
      ))}
    </Table>
  );
}

/** A mark for each style; those that were used are filled. */
const Styles = ({ styles, used }: { styles: Style[]; used: string[] }) => (
  <ul class="style-marks" aria-label={used.length > 0 ? used.join(", ") : "no style"}>
    {styles.map(({ name, title }) => (
      <li class={used.includes(name) ? "used" : ""} title={short(title)} aria-hidden="true">
        {MARKS[name] ?? name[0]}
      </li>
    ))}
  </ul>
);

/** Styles that begin with the same letter. */
const MARKS: Record<string, string> = { rest: "R", soap: "S", jsonrpc: "J", xmlrpc: "X", websocket: "W", graphql: "Q", grpc: "G" };

const Last = ({ call: { style, operation, outcome, at }, now }: { call: LastCall; now: string }) => (
  <>
    {words(operation) || "(no operation)"} <span class="muted">{style}</span>{" "}
    <span class={outcome === "ok" ? "good" : "bad"}>{words(outcome)}</span> <span class="muted">{ago(at, now)}</span>
  </>
);

/** By the server's clock: the browser's may be wrong. */
function ago(at: string, now: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1_000));
  if (seconds < 60) return `${seconds} s ago`;
  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3_600)} h ago`;
}

export function Matrix({ exercises, learners }: { exercises: ClassExercise[]; learners: LearnerState[] }) {
  const paths = [...new Set(exercises.map(({ path }) => path))];
  const doneBy = ({ name }: ClassExercise) => learners.filter(({ done }) => done.some((one) => one.name === name)).length;
  return (
    <div class="scrolls matrix" role="region" aria-label="Exercises of all learners" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <td />
            {paths.map((path) => (
              <th scope="colgroup" class="path" colSpan={exercises.filter((one) => one.path === path).length}>
                {path}
              </th>
            ))}
          </tr>
          <tr>
            <th scope="col">Learner</th>
            {exercises.map(({ title }) => (
              <th scope="col" class="title" title={title}>
                <span>{title}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">all</th>
            {exercises.map((exercise) => (
              <td class="muted">{doneBy(exercise)}</td>
            ))}
          </tr>
          {learners.map((learner) => (
            <tr key={learner.name}>
              <th scope="row">
                <a href={pageOf(learner.name, "exercises")}>{learner.name}</a>
              </th>
              <Cells learner={learner} exercises={exercises} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cells({ learner: { name, done }, exercises }: { learner: LearnerState; exercises: ClassExercise[] }) {
  const names = new Set(done.map(({ name }) => name));
  return (
    <>
      {exercises.map((exercise) =>
        names.has(exercise.name) ? (
          <td class="is-done" title={`${name}: ${exercise.title}`}>
            ✓
          </td>
        ) : (
          <td />
        ),
      )}
    </>
  );
}
