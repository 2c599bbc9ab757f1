//! Which document describes it? OpenAPI 3.1, written from the routes and the table of operations, so it can't drift.

use crate::errors::status;
use crate::routes::{ROUTES, Route, Verb, in_braces};
use domain::Reason;
use domain::operations::OperationKind;
use domain::shape::{Member, Shape};
use serde_json::{Map, Value, json};
use wire::Address;
use wire::json::{definitions, described, error_definition, schema};

/// What stands before the name of a schema that is referred to.
const REFS: &str = "#/components/schemas/";

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
        "tags": [{"name": "users"}, {"name": "products"}, {"name": "orders"}, {"name": "events"}],
        "paths": paths,
        "components": {"schemas": schemas},
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
        "tags": [route.path.split('/').nth(1).unwrap_or_default()],
        "parameters": parameters(route),
        "responses": responses(route),
    });
    if route.method.has_body() && route.other_members().next().is_some() {
        operation["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": body(route)}}});
    }
    operation
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
            property["type"] = json!([property["type"], "null"]);
        }
        (member.name.to_owned(), property)
    };
    let properties: Map<String, Value> = route.other_members().map(property).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn responses(route: &Route) -> Value {
    let mut responses = Map::new();
    let mut success = json!({"description": "Done."});
    if route.status != 204 {
        success["content"] = json!({"application/json": {"schema": schema(&route.row().reply, REFS)}});
    }
    if route.location.is_some() {
        let location = json!({"description": "Where the new thing is.", "schema": {"type": "string", "format": "uri"}});
        success["headers"] = json!({"Location": location});
    }
    responses.insert(route.status.to_string(), success);
    let mut refuse = |status: &str, reasons: &str| {
        let schema = json!({"schema": {"$ref": format!("{REFS}Problem")}});
        let content = json!({"application/problem+json": schema});
        responses.insert(status.to_owned(), json!({"description": reasons, "content": content}));
    };
    let reasons = [Reason::Unreadable, Reason::TooLarge].into_iter().chain(route.row().reasons());
    let reasons: Vec<Reason> = reasons.collect();
    for reason in &reasons {
        let alike = reasons.iter().filter(|other| status(other.kind()) == status(reason.kind()));
        refuse(status(reason.kind()).as_str(), &alike.map(|reason| reason.word()).collect::<Vec<_>>().join(", "));
    }
    if route.method.has_body() {
        refuse("415", "unreadable");
    }
    Value::Object(responses)
}

/// RFC 9457 section 3.1, and what we add to it.
fn problem_schema() -> Value {
    let mut problem = error_definition(false);
    problem["description"] = json!("A problem (RFC 9457).");
    let own = json!({
        "type": {"description": "The address of the reason's page.", "type": "string", "format": "uri"},
        "title": {"description": "What the reason means.", "type": "string"},
        "status": {"description": "The status of the response.", "type": "integer"},
        "detail": {"description": "What went wrong this time.", "type": "string"},
        "instance": {"description": "The path of the request.", "type": "string"},
    });
    if let (Some(properties), Value::Object(own)) = (problem["properties"].as_object_mut(), own) {
        properties.extend(own);
    }
    problem["required"] = json!(["type", "title", "status", "detail", "instance", "reason", "kind"]);
    problem
}
