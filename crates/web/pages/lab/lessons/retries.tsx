// D8: a click whose response is lost, repeated.

import { runScenario } from "../api.ts";
import { Table } from "../components/table.tsx";
import { count, plural, short } from "../format.ts";
import type { Scenario, ScenarioLane } from "../types.ts";
import { stepsOf } from "./figures.tsx";
import { type Lesson, step } from "./lesson.ts";

const hasKey = ({ title }: ScenarioLane) => !title.endsWith("without a key");
const made = ({ styles }: Scenario, withKey: boolean) =>
  styles.filter((variant) => hasKey(variant) === withKey).map(({ made = 0 }) => made);

const COLUMNS = ["Without a key", "With a key", "With a key, then another style"];

export const RETRIES: Lesson = {
  id: "D8",
  question: "The click that ran twice: how many orders are made?",
  steps: [
    step<Scenario>({
      source: {
        kind: "measured",
        busy: "Clicking three times in every style",
        measure: ({ signal }) => runScenario("retry", 0, { signal }),
      },
      claim: {
        sentence: "Three clicks make three orders; with an idempotency key one, even across styles.",
        shownIf: "every variant without a key made 3 orders, and every one with a key 1",
        holds: (run) => {
          const [without, with_] = [made(run, false), made(run, true)];
          const isWhole = without.length > 0 && with_.length > 0 && (run.unplayed ?? []).length === 0;
          return isWhole && without.every((orders) => orders === 3) && with_.every((orders) => orders === 1);
        },
        otherwise: "In this run a style made another number of orders.",
      },
      key: (run) => ({
        value: `${count(Math.max(...made(run, false)))} → ${count(Math.max(...made(run, true)))}`,
        of: "orders of one customer who wanted one",
      }),
      figures: ({ styles }) => (
        <Table label="Orders made" class="plain" heads={["Orders made", ...COLUMNS]}>
          {[...new Set(styles.map(({ style }) => style))].map((name) => {
            const variants = styles.filter(({ style }) => style === name);
            return (
              <tr>
                <th scope="row">{short(variants[0]?.title.split(",")[0] ?? name)}</th>
                {variants.map(({ made = 0 }) => (
                  <td class={made === 1 ? "good" : "bad"}>{plural(made, "order")}</td>
                ))}
              </tr>
            );
          })}
        </Table>
      ),
      isWide: true,
      needsFaults: true,
      exchanges: stepsOf,
      cause: "A client can't tell a lost answer from a lost request, so it must retry; only the server can know.",
      nature: "GET and PUT may be repeated; the call of a method promises nothing.",
      choice: "The key, one for all styles, and that it is stored.",
      notes: "The fault header loses the response after the order is placed. The third click's request is in the list below.",
    }),
  ],
};
