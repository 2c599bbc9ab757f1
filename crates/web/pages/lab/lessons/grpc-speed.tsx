// D17: what makes gRPC fast: the same reads in two encodings over two versions of HTTP.

import { Bars } from "../components/bars.tsx";
import { bytes, count, time, times } from "../format.ts";
import { isFaster } from "../spread.ts";
import type { BothWays, Scenario } from "../types.ts";
import { PARTS, partsOf, RunTimes, total } from "./figures.tsx";
import { type Lesson, type Step, step } from "./lesson.ts";
import { distant, firstAndLater, lastOf, near, only, ratio, READS, timesOf } from "./reads.ts";

const [REST_1, REST_2, GRPC_1, GRPC_2] = ["REST, HTTP/1.1", "REST, HTTP/2", "gRPC-Web, HTTP/1.1", "gRPC, HTTP/2"] as const;
const CORNERS = [REST_1, GRPC_1, REST_2, GRPC_2];
const NEW = ["REST, HTTP/1.1, new connections", "gRPC, HTTP/2, new connections"];
const AT_ONCE = ["REST, HTTP/2, all at once", "gRPC, HTTP/2, all at once"];
/** Enough to show a spread; without a network a run is short. */
const RUNS = 3;

const readsOf = (runs: Scenario[]) =>
  only(runs, CORNERS)[0]?.styles.flatMap((variant) => {
    const reads = firstAndLater(variant);
    return reads ? [{ title: variant.title, first: reads.first.parts, later: reads.later.parts }] : [];
  }) ?? [];

/** The bytes of a later read that HTTP/2 saves in each encoding, and those that Protocol Buffers save over each version. */
function savings(runs: Scenario[]) {
  const bytesOf = (title: string) => {
    const reads = readsOf(runs).find((reads) => reads.title === title);
    return reads ? total(reads.later) : NaN;
  };
  const [rest1, rest2, grpc1, grpc2] = [REST_1, REST_2, GRPC_1, GRPC_2].map(bytesOf) as [number, number, number, number];
  return { protocol: [rest1 - rest2, grpc1 - grpc2], encoding: [rest1 - grpc1, rest2 - grpc2] };
}

const headers = ({ request, response }: BothWays) => request.headers + response.headers;
/** The headers of a later read as a share of those of the first, in each corner. */
const laterShares = (runs: Scenario[]) =>
  readsOf(runs).map(({ title, first, later }) => ({ title, isHttp2: title.endsWith("HTTP/2"), share: headers(later) / headers(first) }));

const bytesStep = (rest: Omit<Step<Scenario[]>, "source" | "figures" | "exchanges">) =>
  step<Scenario[]>({
    ...rest,
    source: near(1),
    figures: (runs) => <ReadBytes runs={runs} />,
    exchanges: (runs) => lastOf(only(runs, CORNERS)),
  });

const faster = (runs: Scenario[]) =>
  CORNERS.filter((title) => title !== REST_1 && isFaster(timesOf(runs, title), timesOf(runs, REST_1)));

