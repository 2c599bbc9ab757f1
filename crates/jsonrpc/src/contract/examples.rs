//! What does a call of each method look like, and its answer? What is asked is every style's ([`wire::examples`]); `examples.json`
//! beside this crate's `src` has what is answered: a test asks for each of a real server, and `UPDATE=1` lets it write that down.

use domain::{Operation, Sandbox};
use serde_json::{Value, json};
use std::sync::OnceLock;
use wire::Address;
use wire::examples::{self, Example};

const ANSWERS: &str = include_str!("../../examples.json");
/// The member of a pairing with what is answered instead of a result.
const ERROR: &str = "error";

/// The examples of a method, as OpenRPC pairs parameters with a result; and those that are refused.
pub fn of(method: &Value, here: &Address) -> (Vec<Value>, Vec<Value>) {
    all_of(method, here).into_iter().partition(|pairing| pairing.get(ERROR).is_none())
}

fn all_of(method: &Value, here: &Address) -> Vec<Value> {
    let name = method["name"].as_str().unwrap_or_default();
    let answers = all()[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(operation) = Operation::find(name) else {
        // What is no operation of the shop has its parameters beside the answer.
        return answers.iter().map(|answer| pairing(method, answer, &answer["params"], here)).collect();
    };
    let paired = |example: &Example| {
        // What was written a moment ago is JSON.
        let params = serde_json::from_str(&wire::json::value(&example.input)).unwrap_or_default();
        let unanswered = json!({"name": example.name});
        let answer = answers.iter().find(|answer| answer["name"] == unanswered["name"]);
        pairing(method, answer.unwrap_or(&unanswered), &params, here)
    };
    examples::of(operation).iter().map(paired).collect()
}

/// A document that is none has no answers, which the test that asks for them would not let pass.
fn all() -> &'static Value {
    static ALL: OnceLock<Value> = OnceLock::new();
    ALL.get_or_init(|| serde_json::from_str(ANSWERS).unwrap_or_default())
}

fn pairing(method: &Value, answer: &Value, params: &Value, here: &Address) -> Value {
    let members = method["params"].as_array().into_iter().flatten();
    let given = members.filter_map(|member| {
        let value = params.get(member["name"].as_str()?)?;
        Some(json!({"name": member["name"], "value": value}))
    });
    let mut pairing = json!({"name": answer["name"], "params": given.collect::<Vec<_>>()});
    if let Some(error) = answer.get("error") {
        pairing[ERROR] = error.clone();
    } else {
        pairing["result"] = json!({"name": method["result"]["name"], "value": in_sandbox(&answer["result"], here)});
    }
    pairing
}

/// The result as it is answered there: one that names its sandbox names this one.
fn in_sandbox(result: &Value, here: &Address) -> Value {
    let mut result = result.clone();
    if let Some(name) = result.get_mut("sandbox") {
        let main = Sandbox::main();
        *name = json!(here.sandbox().unwrap_or(main.as_str()));
    }
    result
}
