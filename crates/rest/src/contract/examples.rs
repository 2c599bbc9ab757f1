//! The recorded response to each operation's example, and to each refusal: `examples.json` in this crate's folder. A test requests
//! each of them from a real server, and `UPDATE=1` records them. The requests are those of every style ([`wire::examples`]).

use crate::forms::Form;
use crate::routes::Route;
use domain::{Operation, Reason, Sandbox};
use serde_json::{Map, Value, json};
use std::sync::OnceLock;
use wire::Address;

const EXAMPLES: &str = include_str!("../../examples.json");
/// The address in the recorded examples.
const RECORDED_AT: &str = "http://localhost";

/// A broken document has no examples, which the test refuses.
fn all() -> &'static Value {
    static ALL: OnceLock<Value> = OnceLock::new();
    ALL.get_or_init(|| serde_json::from_str(EXAMPLES).unwrap_or_default())
}

/// It was written as JSON before.
fn as_json(input: &domain::Value) -> Value {
    serde_json::from_str(&wire::json::value(input)).unwrap_or_default()
}

fn members(input: &domain::Value) -> &[(String, domain::Value)] {
    match input {
        domain::Value::Object(members) => members,
        _ => &[],
    }
}

/// A call of an operation, and its response.
pub struct Example {
    input: Value,
    answers: &'static Value,
}

impl Example {
    /// The example of an operation.
    pub fn of(operation: &Operation) -> Self {
        let input = as_json(&wire::examples::input(operation));
        Example { input, answers: &all()["operations"][operation.name] }
    }

    /// The input for all parameters of a route at once: the largest example that succeeds and has no member that
    /// the route lacks.
    pub fn of_parameters(route: &Route) -> Self {
        let row = route.operation;
        let declares = |name: &String| route.left_out != Some(name.as_str());
        let answered = wire::examples::of(row).iter().filter(|example| example.refused.is_none());
        let fitting = answered.filter(|example| members(&example.input).iter().all(|(name, _)| declares(name)));
        let most = fitting.rev().max_by_key(|example| members(&example.input).len());
        let input = most.map_or(Value::Null, |example| as_json(&example.input));
        Example { input, answers: &all()["operations"][row.name] }
    }

    /// The example of a member of the input.
    pub fn input(&self, member: &str) -> Option<Value> {
        self.input.get(member).cloned()
    }

    /// The part of the input in a body.
    pub fn body(&self, route: &Route) -> Value {
        let members =
            route.other_members().filter_map(|member| Some((member.name.to_owned(), self.input(member.name)?)));
        Value::Object(members.collect::<Map<_, _>>())
    }

    /// The same as a JSON Patch (RFC 6902).
    pub fn json_patch(&self, route: &Route) -> Value {
        let members = route.other_members().filter_map(|member| Some((member.name, self.input(member.name)?)));
        members.map(|(name, value)| json!({"op": "replace", "path": format!("/{name}"), "value": value})).collect()
    }

    /// The response in a form, from a server at that address.
    pub fn reply(&self, form: Form, address: &Address) -> Option<Value> {
        let name = match form {
            Form::Json => "reply",
            Form::Xml => "xml",
            Form::Csv => "csv",
        };
        self.answers.get(name).map(|reply| at(reply, address))
    }
}

/// The refusal for a reason, from a server at that address; `None` if none was recorded.
pub fn problem(reason: Reason, address: &Address) -> Option<Value> {
    all()["problems"][reason.word()].get("reply").map(|reply| at(reply, address))
}

/// The recorded text with other addresses and another sandbox name.
fn at(recorded: &Value, address: &Address) -> Value {
    match recorded {
        Value::String(text) => json!(text.replace(RECORDED_AT, &address.http(""))),
        Value::Array(items) => items.iter().map(|item| at(item, address)).collect(),
        Value::Object(members) => {
            let main = Sandbox::main();
            let sandbox = address.sandbox().unwrap_or(main.as_str());
            let moved = members.iter().map(|(name, value)| match (name.as_str(), value.as_str()) {
                ("sandbox", Some(_)) => (name.clone(), json!(sandbox)),
                ("instance", Some(path)) => (name.clone(), json!(format!("{}{path}", address.prefix))),
                _ => (name.clone(), at(value, address)),
            });
            Value::Object(moved.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => recorded.clone(),
    }
}
