//! JSON-RPC over a WebSocket: messages are answered as requests over HTTP are, and subscriptions push.

use super::answer;
use serde_json::json;
use std::sync::Arc;
use tests::TestServer;
use tests::frames::{CLOSE, Frame, TEXT, masked, next, open};
use wire::limits::SUBSCRIPTIONS_MAX;

/// The parameters of an order.
pub const ORDER: &str = r#"{"user_id":1,"lines":[{"product_id":1,"quantity":1}]}"#;

/// A request.
pub fn request(id: &str, method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#)
}

/// The grammar is the same as over HTTP, message by message.
pub fn messages(server: &Arc<TestServer>) {
    let mut line = open(&server.address(), "/jsonrpc", "");
    let deep = request("8", "get_user", &format!("{}{}", "[".repeat(65), "]".repeat(65)));
    for (message, id, code) in [
        ("", json!(null), -32700),
        ("[]", json!(null), -32600),
        (r#"{"jsonrpc":"1.0","id":1,"method":"get_user"}"#, json!(1), -32600),
        (&format!("[{}1]", "1,".repeat(100)), json!(null), -32600),
        (&request("2", "get_users", "[]"), json!(2), -32601),
        (&request("3", "get_user", "[51]"), json!(3), -32004),
        (&request("4", "watch_events", r#"{"user_id":51}"#), json!(4), -32004),
        (&request("5", "watch_events", r#"{"user":1}"#), json!(5), -32602),
        (&request("6", "unwatch_events", r#"["1"]"#), json!(6), -32602),
        (&request("7", "unwatch_events", r#"{"subscription":"1","more":1}"#), json!(7), -32602),
        (&deep, json!(8), -32602),
    ] {
        line.send(&masked(TEXT, message.as_bytes()));
        let answer = answer(&mut line);
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&id, &json!(code)), "{message}: {answer}");
    }
    // A batch of notifications has no response; in a mixed batch the calls have.
    let notification = r#"{"jsonrpc":"2.0","method":"get_user","params":[1]}"#;
    line.send(&masked(TEXT, notification.as_bytes()));
    line.send(&masked(TEXT, format!("[{notification},{}]", request("9", "get_user", "[1]")).as_bytes()));
    let answer = answer(&mut line);
    assert_eq!((answer.as_array().map(Vec::len), &answer[0]["id"]), (Some(1), &json!(9)), "{answer}");
}

/// A subscription from start to end.
pub fn subscription(server: &Arc<TestServer>) {
    let mut line = open(&server.address().in_sandbox("subscribed"), "/jsonrpc", "");
    let mut call_request = |message: String| {
        line.send(&masked(TEXT, message.as_bytes()));
        answer(&mut line)
    };
    // Without an id it could not be ended, so nothing starts: the next message is the response to the next request.
    let nameless = r#"{"jsonrpc":"2.0","method":"watch_events","params":{"after":0}}"#;
    let began = call_request(format!("[{nameless},{}]", request("1", "watch_events", r#"{"after":0}"#)));
    assert_eq!(began, json!([{"jsonrpc": "2.0", "id": 1, "result": "1"}]));
    let second = request("2", "unwatch_events", r#"{"subscription":"1"}"#);
    let (mut events, mut message) = (0, call_request(second));
    while message["method"] == "event" {
        events += 1;
        assert_eq!(message["params"]["subscription"], "1");
        assert_eq!(message["params"]["result"]["seq"], events);
        message = answer(&mut line);
    }
    assert_eq!(message, json!({"jsonrpc": "2.0", "id": 2, "result": true}));
    line.send(&masked(TEXT, request("3", "unwatch_events", r#"["1"]"#).as_bytes()));
    assert_eq!(answer(&mut line)["error"]["code"], -32602, "it has ended, and says no more");
}

/// The maximum number, and one more.
pub fn subscriptions(server: &Arc<TestServer>) {
    let mut line = open(&server.address(), "/jsonrpc", "");
    for id in 1..=SUBSCRIPTIONS_MAX + 1 {
        line.send(&masked(TEXT, request(&id.to_string(), "watch_events", "{}").as_bytes()));
        let answer = answer(&mut line);
        if id <= SUBSCRIPTIONS_MAX {
            assert_eq!(answer, json!({"jsonrpc": "2.0", "id": id, "result": id.to_string()}));
        } else {
            assert_eq!(answer["error"]["data"]["reason"], "overloaded", "{answer}");
        }
    }
}

/// A client that expects no response may leave at once.
pub fn notified(server: &Arc<TestServer>) {
    let sandbox = server.address().in_sandbox("notified");
    let notification = format!(r#"{{"jsonrpc":"2.0","method":"place_order","params":{ORDER}}}"#);
    let close = masked(CLOSE, &1000_u16.to_be_bytes());
    let mut line = open(&sandbox, "/jsonrpc", "");
    line.send(&[masked(TEXT, notification.as_bytes()), close].concat());
    assert_eq!(next(&mut line), Some(Frame::Close(1000)));
    let mut line = open(&sandbox, "/jsonrpc", "");
    line.send(&masked(TEXT, request("1", "get_order", "[201]").as_bytes()));
    assert_eq!(answer(&mut line)["result"]["id"], 201);
}
