// The form for an operation's input, or a text field for it as JSON.

import { useState } from "preact/hooks";
import type { JsonObject, Operation } from "../types.ts";
import { Field, withMember } from "./field.tsx";

interface Props {
  operation: Operation;
  input: JsonObject;
  change: (input: JsonObject) => void;
}

export function Form({ operation, input, change }: Props) {
  const [isJson, setJson] = useState(false);
  return (
    <div class="form">
      {isJson ? <AsJson input={input} change={change} /> : <AsFields operation={operation} input={input} change={change} />}
      <button type="button" class="quiet" aria-pressed={isJson} onClick={() => setJson(!isJson)}>
        Edit as JSON
      </button>
    </div>
  );
}

function AsFields({ operation, input, change }: Props) {
  const known = operation.members.map(({ name }) => name);
  const unknown = Object.keys(input).filter((name) => !known.includes(name));
  if (operation.members.length === 0 && unknown.length === 0) return <p class="muted">This operation takes no input.</p>;
  return (
    <div class="fields">
      {operation.members.map(({ name, doc, required, schema }) => (
        <Field
          key={`${operation.name}.${name}`}
          {...{ name, doc, required, schema }}
          value={input[name]}
          change={(value) => change(withMember(input, name, value))}
        />
      ))}
      {unknown.length > 0 && <p class="muted">Also sent, though the operation has no such field: {unknown.join(", ")}.</p>}
    </div>
  );
}

function AsJson({ input, change }: Omit<Props, "operation">) {
  const [text, setText] = useState(JSON.stringify(input, null, 2));
  const [problem, setProblem] = useState("");
  const edit = (field: HTMLTextAreaElement) => {
    const text = field.value;
    setText(text);
    const report = (problem: string) => {
      setProblem(problem);
      // Keeps Run from sending the last valid input.
      field.setCustomValidity(problem);
    };
    try {
      const value: unknown = JSON.parse(text);
      if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Error("the input must be a JSON object");
      change(value as JsonObject);
      report("");
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div class="field wide">
      <label for="input-json">Input</label>
      <textarea
        id="input-json"
        rows={Math.min(14, text.split("\n").length + 1)}
        spellcheck={false}
        value={text}
        aria-invalid={problem !== ""}
        onInput={(event) => edit(event.currentTarget)}
      />
      <p class="bad" role="status">
        {problem}
      </p>
    </div>
  );
}
