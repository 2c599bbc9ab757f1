//! graphql-transport-ws: the messages of the socket, and its close codes.

use crate::protocols::one_style::{event, serve, shop, style};
use domain::Value;
use domain::schema::Encode;
use domain::value::ValueEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wire::client::{Client, Message};
use wire::connection::{Connection, Failure};
use wire::shutdown::Shutdown;
use wire::{Address, CallRequest, DecodeError, Outcome, WireRequest, WireResponse};

async_tests!(
    what_breaks_the_protocol_closes_the_socket,
    another_subprotocol_is_closed_at_once,
    every_operation_has_its_id,
    client_and_server_agree_about_events,
);

/// A client that receives every frame as it is.
struct StreamObserver;

impl Client for StreamObserver {
    fn encode(&self, _: &CallRequest) -> WireRequest {
        unreachable!("it only hears")
    }
    fn decode(&self, _: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError> {
        match incoming {
            WireResponse::Frame(_) => Ok(Outcome::Reply(incoming.text().as_str().into())),
            WireResponse::Http(_) => Err(DecodeError("not a frame".to_owned())),
        }
    }
}

const INIT: &str = r#"{"type":"connection_init"}"#;

async fn open(address: &Address) -> Connection {
    let (subprotocol, opening, text) = ("graphql-transport-ws", Vec::new(), String::new());
    Connection::open(
        address,
        &WireRequest::Socket(Message { path: "/graphql", subprotocol, headers: Default::default(), opening, text }),
    )
    .await
    .unwrap()
}

async fn say(connection: &mut Connection, text: &str) {
    let message =
        Message { path: "", subprotocol: "", headers: Default::default(), opening: Vec::new(), text: text.to_owned() };
    connection.send(&WireRequest::Socket(message)).await.unwrap();
}

/// The next frame, or the code with which the socket was closed.
async fn receive_next(connection: &mut Connection) -> Result<String, u16> {
    match connection.receive(&StreamObserver, &CallRequest::new("", Value::Null)).await {
        Ok(Outcome::Reply(Value::Text(frame))) => Ok(frame),
        Err(Failure::Closed(code, _)) => Err(code),
        other => panic!("{other:?}"),
    }
}

async fn what_breaks_the_protocol_closes_the_socket() {
    let address = serve("graphql", shop(), Shutdown::default());
    let subscribe = r#"{"id":"1","type":"subscribe","payload":{"query":"subscription { orderEvents { seq } }"}}"#;
    let large = format!(r#"{{"type":"ping","payload":{{"x":"{}"}}}}"#, "x".repeat(wire::limits::MESSAGE_BYTES_MAX));
    for (messages, code) in [
        (vec!["hello"], 4400),
        (vec![r#"{"type":"start"}"#], 4400),
        (vec![subscribe], 4401),
        (vec![INIT, subscribe, subscribe], 4409),
        (vec![INIT, INIT], 4429),
        (vec![large.as_str()], 1009),
    ] {
        let mut connection = open(&address).await;
        for text in &messages {
            say(&mut connection, text).await;
        }
        let end = loop {
            if let Err(end) = receive_next(&mut connection).await {
                break end;
            }
        };
        assert_eq!(end, code, "{:?}", messages.iter().map(|text| &text[..text.len().min(80)]).collect::<Vec<_>>());
    }
}

async fn another_subprotocol_is_closed_at_once() {
    // Our client would stop after such a handshake, so these are the bytes of another one.
    let address = serve("graphql", shop(), Shutdown::default());
    let mut stream = TcpStream::connect(address.dial()).await.unwrap();
    let handshake = "GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\
        Sec-WebSocket-Protocol: graphql-ws\r\n\r\n";
    stream.write_all(handshake.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    let frame = received.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    // RFC 6455 section 5.5.1: a close frame's payload begins with the code.
    assert_eq!((received[frame], u16::from_be_bytes([received[frame + 2], received[frame + 3]])), (0x88, 4406));
}

async fn every_operation_has_its_id() {
    let mut connection = open(&serve("graphql", shop(), Shutdown::default())).await;
    for (message, result) in [
        (INIT, vec![r#"{"type":"connection_ack"}"#]),
        (r#"{"type":"ping"}"#, vec![r#"{"type":"pong"}"#]),
        (
            r#"{"id":"q","type":"subscribe","payload":{"query":"{ events { next } }"}}"#,
            vec![
                concat!(
                    r#"{"id":"q","type":"next","payload":{"data":{"events":{"next":1}},"#,
                    r#""extensions":{"cost":2,"costMax":50000,"lookups":1}}}"#,
                ),
                r#"{"id":"q","type":"complete"}"#,
            ],
        ),
        (
            r#"{"id":"s","type":"subscribe","payload":{"query":"subscription { orderEvents(after: 0) { kind } }"}}"#,
            vec![r#"{"id":"s","type":"next","payload":{"data":{"orderEvents":{"kind":"ORDER_PLACED"}}}}"#],
        ),
        (r#"{"id":"s","type":"complete"}"#, vec![]),
        // The id can be used again.
        (
            r#"{"id":"s","type":"subscribe","payload":{"query":"subscription { orderEvents(after: 0) { seq } }"}}"#,
            vec![r#"{"id":"s","type":"next","payload":{"data":{"orderEvents":{"seq":1}}}}"#],
        ),
    ] {
        say(&mut connection, message).await;
        for expected in result {
            assert_eq!(receive_next(&mut connection).await.as_deref(), Ok(expected));
        }
    }
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { orderEvents(after: -1) { seq } }", "INVALID"),
    ] {
        say(&mut connection, &format!(r#"{{"id":"e","type":"subscribe","payload":{{"query":"{query}"}}}}"#)).await;
        let result = receive_next(&mut connection).await.unwrap();
        assert!(result.starts_with(r#"{"id":"e","type":"error","payload":[{"#) && result.contains(code), "{result}");
    }
}

async fn client_and_server_agree_about_events() {
    let shutdown = Shutdown::default();
    let client = style("graphql").client;
    let call_request = CallRequest::new("watch_events", Value::object([("after", 0.into())]));
    let outgoing = client.encode(&call_request);
    let mut connection = Connection::open(&serve("graphql", shop(), shutdown.clone()), &outgoing).await.unwrap();
    let result = connection.call(client, &call_request, &outgoing).await.unwrap();
    let mut encoder = ValueEncoder::default();
    event().write(&mut encoder);
    assert_eq!(result, Outcome::Event(encoder.finish()));
    shutdown.start();
    assert!(matches!(connection.receive(client, &call_request).await, Err(Failure::Closed(1001, _))));
    let call_request = CallRequest::new("watch_events", Value::object([("user_id", "x".into())]));
    let outgoing = client.encode(&call_request);
    let mut connection = Connection::open(&serve("graphql", shop(), Shutdown::default()), &outgoing).await.unwrap();
    let Outcome::Refused(refused) = connection.call(client, &call_request, &outgoing).await.unwrap() else {
        panic!("x is no id")
    };
    assert_eq!((refused.code.as_str(), refused.errors[0].pointer.as_str()), ("INVALID", "/user_id"));
}
