//! The recorded response to each operation's example, and to each refusal: `examples.json` in this crate's folder. A test requests
//! each of them from a real server, and `UPDATE=1` records them. The requests are those of every style ([`wire::examples`]).

use crate::forms::Form;
use crate::routes::Route;
use domain::{Operation, Reason, Sandbox};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use wire::Address;

const RECORDED_AT: &str = "http://localhost";

/// A broken document has no examples, which the test refuses.
static RECORDED: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../examples.json")).unwrap_or_default());

/// The input for all parameters of a route at once: the largest example that succeeds and has no member that
/// the route lacks.
pub fn parameters(route: &Route) -> Value {
    let examples = wire::examples::of(route.operation).iter().filter(|example| example.refused.is_none());
    let inputs = examples.map(|example| as_json(&example.input));
    let fitting = inputs.filter(|input| route.left_out.is_none_or(|member| input.get(member).is_none()));
    fitting.rev().max_by_key(|input| input.as_object().map_or(0, Map::len)).unwrap_or_default()
}

/// The part of a route's input in a body.
pub fn body(route: &Route) -> Value {
    body_members(route).collect()
}

/// The same as a JSON Patch (RFC 6902).
pub fn json_patch(route: &Route) -> Value {
    let step = |(name, value)| json!({"op": "replace", "path": format!("/{name}"), "value": value});
    body_members(route).map(step).collect()
}

fn body_members(route: &Route) -> impl Iterator<Item = (&'static str, Value)> {
    let input = as_json(&wire::examples::input(route.operation));
    route.other_members().filter_map(move |member| Some((member.name, input.get(member.name)?.clone())))
}

/// An input, which was written as JSON before.
fn as_json(input: &domain::Value) -> Value {
    serde_json::from_str(&wire::json::value(input)).unwrap_or_default()
}

/// The response to an operation's example in a form, from a server at that address.
pub fn reply(operation: &Operation, form: Form, address: &Address) -> Option<Value> {
    let name = match form {
        Form::Json => "reply",
        Form::Xml => "xml",
        Form::Csv => "csv",
    };
    RECORDED["operations"][operation.name].get(name).map(|reply| at(reply, address))
}

/// The refusal for a reason, from a server at that address; `None` if none was recorded.
pub fn problem(reason: Reason, address: &Address) -> Option<Value> {
    RECORDED["problems"][reason.word()].get("reply").map(|reply| at(reply, address))
}

/// The recorded text with other addresses and another sandbox name.
fn at(recorded: &Value, address: &Address) -> Value {
    let main = Sandbox::main();
    match recorded {
        Value::String(text) => json!(text.replace(RECORDED_AT, &address.http(""))),
        Value::Array(items) => items.iter().map(|item| at(item, address)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| match (name.as_str(), value.as_str()) {
                ("sandbox", Some(_)) => (name.clone(), json!(address.sandbox().unwrap_or(main.as_str()))),
                ("instance", Some(path)) => (name.clone(), json!(format!("{}{path}", address.prefix))),
                _ => (name.clone(), at(value, address)),
            })
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => recorded.clone(),
    }
}
