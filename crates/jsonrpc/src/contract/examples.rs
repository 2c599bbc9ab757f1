//! What does a call of each method look like, and its answer? `examples.json` beside this crate's `src`: a test asks each of
//! them of a real server, and `UPDATE=1` lets it write down what is answered.

use domain::Sandbox;
use serde_json::{Value, json};
use std::sync::OnceLock;
use wire::Address;

const EXAMPLES: &str = include_str!("../../examples.json");

/// The examples of a method, as OpenRPC pairs parameters with a result.
pub fn of(method: &Value, here: &Address) -> Value {
    let name = method["name"].as_str().unwrap_or_default();
    let examples = all()[name].as_array().map(Vec::as_slice).unwrap_or_default();
    examples.iter().map(|example| pairing(method, example, here)).collect()
}

/// A document that is none has no examples, which the test that asks them would not let pass.
fn all() -> &'static Value {
    static ALL: OnceLock<Value> = OnceLock::new();
    ALL.get_or_init(|| serde_json::from_str(EXAMPLES).unwrap_or_default())
}

fn pairing(method: &Value, example: &Value, here: &Address) -> Value {
    let params = method["params"].as_array().into_iter().flatten();
    let given = params.filter_map(|param| {
        let value = example["params"].get(param["name"].as_str()?)?;
        Some(json!({"name": param["name"], "value": value}))
    });
    let mut pairing = json!({"name": example["name"], "params": given.collect::<Vec<_>>()});
    if let Some(error) = example.get("error") {
        pairing["x-error"] = error.clone();
    } else {
        pairing["result"] = json!({"name": method["result"]["name"], "value": in_sandbox(&example["result"], here)});
    }
    pairing
}

/// The result as it is answered there: one that names its sandbox names this one.
fn in_sandbox(result: &Value, here: &Address) -> Value {
    let mut result = result.clone();
    if let Some(name) = result.get_mut("sandbox") {
        let main = Sandbox::main();
        *name = json!(here.prefix.strip_prefix("/sandboxes/").unwrap_or(main.as_str()));
    }
    result
}
