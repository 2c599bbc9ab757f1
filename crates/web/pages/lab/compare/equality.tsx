// Whether all styles returned the same result. It stands before any number; different results are not compared.

import { Code } from "../components/code.tsx";
import { pretty } from "../pretty.ts";
import type { Comparison } from "../types.ts";

export function Equality({ comparison }: { comparison: Comparison }) {
  const { equal, refused, styles, differences = [], answer } = comparison;
  if (!equal) {
    return (
      <section class="notice bad" role="status">
        <p>
          <span aria-hidden="true">✕ </span>The results differ, so no times are compared.
        </p>
        {differences.map(({ style, places }) => (
          <p>
            <strong>{style}</strong> differs at {places.join(", ")}
          </p>
        ))}
      </section>
    );
  }
  const [who, s] = styles.length === 1 ? ["One style", "s"] : [`All ${styles.length} styles`, ""];
  return (
    <section class={refused ? "notice refused" : "notice good"}>
      <p role="status">
        <span aria-hidden="true">{refused ? "⊘ " : "✓ "}</span>
        {refused ? `${who} refuse${s} the call: ${refused.message}` : `${who} returned the same result.`}
        {refused && <code>{refused.reason}</code>}
      </p>
      {answer !== undefined && (
        <details>
          <summary>Show the result, normalised</summary>
          <Code text={pretty(JSON.stringify(answer))} language="json" label="The result" />
        </details>
      )}
    </section>
  );
}
