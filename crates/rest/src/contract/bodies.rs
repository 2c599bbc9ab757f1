//! Request bodies in OpenAPI: types of their own, because the path has a part of the input.

use super::examples;
use super::names::{REFS, reference};
use crate::messages::{EXPECTED_VERSION, STEPS_MAX};
use crate::routes::{JSON_PATCH, MERGE_PATCH, ROUTES, Route, Verb};
use domain::schema::Field;
use serde_json::{Map, Value, json};
use wire::json::described;

/// The body of a route, in each of its media types.
pub fn request_body(route: &Route) -> Value {
    let content = route.method.takes().iter().map(|media_type| {
        let example = if *media_type == JSON_PATCH { examples::json_patch(route) } else { examples::body(route) };
        let schema = if route.method == Verb::Patch { reference(&name(route, media_type)) } else { body(route) };
        (*media_type, json!({"schema": schema, "example": example}))
    });
    json!({"required": true, "content": content.collect::<Value>()})
}

/// The schemas of patches, by name: a merge patch is the same for two media types.
pub fn patches() -> Map<String, Value> {
    let routes = ROUTES.iter().filter(|route| route.method == Verb::Patch);
    let both = |route| [(name(route, MERGE_PATCH), body(route)), (name(route, JSON_PATCH), steps(route))];
    routes.flat_map(both).collect()
}

/// The name of a patch: `UpdateUserPatch`, `UpdateUserSteps`.
fn name(route: &Route, media_type: &str) -> String {
    let suffix = if media_type == JSON_PATCH { "Steps" } else { "Patch" };
    format!("{}{suffix}", route.operation.input.name)
}

/// The members of the operation's input that are in the body.
fn body(route: &Route) -> Value {
    let whole = route.method == Verb::Put;
    let required = route.other_members().filter(|member| member.required || whole && member.name != EXPECTED_VERSION);
    let required: Vec<&str> = required.map(|member| member.name).collect();
    let property = |member: &'static Field| {
        let property = described(member, REFS);
        // A null is the same as absent, except where it would remove the member (RFC 7396).
        let is_nullable = !required.contains(&member.name) && route.method != Verb::Patch;
        (member.name, if is_nullable { or_null(property) } else { property })
    };
    let properties: Value = route.other_members().map(property).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// The schema of a nullable value. A reference has its type elsewhere.
fn or_null(mut schema: Value) -> Value {
    if schema["$ref"].is_null() {
        schema["type"] = json!([schema["type"], "null"]);
        return schema;
    }
    json!({"description": schema["description"], "anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}]})
}

/// The operations of a JSON Patch (RFC 6902) that are useful here. Other members of an operation are ignored.
fn steps(route: &Route) -> Value {
    let step = |ops: &[&str], path: &str, value: Value| {
        json!({
            "type": "object", "required": ["op", "path", "value"],
            "properties": {
                "op": {"type": "string", "enum": ops},
                "path": {"type": "string", "const": format!("/{path}")},
                "value": value,
            },
        })
    };
    let members = route.other_members().filter(|member| member.name != EXPECTED_VERSION);
    let changes = members.map(|member| step(&["add", "replace"], member.name, described(member, REFS)));
    let version = json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": i32::MAX});
    let steps: Vec<Value> = changes.chain([step(&["test"], "version", version)]).collect();
    json!({"type": "array", "maxItems": STEPS_MAX, "items": {"anyOf": steps}})
}
