//! The names in the document: of paths and their parameters, operations, groups and schemas.

use crate::routes::{ROUTES, Route, Verb};
use serde_json::{Value, json};

/// The prefix of references to schemas.
pub const REFS: &str = "#/components/schemas/";

pub fn reference(schema: &str) -> Value {
    json!({"$ref": format!("{REFS}{schema}")})
}

/// The path in the document. Where more follows the `id` of a resource, the parameter is named by the resource, as in
/// `/orders/{order_id}/cancel`: tools make a folder of each segment, and `{id}` is that of the resource itself.
pub fn template(route: &Route) -> String {
    route.path.replace("{id}/", &format!("{{{}}}/", name_in_path(route, "id")))
}

/// The name of an input member in the path of the document.
pub fn name_in_path(route: &Route, member: &str) -> String {
    if member == "id" && route.path.contains("{id}/") {
        return format!("{}_id", first_step(route).trim_end_matches('s'));
    }
    member.to_owned()
}

/// The first segment of the path.
pub fn first_step(route: &Route) -> &'static str {
    route.path.split('/').nth(1).unwrap_or_default()
}

/// The key of an operation. OpenAPI 3.1 has no place for QUERY yet (3.2 has `query`), so it is an extension with that name.
pub fn key(route: &Route) -> String {
    match route.method {
        Verb::Query => "x-query".to_owned(),
        verb => verb.name().to_ascii_lowercase(),
    }
}

/// The name of the operation, with a suffix where several routes lead to it.
pub fn id(route: &Route, position: usize) -> String {
    let name = route.operation.name;
    let earlier: Vec<&Route> = ROUTES[..position].iter().filter(|earlier| earlier.operation.name == name).collect();
    if earlier.is_empty() {
        name.to_owned()
    } else if earlier.iter().any(|earlier| earlier.method == route.method) {
        format!("{name}_of_{}", first_step(route))
    } else {
        format!("{name}_{}", route.method.name().to_ascii_lowercase())
    }
}

/// The groups of operations, for readers.
const TAGS: &[(&str, &str)] = &[
    ("users", "People with an account, and their carts."),
    ("products", "What is sold."),
    ("orders", "Orders, and their way to the buyer."),
    ("events", "Events, as pages or as a stream."),
    ("webhooks", "URLs that are called for each event."),
    ("callers", "The caller, and logging in."),
];

/// The groups that the routes have.
pub fn tags() -> Value {
    let used = TAGS.iter().filter(|(name, _)| ROUTES.iter().any(|route| tag(route) == *name));
    used.map(|(name, description)| json!({"name": name, "description": description})).collect()
}

/// The first segment of the path is the group; the others are about the caller.
pub fn tag(route: &Route) -> &'static str {
    let first = match first_step(route) {
        "deliveries" => "webhooks",
        _ if route.old.is_some() => route.operation.reply_name,
        first => first,
    };
    TAGS.iter().map(|(name, _)| *name).find(|tag| first.starts_with(tag.trim_end_matches('s'))).unwrap_or("callers")
}
