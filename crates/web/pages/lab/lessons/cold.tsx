// What does a connection cost over a network? The same call, with the round-trip dial turned.

import { useAsked } from "../asked.ts";
import { Charts } from "../compare/charts.tsx";
import { Busy, Problem } from "../parts/said.tsx";
import { compare } from "../server.ts";
import { inSandbox } from "./sandboxes.ts";

const ROUND_TRIP_MS = 50;
/** Fewer calls than elsewhere, since each takes so long. */
const CALLS = 5;

export function ColdOrWarm() {
  const run = useAsked(
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
    <Busy what={`Asking at ${ROUND_TRIP_MS} ms a round trip`} />
  );
}
