// Who is let in? Nobody with a wrong key, nobody without one where it is locked, and nobody too often.

import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { useAsked } from "../asked.ts";
import { pretty } from "../pretty.ts";
import { Code } from "../parts/code.tsx";
import { Busy, Problem } from "../parts/said.tsx";
import { compare, send, told } from "../server.ts";
import { Mistake, Refusals, saidBy } from "./refusals.tsx";
import { inSandbox } from "./sandboxes.ts";

const QUESTION = { operation: "get_user", input: { id: 1 } };

export const WrongKey = () => <Mistake question={QUESTION} how={{ as: "parlance_u0000001_wrong" }} />;

export function Locked() {
  const run = useAsked(
    (signal) => inSandbox({ access: "locked" }, (sandbox) => compare({ ...QUESTION, n: 1 }, { sandbox, signal, as: "" })),
    [],
  );
  if (run.problem) return <Problem text={run.problem} />;
  return run.value ? <Refusals said={run.value.styles.map(saidBy)} /> : <Busy what="Locking a sandbox" />;
}

const RATE_PER_MINUTE = 3;
const ALIASES = "abcde".split("");

/** One request with five questions, where three a minute are allowed. */
export function TooOften() {
  const answer = useSignal("");
  const problem = useSignal("");
  useEffect(() => {
    const query = `{ ${ALIASES.map((alias, index) => `${alias}: product(id: ${index + 1}) { name }`).join(" ")} }`;
    inSandbox({ rate_per_minute: RATE_PER_MINUTE }, async (sandbox) => {
      const message = { over: "graphql", operation: "get_product", text: JSON.stringify({ query }) };
      answer.value = (await send(message, { sandbox, as: "" })).text;
    }).catch((error: unknown) => (problem.value = told(error)));
  }, []);
  if (problem.value) return <Problem text={problem.value} />;
  if (!answer.value) return <Busy what={`Asking ${ALIASES.length} times in one request`} />;
  const { errors = [] } = JSON.parse(answer.value) as { errors?: { extensions: { code: string } }[] };
  const refused = errors.filter(({ extensions }) => extensions.code === "RATE_LIMITED").length;
  return (
    <>
      <p class="pointed">
        Refused: <strong>{refused}</strong> of {ALIASES.length} aliases, at {RATE_PER_MINUTE} operations a minute
      </p>
      <Code text={pretty(answer.value)} label="The answer of GraphQL" />
    </>
  );
}
