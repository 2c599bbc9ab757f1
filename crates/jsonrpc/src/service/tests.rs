//! The examples of JSON-RPC 2.0, section 7, with the methods that they call.

use super::*;
use crate::messages::read_params;
use domain::{Sandbox, Value};
use serde_json::{Value as Json, json};
use std::cell::RefCell;

/// Requests (`-->`) and their responses (`<--`); empty where the specification has none.
const EXAMPLES: &[(&str, &str)] = &[
    // "rpc call with positional parameters"
    (
        r#"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}"#,
        r#"{"jsonrpc": "2.0", "result": 19, "id": 1}"#,
    ),
    (
        r#"{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}"#,
        r#"{"jsonrpc": "2.0", "result": -19, "id": 2}"#,
    ),
    // "rpc call with named parameters"
    (
        r#"{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}"#,
        r#"{"jsonrpc": "2.0", "result": 19, "id": 3}"#,
    ),
    (
        r#"{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}"#,
        r#"{"jsonrpc": "2.0", "result": 19, "id": 4}"#,
    ),
    // "a Notification"
    (r#"{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}"#, ""),
    (r#"{"jsonrpc": "2.0", "method": "foobar"}"#, ""),
    // "rpc call of non-existent method"
    (
        r#"{"jsonrpc": "2.0", "method": "foobar", "id": "1"}"#,
        r#"{"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"}"#,
    ),
    // "rpc call with invalid JSON"
    (
        r#"{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]"#,
        r#"{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}"#,
    ),
    // "rpc call with invalid Request object"
    (
        r#"{"jsonrpc": "2.0", "method": 1, "params": "bar"}"#,
        r#"{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}"#,
    ),
    // "rpc call Batch, invalid JSON"
    (
        r#"[
          {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
          {"jsonrpc": "2.0", "method"
        ]"#,
        r#"{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}"#,
    ),
    // "rpc call with an empty Array"
    ("[]", r#"{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}"#),
    // "rpc call with an invalid Batch (but not empty)"
    (
        "[1]",
        r#"[
          {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}
        ]"#,
    ),
    // "rpc call with invalid Batch"
    (
        "[1,2,3]",
        r#"[
          {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
          {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
          {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}
        ]"#,
    ),
    // "rpc call Batch"
    (
        r#"[
          {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
          {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
          {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
          {"foo": "boo"},
          {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
          {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
        ]"#,
        r#"[
          {"jsonrpc": "2.0", "result": 7, "id": "1"},
          {"jsonrpc": "2.0", "result": 19, "id": "2"},
          {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
          {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "5"},
          {"jsonrpc": "2.0", "result": ["hello", 5], "id": "9"}
        ]"#,
    ),
    // "rpc call Batch (all notifications)"
    (
        r#"[
          {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
          {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}
        ]"#,
        "",
    ),
];

/// The messages of section 5.1; ours say what exactly was wrong.
const MESSAGES: &[(i64, &str)] = &[(-32700, "Parse error"), (-32600, "Invalid Request"), (-32601, "Method not found")];

#[actix_web::test]
async fn the_examples_of_the_specification_are_answered_literally() {
    let (notified, scope) = (RefCell::new(Vec::new()), scope());
    let methods =
        async |name: &str, params: Option<&RawValue>, _: &CallScope| Ok(call(&notified, name, params)?.to_string());
    for (sent, expected) in EXAMPLES {
        let response = answer(&methods, sent.as_bytes(), &scope).await;
        let response = response.map(|response| with_the_messages_of_the_specification(&response)).unwrap_or_default();
        assert_eq!(response, without_white_space(expected), "{sent}");
    }
    // Section 4.1: a notification has no response, but it is executed.
    assert_eq!(*notified.borrow(), ["update", "notify_hello", "notify_sum", "notify_hello"]);
}

/// The methods that section 7 calls. Those of its notifications are recorded.
fn call(notified: &RefCell<Vec<String>>, name: &str, params: Option<&RawValue>) -> Result<Json, Error> {
    match name {
        "subtract" => {
            let params = read_params(&["minuend", "subtrahend"], params)?;
            let number = |name| params.get(name).and_then(Value::int).unwrap();
            Ok(json!(number("minuend") - number("subtrahend")))
        }
        "sum" => Ok(json!(serde_json::from_str::<Vec<i64>>(params.unwrap().get()).unwrap().iter().sum::<i64>())),
        "get_data" => Ok(json!(["hello", 5])),
        "update" | "notify_hello" | "notify_sum" => {
            notified.borrow_mut().push(name.to_owned());
            Ok(Json::Null)
        }
        _ => Err(domain::operations::unknown_operation(name, &SPELLING)),
    }
}

fn scope() -> CallScope {
    let shop = testing::shop(Err(Error::internal())).get_ref().clone();
    let (context, here) = (RequestContext::new(NAME, Sandbox::main()), Address::parse("http://localhost").unwrap());
    CallScope { shop, context, here, streams: None }
}

/// A response whose error objects have the specification's messages, and no data (which section 5.1 leaves to the server).
fn with_the_messages_of_the_specification(response: &str) -> String {
    match serde_json::from_str::<Vec<&RawValue>>(response) {
        Ok(batch) => format!("[{}]", batch.iter().map(|one| reworded(one.get())).collect::<Vec<_>>().join(",")),
        Err(_) => reworded(response),
    }
}

fn reworded(response: &str) -> String {
    let Some((before, rest)) = response.split_once("\"error\":") else { return response.to_owned() };
    let (error, after) = rest.rsplit_once(",\"id\":").unwrap();
    let error: Json = serde_json::from_str(error).unwrap();
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{response}");
    let (code, message) = MESSAGES.iter().find(|(code, _)| error["code"] == *code).unwrap();
    format!("{before}\"error\":{{\"code\":{code},\"message\":\"{message}\"}},\"id\":{after}")
}

/// A JSON text without the white space between its parts, as we write it.
fn without_white_space(json: &str) -> String {
    let mut is_in_text = false;
    let stays = |c: &char| {
        is_in_text ^= *c == '"';
        is_in_text || !c.is_whitespace()
    };
    json.chars().filter(stays).collect()
}
