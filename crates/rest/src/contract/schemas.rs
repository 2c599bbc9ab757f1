//! The schemas of the document, each with its limits.

use super::REFS;
use super::bodies::patches;
use crate::routes::{ROUTES, Route};
use domain::limits::{SHOWN_CHARS_MAX, VIOLATIONS_MAX};
use domain::schema::Object;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use wire::json::{definitions, described, error_definition};

/// Characters of a message or a path in a problem: it may quote a wrong value several times.
const MESSAGE_CHARS_MAX: usize = 20 * SHOWN_CHARS_MAX;
/// Characters of an address in a problem.
const ADDRESS_CHARS_MAX: usize = 8_000;
/// Characters of a time: RFC 3339, UTC, whole seconds.
const TIME_CHARS: usize = 20;
/// The pattern of such a time.
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
        all.insert(format!("{}Part", thing.name), part(thing));
        if is_list && let Some(page) = all.get(&page_of(route)).map(|page| part_page(page, thing)) {
            all.insert(format!("{}PartPage", thing.name), page);
        }
    }
    let mut wanted = BTreeSet::new();
    refer(paths, &all, &mut wanted);
    refer(&json!({"$ref": format!("{REFS}Problem")}), &all, &mut wanted);
    all.retain(|name, _| wanted.contains(name));
    let mut all = Value::Object(all);
    add_limits(&mut all);
    add_xml(&mut all);
    all
}

fn page_of(route: &Route) -> String {
    match route.operation.reply {
        domain::schema::Schema::Object(page) => page.name.to_owned(),
        _ => String::new(),
    }
}

/// Adds the names of the schemas that a value refers to, and that those refer to.
fn refer(value: &Value, all: &Map<String, Value>, wanted: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| refer(item, all, wanted)),
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix(REFS));
            if let Some(name) = reference
                && wanted.insert(name.to_owned())
            {
                all.get(name).iter().for_each(|schema| refer(schema, all, wanted));
            }
            members.values().for_each(|member| refer(member, all, wanted));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A resource with some of its members.
fn part(thing: &Object) -> Value {
    let properties = thing.members.iter().map(|member| (member.name.to_owned(), described(member, REFS)));
    json!({
        "description": "The members selected by `fields`.", "type": "object", "additionalProperties": false,
        "properties": properties.collect::<Map<_, _>>(),
    })
}

fn part_page(page: &Value, thing: &Object) -> Value {
    let mut page = page.clone();
    page["properties"]["items"]["items"] = json!({"$ref": format!("{REFS}{}Part", thing.name)});
    page
}

/// Adds what holds for every value, where its schema lacks it: the patterns of times and cursors, and the
/// range of integers.
pub fn add_limits(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(add_limits),
        Value::Object(members) => {
            members.values_mut().for_each(add_limits);
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
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Adds how lists are written in XML: an element with an `item` for each.
fn add_xml(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(add_xml),
        Value::Object(members) => {
            members.values_mut().for_each(add_xml);
            if members.get("type").and_then(Value::as_str) == Some("array") {
                members.insert("xml".to_owned(), json!({"wrapped": true}));
                if let Some(items) = members.get_mut("items") {
                    items["xml"] = json!({"name": "item"});
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// RFC 9457 section 3.1, and our members.
fn problem() -> Value {
    let mut problem = error_definition(false);
    problem["description"] = json!("A problem (RFC 9457).");
    problem["additionalProperties"] = json!(false);
    let text = |description: &str| json!({"description": description, "type": "string", "maxLength": MESSAGE_CHARS_MAX, "pattern": LINE});
    let address = |description: &str, format: &str| json!({"description": description, "type": "string", "format": format, "maxLength": ADDRESS_CHARS_MAX});
    let own = json!({
        "type": address("The address of the reason's page.", "uri"),
        "title": text("The meaning of the reason."),
        "status": {"description": "The status of the response.", "type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
        "detail": text("What went wrong in this request."),
        "instance": address("The path of the request.", "uri-reference"),
    });
    if let (Some(properties), Value::Object(own)) = (problem["properties"].as_object_mut(), own) {
        properties.extend(own);
    }
    let wait = &mut problem["properties"]["retry_after_ms"];
    (wait["format"], wait["minimum"], wait["maximum"]) = (json!("int32"), json!(0), json!(i32::MAX));
    let errors = &mut problem["properties"]["errors"];
    (errors["minItems"], errors["maxItems"]) = (json!(1), json!(VIOLATIONS_MAX));
    errors["items"]["additionalProperties"] = json!(false);
    errors["items"]["properties"] = json!({
        "pointer": text("The place in the input (RFC 6901); empty for the whole input."),
        "message": text("The violated rule, and the value."),
    });
    problem["required"] = json!(["type", "title", "status", "detail", "instance", "reason", "kind"]);
    problem
}
