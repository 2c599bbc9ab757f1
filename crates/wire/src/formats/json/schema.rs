//! The shop's schemas as JSON Schema (2020-12), for the contracts of JSON styles.

use domain::limits::{CURSOR_CHARS_MAX, INTEGER_MAX};
use domain::operations::OPERATIONS;
use domain::schema::{Field, Object, Schema};
use serde_json::{Map, Value, json};

/// A text that the domain accepts: without characters outside XML 1.0 Char.
const TEXT: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]*$";
/// An email that the domain accepts: text, an `@`, text, without white space and control characters. It is wider than
/// the format `email`, which is RFC 5321 with ASCII letters only.
const EMAIL: &str =
    concat!(r"^[^\s\u0000-\u001F\u007F-\u009F\uFFFE\uFFFF]+", r"@[^\s@\u0000-\u001F\u007F-\u009F\uFFFE\uFFFF]+$",);

/// A schema as JSON Schema. Named types are references: `refs` is their prefix, such as `#/components/schemas/`.
pub fn schema(shape: &Schema, refs: &str) -> Value {
    match shape {
        Schema::Int { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Schema::Id { .. } => json!({"type": "integer", "minimum": 1, "maximum": INTEGER_MAX}),
        Schema::Text { chars_max, email: false } => {
            json!({"type": "string", "minLength": 1, "maxLength": chars_max, "pattern": TEXT})
        }
        Schema::Text { chars_max, email: true } => {
            json!({"type": "string", "minLength": 3, "maxLength": chars_max, "pattern": EMAIL})
        }
        Schema::Cursor => json!({"type": "string", "maxLength": CURSOR_CHARS_MAX}),
        Schema::Time => json!({"type": "string", "format": "date-time"}),
        Schema::Enum(words) => json!({"$ref": format!("{refs}{}", words.name)}),
        Schema::Object(record) => json!({"$ref": format!("{refs}{}", record.name)}),
        Schema::List { item, min, max } => {
            json!({"type": "array", "items": schema(item, refs), "minItems": min, "maxItems": max})
        }
    }
}

/// The schemas of all named types: of replies, of inputs, and the inputs themselves.
pub fn definitions(refs: &str) -> Map<String, Value> {
    let mut found = Map::new();
    for operation in OPERATIONS {
        define(&operation.reply, refs, &mut found);
        define(&Schema::Object(operation.input), refs, &mut found);
    }
    found
}

fn define(shape: &Schema, refs: &str, found: &mut Map<String, Value>) {
    match shape {
        Schema::Enum(words) => {
            let words_schema = json!({"description": words.doc, "type": "string", "enum": words.words});
            found.insert(words.name.to_owned(), words_schema);
        }
        Schema::List { item, .. } => define(item, refs, found),
        Schema::Object(record) if !found.contains_key(record.name) => {
            found.insert(record.name.to_owned(), object(record, refs));
            record.members.iter().for_each(|member| define(&member.schema, refs, found));
        }
        Schema::Object(_)
        | Schema::Int { .. }
        | Schema::Id { .. }
        | Schema::Text { .. }
        | Schema::Cursor
        | Schema::Time => {}
    }
}

fn object(record: &Object, refs: &str) -> Value {
    let properties = record.members.iter().map(|member| (member.name.to_owned(), described(member, refs)));
    let required: Vec<&str> = record.members.iter().filter(|member| member.required).map(|m| m.name).collect();
    json!({
        "description": record.doc,
        "type": "object",
        "properties": properties.collect::<Map<_, _>>(),
        "required": required,
        "additionalProperties": false,
    })
}

/// A member's schema with its description.
pub fn described(member: &Field, refs: &str) -> Value {
    let mut schema = schema(&member.schema, refs);
    schema["description"] = json!(member.doc);
    schema
}

/// The schema of an error's members, with `message` or without.
pub fn error_definition(with_message: bool) -> Value {
    let reasons: Vec<&str> = domain::Reason::ALL.iter().map(|reason| reason.word()).collect();
    let mut kinds: Vec<&str> = domain::Reason::ALL.iter().map(|reason| reason.kind().word()).collect();
    kinds.dedup();
    let mut properties = json!({
        "reason": {"description": "The code word: the same in every style.", "type": "string", "enum": reasons},
        "kind": {"description": "What kind of mistake it is.", "type": "string", "enum": kinds},
        "errors": {
            "description": "Every violation of the input.",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"description": "Where in the input, by RFC 6901.", "type": "string"},
                    "message": {"description": "The violated rule, and the value.", "type": "string"},
                },
                "required": ["pointer", "message"],
            },
        },
        "retry_after_ms": {"description": "When another try makes sense, in milliseconds.", "type": "integer"},
    });
    let mut required = vec!["reason", "kind"];
    if with_message {
        properties["message"] = json!({"description": "What went wrong, for people.", "type": "string"});
        required.push("message");
    }
    json!({"description": "A mistake.", "type": "object", "properties": properties, "required": required})
}
