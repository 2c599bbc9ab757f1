// Refused callers: a wrong key, no key in a locked sandbox, too many operations.

import { compare, send } from "../api.ts";
import { Code } from "../components/code.tsx";
import { Busy, Problem } from "../components/notices.tsx";
import { pretty } from "../pretty.ts";
import { useRequest } from "../request.ts";
import { Mistake, refusalOf, Refusals } from "./refusals.tsx";
import { inSandbox } from "./sandboxes.ts";

const CALL = { operation: "get_user", input: { id: 1 } };

export const WrongKey = () => <Mistake call={CALL} options={{ as: "parlance_u0000001_wrong" }} />;

export function Locked() {
  const run = useRequest(
    (signal) => inSandbox({ access: "locked" }, (sandbox) => compare({ ...CALL, n: 1 }, { sandbox, signal, as: "" })),
    [],
  );
  if (run.problem) return <Problem text={run.problem} />;
  return run.value ? <Refusals refusals={run.value.styles.map(refusalOf)} /> : <Busy text="Locking a sandbox" />;
}

const RATE_PER_MINUTE = 3;
const ALIASES = "abcde".split("");

/** One GraphQL request with five aliases, where three operations per minute are allowed. */
export function TooMany() {
  const run = useRequest(() => {
    const query = `{ ${ALIASES.map((alias, index) => `${alias}: product(id: ${index + 1}) { name }`).join(" ")} }`;
    const message = { over: "graphql", operation: "get_product", text: JSON.stringify({ query }) };
    return inSandbox({ rate_per_minute: RATE_PER_MINUTE }, (sandbox) => send(message, { sandbox, as: "" }));
  }, []);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy text={`Sending ${ALIASES.length} operations in one request`} />;
  const { errors = [] } = JSON.parse(run.value.text) as { errors?: { extensions: { code: string } }[] };
  const refused = errors.filter(({ extensions }) => extensions.code === "RATE_LIMITED").length;
  return (
    <>
      <p class="key-number">
        Refused: <strong>{refused}</strong> of {ALIASES.length} aliases, with a limit of {RATE_PER_MINUTE} operations per minute
      </p>
      <Code text={pretty(run.value.text)} label="The response of GraphQL" />
    </>
  );
}
