// The request and the response of one style or variant, as they crossed the wire, with a picker.

import { useState } from "preact/hooks";
import { Code } from "../components/code.tsx";
import { useLabel } from "../components/within.ts";
import { pretty } from "../pretty.ts";
import type { Part } from "../types.ts";
import type { Shown } from "./lesson.ts";

export function Requests({ exchanges }: { exchanges: Shown[] }) {
  const [chosen, setChosen] = useState("");
  const label = useLabel("Requests and responses");
  const shown = exchanges.find(({ title }) => title === chosen) ?? exchanges[0];
  if (!shown) return null;
  return (
    <section class="requests" aria-label={label}>
      {exchanges.length > 1 && (
        <div class="choice" role="group" aria-label="Show the request of">
          {exchanges.map(({ title }) => (
            <button type="button" aria-pressed={title === shown.title} onClick={() => setChosen(title)}>
              {title}
            </button>
          ))}
        </div>
      )}
      <p class="shown">{shown.title}: request and response</p>
      <Code text={textOf(shown.wire.sent)} label={`${shown.title}: request`} />
      <Code text={textOf(shown.wire.received)} label={`${shown.title}: response`} />
    </section>
  );
}

const textOf = (parts: Part[]) => parts.map(partText).join("\n\n") || "Nothing.";

const partText = (part: Part) =>
  part.kind === "http" ? [part.head.trimEnd(), part.body && pretty(part.body)].filter(Boolean).join("\n\n") : pretty(part.text);
