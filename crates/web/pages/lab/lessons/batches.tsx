// D11: twenty resources at once, one of which is missing.

import { runScenario } from "../api.ts";
import { Table } from "../components/table.tsx";
import { bytes, count } from "../format.ts";
import type { Scenario, ScenarioLane } from "../types.ts";
import { of, stepsOf } from "./figures.tsx";
import { type Lesson, step } from "./lesson.ts";

const all = ({ tally }: ScenarioLane) => (tally ? tally.answered + tally.refused + tally.left_out : 0);
const answered = ({ styles }: Scenario) => styles.map(({ tally }) => tally?.answered ?? 0);

export const BATCHES: Lesson = {
  id: "D11",
  question: "Twenty at once, one missing: what happens to the other 19?",
  steps: [
    step<Scenario>({
      source: {
        kind: "measured",
        busy: "Asking for twenty in every style",
        measure: ({ signal }) => runScenario("twenty-at-once", 0, { signal }),
      },
      claim: {
        sentence: "The other 19 arrive in every style; some say what became of the missing one, some are silent.",
        shownIf: "every variant returned 19 of 20, and one is refused in some of them and left out in others",
        holds: ({ styles }) =>
          styles.length > 0 &&
          styles.every((variant) => variant.tally?.answered === 19 && all(variant) === 20) &&
          styles.some(({ tally }) => tally?.refused === 1) &&
          styles.some(({ tally }) => tally?.left_out === 1),
        otherwise: "In this run a variant lost others, too, or all report the missing one alike.",
      },
      key: (run) => ({
        value: of(Math.min(...answered(run)), Math.max(...run.styles.map(all))),
        of: "returned, in the variant with the fewest",
      }),
      figures: ({ styles, sandbox_bytes }) => (
        <>
          <Table
            label="What became of the twenty"
            class="plain"
            heads={["Variant", ...["Round trips", "Bytes", "Returned", "Refused", "Left out"].map((right) => ({ right }))]}
          >
            {styles.map(({ title, round_trips, bytes: { sent, received }, tally }) => (
              <tr>
                <th scope="row">{title}</th>
                {[count(round_trips), bytes(sent + received), tally?.answered, tally?.refused, tally?.left_out].map((cell) => (
                  <td class="right">{cell}</td>
                ))}
              </tr>
            ))}
          </Table>
          <p class="muted">
            All fetch whole products. Round trips include TCP's; {bytes(sandbox_bytes)} of each request are the sandbox's path.
          </p>
        </>
      ),
      isWide: true,
      exchanges: stepsOf,
      cause: "A batch has a place for each answer, so also for an error. A list has only what was found.",
      nature: "JSON-RPC and multicall batch by their standard, GraphQL by aliases.",
      choice: "?ids= in REST and SOAP, and that it leaves out.",
      notes: "Ask what a client has to do in each style to learn which one is missing.",
    }),
  ],
};
