// What does it cost to read the same again? With the tag of what one has, where the style has such a thing; without, elsewhere.

import { useAsked } from "../asked.ts";
import { Bars } from "../parts/bars.tsx";
import { bytes } from "../format.ts";
import { Busy, Problem } from "../parts/said.tsx";
import { readAgain } from "../server.ts";
import type { Bytes } from "../types.ts";

export function ReadAgain() {
  const run = useAsked((signal) => readAgain("get_product", { id: 1 }, { signal }), []);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy what="Reading twice" />;
  const groups = run.value.map(({ title, first, again, status, tagged }) => ({
    title,
    bars: [
      { label: "first", pieces: pieces(first), text: bytes(first.total) },
      { label: "again", pieces: pieces(again), text: `${bytes(again.total)}, ${status}` },
    ],
    isPointedAt: tagged,
  }));
  return (
    <Bars
      title="Bytes of the answer"
      note="headers and body; If-None-Match (RFC 9110), wherever the first answer had an ETag"
      groups={groups}
    />
  );
}

const pieces = ({ headers, body, framing }: Bytes) => [
  { kind: "headers", value: headers },
  { kind: "body", value: body },
  { kind: "framing", value: framing },
];
