// How does one fill in an operation's input? By a form, or as JSON for what no form would let through.

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
        As JSON
      </button>
    </div>
  );
}

function AsFields({ operation, input, change }: Props) {
  const known = operation.members.map(({ name }) => name);
  const strange = Object.keys(input).filter((name) => !known.includes(name));
  if (operation.members.length === 0 && strange.length === 0) return <p class="soft">It takes no input.</p>;
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
      {strange.length > 0 && <p class="soft">And as JSON: {strange.join(", ")}, which the operation does not know.</p>}
    </div>
  );
}

function AsJson({ input, change }: Omit<Props, "operation">) {
  const [text, setText] = useState(JSON.stringify(input, null, 2));
  const [problem, setProblem] = useState("");
  const type = (field: HTMLTextAreaElement) => {
    const text = field.value;
    setText(text);
    const say = (problem: string) => {
      setProblem(problem);
      // So that Run does not ask what was valid before.
      field.setCustomValidity(problem);
    };
    try {
      const value: unknown = JSON.parse(text);
      if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Error("an input is an object");
      change(value as JsonObject);
      say("");
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
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
        onInput={(event) => type(event.currentTarget)}
      />
      <p class="bad" role="status">
        {problem}
      </p>
    </div>
  );
}
