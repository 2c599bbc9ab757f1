// D6: the same call on new and on open connections, without and with a round-trip time.

import { compare } from "../api.ts";
import { Charts } from "../compare/charts.tsx";
import { count, time } from "../format.ts";
import { isQuiet } from "../spread.ts";
import type { Comparison, Scenario } from "../types.ts";
import { ONE_USER } from "./envelope.tsx";
import { CallTimes, exchangesOf, of, RunTimes } from "./figures.tsx";
import { type Lesson, type Source, step } from "./lesson.ts";
import { distant as distantReads, lastOf, only, ratio, READS, ROUND_TRIP_MS, timesOf } from "./reads.ts";
import { inSandbox } from "./sandboxes.ts";

/** Fewer calls than elsewhere, since each takes longer. */
const CALLS = 5;
/** The axis of both steps with times, in microseconds: a new WebSocket at 50 ms just fits. */
const AXIS_US = 180_000;

const local: Source<Comparison> = {
  kind: "measured",
  busy: "Calling every style",
  measure: ({ signal }) => compare(ONE_USER, { signal }),
};

const distant: Source<Comparison> = {
  kind: "measured",
  busy: `Calling every style with ${ROUND_TRIP_MS} ms per round trip`,
  measure: ({ signal }) =>
    inSandbox({ rtt_ms: ROUND_TRIP_MS }, (sandbox) =>
      compare({ operation: "get_product", input: { id: 1 }, n: CALLS }, { sandbox, signal, as: "" }),
    ),
};

const trips = ({ styles }: Comparison) => styles.map(({ round_trips }) => round_trips);
/** What an open connection saves, in each style. */
const savings = ({ styles }: Comparison) =>
  styles.map(({ time_us }) => (time_us ? time_us.cold_median - time_us.warm_median : 0));
const medians = ({ styles }: Comparison) => styles.map(({ time_us }) => time_us?.warm_median ?? 0);
const gap = (run: Comparison) => Math.max(...medians(run)) - Math.min(...medians(run));
/** The styles in which the fastest call on a new connection is slower than the median on an open one. */
const apart = ({ styles }: Comparison) =>
  styles.filter(({ time_us }) => time_us && Math.min(...time_us.cold) > time_us.warm_median);

const NEW = "REST, HTTP/1.1, new connections";
/** Ways to keep a connection, one read after the other. */
const OPEN = ["REST, HTTP/1.1", "REST, HTTP/2", "WebSocket"];
const roundTripTimes = (us: number) => us / (ROUND_TRIP_MS * 1_000);

const common = { exchanges: exchangesOf, nature: "A WebSocket needs a handshake; HTTP/1.1 needs none." };

export const CONNECTIONS: Lesson = {
  id: "D6",
  question: "New or open: what does a connection cost?",
  steps: [
    step<Comparison>({
      ...common,
      source: local,
      claim: {
        sentence: "A new connection takes at least one more round trip, in every style.",
        shownIf: "every style has more round trips on a new connection than on an open one",
        holds: (run) => run.styles.length > 0 && trips(run).every(({ cold, warm }) => cold > warm),
        otherwise: "In this run there is a style in which a new connection takes no more round trips.",
      },
      key: (run) => ({
        value: `${count(Math.max(...trips(run).map(({ cold, warm }) => cold - warm)))} more`,
        of: "round trips at most, with TCP's own",
      }),
      figures: ({ styles }) => <Charts rows={styles} only={["round-trips"]} />,
      cause: "TCP's handshake is one round trip. A WebSocket adds its own.",
      choice: "No TLS here: it would add one or two for every style.",
      notes: "Counted on the wire, TCP's own added. Student labs that open a connection per call measure this, not the style.",
    }),
    step<Comparison>({
      ...common,
      source: local,
      claim: {
        sentence: "Even on one machine, a new connection takes longer in every style.",
        shownIf: "in every style the fastest of the new connections is slower than the median of the open one",
        holds: (run) => isQuiet(run.styles) && apart(run).length === run.styles.length,
        otherwise: "In this run new and open can't be distinguished in every style.",
      },
      key: (run) => ({ value: of(apart(run).length, run.styles.length), of: "styles in which new and open can be distinguished" }),
      figures: ({ styles }) => <CallTimes rows={styles} calls={["warm", "cold"]} axis={AXIS_US} />,
      cause: "A new connection must be accepted, and the call waits for that.",
      choice: "The loopback: the shortest network there is.",
      notes: "The axis is that of the next step. On it all of this is hardly visible, although new may be twice as slow as open.",
    }),
    step<Comparison>({
      ...common,
      source: distant,
      claim: {
        sentence: "With 50 ms per round trip, an open connection saves more than another style.",
        shownIf: "the smallest saving of a style is more than the styles differ on open connections",
        holds: (run) => isQuiet(run.styles) && Math.min(...savings(run)) > gap(run),
        otherwise: "In this run the styles differ as much as new and open connections do.",
      },
      key: (run) => ({ value: time(Math.min(...savings(run))), of: `saved at least; the styles differ by ${time(gap(run))}` }),
      figures: ({ styles }) => <CallTimes rows={styles} calls={["warm", "cold"]} axis={AXIS_US} />,
      cause: "Every round trip costs 50 ms, whatever it carries.",
      choice: `${ROUND_TRIP_MS} ms for each round trip, added by the server.`,
      notes: `Only ${CALLS} calls of each kind, as each takes longer: medians and the range, no percentiles.`,
    }),
    step<Scenario[]>({
      source: distantReads,
      claim: {
        sentence: "One after the other, HTTP/2 and WebSocket read no faster than keep-alive: new connections are slow.",
        shownIf: "20 reads take at least one and a half times as long on new connections as in any way on one, and those are less than a tenth apart",
        holds: (runs) => {
          const slowest = Math.max(...OPEN.map((title) => timesOf(runs, title).median));
          return ratio(runs, OPEN) < 1.1 && timesOf(runs, NEW).median >= 1.5 * slowest;
        },
        otherwise: "In this run the ways to keep a connection differ more, or new connections cost less.",
      },
      key: (runs) => ({
        value: `${count(roundTripTimes(timesOf(runs, NEW).median))} : ${count(roundTripTimes(timesOf(runs, OPEN[0] ?? "").median))}`,
        of: `round-trip times, for ${READS} reads on new connections and on one`,
      }),
      figures: (runs) => (
        <RunTimes
          title={`Time of ${READS} reads, one after the other`}
          runs={only(runs, [NEW, ...OPEN])}
          text={(us) => `${time(us)}, ${count(roundTripTimes(us))} × ${ROUND_TRIP_MS} ms`}
        />
      ),
      exchanges: (runs) => lastOf(only(runs, [NEW, ...OPEN])),
      cause: "Each read waits for the one before. A new connection waits once more; the version of HTTP changes nothing about that.",
      nature: "A WebSocket waits once more than the others, for its handshake.",
      choice: "One read after the other, as a loop does it.",
      notes: "Times in round trips of 50 ms. HTTP/2 is faster where reads do not wait for each other: D17 shows that.",
    }),
  ],
};
