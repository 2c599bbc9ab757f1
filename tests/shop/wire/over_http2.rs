//! Our clients over HTTP/2: the same outcomes as over HTTP/1.1, and every byte recorded.

use super::measured::questions;
use lab::equal::outcome_differences;
use server::protocols::PROTOCOLS;
use tests::relay::Relay;
use tests::{TestServer, runtime};
use wire::connection::Connection;
use wire::http2::PREFACE;
use wire::measure::Measured;
use wire::recorder::{RecordedKind, Recording};
use wire::{Adapter, Address, CallRequest, Outcome, WireRequest};

tests!(
    every_style_answers_as_over_http_1,
    client_and_relay_count_alike,
    a_second_call_repeats_no_fields,
    events_come_over_http_2,
);

/// The styles that are carried by HTTP requests, for this call.
fn styles(call_request: &CallRequest) -> impl Iterator<Item = &'static Adapter> {
    let is_socket = |style: &&Adapter| matches!(style.client.encode(call_request), WireRequest::Socket(_));
    PROTOCOLS.iter().filter(move |style| !is_socket(style))
}

/// The outcomes of the questions on one connection in a sandbox of its own.
async fn outcomes(address: &Address, style: &Adapter, encode: fn(WireRequest) -> WireRequest) -> Vec<Outcome> {
    let (mut line, mut outcomes) = (None, Vec::new());
    for call_request in questions() {
        let outgoing = encode(style.client.encode(&call_request));
        if line.is_none() {
            line = Some(Connection::open(address, &outgoing).await.unwrap());
        }
        outcomes.push(line.as_mut().unwrap().call(style.client, &call_request, &outgoing).await.unwrap());
    }
    outcomes
}

fn every_style_answers_as_over_http_1() {
    let server = TestServer::open();
    for style in styles(&questions()[0]) {
        let address = |version| server.address().in_sandbox(&format!("{}-{version}", style.name));
        runtime().block_on(async {
            let over_1 = outcomes(&address(1), style, |request| request).await;
            let over_2 = outcomes(&address(2), style, WireRequest::over_http2).await;
            for ((call_request, one), two) in questions().iter().zip(over_1).zip(over_2) {
                let places = outcome_differences(call_request.row(), &one, &two);
                assert!(places.is_empty(), "{} over {}: {places:?}", call_request.operation, style.title);
            }
        });
    }
}

fn total(measured: Measured) -> (u64, u64) {
    (measured.sent.total(), measured.received.total())
}

fn client_and_relay_count_alike() {
    let server = TestServer::open();
    for style in styles(&questions()[0]) {
        runtime().block_on(async {
            let relay = Relay::to(server.running().socket()).await;
            let address = relay.address().in_sandbox(&format!("{}-counted", style.name));
            let outgoing = |call_request: &CallRequest| style.client.encode(call_request).over_http2();
            let mut line = Connection::open(&address, &outgoing(&questions()[0])).await.unwrap();
            let (mut sent, mut received) = (0, 0);
            for (number, call_request) in questions().iter().enumerate() {
                line.call(style.client, call_request, &outgoing(call_request)).await.unwrap();
                let handshake = if number == 0 { total(line.handshake()) } else { (0, 0) };
                let measured = line.take_measured();
                assert!(measured.sent.headers > 0 && measured.received.headers > 0 && measured.received.framing > 0);
                sent += handshake.0 + measured.sent.total();
                received += handshake.1 + measured.received.total();
                // What the client has received, the relay has forwarded and counted.
                assert_eq!(relay.counts(), [(sent, received)], "{} over {}", call_request.operation, style.title);
            }
        });
    }
}

/// The names and values of a block of fields.
fn fields(list: &[(String, String)]) -> Vec<String> {
    list.iter().map(|(name, value)| format!("{name}: {value}")).collect()
}

/// HPACK's dynamic table lasts as long as the connection (RFC 7541 section 2.3.2).
/// Calls on a connection: not all of them in different seconds.
const CALLS: usize = 4;

fn a_second_call_repeats_no_fields() {
    let server = TestServer::open();
    let call_request = tests::call_request("get_user", &serde_json::json!({"id": 1}));
    for style in styles(&call_request) {
        let outgoing = style.client.encode(&call_request).over_http2();
        let (handshake, calls) = runtime().block_on(async {
            let mut line = Connection::open(&server.address(), &outgoing).await.unwrap();
            let mut calls = Vec::new();
            for _ in 0..CALLS {
                line.call(style.client, &call_request, &outgoing).await.unwrap();
                calls.push(line.take_recording());
            }
            (line.handshake_recordings().to_vec(), calls)
        });
        let [handshake] = handshake.as_slice() else { panic!("{handshake:?}") };
        assert!(handshake.sent.starts_with(PREFACE) && handshake.round_trips == 0);
        let (first, others) = calls.split_first().unwrap();
        // The date is written anew once a second.
        let second = others.iter().min_by_key(|call| Measured::of(call).received.headers).unwrap();
        for Recording { kind, round_trips, sent_fields, received_fields, .. } in &calls {
            assert_eq!((*kind, *round_trips), (RecordedKind::Http2, 1), "{}", style.title);
            let blocks = if style.name == "grpc" { 2 } else { 1 };
            assert_eq!(
                (sent_fields.len(), received_fields.len()),
                (1, blocks),
                "a block each, and the trailers of gRPC"
            );
        }
        assert_eq!(fields(&first.sent_fields[0]), fields(&second.sent_fields[0]), "{}", style.title);
        assert!(fields(&first.sent_fields[0]).contains(&format!(":authority: {}", server.address().authority)));
        assert!(fields(&first.received_fields[0]).contains(&":status: 200".to_owned()));
        let headers = |recording| (Measured::of(recording).sent.headers, Measured::of(recording).received.headers);
        let ((sent, received), (again_sent, again_received)) = (headers(first), headers(second));
        // A path is written anew each time, as it usually differs.
        let saved = u64::from(style.name != "grpc") * again_sent;
        assert!(again_sent + saved < sent && again_received * 2 < received, "{}: {calls:?}", style.title);
    }
}

fn events_come_over_http_2() {
    let server = TestServer::open();
    let call_request = tests::call_request("watch_events", &serde_json::json!({"after": 0}));
    let mut count = 0;
    for style in PROTOCOLS.iter() {
        let outgoing = style.client.encode(&call_request).over_http2();
        if !matches!(outgoing, WireRequest::EventStream(_)) {
            continue;
        }
        count += 1;
        runtime().block_on(async {
            let mut line = Connection::open(&server.address(), &outgoing).await.unwrap();
            let started = line.call(style.client, &call_request, &outgoing).await.unwrap();
            assert_eq!(started, Outcome::Started, "{}", style.title);
            let event = line.receive(style.client, &call_request).await.unwrap();
            assert!(matches!(event, Outcome::Event(_)), "{event:?}");
            // A stream that is left is reset; the connection goes on.
            line.call(style.client, &call_request, &outgoing).await.unwrap();
            assert_eq!(line.receive(style.client, &call_request).await.unwrap(), event);
        });
    }
    assert!(count > 0, "a style streams over HTTP");
}
