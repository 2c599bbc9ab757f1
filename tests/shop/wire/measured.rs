//! The bytes that we report are those that crossed the wire: a relay between client and server counts them too.

use domain::Value;
use lab::compare::{COLD_CALLS, WARM_UP_CALLS};
use lab::{Effort, Verdict};
use serde_json::json;
use server::protocols::PROTOCOLS;
use tests::relay::Relay;
use tests::{TestServer, ValueAccess, runtime};
use wire::connection::Connection;
use wire::measure::Measured;
use wire::recorder::RecordedKind;
use wire::{Address, CallRequest, Outcome, WireRequest};

tests!(
    client_relay_and_server_count_alike,
    the_rows_of_a_comparison_are_what_the_relay_counts,
    the_bytes_of_the_values_are_the_same_in_every_style,
    the_relay_changes_nothing,
);

/// Small and large, successful and refused, with short and long requests.
pub fn questions() -> Vec<CallRequest> {
    let call_request = |operation, input: serde_json::Value| tests::call_request(operation, &input);
    let lines: Vec<_> = (1..=9).map(|id| json!({"product_id": id, "quantity": 1})).collect();
    vec![
        call_request("get_user", json!({"id": 1})),
        call_request("get_user", json!({"id": 51})),
        call_request("list_users", json!({"limit": 50})),
        call_request("search_products", json!({"limit": 100})),
        call_request("list_orders", json!({"limit": 100})),
        call_request("get_order_details", json!({"id": 1})),
        call_request("update_product", json!({"id": 1, "description": "ü<&>".repeat(500)})),
        call_request("place_order", json!({"user_id": 1, "lines": lines})),
        call_request("delete_user", json!({"id": 50})),
    ]
}

fn client_relay_and_server_count_alike() {
    for style in PROTOCOLS.iter() {
        // A server of its own, so that it counts this connection only.
        let server = TestServer::open();
        runtime().block_on(async {
            let relay = Relay::to(server.running().socket()).await;
            let (mut sent, mut received) = (0, 0);
            let mut line: Option<Connection> = None;
            for call_request in questions() {
                let outgoing = style.client.encode(&call_request);
                let is_new = line.is_none();
                if is_new {
                    line = Some(Connection::open(&relay.address(), &outgoing).await.unwrap());
                }
                let line = line.as_mut().unwrap();
                line.call(style.client, &call_request, &outgoing).await.unwrap();
                // The settings of HTTP/2 cross with the first call.
                let opening = if is_new { line.handshake() } else { Measured::default() };
                for measured in [opening, line.take_measured()] {
                    sent += measured.sent.total();
                    received += measured.received.total();
                }
                // What the client has received, the relay has forwarded and counted.
                assert_eq!(relay.counts(), [(sent, received)], "{} over {}", call_request.operation, style.title);
            }
            // The server counts what it has written just after writing: it may be about to.
            while server.running().connections().bytes() != (sent, received) {
                tokio::task::yield_now().await;
            }
        });
    }
}

/// The number of measured calls; before them come the first one and the warm-up.
const N: u64 = 5;
const CALLS: u64 = 1 + WARM_UP_CALLS as u64 + N;

fn the_rows_of_a_comparison_are_what_the_relay_counts() {
    let server = TestServer::open();
    for style in PROTOCOLS.iter() {
        for call_request in questions().into_iter().filter(|call_request| !is_command(call_request)) {
            let shown =
                format!("{} {} over {}", call_request.operation, wire::json::value(&call_request.input), style.title);
            let is_socket = matches!(style.client.encode(&call_request), WireRequest::Socket(_));
            let counts = runtime().block_on(async {
                let relay = Relay::to(server.running().socket()).await;
                let compared =
                    lab::compare(&relay.address(), &[style], call_request, &Effort::of(N as usize)).await.unwrap();
                assert!(matches!(compared.verdict, Verdict::Equal(_)), "one style can't differ");
                (compared.results.into_iter().next().unwrap(), relay.counts_at_end().await)
            });
            let (row, counts) = counts;
            assert!(row.has_constant_size, "{shown}: every call has as many bytes");
            // RFC 6455 section 5.5.1: a close of two bytes and its mask, and the response of two bytes.
            let (close_sent, close_received) = if is_socket { (6, 2) } else { (0, 0) };
            let total = |calls: u64| {
                let sent = row.handshake.sent.total() + calls * row.call.sent.total() + close_sent;
                (sent, row.handshake.received.total() + calls * row.call.received.total() + close_received)
            };
            // A connection for the first call and for each cold one; the measured calls follow on the last one.
            let mut expected = vec![total(1); COLD_CALLS + 1];
            expected[COLD_CALLS] = total(CALLS);
            if row.recording.kind == RecordedKind::Http2 {
                // The first call of a connection has larger headers, as HPACK refers to earlier ones.
                assert_eq!(counts.len(), expected.len());
                for ((sent, received), (least_sent, least_received)) in counts.iter().zip(expected) {
                    assert!(*sent >= least_sent && *received >= least_received, "{shown}");
                }
                continue;
            }
            assert_eq!(counts, expected, "{shown}");
        }
    }
}

fn is_command(call_request: &CallRequest) -> bool {
    call_request.row().unwrap().kind == domain::operations::OperationKind::Command
}

fn the_bytes_of_the_values_are_the_same_in_every_style() {
    let server = TestServer::open();
    for call_request in questions().into_iter().filter(|call_request| !is_command(call_request)) {
        let compared = runtime().block_on(async {
            let styles: Vec<_> = PROTOCOLS.iter().collect();
            lab::compare(&server.address(), &styles, call_request, &Effort::of(1)).await.unwrap()
        });
        assert!(matches!(compared.verdict, Verdict::Equal(_)), "{} differs", compared.request.operation);
        let rows = compared.results;
        // A message names things as its style spells them, so only replies have the same values.
        let is_reply = matches!(rows[0].outcome, Outcome::Reply(_));
        assert!(rows.iter().all(|row| row.value_bytes > 0));
        assert!(!is_reply || rows.iter().all(|row| row.value_bytes == rows[0].value_bytes));
        // Binary values may be shorter than their texts.
        let is_share = |share: f64| share > 0.0 && share < 1.0;
        assert!(rows.iter().all(|row| row.envelope_share().map_or(row.style.name == "grpc", is_share)));
    }
}

fn the_relay_changes_nothing() {
    let server = TestServer::open();
    let call_request = CallRequest::new("get_user", Value::object([("id", 1.into())]));
    let measured = |address: Address| {
        runtime().block_on(async {
            let outgoing = PROTOCOLS[0].client.encode(&call_request);
            let mut line = Connection::open(&address, &outgoing).await.unwrap();
            match line.call(PROTOCOLS[0].client, &call_request, &outgoing).await.unwrap() {
                Outcome::Reply(user) => user,
                result => panic!("{result:?}"),
            }
        })
    };
    let relay = runtime().block_on(Relay::to(server.running().socket()));
    let user = measured(relay.address());
    assert_eq!(user, measured(server.address()));
    assert_eq!(user.number("id"), 1);
}
