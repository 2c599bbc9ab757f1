// The same call on new and on open connections, with a round-trip time.

import { compare } from "../api.ts";
import { Charts } from "../compare/charts.tsx";
import { Busy, Problem } from "../components/notices.tsx";
import { useRequest } from "../request.ts";
import { inSandbox } from "./sandboxes.ts";

const ROUND_TRIP_MS = 50;
/** Fewer calls than elsewhere, since each takes longer. */
const CALLS = 5;

export function ConnectionReuse() {
  const run = useRequest(
    (signal) =>
      inSandbox({ rtt_ms: ROUND_TRIP_MS }, (sandbox) =>
        compare({ operation: "get_product", input: { id: 1 }, n: CALLS }, { sandbox, signal, as: "" }),
      ),
    [],
  );
  if (run.problem) return <Problem text={run.problem} />;
  return run.value ? (
    <Charts rows={run.value.styles} only={["round-trips", "time"]} />
  ) : (
    <Busy text={`Calling every style with ${ROUND_TRIP_MS} ms per round trip`} />
  );
}
