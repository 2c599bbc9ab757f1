//! The examples of each method. The inputs are those of every style ([`wire::examples`]); the responses are recorded in
//! `examples.json` in this crate's folder: a test sends each example to a real server, and with `UPDATE=1` writes the file.

use domain::{Operation, Sandbox};
use serde_json::{Value, json};
use std::sync::OnceLock;
use wire::Address;
use wire::examples::{self, Example};

const RECORDED: &str = include_str!("../../examples.json");
/// The member that replaces the result in the pairing of a refused call.
const ERROR: &str = "error";

/// The examples of a method, as OpenRPC pairs parameters with a result: first the successful ones, then the refused ones.
pub fn of(method: &Value, here: &Address) -> (Vec<Value>, Vec<Value>) {
    all_of(method, here).into_iter().partition(|pairing| pairing.get(ERROR).is_none())
}

fn all_of(method: &Value, here: &Address) -> Vec<Value> {
    let name = method["name"].as_str().unwrap_or_default();
    let responses = recorded()[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(operation) = Operation::find(name) else {
        // A method that is no operation has its parameters in the file too.
        return responses.iter().map(|response| pairing(method, response, &response["params"], here)).collect();
    };
    let paired = |example: &Example| {
        let params = serde_json::from_str(&wire::json::value(&example.input)).unwrap_or_default();
        let unrecorded = json!({"name": example.name});
        let response = responses.iter().find(|response| response["name"] == unrecorded["name"]);
        pairing(method, response.unwrap_or(&unrecorded), &params, here)
    };
    examples::of(operation).iter().map(paired).collect()
}

/// The recorded responses by method. A broken file would have none, and the test of the examples would fail.
fn recorded() -> &'static Value {
    static ALL: OnceLock<Value> = OnceLock::new();
    ALL.get_or_init(|| serde_json::from_str(RECORDED).unwrap_or_default())
}

fn pairing(method: &Value, response: &Value, params: &Value, here: &Address) -> Value {
    let names = method["params"].as_array().into_iter().flatten().map(|param| &param["name"]);
    let given = names.filter_map(|name| Some(json!({"name": name, "value": params.get(name.as_str()?)?})));
    let mut pairing = json!({"name": response["name"], "params": given.collect::<Vec<_>>()});
    match response.get(ERROR) {
        Some(error) => pairing[ERROR] = error.clone(),
        None => {
            let value = in_sandbox(&response["result"], here);
            pairing["result"] = json!({"name": method["result"]["name"], "value": value});
        }
    }
    pairing
}

/// A result that names its sandbox, as the sandbox of that address would.
fn in_sandbox(result: &Value, here: &Address) -> Value {
    let mut result = result.clone();
    if let Some(name) = result.get_mut("sandbox") {
        let main = Sandbox::main();
        *name = json!(here.sandbox().unwrap_or(main.as_str()));
    }
    result
}
