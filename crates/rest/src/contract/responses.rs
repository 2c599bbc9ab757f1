//! The responses of an operation in OpenAPI: success in each form, and a problem for each reason.

use super::examples;
use super::headers::headers_of;
use super::names::{REFS, reference};
use crate::errors::{FURTHER, code};
use crate::forms::Form;
use crate::routes::{ROUTES, Route, Verb};
use domain::Reason;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wire::Address;
use wire::json::schema;

/// Characters of the largest table: a hundred orders of twenty lines.
const TABLE_CHARS_MAX: usize = 1_000_000;

pub fn responses(route: &Route, address: &Address) -> Value {
    let mut responses = json!({route.status().as_str(): success(route, address)});
    if route.method.is_safe() {
        responses["304"] =
            json!({"description": "The client's copy is still current.", "headers": headers_of(304, route)});
    }
    for (status, reasons) in refusals(route) {
        // Most operations share it, so the document has it once.
        let name = format!("#/components/responses/{}", name(status, &reasons));
        responses[status.to_string()] = json!({"$ref": name});
    }
    responses
}

fn success(route: &Route, address: &Address) -> Value {
    let mut response = json!({"description": "Done.", "headers": headers_of(route.status().as_u16(), route)});
    if route.status() == 204 {
        return response;
    }
    for form in Form::of(route.resource().1) {
        let mut content = json!({"schema": reply(route, *form)});
        if let Some(reply) = examples::reply(route.operation, *form, address) {
            content["example"] = reply;
        }
        response["content"][form.media_type()] = content;
    }
    if route.location.is_some() {
        // A created resource has an address.
        let reader = format!("get_{}", route.operation.reply_name);
        response["links"][reader.as_str()] = json!({"operationId": reader, "parameters": {"id": "$response.body#/id"}});
    }
    response
}

fn reply(route: &Route, form: Form) -> Value {
    let whole = schema(&route.operation.reply, REFS);
    match form {
        Form::Csv => json!({
            "description": "A header row, then a row for each item (RFC 4180).", "type": "string", "maxLength": TABLE_CHARS_MAX,
            "pattern": "^[a-z_.,]+\\r\\n",
        }),
        Form::Json | Form::Xml if route.method.is_safe() => {
            // With `fields`, the reply lacks the members that were not selected.
            let (thing, is_list) = route.resource();
            let part = format!("{}{}", thing.name, if is_list { "PartPage" } else { "Part" });
            json!({"anyOf": [whole, reference(&part)]})
        }
        Form::Json | Form::Xml => whole,
    }
}

/// Server-sent events, as far as a schema can describe them.
pub fn stream() -> Value {
    let event = "id: 1\nevent: order.placed\ndata: {\"seq\":1}\n\n";
    json!({"schema": {"type": "string", "maxLength": TABLE_CHARS_MAX, "pattern": "^(id|event|data|retry|:)"}, "example": event})
}

/// The reasons of its refusals, by status.
fn refusals(route: &Route) -> BTreeMap<u16, Vec<Reason>> {
    let own = [Reason::Unreadable, Reason::TooLarge].into_iter().chain(route.operation.reasons());
    let own = own.map(|reason| (code(reason).as_u16(), reason));
    let further = FURTHER.iter().map(|(status, reason)| (status.as_u16(), *reason));
    let mut refusals: BTreeMap<u16, Vec<Reason>> = BTreeMap::new();
    for (status, reason) in own.chain(further.filter(|(status, _)| is_documented(*status, route))) {
        refusals.entry(status).or_default().push(reason);
    }
    if route.method == Verb::Patch {
        // A JSON Patch may become too large, or its test may fail; both are among the reasons already.
        refusals.entry(409).or_insert_with(|| vec![Reason::StaleVersion]);
    }
    refusals
}

fn is_documented(status: u16, route: &Route) -> bool {
    match status {
        // Another method is not this operation.
        405 => false,
        412 | 428 => route.changes.is_some(),
        415 => route.method.has_body(),
        _ => true,
    }
}

/// The name of a refusal in the document.
fn name(status: u16, reasons: &[Reason]) -> String {
    let mut words: Vec<&str> = reasons.iter().map(|reason| reason.word()).collect();
    words.dedup();
    format!("{status}-{}", words.join("-"))
}

/// All refusals of all operations.
pub fn problems(address: &Address) -> Value {
    let mut problems = Map::new();
    for route in ROUTES {
        for (status, reasons) in refusals(route) {
            problems.entry(name(status, &reasons)).or_insert_with(|| described(status, &reasons, address, route));
        }
    }
    Value::Object(problems)
}

fn described(status: u16, reasons: &[Reason], address: &Address, route: &Route) -> Value {
    let example = |reason: &Reason| {
        let mut example = examples::problem(*reason, address)?;
        example["status"] = json!(status);
        Some((reason.word(), json!({"summary": reason.meaning(), "value": example})))
    };
    let examples: Value = reasons.iter().filter_map(example).collect();
    let words: Vec<&str> = reasons.iter().map(|reason| reason.word()).collect();
    json!({
        "description": words.join(", "),
        "headers": headers_of(status, route),
        "content": {"application/problem+json": {"schema": reference("Problem"), "examples": examples}},
    })
}
