// How does one type a value? By a field that its JSON Schema calls for; things within things are fields within fields.

import { useId, useRef } from "preact/hooks";
import type { Json, JsonObject, Schema } from "../types.ts";
import { Words } from "./words.tsx";

interface Props {
  name: string;
  schema: Schema;
  doc?: string;
  required: boolean;
  /** Whether it is of something that is optional, and so may be left out along with it. */
  isWithin?: boolean;
  /** Absent if it is left out. */
  value: Json | undefined;
  change: (value: Json | undefined) => void;
}

export function Field(props: Props) {
  const { schema } = props;
  if (typeOf(schema) === "array") return <List {...props} />;
  if (typeOf(schema) === "object" && schema.properties) return <Thing {...props} />;
  return <Simple {...props} />;
}

/** What an empty thing of this kind begins with. */
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

function Simple({ name, schema, doc, required, isWithin, value, change }: Props) {
  const id = useId();
  const shared = {
    id,
    // What is typed need not be valid: how the styles refuse it is worth seeing, too.
    value: value === undefined ? "" : String(value),
    "aria-describedby": doc ? `${id}-doc` : undefined,
    "aria-required": required,
  };
  const options = typeOf(schema) === "boolean" ? [true, false] : schema.enum;
  return (
    <div class="field">
      <label for={id}>
        {name}
        {!required && <span class="soft"> optional</span>}
      </label>
      {doc && (
        <span class="doc soft" id={`${id}-doc`}>
          <Words text={doc} />
        </span>
      )}
      {options ? (
        <select
          {...shared}
          onChange={(event) => change(options.find((option) => String(option) === event.currentTarget.value))}
        >
          {(!required || isWithin) && <option value="">(left out)</option>}
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

// Digits become a number where one is wanted. All else stays a text: that it is none is for the shop to say.
function typed(text: string, schema: Schema): Json | undefined {
  if (text === "") return undefined;
  return typeOf(schema) === "integer" && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function List({ name, schema, doc, required, value, change }: Props) {
  const items = Array.isArray(value) ? value : [];
  const kind = schema.items ?? {};
  const put = (index: number, item: Json | undefined) => change(items.map((old, at) => (at === index ? (item ?? "") : old)));
  const add = useRef<HTMLButtonElement>(null);
  const takeOut = (index: number) => {
    const others = items.filter((_, at) => at !== index);
    // An optional list without items is left out.
    change(others.length === 0 && !required ? undefined : others);
    // The last button of its kind goes, and would take the focus along.
    if (index === others.length) add.current?.focus();
  };
  return (
    <fieldset class="field list">
      <Legend name={name} required={required} />
      {doc && (
        <span class="doc soft">
          <Words text={doc} />
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
          <button type="button" class="quiet" aria-label={`Take out ${name} ${index + 1}`} onClick={() => takeOut(index)}>
            ✕
          </button>
        </div>
      ))}
      <button ref={add} type="button" class="quiet" onClick={() => change([...items, blank(kind)])}>
        Add
      </button>
    </fieldset>
  );
}

function Thing({ name, schema, doc, required, value, change }: Props) {
  const thing: JsonObject = value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
  const fields = Object.entries(schema.properties ?? {}).map(([member, schema_]) => (
    <Field
      name={member}
      schema={schema_}
      required={schema.required?.includes(member) ?? false}
      isWithin={!required}
      value={thing[member]}
      change={(value) => {
        const next = withMember(thing, member, value);
        // An optional thing without members is left out.
        change(Object.keys(next).length === 0 && !required ? undefined : next);
      }}
    />
  ));
  return name ? (
    <fieldset class="field">
      <Legend name={name} required={required} />
      {doc && (
        <span class="doc soft">
          <Words text={doc} />
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
    {!required && <span class="soft"> optional</span>}
  </legend>
);

/** The thing with that member changed, or without it. */
export function withMember(thing: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...thing, [name]: value };
  const { [name]: _, ...others } = thing;
  return others;
}
