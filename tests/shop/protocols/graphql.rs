//! GraphQL: callers, idempotency keys and faults, over HTTP and over the socket of the real shop.

mod again;
mod graph;
mod socket;
mod stream;

use crate::protocols::one_style::{serve, shop, style};
use crate::trials::Trials;
use auth::demo;
use bytes::Bytes;
use domain::access::{Credentials, Secret};
use domain::sandbox::Settings;
use domain::users::UserId;
use domain::{Sandbox, Value};
use serde_json::{Value as Json, json};
use std::time::{Duration, Instant};
use wire::client::Message;
use wire::connection::{Connection, Failure};
use wire::shutdown::Shutdown;
use wire::{Address, CallRequest, Outcome, WireRequest};

async_tests!(
    each_field_has_the_caller_of_the_headers,
    a_password_is_tried_once_for_all_fields,
    a_token_is_issued_for_a_password,
    a_key_is_one_for_all_of_a_request,
    connection_init_takes_precedence_over_the_handshake,
    our_client_reports_why_it_was_disconnected,
    a_fault_of_the_handshake_applies_to_each_response,
    responses_share_a_round_trip,
);

pub fn tests(trials: &mut Trials) {
    for tests in [TESTS, again::TESTS, graph::TESTS, socket::TESTS, stream::TESTS] {
        trials.plain(tests);
    }
}

/// The response to a document over HTTP, and whether it was a stored result.
pub async fn post(address: &Address, headers: &[(&str, &str)], query: &str) -> (u16, Json, bool) {
    send(address, headers, json!({"query": query})).await
}

/// The same for any request.
pub async fn send(address: &Address, headers: &[(&str, &str)], request: Json) -> (u16, Json, bool) {
    let body = request.to_string();
    let mut request = http::Request::post("/graphql").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Bytes::from(body)).unwrap();
    let mut line = Connection::open(address, &WireRequest::Http(http::Request::default())).await.unwrap();
    let response = line.fetch(request).await.unwrap();
    let body = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), body, response.headers().contains_key("idempotency-replayed"))
}

async fn each_field_has_the_caller_of_the_headers() {
    let address = serve("graphql", shop(), Shutdown::default());
    let key = demo::api_key(UserId(1));
    let (status, body, _) =
        post(&address, &[("x-api-key", key.reveal())], "{ me { userId name role proof sandbox } }").await;
    let me = json!({"userId": "1", "name": "Ada", "role": "CUSTOMER", "proof": "API_KEY", "sandbox": "main"});
    assert_eq!((status, &body["data"], body.get("errors")), (200, &json!({"me": me}), None));
    // A field that the caller may not read leaves the others alone.
    let (status, body, _) =
        post(&address, &[("x-api-key", key.reveal())], "{ users { nodes { id } } me { proof } }").await;
    assert_eq!((status, &body["data"]), (200, &json!({"users": null, "me": {"proof": "API_KEY"}})));
    assert_eq!(body["errors"][0]["extensions"], json!({"code": "FORBIDDEN", "reason": "not_allowed"}));
    let (_, body, _) = post(&address, &[], "{ me { userId role proof } }").await;
    assert_eq!(body["data"]["me"], json!({"userId": null, "role": "STAFF", "proof": "NONE"}));
    let (status, body, _) = post(&address, &[("x-api-key", "x")], "{ a: me { proof } b: me { proof } }").await;
    assert_eq!((status, &body["data"]), (200, &json!({"a": null, "b": null})));
    let reasons = body["errors"].as_array().unwrap().iter().map(|error| &error["extensions"]["reason"]);
    assert_eq!(reasons.collect::<Vec<_>>(), ["credentials_wrong", "credentials_wrong"]);
}

async fn a_password_is_tried_once_for_all_fields() {
    let address = serve("graphql", shop(), Shutdown::default());
    let fields: String = (0..20).map(|field| format!("f{field}: me {{ proof }} ")).collect();
    // After so many wrong passwords from here, the right one would have to wait.
    let wrong = [("authorization", "Basic YWRhQGV4YW1wbGUuY29tOng=")];
    let (_, body, _) = post(&address, &wrong, &format!("{{ {fields} }}")).await;
    assert_eq!(body["errors"].as_array().unwrap().len(), 20);
    let right = [("authorization", "Basic YWRhQGV4YW1wbGUuY29tOnBhcmxhbmNl")];
    let (_, body, _) = post(&address, &right, &format!("{{ {fields} }}")).await;
    assert_eq!(body["data"]["f19"], json!({"proof": "PASSWORD"}));
}

async fn a_token_is_issued_for_a_password() {
    let address = serve("graphql", shop(), Shutdown::default());
    let log_in =
        r#"mutation { logIn(input: {email: "ada@example.com", password: "parlance"}) { token { token expiresAt } } }"#;
    let (_, body, _) = post(&address, &[], log_in).await;
    let token = body["data"]["logIn"]["token"]["token"].as_str().unwrap();
    let bearer = format!("Bearer {token}");
    let (_, body, _) = post(&address, &[("authorization", &bearer)], "{ me { userId proof } }").await;
    assert_eq!(body["data"]["me"], json!({"userId": "1", "proof": "TOKEN"}));
}

