// What is asked? An operation or a whole scenario, and over which styles.

import { useId } from "preact/hooks";
import { words } from "../format.ts";
import type { Operation, Style, Table } from "../types.ts";

interface PickerProps {
  table: Table;
  value: string;
  choose: (value: string) => void;
}

/** Scenarios and operations in one list; a scenario is `scenario/name`. */
export function Picker({ table, value, choose }: PickerProps) {
  const id = useId();
  const group = (kind: Operation["kind"]) => table.operations.filter((operation) => operation.kind === kind);
  return (
    <div class="field picker">
      <label for={id}>Ask</label>
      <select id={id} value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <Group label="What looks" operations={group("query")} />
        <Group label="What changes" operations={group("command")} />
        <optgroup label="Scenarios">
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
  /** The names of those that are asked. */
  chosen: string[];
  change: (chosen: string[]) => void;
}

export function Styles({ styles, chosen, change }: StylesProps) {
  // In the order of the table, however they were chosen; the last one stays.
  const toggle = (name: string) => {
    const next = styles.map((style) => style.name).filter((other) => chosen.includes(other) !== (other === name));
    if (next.length > 0) change(next);
  };
  return (
    <div class="choice styles" role="group" aria-label="Over which styles">
      {styles.map(({ name, title }) => (
        <button type="button" aria-pressed={chosen.includes(name)} onClick={() => toggle(name)}>
          {title}
        </button>
      ))}
    </div>
  );
}
