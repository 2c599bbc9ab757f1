// The choice of an operation or a scenario, of the styles, and of the version of HTTP.

import { useId } from "preact/hooks";
import { words } from "../format.ts";
import type { Operation, Style, Table } from "../types.ts";

interface PickerProps {
  table: Table;
  value: string;
  choose: (value: string) => void;
}

/** Operations and scenarios in one list; the value of a scenario is `scenario/name`. */
export function Picker({ table, value, choose }: PickerProps) {
  const id = useId();
  const group = (kind: Operation["kind"]) => table.operations.filter((operation) => operation.kind === kind);
  return (
    <div class="field picker">
      <label for={id}>Call</label>
      <select id={id} value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <Group label="Read" operations={group("query")} />
        <Group label="Change" operations={group("command")} />
        <optgroup label="Scenarios: several calls">
          {table.scenarios.map(({ name, title }) => (
            <option value={`scenario/${name}`}>{title}</option>
          ))}
        </optgroup>
      </select>
    </div>
  );
}

const Group = ({ label, operations }: { label: string; operations: Operation[] }) => (
  <optgroup label={label}>
    {operations.map(({ name }) => (
      <option value={name}>{words(name)}</option>
    ))}
  </optgroup>
);

interface StylesProps {
  styles: Style[];
  /** The names of the chosen styles. */
  chosen: string[];
  change: (chosen: string[]) => void;
}

export function Styles({ styles, chosen, change }: StylesProps) {
  // In the order of the table; the last style stays chosen.
  const toggle = (name: string) => {
    const next = styles.map((style) => style.name).filter((other) => chosen.includes(other) !== (other === name));
    if (next.length > 0) change(next);
  };
  return (
    <div class="choice styles" role="group" aria-label="Styles to call">
      {styles.map(({ name, title }) => (
        <button type="button" aria-pressed={chosen.includes(name)} onClick={() => toggle(name)}>
          {title}
        </button>
      ))}
    </div>
  );
}

/** The version that carries the styles of HTTP requests. Two styles have no choice, and the text says so. */
export function HttpVersion({ http2, change }: { http2: boolean; change: (http2: boolean) => void }) {
  const id = useId();
  return (
    <div class="choice" role="group" aria-label="Version of HTTP" aria-describedby={id}>
      <button type="button" aria-pressed={!http2} onClick={() => change(false)}>
        HTTP/1.1
      </button>
      <button type="button" aria-pressed={http2} onClick={() => change(true)}>
        HTTP/2
      </button>
      <span class="muted" id={id}>
        WebSocket stays on HTTP/1.1; gRPC is always over HTTP/2.
      </span>
    </div>
  );
}
