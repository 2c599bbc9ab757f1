//! WebSocket: the caller of a message, its options, and the faults of its response, with the real shop.

use crate::protocols::one_style::{serve, shop, style};
use auth::demo;
use domain::access::{Credentials, Secret};
use domain::sandbox::Settings;
use domain::users::UserId;
use domain::{Sandbox, Value};
use std::time::{Duration, Instant};
use wire::client::{Client, Message};
use wire::connection::{Connection, Failure};
use wire::shutdown::Shutdown;
use wire::{Address, CallRequest, DecodeError, Outcome, WireRequest, WireResponse};

async_tests!(
    a_message_may_authenticate_the_next_ones,
    a_handshake_may_authenticate_and_a_log_in_replaces_it,
    our_client_authenticates_first,
    a_fault_of_the_message_takes_precedence_over_the_handshake,
    an_idempotency_key_belongs_to_a_message_not_to_the_socket,
    a_dropped_response_breaks_the_socket_without_a_close,
    messages_share_a_round_trip,
);

/// A client that receives every frame as it is.
struct StreamObserver;

impl Client for StreamObserver {
    fn encode(&self, _: &CallRequest) -> WireRequest {
        unreachable!("it only hears")
    }
    fn decode(&self, _: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError> {
        let WireResponse::Frame(frame) = incoming else { return Err(DecodeError("not a frame".to_owned())) };
        Ok(Outcome::Reply(wire::json::read(frame).unwrap()))
    }
}

fn message(text: &str, headers: &[(&'static str, &'static str)]) -> WireRequest {
    let header = |(name, value): &(&'static str, &'static str)| {
        (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
    };
    let headers = headers.iter().map(header).collect();
    WireRequest::Socket(Message { path: "/ws", subprotocol: "", headers, opening: Vec::new(), text: text.to_owned() })
}

async fn open(address: &Address, headers: &[(&'static str, &'static str)]) -> Connection {
    Connection::open(address, &message("", headers)).await.unwrap()
}

async fn say(connection: &mut Connection, text: &str) {
    connection.send(&message(text, &[])).await.unwrap();
}

async fn receive_next(connection: &mut Connection) -> Result<Value, Failure> {
    match connection.receive(&StreamObserver, &CallRequest::new("", Value::Null)).await? {
        Outcome::Reply(frame) => Ok(frame),
        other => panic!("{other:?}"),
    }
}

/// The value in the response to a message.
async fn say_and_read(connection: &mut Connection, text: &str, at: &str) -> String {
    say(connection, text).await;
    let frame = receive_next(connection).await.unwrap();
    frame.at(at).and_then(Value::as_text).map_or_else(|| wire::json::value(&frame), str::to_owned)
}

const WHO: &str = r#"{"id":1,"op":"who_am_i"}"#;

fn authenticate(member: &str, value: &str) -> String {
    format!(r#"{{"id":2,"op":"authenticate","params":{{"{member}":"{value}"}}}}"#)
}

async fn a_message_may_authenticate_the_next_ones() {
    let address = serve("websocket", shop(), Shutdown::default());
    let mut socket = open(&address, &[]).await;
    assert_eq!(say_and_read(&mut socket, WHO, "ok/proof").await, "none");
    let key = demo::api_key(UserId(1));
    assert_eq!(say_and_read(&mut socket, &authenticate("api_key", key.reveal()), "ok/name").await, "Ada");
    assert_eq!(say_and_read(&mut socket, WHO, "ok/proof").await, "api_key");
    assert_eq!(say_and_read(&mut socket, r#"{"id":1,"op":"list_users"}"#, "error/reason").await, "not_allowed");
    // A refusal changes nothing.
    assert_eq!(say_and_read(&mut socket, &authenticate("token", "x"), "error/reason").await, "credentials_wrong");
    assert_eq!(say_and_read(&mut socket, &authenticate("password", "x"), "error/reason").await, "invalid_input");
    assert_eq!(say_and_read(&mut socket, WHO, "ok/proof").await, "api_key");
    let log_in = r#"{"id":3,"op":"log_in","params":{"email":"ada@example.com","password":"parlance"}}"#;
    let token = say_and_read(&mut socket, log_in, "ok/token").await;
    assert_eq!(say_and_read(&mut socket, WHO, "ok/proof").await, "token");
    let mut other = open(&address, &[]).await;
    assert_eq!(say_and_read(&mut other, &authenticate("token", &token), "ok/proof").await, "token");
}

async fn a_handshake_may_authenticate_and_a_log_in_replaces_it() {
    let address = serve("websocket", shop(), Shutdown::default());
    let mut socket = open(&address, &[("authorization", "Bearer x"), ("idempotency-key", "k")]).await;
    assert_eq!(say_and_read(&mut socket, WHO, "error/reason").await, "credentials_wrong");
    let log_in = r#"{"id":3,"op":"log_in","params":{"email":"ada@example.com","password":"parlance"}}"#;
    say_and_read(&mut socket, log_in, "ok/token").await;
    assert_eq!(say_and_read(&mut socket, WHO, "ok/name").await, "Ada");
}

async fn our_client_authenticates_first() {
    let address = serve("websocket", shop(), Shutdown::default());
    let client = style("websocket").client;
    let password =
        |password: &str| Credentials::Password { email: "ada@example.com".to_owned(), password: Secret::new(password) };
    for (credentials, proof) in [
        (Credentials::None, Some("none")),
        (Credentials::ApiKey(demo::api_key(UserId(1))), Some("api_key")),
        (password("parlance"), Some("token")),
        (Credentials::ApiKey(Secret::new("x")), None),
        (Credentials::Token(Secret::new("x")), None),
        (password("x"), None),
    ] {
        let mut call = CallRequest::new("who_am_i", Value::object([]));
        call.options.credentials = credentials;
        let outgoing = client.encode(&call);
        let mut connection = Connection::open(&address, &outgoing).await.unwrap();
        // The second time too: wrong credentials don't make the caller anonymous.
        for _ in 0..2 {
            match (connection.call(client, &call, &outgoing).await.unwrap(), proof) {
                (Outcome::Reply(caller), Some(proof)) => assert_eq!(caller.at("proof"), Some(&proof.into())),
                (Outcome::Refused(refused), None) => assert_eq!(refused.reason.as_deref(), Some("credentials_wrong")),
                other => panic!("{other:?}"),
            }
        }
    }
}

async fn a_fault_of_the_message_takes_precedence_over_the_handshake() {
    let mut socket = open(&serve("websocket", shop(), Shutdown::default()), &[("x-fault", "internal")]).await;
    assert_eq!(say_and_read(&mut socket, WHO, "error/reason").await, "internal");
    let own = r#"{"id":1,"op":"who_am_i","fault":"gone"}"#;
    assert_eq!(say_and_read(&mut socket, own, "error/reason").await, "cursor_expired");
}

async fn an_idempotency_key_belongs_to_a_message_not_to_the_socket() {
    let mut socket = open(&serve("websocket", shop(), Shutdown::default()), &[("idempotency-key", "k")]).await;
    let order = |quantity: i32, key: &str| {
        let lines = format!(r#"[{{"product_id":1,"quantity":{quantity}}}]"#);
        format!(r#"{{"id":1,"op":"place_order","params":{{"user_id":1,"lines":{lines}}}{key}}}"#)
    };
    let placed = async |socket: &mut Connection, text: String| {
        say(socket, &text).await;
        let frame = receive_next(socket).await.unwrap();
        (frame.at("ok/id").and_then(Value::int), frame.get("replayed") == Some(&Value::Bool(true)))
    };
    let key = r#","idempotency_key":"m""#;
    for (text, order) in [
        (order(1, ""), (Some(2), false)),
        (order(1, ""), (Some(3), false)),
        (order(1, key), (Some(4), false)),
        (order(1, key), (Some(4), true)),
    ] {
        assert_eq!(placed(&mut socket, text).await, order);
    }
    assert_eq!(say_and_read(&mut socket, &order(2, key), "error/reason").await, "idempotency_key_reused");
}

async fn a_dropped_response_breaks_the_socket_without_a_close() {
    let address = serve("websocket", shop(), Shutdown::default());
    for (fault, at_least) in [("drop", 0), ("cut=50%", 20)] {
        let mut socket = open(&address, &[]).await;
        socket.take_recording();
        say(&mut socket, &format!(r#"{{"id":1,"op":"who_am_i","fault":"{fault}"}}"#)).await;
        assert!(matches!(receive_next(&mut socket).await, Err(Failure::Broken(_))), "{fault}");
        let received = socket.take_recording().received;
        // RFC 6455 section 5.2: the first fragment of a text has its opcode and is not the last one.
        assert!(received.len() >= at_least && received.first().is_none_or(|first| *first == 0x01), "{received:x?}");
    }
}

async fn messages_share_a_round_trip() {
    let (shop, rtt) = (shop(), Duration::from_millis(300));
    let settings = Settings { rtt_ms: 300, ..Settings::default() };
    shop.store().configure(&Sandbox::main(), settings).await.unwrap();
    let mut socket = open(&serve("websocket", shop, Shutdown::default()), &[]).await;
    let started = Instant::now();
    for _ in 0..20 {
        say(&mut socket, WHO).await;
    }
    for _ in 0..20 {
        receive_next(&mut socket).await.unwrap();
    }
    let took = started.elapsed();
    assert!(took >= 3 * rtt, "the connection, the handshake and the answers: {took:?}");
    assert!(took < 10 * rtt, "one after the other it would be 22 round trips: {took:?}");
}
