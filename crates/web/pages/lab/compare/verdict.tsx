// Are the answers equal? That is said before any number; if they are not, it is said where they differ.

import { pretty } from "../pretty.ts";
import { Code } from "../parts/code.tsx";
import type { Comparison } from "../types.ts";

export function Verdict({ comparison }: { comparison: Comparison }) {
  const { equal, refused, styles, differences = [], answer } = comparison;
  if (!equal) {
    return (
      <section class="verdict bad" role="status">
        <p>
          <span aria-hidden="true">✕ </span>The answers differ, so there are no times to compare.
        </p>
        {differences.map(({ style, places }) => (
          <p>
            <strong>{style}</strong> at {places.join(", ")}
          </p>
        ))}
      </section>
    );
  }
  const how = styles.length === 1 ? "One style" : `All ${styles.length} styles`;
  return (
    <section class={refused ? "verdict refused" : "verdict good"}>
      <p role="status">
        <span aria-hidden="true">{refused ? "⊘ " : "✓ "}</span>
        {refused ? `${how} refuse alike: ${refused.message}` : `${how} gave the same answer.`}
        {refused && <code>{refused.reason}</code>}
      </p>
      {answer !== undefined && (
        <details>
          <summary>The answer, undone from every style's habits</summary>
          <Code text={pretty(JSON.stringify(answer))} language="json" label="The answer" />
        </details>
      )}
    </section>
  );
}
