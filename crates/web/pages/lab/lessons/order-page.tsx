// D3: a page that needs several resources, at three round-trip times.

import { runScenario } from "../api.ts";
import { count, time, times as ratio } from "../format.ts";
import { isFaster, spreadOf } from "../spread.ts";
import type { Scenario } from "../types.ts";
import { RoundTrips, RunTimes, stepsOf, variantsOf } from "./figures.tsx";
import { type Lesson, type Source, type Step, step } from "./lesson.ts";
import { repeated } from "./scenario-runs.ts";

const NAME = "order-page";
/** Enough to show a spread, and few enough to wait for at 150 ms. */
const RUNS = 3;
/** The axis of all three steps with times, in microseconds: the slowest variant at 150 ms just fits. */
const AXIS_US = 1_000_000;

const once: Source<Scenario> = {
  kind: "measured",
  busy: "Fetching the page in every style",
  measure: ({ signal }) => runScenario(NAME, 0, { signal }),
};

const distant = (rtt_ms: number) =>
  repeated(NAME, rtt_ms, RUNS, `Fetching the page ${RUNS} times in every style, with ${rtt_ms} ms per round trip`);

const spreads = (runs: Scenario[]) => variantsOf(runs).map((variant) => ({ ...variant, spread: spreadOf(variant.times) }));
const medians = (runs: Scenario[]) => spreads(runs).map(({ spread }) => spread.median);

/** Whether all runs are there, and none lacks a variant. */
const isWhole = (runs: Scenario[]) => runs.length === RUNS && runs.every(({ unplayed = [] }) => unplayed.length === 0);

const timed = (rtt_ms: number, rest: Omit<Step<Scenario[]>, "source" | "figures" | "exchanges">) =>
  step<Scenario[]>({
    ...rest,
    source: distant(rtt_ms),
    figures: (runs) => <RunTimes title="Time of the page" runs={runs} axis={AXIS_US} />,
    exchanges: (runs) => (runs[0] ? stepsOf(runs[0]) : []),
  });

/** The medians of a style's own variants, and the best of each style. */
function useAndStyle(runs: Scenario[]) {
  const styles = [...new Set(spreads(runs).map(({ style }) => style))];
  const byStyle = styles.map((name) => spreads(runs).filter(({ style }) => style === name).map(({ spread }) => spread.median));
  const best = byStyle.map((medians) => Math.min(...medians));
  const within = Math.max(...byStyle.map((medians) => Math.max(...medians) - Math.min(...medians)));
  return { within, between: Math.max(...best) - Math.min(...best) };
}

export const ORDER_PAGE: Lesson = {
  id: "D3",
  question: "The order page: how many requests does it take?",
  steps: [
    step<Scenario>({
      source: once,
      claim: {
        sentence: "One request per resource waits for the network most often.",
        shownIf: "the first variant has more round trips than each of the others",
        holds: ({ styles: [first, ...others] }) =>
          first !== undefined && others.length > 0 && others.every(({ round_trips }) => round_trips < first.round_trips),
        otherwise: "In this run another variant takes as many round trips.",
      },
      key: ({ styles }) => {
        const trips = styles.map(({ round_trips }) => round_trips);
        return { value: `${count(Math.max(...trips))} : ${count(Math.min(...trips))}`, of: "round trips, the most and the fewest" };
      },
      figures: (scenario) => <RoundTrips scenario={scenario} />,
      exchanges: stepsOf,
      cause: "An order holds only the ids of its customer and products. A batch cannot use its own results, so it waits once more.",
      nature: "Resources have addresses; a document names a whole page.",
      choice: "?include= and GetOrderDetails were made for this page.",
      notes: "GraphQL's document asks for the page's fields only; the others get whole resources. This counts waits, not bytes.",
    }),
    timed(0, {
      claim: {
        sentence: "On one machine, every variant shows the page within 50 ms.",
        shownIf: "the slowest run of every variant takes less than 50 ms",
        holds: (runs) => isWhole(runs) && spreads(runs).every(({ spread }) => spread.most < 50_000),
        otherwise: "In this run a variant took 50 ms or more: the machine was busy.",
      },
      key: (runs) => ({
        value: ratio(Math.max(...medians(runs)) / Math.min(...medians(runs))),
        of: `the slowest to the fastest, and still only ${time(Math.max(...medians(runs)))}`,
      }),
      cause: "Without a network a round trip costs almost nothing, so many of them do not hurt.",
      nature: "The number of round trips.",
      choice: "The loopback of one machine, where developers test.",
      notes: "The axis is the same in the next two steps: these bars are as short as they look. The ratio is not small, the time is.",
    }),
    timed(50, {
      claim: {
        sentence: "With 50 ms per round trip, their number decides the time.",
        shownIf: "of every two variants, the one with fewer round trips is faster in every run",
        holds: (runs) => {
          const all = spreads(runs);
          const isDecided = all.every((one) =>
            all.every((other) => one.round_trips >= other.round_trips || isFaster(one.spread, other.spread)),
          );
          return isWhole(runs) && isDecided;
        },
        otherwise: "In this run variants with different round trips can't be distinguished by their times.",
      },
      key: (runs) => ({ value: time(Math.max(...medians(runs))), of: "is the slowest variant's median" }),
      cause: "A variant waits one round-trip time for each round trip, and for little else.",
      nature: "What can be asked at once.",
      choice: "50 ms is set here: about a continent.",
      notes: "The server delays each round trip; it is not a real network, which also loses packets and limits bandwidth.",
    }),
    timed(150, {
      claim: {
        sentence: "How a style is used matters more than which style it is.",
        shownIf: "two variants of one style differ more than the best variants of all styles",
        holds: (runs) => {
          const { within, between } = useAndStyle(runs);
          return isWhole(runs) && within > between;
        },
        otherwise: "In this run the styles differ more than two ways to use one of them.",
      },
      key: (runs) => {
        const { within, between } = useAndStyle(runs);
        return { value: time(within), of: `between two uses of one style; ${time(between)} between the best of each style` };
      },
      cause: "REST with ?include= needs one request for what takes five one by one.",
      nature: "A document or a coarse operation is usual in some styles.",
      choice: "REST has ?include= only because this server offers it.",
      notes: "150 ms is another continent. Ask: which of these variants would the class have written first?",
    }),
  ],
};
