//! The OpenAPI 3.1 document, generated from the routes and the table of operations.

mod names;
mod operation;
mod headers;
mod bodies;
mod responses;
mod schemas;
mod examples;

use crate::PATH;
use crate::routes::{ROUTES, Route, Verb};
use headers::{headers, parameters, schemes};
use names::{first_step, key, tags, template};
use operation::{amend, operation};
use responses::problems;
use schemas::{add_limits, schemas};
use serde_json::{Map, Value, json};
use wire::Address;

/// The document, for a server at that address.
pub fn openapi(address: &Address) -> String {
    let mut paths = Map::new();
    for (position, route) in ROUTES.iter().enumerate() {
        let item = paths.entry(template(route)).or_insert_with(|| json!({}));
        match item.get_mut(key(route)) {
            // OpenAPI has one operation per address and method: the other one is described within it.
            Some(first) => amend(first, route, address),
            None => item[key(route)] = operation(route, position, address),
        }
    }
    let mut paths = Value::Object(paths);
    add_limits(&mut paths);
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Parlance: the shop over REST",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "One shop, served live in every API style. The same operations are served over SOAP, JSON-RPC, XML-RPC, \
                            WebSocket and GraphQL. HEAD and OPTIONS are for every address; `Allow` lists what else is.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": address.http(PATH), "description": "A local sandbox of the shop.", "x-internal": false}],
        // One of these suffices, and in an open sandbox none is needed. Bruno ignores the empty alternative and takes the next:
        // OAuth, because there it sends nothing until a client is configured.
        "security": [{}, {"oauth": []}, {"api_key": []}, {"password": []}, {"token": []}],
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

/// The paths as JSON, in the order in which a tool can call all of them: that of the routes, with addresses at which a resource can be
/// deleted after all others about it. (A map of `serde_json` is sorted by name.)
fn in_order(paths: &Value) -> String {
    let place = |step| ROUTES.iter().position(|route| first_step(route) == step);
    let first_at = |path| ROUTES.iter().position(|route| route.path == path);
    let is_removed = |path| ROUTES.iter().any(|route| route.path == path && route.method == Verb::Delete);
    let mut routes: Vec<&Route> = ROUTES.iter().collect();
    routes.sort_by_key(|route| (place(first_step(route)), is_removed(route.path), first_at(route.path)));
    object(routes.chunk_by(|one, other| one.path == other.path).map(|routes| {
        let path = template(routes[0]);
        let mut keys: Vec<String> = routes.iter().map(|route| key(route)).collect();
        keys.dedup();
        let operation = |key: String| (key.clone(), format!("{:#}", paths[&path][&key]));
        (path.clone(), object(keys.into_iter().map(operation)))
    }))
}

/// An object of JSON in the order of its members.
fn object(members: impl Iterator<Item = (String, String)>) -> String {
    let line = |(name, value): (String, String)| format!("  {}: {}", json!(name), value.replace('\n', "\n  "));
    format!("{{\n{}\n}}", members.map(line).collect::<Vec<_>>().join(",\n"))
}
