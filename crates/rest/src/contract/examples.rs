//! What is each operation's example answered with, and each refusal? `examples.json` beside this crate's `src`: a test asks for each
//! of them of a real server, and `UPDATE=1` lets it write down what is answered. What is asked is every style's ([`wire::examples`]).

use crate::headers::accept::Form;
use crate::routes::Route;
use domain::{Operation, Reason, Sandbox};
use serde_json::{Map, Value, json};
use std::sync::OnceLock;
use wire::Address;

const EXAMPLES: &str = include_str!("../../examples.json");
/// What the addresses in it are for.
const RECORDED_AT: &str = "http://localhost";

/// A document that is none has no examples, which the test that asks them would not let pass.
fn all() -> &'static Value {
    static ALL: OnceLock<Value> = OnceLock::new();
    ALL.get_or_init(|| serde_json::from_str(EXAMPLES).unwrap_or_default())
}

/// What was written a moment ago is JSON.
fn as_json(input: &domain::Value) -> Value {
    serde_json::from_str(&wire::json::value(input)).unwrap_or_default()
}

fn members(input: &domain::Value) -> &[(String, domain::Value)] {
    match input {
        domain::Value::Object(members) => members,
        _ => &[],
    }
}

/// A call of an operation, and its answer.
pub struct Example {
    input: Value,
    answers: &'static Value,
}

impl Example {
    /// That of an operation.
    pub fn of(operation: &Operation) -> Self {
        let input = as_json(&wire::examples::input(operation));
        Example { input, answers: &all()["operations"][operation.name] }
    }

    /// What is said for all parameters of a route at once: the input that is answered and says most, of those with nothing that
    /// the route leaves out.
    pub fn of_parameters(route: &Route) -> Self {
        let row = route.operation;
        let declares = |name: &String| route.left_out != Some(name.as_str());
        let answered = wire::examples::of(row).iter().filter(|example| example.refused.is_none());
        let fitting = answered.filter(|example| members(&example.input).iter().all(|(name, _)| declares(name)));
        let most = fitting.rev().max_by_key(|example| members(&example.input).len());
        let input = most.map_or(Value::Null, |example| as_json(&example.input));
        Example { input, answers: &all()["operations"][row.name] }
    }

    /// What is said for a member of the input, if it is said.
    pub fn input(&self, member: &str) -> Option<Value> {
        self.input.get(member).cloned()
    }

    /// What of the input a body holds.
    pub fn body(&self, route: &Route) -> Value {
        let said = route.other_members().filter_map(|member| Some((member.name.to_owned(), self.input(member.name)?)));
        Value::Object(said.collect::<Map<_, _>>())
    }

    /// The same as steps (RFC 6902).
    pub fn steps(&self, route: &Route) -> Value {
        let said = route.other_members().filter_map(|member| Some((member.name, self.input(member.name)?)));
        said.map(|(name, value)| json!({"op": "replace", "path": format!("/{name}"), "value": value})).collect()
    }

    /// The answer in a form, as a server at that address gives it; nothing if there is none.
    pub fn reply(&self, form: Form, address: &Address) -> Option<Value> {
        let name = match form {
            Form::Json => "reply",
            Form::Xml => "xml",
            Form::Csv => "csv",
        };
        self.answers.get(name).map(|reply| at(reply, address))
    }
}

/// The refusal for a reason, as a server at that address gives it; nothing if none was recorded.
pub fn problem(reason: Reason, address: &Address) -> Option<Value> {
    all()["problems"][reason.word()].get("reply").map(|reply| at(reply, address))
}

/// What was recorded, as it is answered there: addresses and the sandbox's name are other ones.
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