export const GRPC_SPEED: Lesson = {
  id: "D17",
  question: "JSON or protobuf, HTTP/1.1 or HTTP/2: which of them makes gRPC fast?",
  steps: [
    bytesStep({
      claim: {
        sentence: "Of a small read, HTTP/2 saves more bytes than Protocol Buffers do.",
        shownIf: "in both encodings HTTP/2 saves more bytes of a later read than Protocol Buffers save over either version",
        holds: (runs) => {
          const { protocol, encoding } = savings(runs);
          return Math.min(...protocol) > Math.max(...encoding);
        },
        otherwise: "In this run the encoding saves as much as the protocol.",
      },
      key: (runs) => {
        const { protocol, encoding } = savings(runs);
        return { value: `${count(Math.min(...protocol))} : ${bytes(Math.max(...encoding))}`, of: "saved by HTTP/2 at least, by Protocol Buffers at most" };
      },
      cause: "A user has few values. Most bytes are headers, and the encoding does not touch them.",
      nature: "HTTP/2 compresses headers; gRPC sends numbers in place of names.",
      choice: "Few headers, and a small record. In a long list the body decides: D2.",
      notes: "Compare the rows in pairs: over one version of HTTP, then in one encoding. gRPC-Web has the same messages as gRPC.",
    }),
    bytesStep({
      claim: {
        sentence: "HTTP/2 saves from the second read on: the first has to send all headers.",
        shownIf: "over HTTP/2 a later read has less than half the header bytes of the first, over HTTP/1.1 more than nine tenths",
        holds: (runs) => {
          const all = laterShares(runs);
          return all.length === CORNERS.length && all.every(({ isHttp2, share }) => (isHttp2 ? share < 0.5 : share > 0.9));
        },
        otherwise: "In this run the later headers are not that much shorter, or they are over HTTP/1.1, too.",
      },
      key: (runs) => {
        const shares = laterShares(runs).filter(({ isHttp2 }) => isHttp2);
        return { value: times(1 / Math.max(...shares.map(({ share }) => share))), of: "as many header bytes in the first read over HTTP/2, at least" };
      },
      cause: "HPACK keeps a table on each connection: a header that was sent before is one number.",
      nature: "The table belongs to a connection of HTTP/2, not to gRPC.",
      choice: "The first read has the opening of the connection in its framing.",
      notes: "So a client that opens a connection for each call has HTTP/2's costs without its savings.",
    }),
    step<Scenario[]>({
      source: near(RUNS),
      claim: {
        sentence: "Without a network, neither HTTP/2 nor Protocol Buffers is faster than REST over HTTP/1.1.",
        shownIf: `no other way on one connection has its slowest of ${RUNS} runs before the fastest of REST over HTTP/1.1`,
        holds: (runs) => runs.length === RUNS && faster(runs).length === 0,
        otherwise: "In this run another way is faster than REST over HTTP/1.1.",
      },
      key: (runs) => ({
        value: time(timesOf(runs, GRPC_2).median / READS),
        of: `a read by gRPC, ${time(timesOf(runs, REST_1).median / READS)} by REST over HTTP/1.1`,
      }),
      figures: (runs) => <RunTimes title={`Time of ${READS} reads`} runs={only(runs, [...CORNERS, ...NEW])} />,
      exchanges: (runs) => lastOf(only(runs, CORNERS)),
      cause: "On one machine the programs decide. HTTP/2 has more to do per request; a few bytes less save nothing.",
      nature: "Frames, a table of headers, a window for each stream.",
      choice: "These libraries, in this language: others differ more than the encodings do.",
      notes: "New connections cost in both. Student labs that compare gRPC on one connection with REST on new ones measure that.",
    }),
    step<Scenario[]>({
      source: distant,
      claim: {
        sentence: "Over a distance many reads at once are fast, in JSON as in Protocol Buffers.",
        shownIf: "one after the other all four are less than a tenth apart; all at once takes less than a fifth of that, in both encodings",
        holds: (runs) => {
          const slowest = Math.max(...AT_ONCE.map((title) => timesOf(runs, title).median));
          return ratio(runs, CORNERS) < 1.1 && slowest * 5 < Math.min(...CORNERS.map((title) => timesOf(runs, title).median));
        },
        otherwise: "In this run the four differ more, or reading all at once saves less.",
      },
      key: (runs) => ({
        value: times(timesOf(runs, REST_2).median / timesOf(runs, AT_ONCE[0] ?? "").median),
        of: `as fast all at once, in JSON over HTTP/2; in Protocol Buffers ${times(timesOf(runs, GRPC_2).median / timesOf(runs, AT_ONCE[1] ?? "").median)}`,
      }),
      figures: (runs) => <RunTimes title={`Time of ${READS} reads`} runs={only(runs, [...CORNERS, ...AT_ONCE])} />,
      exchanges: (runs) => lastOf(only(runs, [...CORNERS, ...AT_ONCE])),
      cause: "Each wait is a round trip, whatever it carries. Streams share a connection, so all reads wait at the same time.",
      nature: "HTTP/2 has streams; HTTP/1.1 answers one request at a time.",
      choice: "50 ms per round trip, added by the server.",
      notes: "So: the fewest bytes come from the headers, the time from streams and open connections. gRPC brings both; REST may have them, too.",
    }),
  ],
};

const ReadBytes = ({ runs }: { runs: Scenario[] }) => (
  <Bars
    title="Bytes of a read"
    note="both directions, on the TCP connection; a later read is the median of 19"
    groups={readsOf(runs).map(({ title, ...reads }) => ({
      title,
      bars: (["first", "later"] as const).map((label) => ({ label, segments: partsOf(reads[label]), text: bytes(total(reads[label])) })),
    }))}
    legend={PARTS}
  />
);
