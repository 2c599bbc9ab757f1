// D9: the bytes of reading a product twice, the second time with its ETag where the style has one.

import { readAgain } from "../api.ts";
import { Bars } from "../components/bars.tsx";
import { bytes, plural, short } from "../format.ts";
import type { ReadAgain } from "../types.ts";
import { PARTS, partsOf, total } from "./figures.tsx";
import { type Lesson, step } from "./lesson.ts";

const tagged = (reads: ReadAgain[]) => reads.filter(({ tagged }) => tagged);
const untagged = (reads: ReadAgain[]) => reads.filter(({ tagged }) => !tagged);
/** What the second read costs of the first, in the styles with a tag. */
const least = (reads: ReadAgain[]) => Math.min(...tagged(reads).map(({ again }) => total(again)));

export const CACHING: Lesson = {
  id: "D9",
  question: "Reading again: what does the second time cost?",
  steps: [
    step<ReadAgain[]>({
      source: {
        kind: "measured",
        busy: "Reading twice in every style",
        measure: ({ signal }) => readAgain("get_product", { id: 1 }, { signal }),
      },
      claim: {
        sentence: "An ETag saves the body of the second read, not its headers nor its round trip.",
        shownIf:
          "with a tag the second response has no body, but headers, and takes a round trip; without one its body is as long as the first",
        holds: (reads) =>
          tagged(reads).length > 0 &&
          tagged(reads).every(
            ({ again, round_trips }) => again.response.body === 0 && again.response.headers > 0 && round_trips > 0,
          ) &&
          untagged(reads).every(({ first, again }) => again.response.body === first.response.body),
        otherwise: "In this run a response with a tag came whole, or one without a tag was shorter.",
      },
      key: (reads) => ({
        value: bytes(least(reads)),
        of: `at least for a second read, and ${plural(Math.min(...tagged(reads).map(({ round_trips }) => round_trips)), "round trip")}`,
      }),
      figures: (reads) => (
        <Bars
          title="Bytes of both reads"
          note="both directions, with headers; on one open connection"
          legend={PARTS}
          groups={reads.map(({ title, first, again, status }) => ({
            title: short(title),
            bars: [
              { label: "first", segments: partsOf(first), text: bytes(total(first)) },
              { label: "again", segments: partsOf(again), text: `${bytes(total(again))}${status ? `, ${status}` : ""}` },
            ],
          }))}
        />
      ),
      exchanges: (reads) => reads.map(({ title, wire }) => ({ title: short(title), wire })),
      cause: "If-None-Match names the version that the client has; 304 says that it is still the one.",
      nature: "HTTP caches GET. A POST, and so most RPC, is not cached.",
      choice: "GraphQL by GET has a tag here; max-age would save the round trip, too.",
      notes: "A 304 still has its headers, so the shorter the body, the less it saves. Compare both bars.",
    }),
  ],
};
