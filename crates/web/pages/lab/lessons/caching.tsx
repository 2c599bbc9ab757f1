// The bytes of reading a product twice, the second time with its ETag where the style has one.

import { readAgain } from "../api.ts";
import { byteSegments } from "../compare/charts.tsx";
import { Bars } from "../components/bars.tsx";
import { Busy, Problem } from "../components/notices.tsx";
import { bytes } from "../format.ts";
import { useRequest } from "../request.ts";

export function ReadAgain() {
  const run = useRequest((signal) => readAgain("get_product", { id: 1 }, { signal }), []);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy text="Reading twice in each style" />;
  const groups = run.value.map(({ title, first, again, status, tagged }) => ({
    title,
    bars: [
      { label: "first", segments: byteSegments(first), text: bytes(first.total) },
      { label: "again", segments: byteSegments(again), text: `${bytes(again.total)}, HTTP ${status}` },
    ],
    isHighlighted: tagged,
  }));
  return (
    <Bars
      title="Bytes of the response"
      note="headers and body; the second request has If-None-Match (RFC 9110) if the first response had an ETag"
      groups={groups}
    />
  );
}
