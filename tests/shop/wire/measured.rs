//! The bytes that we report are those that crossed the wire: a relay between client and server counts them too.

use domain::Value;
use lab::compare::{COLD_CALLS, WARM_UP_CALLS};
use lab::{Effort, Verdict};
use serde_json::json;
use server::protocols::PROTOCOLS;
use tests::relay::Relay;
use tests::{Look, TestServer, runtime};
use wire::connection::Connection;
use wire::{Address, CallRequest, Outcome, WireRequest};

tests!(
    client_relay_and_server_count_alike,
    the_rows_of_a_comparison_are_what_the_relay_counts,
    the_bytes_of_the_values_are_the_same_in_every_style,
    the_relay_changes_nothing,
);

/// Small and large, successful and refused, with short and long requests.
fn questions() -> Vec<CallRequest> {
    let ask = |operation, input: serde_json::Value| tests::ask(operation, &input);
    let lines: Vec<_> = (1..=9).map(|id| json!({"product_id": id, "quantity": 1})).collect();
    vec![
        ask("get_user", json!({"id": 1})),
        ask("get_user", json!({"id": 51})),
        ask("list_users", json!({"limit": 50})),
        ask("search_products", json!({"limit": 100})),
        ask("list_orders", json!({"limit": 100})),
        ask("get_order_details", json!({"id": 1})),
        ask("update_product", json!({"id": 1, "description": "ü<&>".repeat(500)})),
        ask("place_order", json!({"user_id": 1, "lines": lines})),
        ask("delete_user", json!({"id": 50})),
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
            for ask in questions() {
                let outgoing = style.client.encode(&ask);
                if line.is_none() {
                    let opened = Connection::open(&relay.address(), &outgoing).await.unwrap();
                    let handshake = opened.handshake();
                    (sent, received) = (handshake.sent.total(), handshake.received.total());
                    line = Some(opened);
                }
                let line = line.as_mut().unwrap();
                line.call(style.client, &ask, &outgoing).await.unwrap();
                let measured = line.take_measured();
                sent += measured.sent.total();
                received += measured.received.total();
                // What the client has received, the relay has forwarded and counted.
                assert_eq!(relay.counts(), [(sent, received)], "{} over {}", ask.operation, style.title);
            }
            // The server counts what it has written just after writing: it may be about to.
            while server.running().lines().bytes() != (sent, received) {
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
        for ask in questions().into_iter().filter(|ask| !is_command(ask)) {
            let shown = format!("{} {} over {}", ask.operation, wire::json::value(&ask.input), style.title);
            let is_socket = matches!(style.client.encode(&ask), WireRequest::Socket(_));
            let counts = runtime().block_on(async {
                let relay = Relay::to(server.running().socket()).await;
                let compared = lab::compare(&relay.address(), &[style], ask, &Effort::of(N as usize)).await.unwrap();
                assert!(matches!(compared.outcome, Verdict::Equal(_)), "one style can't differ");
                (compared.rows.into_iter().next().unwrap(), relay.counts_at_end().await)
            });
            let (row, counts) = counts;
            assert!(row.repeats, "{shown}: every call has as many bytes");
            // RFC 6455 section 5.5.1: a close of two bytes and its mask, and the response of two bytes.
            let (close_sent, close_received) = if is_socket { (6, 2) } else { (0, 0) };
            let total = |calls: u64| {
                let sent = row.handshake.sent.total() + calls * row.call.sent.total() + close_sent;
                (sent, row.handshake.received.total() + calls * row.call.received.total() + close_received)
            };
            // A connection for the first call and for each cold one; the measured calls follow on the last one.
            let mut expected = vec![total(1); COLD_CALLS + 1];
            expected[COLD_CALLS] = total(CALLS);
            assert_eq!(counts, expected, "{shown}");
        }
    }
}

fn is_command(ask: &CallRequest) -> bool {
    ask.row().unwrap().kind == domain::operations::OperationKind::Command
}

fn the_bytes_of_the_values_are_the_same_in_every_style() {
    let server = TestServer::open();
    for ask in questions().into_iter().filter(|ask| !is_command(ask)) {
        let compared = runtime().block_on(async {
            let styles: Vec<_> = PROTOCOLS.iter().collect();
            lab::compare(&server.address(), &styles, ask, &Effort::of(1)).await.unwrap()
        });
        assert!(matches!(compared.outcome, Verdict::Equal(_)), "{} differs", compared.ask.operation);
        let rows = compared.rows;
        assert!(rows.iter().all(|row| row.values == rows[0].values && row.values > 0));
        assert!(rows.iter().all(|row| row.envelope_share().is_some_and(|share| share > 0.0 && share < 1.0)));
    }
}

fn the_relay_changes_nothing() {
    let server = TestServer::open();
    let ask = CallRequest::new("get_user", Value::object([("id", 1.into())]));
    let told = |address: Address| {
        runtime().block_on(async {
            let outgoing = PROTOCOLS[0].client.encode(&ask);
            let mut line = Connection::open(&address, &outgoing).await.unwrap();
            match line.call(PROTOCOLS[0].client, &ask, &outgoing).await.unwrap() {
                Outcome::Reply(user) => user,
                heard => panic!("{heard:?}"),
            }
        })
    };
    let relay = runtime().block_on(Relay::to(server.running().socket()));
    let user = told(relay.address());
    assert_eq!(user, told(server.address()));
    assert_eq!(user.number("id"), 1);
}
