//! Which document describes it? OpenAPI 3.1, written from the routes and the table of operations, so it can't drift.

mod beside;
mod changes;
mod responses;

pub use changes::changes;

use crate::contract::beside::{headers, idempotency_key, schemes, security};
use crate::contract::responses::{problem_schema, responses};
use crate::routes::{ROUTES, Route, Verb, in_braces};
use domain::operations::OperationKind;
use domain::shape::{Member, Shape};
use serde_json::{Map, Value, json};
use wire::Address;
use wire::json::{definitions, described, schema};

/// What stands before the name of a schema that is referred to.
const REFS: &str = "#/components/schemas/";

/// What the operations are about, as a reader finds them.
const TAGS: &[&str] = &["users", "products", "orders", "events", "callers"];

/// The document, for a server at that address.
pub fn openapi(address: &Address) -> String {
    let mut paths = Map::new();
    for (position, route) in ROUTES.iter().enumerate() {
        let shared = ROUTES[..position].iter().any(|earlier| shares_address(earlier, route));
        if shared {
            // OpenAPI has one operation for an address and a verb: the other one is told within it.
            amend(&mut paths[route.path][verb(route)], route);
        } else {
            let item = paths.entry(route.path).or_insert_with(|| json!({}));
            item[verb(route)] = operation(route, position);
        }
    }
    let mut schemas = definitions(REFS);
    schemas.insert("Problem".to_owned(), problem_schema());
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Parlance: the shop over REST",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "One shop, served live in every API style. The same operations are served over SOAP, JSON-RPC, \
                            WebSocket and GraphQL.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": address.http("/rest"), "description": "This server, this sandbox."}],
        "security": security(),
        "tags": TAGS.iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": schemes(address),
            "parameters": {"IdempotencyKey": idempotency_key()},
            "headers": headers(),
        },
    });
    format!("{document:#}\n")
}

fn verb(route: &Route) -> String {
    route.method.name().to_ascii_lowercase()
}

fn shares_address(one: &Route, other: &Route) -> bool {
    one.path == other.path && one.method == other.method
}

fn operation(route: &Route, position: usize) -> Value {
    let row = route.row();
    let again = ROUTES[..position].iter().any(|earlier| earlier.operation == route.operation);
    let id = if again { format!("{}_{}", route.operation, verb(route)) } else { route.operation.to_owned() };
    let mut operation = json!({
        "operationId": id,
        "summary": row.doc,
        "tags": [tag(route)],
        "parameters": parameters(route),
        "responses": responses(route),
    });
    if route.method.has_body() && route.other_members().next().is_some() {
        operation["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": body(route)}}});
    }
    operation
}

/// What stands first in its path says what an operation is about; what is about none of the things is about who calls.
fn tag(route: &Route) -> &'static str {
    let first = route.path.split('/').nth(1);
    TAGS.iter().copied().find(|tag| first == Some(tag)).unwrap_or("callers")
}

/// Tells a second operation within the one that has its address.
fn amend(first: &mut Value, route: &Route) {
    let row = route.row();
    // What only the second one takes can't be declared: it would seem to be good for the first one too.
    let members: Vec<&str> = route.other_members().map(|member| member.name).collect();
    let takes = if members.is_empty() { String::new() } else { format!(" It takes {}.", members.join(" and ")) };
    first["description"] = json!(format!("With {}: {}{takes} (`{}`)", occasion(route), row.doc, row.name));
    if let (Some((name, words)), Some(parameters)) = (route.only_with, first["parameters"].as_array_mut()) {
        parameters.push(json!({
            "name": name, "in": "query", "required": false, "description": row.doc,
            "schema": {"type": "string", "enum": [words]},
        }));
        let both =
            [first["responses"]["200"]["content"]["application/json"]["schema"].clone(), schema(&row.reply, REFS)];
        first["responses"]["200"]["content"]["application/json"]["schema"] = json!({"anyOf": both});
    } else if row.kind == OperationKind::Stream {
        first["responses"]["200"]["content"]["text/event-stream"] = json!({"schema": {"type": "string"}});
    }
    first["x-also"] = json!({"operationId": row.name});
}

fn occasion(route: &Route) -> String {
    match route.only_with {
        Some((name, words)) => format!("`{name}={words}`"),
        None => "`Accept: text/event-stream`".to_owned(),
    }
}

fn parameters(route: &Route) -> Value {
    let in_path = route.path.split('/').filter_map(in_braces).filter_map(|name| route.row().input.member(name));
    let mut parameters: Vec<Value> = in_path.map(|member| parameter(member, "path", true)).collect();
    if !route.method.has_body() {
        parameters.extend(route.other_members().map(|member| parameter(member, "query", member.required)));
    }
    if route.row().is_once {
        parameters.push(json!({"$ref": "#/components/parameters/IdempotencyKey"}));
    }
    json!(parameters)
}

fn parameter(member: &Member, place: &str, required: bool) -> Value {
    let mut parameter = json!({
        "name": member.name, "in": place, "required": required, "description": member.doc,
        "schema": schema(&member.shape, REFS),
    });
    if matches!(member.shape, Shape::List { .. }) {
        // `1,2,3`
        parameter["style"] = json!("form");
        parameter["explode"] = json!(false);
    }
    parameter
}

/// The members that the body holds: those of the operation's input that the path does not.
fn body(route: &Route) -> Value {
    let whole = route.method == Verb::Put;
    let required = route.other_members().filter(|member| member.required || whole && member.name != "expected_version");
    let required: Vec<&str> = required.map(|member| member.name).collect();
    let property = |member: &'static Member| {
        let mut property = described(member, REFS);
        // A null is as good as nothing, except where it would remove (RFC 7396).
        if !required.contains(&member.name) && route.method != Verb::Patch {
            property = or_null(property);
        }
        (member.name.to_owned(), property)
    };
    let properties: Map<String, Value> = route.other_members().map(property).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// The schema of what may be null too. What is referred to has its type elsewhere.
fn or_null(mut schema: Value) -> Value {
    if schema["$ref"].is_null() {
        schema["type"] = json!([schema["type"], "null"]);
        return schema;
    }
    let described = schema["description"].take();
    json!({"description": described, "anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}]})
}
