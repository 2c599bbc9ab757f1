//! The examples of the OpenAPI document: each is sent in a new sandbox, and must be answered as the document says.

use super::examples::make_anew;
use domain::operations::{OPERATIONS, OperationKind};
use domain::{Operation, Sandbox};
use serde_json::{Map, Value, json};
use tests::raw::{Line, Response, request_with};
use tests::{TestServer, committed};
use wire::examples::input;
use wire::{Adapter, CallRequest, WireRequest};

tests!(every_example_is_answered_as_documented, every_refusal_has_an_example,);

/// The committed replies, from which the document is made.
const FILE: &str = "crates/rest/examples.json";
/// The address in them.
const ADDRESS: &str = "http://localhost:8080";
/// Stands for the API key of a customer: each server makes its own.
const CUSTOMER: &str = "the key of user 1";
/// Values that differ each time, and what stands for them.
const FIXED: &[(&str, &str)] = &[
    ("/reply/token", "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl"),
    ("/reply/secret", "whsec_dGhpcyBpcyBhIHNlY3JldCwgcmVhbGx5"),
];

fn every_example_is_answered_as_documented() {
    let server = TestServer::open();
    let written: Value = serde_json::from_str(&committed::read(FILE).unwrap()).unwrap();
    let operations = OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream);
    let operations: Map<_, _> =
        operations.map(|operation| (operation.name.to_owned(), answered(&server, operation))).collect();
    let problems = written["problems"].as_object().unwrap().iter();
    let problems: Map<_, _> =
        problems.map(|(reason, example)| (reason.clone(), refused(&server, reason, example))).collect();
    let all = json!({"operations": operations, "problems": problems});
    committed::compare(FILE, &format!("{all:#}\n")).unwrap_or_else(|problem| panic!("{problem}"));
}

/// Every refusal in the document has an example, except those that no request can cause.
fn every_refusal_has_an_example() {
    let written: Value = serde_json::from_str(&committed::read(FILE).unwrap()).unwrap();
    for reason in OPERATIONS.iter().flat_map(|operation| operation.reasons()) {
        let is_there = written["problems"].get(reason.word()).is_some();
        assert!(is_there || reason.word() == "token_expired", "{}", reason.word());
    }
}

fn rest() -> &'static Adapter {
    server::protocols::PROTOCOLS.iter().find(|style| style.name == "rest").unwrap()
}

/// The replies to an operation's example in each form, as our client requests it.
fn answered(server: &TestServer, operation: &Operation) -> Value {
    let mut example = json!({});
    let forms = [("reply", "application/json"), ("xml", "application/xml"), ("csv", "text/csv")];
    for (name, media_type) in forms {
        prepare(server, operation.name);
        let WireRequest::Http(request) = rest().client.encode(&CallRequest::new(operation.name, input(operation)))
        else {
            panic!("{} goes by HTTP", operation.name)
        };
        let mut headers: Vec<_> =
            request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        headers.retain(|(name, _)| *name != "accept");
        headers.push(("accept", media_type));
        let response =
            send_request(server, request.method().as_str(), &request.uri().to_string(), &headers, request.body());
        match response.status {
            // A single resource is no CSV table.
            406 if name == "csv" => {}
            204 => {}
            200 | 201 => example[name] = body(&response, server),
            status => panic!("{}: {status} {}", operation.name, response.text()),
        }
    }
    // Each form was requested in a call of its own, so values that differ each time differ.
    for (place, fixed) in FIXED {
        if let Some(text) = example.pointer_mut(place) {
            *text = json!(fixed);
            example["xml"] = json!(with_element(example["xml"].as_str().unwrap(), place, fixed));
        }
    }
    example
}

/// The document where that position of a reply holds that element.
fn with_element(document: &str, place: &str, text: &str) -> String {
    let name = place.rsplit('/').next().unwrap();
    // The last one: a token's element appears in another one of that name.
    let (before, rest) = document.rsplit_once(&format!("<{name}>")).unwrap();
    let (_, after) = rest.split_once(&format!("</{name}>")).unwrap();
    format!("{before}<{name}>{text}</{name}>{after}")
}

/// A request that is refused, and the problem document.
fn refused(server: &TestServer, reason: &str, example: &Value) -> Value {
    prepare(server, "");
    let text = |name: &str| example[name].as_str().unwrap();
    let key = auth::demo::api_key(domain::users::UserId(1));
    let headers = example["headers"].as_object().unwrap().iter();
    let headers: Vec<_> = headers
        .map(|(name, value)| match value.as_str().unwrap() {
            CUSTOMER => (name.as_str(), key.reveal()),
            value => (name.as_str(), value),
        })
        .collect();
    if reason == "idempotency_key_reused" {
        let first = br#"{"user_id":1,"lines":[{"product_id":1,"quantity":1}]}"#;
        assert_eq!(send_request(server, text("method"), text("target"), &headers, first).status, 201);
    }
    let response = send_request(server, text("method"), text("target"), &headers, text("body").as_bytes());
    let mut example = example.clone();
    example["reply"] = body(&response, server);
    assert_eq!(example["reply"]["reason"], reason, "{}", response.text());
    example
}

fn prepare(server: &TestServer, operation: &str) {
    make_anew(server, Sandbox::main(), operation.contains("webhook") || operation.contains("deliveries"));
}

fn send_request(server: &TestServer, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let mut line = Line::open(&server.address());
    line.send(&request_with(method, target, "", headers, body));
    line.response().unwrap()
}

/// The response: JSON as it is, another form as text; with the address of the examples.
fn body(response: &Response, server: &TestServer) -> Value {
    let text = response.text().replace(&server.address().http(""), ADDRESS);
    if response.header("content-type").contains("json") { serde_json::from_str(&text).unwrap() } else { json!(text) }
}
