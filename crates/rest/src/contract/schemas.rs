//! The schemas of the document, each with its limits.

use super::bodies::patches;
use super::names::{REFS, reference};
use crate::routes::ROUTES;
use domain::limits::{SHOWN_CHARS_MAX, VIOLATIONS_MAX};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use wire::json::{definitions, error_definition};

/// Characters of a message or a path in a problem: it may quote a wrong value several times.
const MESSAGE_CHARS_MAX: usize = 20 * SHOWN_CHARS_MAX;
/// Characters of an address in a problem.
const ADDRESS_CHARS_MAX: usize = 8_000;
/// Characters of a time: RFC 3339, UTC, whole seconds.
const TIME_CHARS: usize = 20;
const TIME: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$";
/// The pattern of a cursor. Clients need not know it: they return what they received.
const CURSOR: &str = "^[0-9a-f]{16}$";
/// A text without control characters.
const LINE: &str = r"^[^\u0000-\u001F]*$";

/// The schemas that the paths refer to, and those that these refer to.
pub fn schemas(paths: &Value) -> Value {
    let mut all = definitions(REFS);
    all.insert("Problem".to_owned(), problem());
    all.extend(patches());
    for route in ROUTES.iter().filter(|route| route.method.is_safe()) {
        let (thing, is_list) = route.resource();
        let name = format!("{}Part", thing.name);
        if is_list {
            let mut page = all[route.reply().name].clone();
            page["properties"]["items"]["items"] = reference(&name);
            all.insert(format!("{name}Page"), page);
        }
        // A resource with some of its members.
        let mut part = all[thing.name].clone();
        part["description"] = json!("The members selected by `fields`.");
        part.as_object_mut().map(|part| part.remove("required"));
        all.insert(name, part);
    }
    let wanted = referred(&[paths, &reference("Problem")], &all);
    all.retain(|name, _| wanted.contains(name));
    let mut all = Value::Object(all);
    add_limits(&mut all);
    // A list in XML is an element with an `item` for each.
    each_object(&mut all, &mut |schema| {
        if schema.get("type").and_then(Value::as_str) == Some("array") {
            schema.insert("xml".to_owned(), json!({"wrapped": true}));
            schema.get_mut("items").into_iter().for_each(|items| items["xml"] = json!({"name": "item"}));
        }
    });
    all
}

/// The names of the schemas that values refer to, and that those refer to.
fn referred(values: &[&Value], all: &Map<String, Value>) -> BTreeSet<String> {
    let (mut names, mut open) = (BTreeSet::new(), values.to_vec());
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            Value::String(text) => {
                if let Some(name) = text.strip_prefix(REFS)
                    && names.insert(name.to_owned())
                {
                    open.extend(all.get(name));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    names
}

/// Adds what holds for every value, where its schema lacks it: the patterns of times and cursors, and the
/// range of integers.
pub fn add_limits(schema: &mut Value) {
    each_object(schema, &mut |members| {
        // `"string"`, or `["string", "null"]`.
        let is_of = |wanted: &str| match members.get("type") {
            Some(Value::Array(types)) => types.contains(&json!(wanted)),
            of => of == Some(&json!(wanted)),
        };
        let (is_text, is_integer) = (is_of("string"), is_of("integer"));
        let is_bound = ["pattern", "enum", "const", "format"].iter().any(|name| members.contains_key(*name));
        if is_integer {
            // A keyword of OpenAPI's own registry, which other JSON Schema validators reject.
            members.insert("format".to_owned(), json!("int32"));
        } else if members.get("format") == Some(&json!("date-time")) {
            members.insert("maxLength".to_owned(), json!(TIME_CHARS));
            members.insert("pattern".to_owned(), json!(TIME));
        } else if is_text && !is_bound {
            // The one text whose schema only has a length.
            members.insert("pattern".to_owned(), json!(CURSOR));
        }
    });
}

/// Changes each object in a value, the inner ones first.
fn each_object(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, change)),
        Value::Object(members) => {
            members.values_mut().for_each(|member| each_object(member, change));
            change(members);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// RFC 9457 section 3.1, and our members.
fn problem() -> Value {
    let text = |description: &str| json!({"description": description, "type": "string", "maxLength": MESSAGE_CHARS_MAX, "pattern": LINE});
    let address = |description: &str, format: &str| json!({"description": description, "type": "string", "format": format, "maxLength": ADDRESS_CHARS_MAX});
    let mut problem = error_definition(false);
    problem["description"] = json!("A problem (RFC 9457).");
    problem["additionalProperties"] = json!(false);
    problem["required"] = json!(["type", "title", "status", "detail", "instance", "reason", "kind"]);
    let properties = &mut problem["properties"];
    properties["type"] = address("The address of the reason's page.", "uri");
    properties["title"] = text("The meaning of the reason.");
    properties["status"] = json!({"description": "The status of the response.", "type": "integer", "format": "int32", "minimum": 400, "maximum": 599});
    properties["detail"] = text("What went wrong in this request.");
    properties["instance"] = address("The path of the request.", "uri-reference");
    let wait = &mut properties["retry_after_ms"];
    (wait["format"], wait["minimum"], wait["maximum"]) = (json!("int32"), json!(0), json!(i32::MAX));
    let errors = &mut properties["errors"];
    (errors["minItems"], errors["maxItems"]) = (json!(1), json!(VIOLATIONS_MAX));
    errors["items"]["additionalProperties"] = json!(false);
    errors["items"]["properties"] = json!({
        "pointer": text("The place in the input (RFC 6901); empty for the whole input."),
        "message": text("The violated rule, and the value."),
    });
    problem
}
