//! How an operation can be answered, as OpenAPI says it: success, and a problem for each reason that it may be refused for.

use super::REFS;
use super::beside::headers_of;
use crate::errors::status;
use crate::routes::Route;
use domain::Reason;
use serde_json::{Map, Value, json};
use wire::json::{error_definition, schema};

/// The responses of a route's operation.
pub fn responses(route: &Route) -> Value {
    let mut responses = Map::new();
    let mut add = |status: &str, description: &str, content: Option<Value>| {
        let mut response = json!({"description": description});
        if let Some(content) = content {
            response["content"] = content;
        }
        let headers = headers_of(status, route.location.is_some(), route.row().is_once);
        if headers.as_object().is_some_and(|headers| !headers.is_empty()) {
            response["headers"] = headers;
        }
        responses.insert(status.to_owned(), response);
    };
    let reply = json!({"application/json": {"schema": schema(&route.row().reply, REFS)}});
    add(&route.status.to_string(), "Done.", (route.status != 204).then_some(reply));
    let mut refuse = |status: &str, reasons: &str| {
        let schema = json!({"schema": {"$ref": format!("{REFS}Problem")}});
        add(status, reasons, Some(json!({"application/problem+json": schema})));
    };
    let reasons = [Reason::Unreadable, Reason::TooLarge].into_iter().chain(route.row().reasons());
    let reasons: Vec<Reason> = reasons.collect();
    for reason in &reasons {
        let alike = reasons.iter().filter(|other| status(**other) == status(*reason));
        refuse(status(*reason).as_str(), &alike.map(|reason| reason.word()).collect::<Vec<_>>().join(", "));
    }
    if route.method.has_body() {
        refuse("415", "unreadable");
    }
    Value::Object(responses)
}

/// RFC 9457 section 3.1, and what we add to it.
pub fn problem_schema() -> Value {
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