async fn a_key_is_one_for_all_of_a_request() {
    let address = serve("graphql", shop(), Shutdown::default());
    let key = [("idempotency-key", "k")];
    let order = |name: &str, quantity: i32| {
        let lines = format!("[{{productId: 1, quantity: {quantity}}}]");
        format!("{name}: placeOrder(input: {{userId: 1, lines: {lines}}}) {{ order {{ id }} }}")
    };
    let two = format!("mutation {{ {} {} }}", order("a", 1), order("b", 2));
    let (_, body, replayed) = post(&address, &key, &two).await;
    assert_eq!((&body["data"], replayed), (&json!({"a": {"order": {"id": "2"}}, "b": null}), false));
    assert_eq!(body["errors"][0]["extensions"]["reason"], "idempotency_key_reused");
    let (_, body, replayed) = post(&address, &key, &format!("mutation {{ {} }}", order("a", 1))).await;
    assert_eq!((&body["data"], replayed), (&json!({"a": {"order": {"id": "2"}}}), true));
}

fn message(text: String, headers: &[(&'static str, &'static str)]) -> WireRequest {
    let header = |(name, value): &(&'static str, &'static str)| {
        (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
    };
    let (subprotocol, headers) = ("graphql-transport-ws", headers.iter().map(header).collect());
    WireRequest::Socket(Message { path: "/graphql", subprotocol, headers, opening: Vec::new(), text })
}

/// Opens a socket and authenticates.
async fn open(address: &Address, headers: &[(&'static str, &'static str)], payload: Json) -> Connection {
    let mut socket = Connection::open(address, &message(String::new(), headers)).await.unwrap();
    let init = json!({"type": "connection_init", "payload": payload}).to_string();
    socket.send(&message(init, &[])).await.unwrap();
    socket
}

/// Calls `me`.
async fn me(socket: &mut Connection, id: &str) {
    let text = json!({"id": id, "type": "subscribe", "payload": {"query": "{ me { name proof } }"}}).to_string();
    socket.send(&message(text, &[])).await.unwrap();
}

/// The next response to that, as our own client decodes it.
async fn next_outcome(socket: &mut Connection) -> Result<Outcome, Failure> {
    let call_request = CallRequest::new("who_am_i", Value::object([]));
    loop {
        match socket.receive(style("graphql").client, &call_request).await? {
            Outcome::Ended => {}
            result => return Ok(result),
        }
    }
}

async fn connection_init_takes_precedence_over_the_handshake() {
    let address = serve("graphql", shop(), Shutdown::default());
    let key = demo::api_key(UserId(1));
    for payload in
        [json!({"X-API-Key": key.reveal()}), json!({"authorization": "Basic YWRhQGV4YW1wbGUuY29tOnBhcmxhbmNl"})]
    {
        let mut socket = open(&address, &[("x-api-key", "wrong")], payload).await;
        me(&mut socket, "1").await;
        let Outcome::Event(me) = next_outcome(&mut socket).await.unwrap() else { panic!("it is an answer") };
        assert_eq!(me.at("name"), Some(&"Ada".into()));
    }
    for (header, payload) in [("wrong", json!({})), ("wrong", json!({"token": "x"})), ("wrong", json!({"token": 1}))] {
        let mut socket = open(&address, &[("x-api-key", header)], payload).await;
        let closed = next_outcome(&mut socket).await;
        let Err(Failure::Closed(4403, reason)) = closed else { panic!("{closed:?}") };
        assert!(reason.starts_with("credentials_wrong: "), "{reason}");
    }
}

async fn our_client_reports_why_it_was_disconnected() {
    let address = serve("graphql", shop(), Shutdown::default());
    let client = style("graphql").client;
    let mut call_request = CallRequest::new("watch_events", Value::object([]));
    call_request.options.credentials = Credentials::ApiKey(Secret::new("x"));
    let outgoing = client.encode(&call_request);
    let mut connection = Connection::open(&address, &outgoing).await.unwrap();
    let Outcome::Refused(refused) = connection.call(client, &call_request, &outgoing).await.unwrap() else {
        panic!("x is no key")
    };
    assert_eq!((refused.code.as_str(), refused.reason.as_deref()), ("UNAUTHENTICATED", Some("credentials_wrong")));
    assert!(refused.message.starts_with("no user has that API key; "), "{refused}");
}

async fn a_fault_of_the_handshake_applies_to_each_response() {
    let address = serve("graphql", shop(), Shutdown::default());
    let mut socket = open(&address, &[("x-fault", "gone")], json!({})).await;
    me(&mut socket, "1").await;
    let Outcome::Refused(refused) = next_outcome(&mut socket).await.unwrap() else { panic!("it was wished for") };
    assert_eq!(refused.code, "GONE");
    for fault in ["drop", "cut=50%"] {
        let mut socket = open(&address, &[("x-fault", fault)], json!({})).await;
        me(&mut socket, "1").await;
        assert!(matches!(next_outcome(&mut socket).await, Err(Failure::Broken(_))), "{fault}");
    }
}

async fn responses_share_a_round_trip() {
    let (shop, rtt) = (shop(), Duration::from_millis(300));
    let settings = Settings { rtt_ms: 300, ..Settings::default() };
    shop.store().configure(&Sandbox::main(), settings).await.unwrap();
    let address = serve("graphql", shop, Shutdown::default());
    let started = Instant::now();
    let mut socket = open(&address, &[], json!({})).await;
    for id in 0..20 {
        me(&mut socket, &id.to_string()).await;
    }
    for _ in 0..20 {
        next_outcome(&mut socket).await.unwrap();
    }
    let took = started.elapsed();
    assert!(took >= 4 * rtt, "the connection, the handshake, the first message and the answers: {took:?}");
    assert!(took < 12 * rtt, "one after the other it would be 23 round trips: {took:?}");
}
