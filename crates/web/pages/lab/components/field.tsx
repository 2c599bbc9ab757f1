// A form field for a value, by its JSON Schema; objects and lists become nested fields.

import { useId, useRef } from "preact/hooks";
import type { Json, JsonObject, Schema } from "../types.ts";
import { DocText } from "./code.tsx";

interface Props {
  name: string;
  schema: Schema;
  doc?: string;
  required: boolean;
  /** Whether it belongs to an optional object, and so may be left out with it. */
  isInOptional?: boolean;
  /** Undefined if it is left out. */
  value: Json | undefined;
  change: (value: Json | undefined) => void;
}

export function Field(props: Props) {
  const { schema } = props;
  if (typeOf(schema) === "array") return <ListField {...props} />;
  if (typeOf(schema) === "object" && schema.properties) return <ObjectField {...props} />;
  return <SimpleField {...props} />;
}

/** The first value of a new list item. */
function blank(schema: Schema): Json {
  switch (typeOf(schema)) {
    case "array":
      return [];
    case "object":
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, schema]) => [name, blank(schema)]));
    case "integer":
      return schema.minimum ?? 1;
    case "boolean":
      return false;
    default:
      return schema.enum?.[0] ?? "";
  }
}

const typeOf = ({ type }: Schema) => (Array.isArray(type) ? type.find((name) => name !== "null") : type);

function SimpleField({ name, schema, doc, required, isInOptional, value, change }: Props) {
  const id = useId();
  const shared = {
    id,
    // Invalid input is allowed, to see how each style refuses it.
    value: value === undefined ? "" : String(value),
    "aria-describedby": doc ? `${id}-doc` : undefined,
    "aria-required": required,
  };
  const options = typeOf(schema) === "boolean" ? [true, false] : schema.enum;
  return (
    <div class="field">
      <label for={id}>
        {name}
        {!required && <span class="muted"> optional</span>}
      </label>
      {doc && (
        <span class="doc muted" id={`${id}-doc`}>
          <DocText text={doc} />
        </span>
      )}
      {options ? (
        <select
          {...shared}
          onChange={(event) => change(options.find((option) => String(option) === event.currentTarget.value))}
        >
          {(!required || isInOptional) && <option value="">(none)</option>}
          {options.map((option) => (
            <option value={String(option)}>{String(option)}</option>
          ))}
        </select>
      ) : (
        <input
          {...shared}
          type="text"
          inputMode={typeOf(schema) === "integer" ? "numeric" : "text"}
          autocomplete="off"
          spellcheck={false}
          size={typeOf(schema) === "integer" ? 8 : 22}
          onInput={(event) => change(typed(event.currentTarget.value, schema))}
        />
      )}
    </div>
  );
}

// Only digits become a number; the shop reports anything else.
function typed(text: string, schema: Schema): Json | undefined {
  if (text === "") return undefined;
  return typeOf(schema) === "integer" && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function ListField({ name, schema, doc, required, value, change }: Props) {
  const items = Array.isArray(value) ? value : [];
  const kind = schema.items ?? {};
  const put = (index: number, item: Json | undefined) => change(items.map((old, at) => (at === index ? (item ?? "") : old)));
  const add = useRef<HTMLButtonElement>(null);
  const remove = (index: number) => {
    const others = items.filter((_, at) => at !== index);
    // An empty optional list is left out.
    change(others.length === 0 && !required ? undefined : others);
    // The pressed button disappears, so the focus moves on.
    if (index === others.length) add.current?.focus();
  };
  return (
    <fieldset class="field list">
      <Legend name={name} required={required} />
      {doc && (
        <span class="doc muted">
          <DocText text={doc} />
        </span>
      )}
      {items.map((item, index) => (
        <div class="item" key={index}>
          <Field
            name={typeOf(kind) === "object" ? "" : `${name} ${index + 1}`}
            schema={kind}
            required
            value={item}
            change={(item) => put(index, item)}
          />
          <button type="button" class="quiet" aria-label={`Remove ${name} ${index + 1}`} onClick={() => remove(index)}>
            ✕
          </button>
        </div>
      ))}
      <button ref={add} type="button" class="quiet" onClick={() => change([...items, blank(kind)])}>
        Add an item
      </button>
    </fieldset>
  );
}

function ObjectField({ name, schema, doc, required, value, change }: Props) {
  const object: JsonObject = value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
  const fields = Object.entries(schema.properties ?? {}).map(([member, schema_]) => (
    <Field
      name={member}
      schema={schema_}
      required={schema.required?.includes(member) ?? false}
      isInOptional={!required}
      value={object[member]}
      change={(value) => {
        const next = withMember(object, member, value);
        // An empty optional object is left out.
        change(Object.keys(next).length === 0 && !required ? undefined : next);
      }}
    />
  ));
  return name ? (
    <fieldset class="field">
      <Legend name={name} required={required} />
      {doc && (
        <span class="doc muted">
          <DocText text={doc} />
        </span>
      )}
      {fields}
    </fieldset>
  ) : (
    <div class="fields">{fields}</div>
  );
}

const Legend = ({ name, required }: { name: string; required: boolean }) => (
  <legend>
    {name}
    {!required && <span class="muted"> optional</span>}
  </legend>
);

/** The object with that member set, or removed. */
export function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...object, [name]: value };
  const { [name]: _, ...others } = object;
  return others;
}
