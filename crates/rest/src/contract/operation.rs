//! The request of an operation in OpenAPI: parameters, headers, bodies.

use super::bodies::request_body;
use super::examples;
use super::headers::idempotency_key;
use super::names::{REFS, id, name_in_path, tag};
use super::responses::{responses, stream};
use crate::messages::WORDS_MAX;
use crate::routes::{Route, in_braces};
use domain::operations::OperationKind;
use domain::schema::{Field, Schema};
use serde_json::{Value, json};
use wire::Address;
use wire::json::schema;

pub fn operation(route: &Route, position: usize, address: &Address) -> Value {
    let row = route.operation;
    let description = match &route.old {
        None => format!("{} (`{}`)", row.doc, row.name),
        Some(old) => {
            format!("{} Deprecated: use `{}`; this address may stop working at {}.", row.doc, old.instead, old.until)
        }
    };
    let mut operation = json!({
        "operationId": id(route, position),
        "summary": route.title(),
        "description": description,
        "tags": [tag(route)],
        "parameters": parameters(route),
        "responses": responses(route, address),
    });
    if route.method.has_body() && route.other_members().next().is_some() {
        operation["requestBody"] = request_body(route);
    }
    if route.old.is_some() {
        operation["deprecated"] = json!(true);
    }
    operation
}

/// Describes a second operation with the same address.
pub fn amend(first: &mut Value, route: &Route, address: &Address) {
    let row = route.operation;
    let occasion = match route.only_with {
        Some((name, words)) => format!("{name}={words}"),
        None => "Accept: text/event-stream".to_owned(),
    };
    // Parameters of only the second one can't be declared: they would seem valid for the first one too.
    let members: Vec<&str> = route.other_members().map(|member| member.name).collect();
    let takes = if members.is_empty() { String::new() } else { format!(" It takes {}.", members.join(" and ")) };
    let also = format!("With `{occasion}`: {}{takes} (`{}`)", row.doc, row.name);
    first["description"] = json!(format!("{} {also}", first["description"].as_str().unwrap_or_default()));
    if let (Some((name, words)), Some(parameters)) = (route.only_with, first["parameters"].as_array_mut()) {
        let words: Vec<&str> = words.split(',').collect();
        let mut parameter = list(name, &format!("{} Any of these words, in any order.", row.doc), &words);
        parameter["example"] = json!(words);
        parameters.push(parameter);
        add_reply(first, route, address);
    } else if row.kind == OperationKind::Stream {
        first["responses"]["200"]["content"]["text/event-stream"] = stream();
    }
    first["x-also"] = json!({"operationId": row.name});
}

/// Either reply is possible, and the members of both can be selected.
fn add_reply(first: &mut Value, route: &Route, address: &Address) {
    let second = responses(route, address);
    let forms = first["responses"]["200"]["content"].as_object_mut();
    for (media_type, form) in forms.into_iter().flatten() {
        form["schema"] = json!({"anyOf": [form["schema"], second["200"]["content"][media_type]["schema"]]});
    }
    let parameters = first["parameters"].as_array_mut().into_iter().flatten();
    parameters.filter(|parameter| parameter["name"] == "fields").for_each(|parameter| *parameter = fields(route));
}

fn parameters(route: &Route) -> Value {
    let example = examples::parameters(route);
    let in_path = route.path.split('/').filter_map(in_braces).filter_map(|name| route.operation.input.member(name));
    let mut parameters: Vec<Value> = in_path.map(|member| in_path_or_query(route, member, "path", &example)).collect();
    if !route.method.has_body() {
        let in_query = route.other_members().filter(|member| route.left_out != Some(member.name));
        parameters.extend(in_query.map(|member| in_path_or_query(route, member, "query", &example)));
    }
    let shared = |name: &str| json!({"$ref": format!("#/components/parameters/{name}")});
    if route.method.is_safe() {
        parameters.extend([fields(route), shared("IfNoneMatch")]);
    }
    if route.changes.is_some() {
        parameters.push(shared("IfMatch"));
    }
    if route.operation.is_once {
        parameters.push(idempotency_key(route.operation));
    }
    json!(parameters)
}

fn in_path_or_query(route: &Route, member: &Field, place: &str, example: &Value) -> Value {
    let is_in_path = place == "path";
    let name = if is_in_path { name_in_path(route, member.name) } else { member.name.to_owned() };
    let mut parameter = json!({
        "name": name, "in": place, "required": is_in_path || member.required, "description": member.doc,
        "schema": schema(&member.schema, REFS),
    });
    if matches!(member.schema, Schema::List { .. }) {
        // `1,2,3`
        parameter["style"] = json!("form");
        parameter["explode"] = json!(false);
    }
    if let Some(value) = example.get(member.name) {
        parameter["example"] = value.clone();
    }
    parameter
}

/// `?fields=name,email`
fn fields(route: &Route) -> Value {
    let names: Vec<&str> = route.resource().0.members.iter().map(|member| member.name).collect();
    let few = names[..names.len().min(2)].join(",");
    list("fields", &format!("Only these members of the resource, or of each item of the list, as in `{few}`."), &names)
}

/// A parameter with some of these words, separated by commas.
fn list(name: &str, description: &str, words: &[&str]) -> Value {
    json!({
        "name": name, "in": "query", "required": false, "style": "form", "explode": false, "description": description,
        "schema": {"type": "array", "items": {"type": "string", "enum": words}, "maxItems": WORDS_MAX},
    })
}
