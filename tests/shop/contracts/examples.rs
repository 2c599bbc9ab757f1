//! The examples of the OpenRPC document: each is sent in a new sandbox, over HTTP or WebSocket, and must be answered as the document
//! says.

use domain::{Operation, Reason, RequestContext, Sandbox};
use serde_json::{Map, Value, json};
use tests::frames::{self, Frame, TEXT, masked};
use tests::raw::{Line, request};
use tests::{TestServer, committed};
use wire::examples::Example;

tests!(every_example_is_answered_as_documented,);

/// The committed replies, from which the document is made.
const FILE: &str = "crates/jsonrpc/examples.json";
/// A token in an example: no two are alike.
const TOKEN: &str = "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl";
/// A webhook's secret in an example, for the same reason.
const SECRET: &str = "whsec_dGhpcyBpcyBhIHNlY3JldCwgcmVhbGx5";

fn every_example_is_answered_as_documented() {
    let server = TestServer::open();
    let mut all = Map::new();
    for sandbox in ["main", "elsewhere"] {
        let mut line = Line::open(&server.address());
        line.send(&request("GET", &format!("/sandboxes/{sandbox}/jsonrpc/openrpc.json"), "", b""));
        let document: Value = serde_json::from_slice(&line.response().unwrap().body).unwrap();
        for method in document["methods"].as_array().unwrap() {
            let name = method["name"].as_str().unwrap();
            let listed = |of: &str| method[of].as_array().cloned().unwrap_or_default();
            let (answered, refused) = (listed("examples"), listed("x-refused-examples"));
            assert!(!answered.is_empty(), "{name} has no example that is answered");
            let examples = [answered, refused].concat();
            let recorded =
                examples.iter().map(|example| ask_anew(&server, sandbox, method, example)).collect::<Vec<_>>();
            let expected = Operation::find(name).map(wire::examples::of).unwrap_or_default();
            for Example { name: shown, refused, .. } in expected {
                let recorded = recorded.iter().find(|one| one["name"] == shown.as_str()).expect(shown);
                let came = recorded.pointer("/error/data/reason").and_then(Value::as_str);
                assert_eq!(came, refused.map(Reason::word), "{name}, {shown}");
            }
            if std::env::var_os("UPDATE").is_none() {
                for (example, recorded) in examples.iter().zip(&recorded) {
                    let shown = format!("{name}, {}", example["name"]);
                    assert_eq!(example["result"].get("value"), recorded.get("result"), "{shown}");
                    assert_eq!(example.get("error"), recorded.get("error"), "{shown}");
                }
            }
            all.entry(name).or_insert_with(|| recorded.into());
        }
    }
    committed::compare(FILE, &format!("{:#}\n", Value::Object(all))).unwrap_or_else(|problem| panic!("{problem}"));
}

/// Sends an example in a new sandbox; returns it as it stands in the file, with the reply.
fn ask_anew(server: &TestServer, sandbox: &str, method: &Value, example: &Value) -> Value {
    let name = method["name"].as_str().unwrap();
    make_anew(server, Sandbox::parse(sandbox).unwrap(), is_about_webhooks(name));
    let address = server.address().in_sandbox(sandbox);
    let params = example["params"].as_array().unwrap().iter();
    let params: Map<_, _> =
        params.map(|param| (param["name"].as_str().unwrap().to_owned(), param["value"].clone())).collect();
    let call = call(name, &params);
    let is_for_sockets = method["servers"][0]["url"].as_str().is_some_and(|url| url.starts_with("ws:"));
    let answer = if is_for_sockets { over_websocket(&address, &call) } else { over_http(&address, &call) };
    let mut recorded = json!({"name": example["name"]});
    if Operation::find(name).is_none() {
        // Methods that are no operations of the shop are served over a WebSocket only.
        recorded["params"] = json!(params);
    }
    for outcome in ["result", "error"] {
        if let Some(value) = answer.get(outcome) {
            recorded[outcome] = value.clone();
        }
    }
    for (place, fixed) in [("/result/token", TOKEN), ("/result/secret", SECRET)] {
        if let Some(text) = recorded.pointer_mut(place) {
            *text = json!(fixed);
        }
    }
    recorded
}

/// Whether the example needs a webhook.
fn is_about_webhooks(method: &str) -> bool {
    let about = |row: &Operation| row.reply_name == "webhooks" || row.refusals.contains(&Reason::WebhookNotFound);
    Operation::find(method).is_some_and(about)
}

/// Creates a sandbox, with one tested webhook if needed.
pub fn make_anew(server: &TestServer, sandbox: Sandbox, with_webhook: bool) {
    tests::runtime().block_on(async {
        server.shop.store().reset(&sandbox).await.unwrap();
        if with_webhook {
            let context = RequestContext::new("none", sandbox);
            let url = domain::Value::object([("url", "https://example.com/news".into())]);
            server.shop.execute(&context, Operation::named("create_webhook"), url).await.unwrap();
            server
                .shop
                .execute(&context, Operation::named("test_webhook"), domain::Value::object([("id", 1.into())]))
                .await
                .unwrap();
        }
    });
}

fn call(method: &str, params: &Map<String, Value>) -> Value {
    json!({"jsonrpc": "2.0", "id": method, "method": method, "params": params})
}

fn over_http(address: &wire::Address, call: &Value) -> Value {
    let mut line = Line::open(address);
    let target = format!("{}/jsonrpc", address.prefix);
    line.send(&request("POST", &target, "application/json", call.to_string().as_bytes()));
    serde_json::from_slice(&line.response().unwrap().body).unwrap()
}

/// Over a socket with one subscription, if the example ends one.
fn over_websocket(address: &wire::Address, call: &Value) -> Value {
    let mut line = frames::open(address, "/jsonrpc", "");
    let mut call_request = |call: &Value| {
        line.send(&masked(TEXT, call.to_string().as_bytes()));
        loop {
            let Some(Frame::Text(text)) = frames::next(&mut line) else { panic!("no answer to {call}") };
            let response: Value = serde_json::from_str(&text).unwrap();
            if response["id"] == call["id"] {
                return response;
            }
        }
    };
    if call["method"] == "unwatch_events" {
        call_request(&self::call("watch_events", &Map::new()));
    }
    call_request(call)
}
