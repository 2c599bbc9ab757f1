// D4: the names only. D5: how many lookups one request causes.

import { runScenario } from "../api.ts";
import { Bars } from "../components/bars.tsx";
import { bytes, count, share } from "../format.ts";
import type { Scenario, ScenarioLane } from "../types.ts";
import { stepsOf } from "./figures.tsx";
import { type Lesson, type Source, step } from "./lesson.ts";

const scenario = (name: string): Source<Scenario> => ({
  kind: "measured",
  busy: "Running the task in every style",
  measure: ({ signal }) => runScenario(name, 0, { signal }),
});

const isWhole = ({ title }: ScenarioLane) => title.endsWith("whole");
const received = (variants: ScenarioLane[]) => variants.map(({ bytes }) => bytes.received);

function byFields({ styles }: Scenario) {
  return { whole: received(styles.filter(isWhole)), selected: received(styles.filter((variant) => !isWhole(variant))) };
}

export const FIELDS: Lesson = {
  id: "D4",
  question: "Names only: how much unused data is sent?",
  steps: [
    step<Scenario>({
      source: scenario("names-only"),
      claim: {
        sentence: "A client that selects its fields receives less than half, in any style that lets it.",
        shownIf: "each selecting variant receives less than half the bytes of each whole one",
        holds: (run) => {
          const { whole, selected } = byFields(run);
          return selected.length > 0 && whole.length > 0 && 2 * Math.max(...selected) < Math.min(...whole);
        },
        otherwise: "In this run selecting fields saves less than half of the bytes.",
      },
      key: (run) => {
        const { whole, selected } = byFields(run);
        return { value: share(1 - Math.max(...selected) / Math.min(...whole)), of: "fewer bytes received, at least" };
      },
      figures: ({ styles, sandbox_bytes }) => (
        <Bars
          title="Bytes received"
          note={`with headers, for 50 names; requests have ${bytes(sandbox_bytes)} more for the sandbox's path`}
          groups={styles.map(({ title, bytes: { received } }) => ({
            title,
            bars: [{ segments: [{ kind: "body", value: received }], text: bytes(received) }],
          }))}
        />
      ),
      exchanges: stepsOf,
      cause: "An operation returns what its contract says, read or not.",
      nature: "A GraphQL client always selects.",
      choice: "REST's ?fields= is this server's own; no standard has it.",
      notes: "The lesson is about fields, so the variants fetch different ones on purpose. All others fetch the same.",
    }),
  ],
};

const withLookups = ({ styles }: Scenario) => styles.filter(({ lookups }) => lookups !== undefined);
const lookups = (run: Scenario) => withLookups(run).map(({ lookups = 0 }) => lookups);

export const LOOKUPS: Lesson = {
  id: "D5",
  question: "N+1: how many lookups does one request cause?",
  steps: [
    step<Scenario>({
      source: scenario("n-plus-one"),
      claim: {
        sentence: "One request can cause many lookups; a dataloader combines them.",
        shownIf: "with equal round trips, the variant without a dataloader has at least five times the lookups",
        holds: (run) => {
          const [without, combined] = withLookups(run);
          return (
            without?.lookups !== undefined &&
            combined?.lookups !== undefined &&
            without.round_trips === combined.round_trips &&
            without.lookups >= 5 * combined.lookups
          );
        },
        otherwise: "In this run the dataloader saves fewer lookups than that.",
      },
      key: (run) => ({ value: lookups(run).map(count).join(" : "), of: "lookups in the store, without and with a dataloader" }),
      figures: ({ styles }) => (
        <Bars
          title="Round trips and lookups"
          note="the same orders, customers and fields in each variant; REST does not report its lookups"
          groups={styles.map(({ title, round_trips, lookups }) => ({
            title,
            bars: [
              { label: "round trips", segments: [{ kind: "cold", value: round_trips }], text: count(round_trips) },
              ...(lookups === undefined
                ? []
                : [{ label: "lookups", segments: [{ kind: "framing", value: lookups }], text: count(lookups) }]),
            ],
          }))}
        />
      ),
      exchanges: stepsOf,
      cause: "Each order's field asks for its customer. A dataloader waits, and asks once for all.",
      nature: "A graph resolves field by field; REST's client makes the N+1 itself.",
      choice: "X-Dataloader: off and the count in the response.",
      notes: "The N+1 is in every style: as requests of the client, or as lookups of the server. Only its place differs.",
    }),
  ],
};
