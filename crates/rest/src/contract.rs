//! The OpenAPI 3.1 document, generated from the routes and the table of operations.

mod headers;
mod bodies;
mod changes;
mod examples;
mod operation;
mod responses;
mod schemas;

pub use changes::changes;

use crate::contract::headers::{headers, parameters, schemes, security};
use crate::contract::operation::{amend, operation};
use crate::contract::responses::problems;
use crate::contract::schemas::{add_limits, schemas};
use crate::routes::{ROUTES, Route, Verb};
use serde_json::{Map, Value, json};
use wire::Address;

/// The prefix of references to schemas.
const REFS: &str = "#/components/schemas/";

/// The groups of operations, for readers.
const TAGS: &[(&str, &str)] = &[
    ("users", "People with an account, and their carts."),
    ("products", "What is sold."),
    ("orders", "Orders, and their way to the buyer."),
    ("events", "Events, as pages or as a stream."),
    ("webhooks", "URLs that are called for each event."),
    ("callers", "The caller, and logging in."),
];

/// The document, for a server at that address.
pub fn openapi(address: &Address) -> String {
    let mut paths = Map::new();
    for (position, route) in ROUTES.iter().enumerate() {
        let shared = ROUTES[..position].iter().any(|earlier| shares_address(earlier, route));
        let item = paths.entry(template(route)).or_insert_with(|| json!({}));
        if shared {
            // OpenAPI has one operation per address and method: the other one is described within it.
            amend(&mut item[key(route)], route, address);
        } else {
            item[key(route)] = operation(route, position, address);
        }
    }
    let mut paths = Value::Object(paths);
    add_limits(&mut paths);
    let document = json!({
        "openapi": "3.1.0",
        "info": info(),
        "servers": [{"url": address.http("/rest"), "description": "A local sandbox of the shop.", "x-internal": false}],
        "security": security(),
        "tags": tags(),
        "paths": null,
        "components": {
            "schemas": schemas(&paths),
            "securitySchemes": schemes(address),
            "parameters": parameters(),
            "headers": headers(address),
            "responses": problems(address),
        },
    });
    let paths = in_order(&paths).replace('\n', "\n  ");
    format!("{document:#}\n").replacen("\"paths\": null", &format!("\"paths\": {paths}"), 1)
}

/// The path in the document. Where more follows the `id` of a resource, the parameter is named by the resource, as in
/// `/orders/{order_id}/cancel`: tools make a folder of each segment, and `{id}` is that of the resource itself.
fn template(route: &Route) -> String {
    route.path.replace("{id}/", &format!("{{{}}}/", name_in_path(route, "id")))
}

/// The name of an input member in the path of the document.
fn name_in_path(route: &Route, member: &'static str) -> String {
    if member == "id" && route.path.contains("{id}/") {
        return format!("{}_id", first_step(route).trim_end_matches('s'));
    }
    member.to_owned()
}

fn first_step(route: &Route) -> &'static str {
    route.path.split('/').nth(1).unwrap_or_default()
}

/// The paths as JSON, in the order in which a tool can call all of them: that of the routes, with addresses at which a resource can be
/// deleted after all others about it. (A map of `serde_json` is sorted by name.)
fn in_order(paths: &Value) -> String {
    let place = |step: &str| ROUTES.iter().position(|route| first_step(route) == step);
    let mut routes: Vec<&Route> = ROUTES.iter().collect();
    let is_removed = |path: &str| ROUTES.iter().any(|other| other.path == path && other.method == Verb::Delete);
    routes.sort_by_key(|route| (place(first_step(route)), is_removed(route.path)));
    let mut members: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for route in routes {
        let (path, key) = (template(route), key(route));
        let operation = (key.clone(), format!("{:#}", paths[&path][&key]));
        match members.iter_mut().find(|(known, _)| *known == path) {
            Some((_, operations)) if operations.contains(&operation) => {}
            Some((_, operations)) => operations.push(operation),
            None => members.push((path, vec![operation])),
        }
    }
    object(members.into_iter().map(|(path, operations)| (path, object(operations.into_iter()))))
}

/// An object of JSON in the order of its members.
fn object(members: impl Iterator<Item = (String, String)>) -> String {
    let line = |(name, value): (String, String)| format!("  {}: {}", json!(name), value.replace('\n', "\n  "));
    format!("{{\n{}\n}}", members.map(line).collect::<Vec<_>>().join(",\n"))
}

fn info() -> Value {
    json!({
        "title": "Parlance: the shop over REST",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "One shop, served live in every API style. The same operations are served over SOAP, JSON-RPC, XML-RPC, \
                        WebSocket and GraphQL. HEAD and OPTIONS are for every address; `Allow` lists what else is.",
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
    })
}

fn tags() -> Value {
    let used = TAGS.iter().filter(|(name, _)| ROUTES.iter().any(|route| tag(route) == *name));
    used.map(|(name, description)| json!({"name": name, "description": description})).collect()
}

/// The key of an operation. OpenAPI 3.1 has no place for QUERY yet (3.2 has `query`), so it is an extension with that name.
fn key(route: &Route) -> String {
    match route.method {
        Verb::Query => "x-query".to_owned(),
        verb => verb.name().to_ascii_lowercase(),
    }
}

fn shares_address(one: &Route, other: &Route) -> bool {
    one.path == other.path && one.method == other.method
}

/// The first segment of the path is the group; the others are about the caller.
fn tag(route: &Route) -> &'static str {
    let first = match first_step(route) {
        "deliveries" => "webhooks",
        _ if route.old.is_some() => route.operation.reply_name,
        first => first,
    };
    TAGS.iter().map(|(name, _)| *name).find(|tag| first.starts_with(tag.trim_end_matches('s'))).unwrap_or("callers")
}
