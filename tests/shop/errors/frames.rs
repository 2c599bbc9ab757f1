//! Bad input over a WebSocket is answered by a message or by the right close code.

mod jsonrpc;

use crate::trials::Alone;
use serde_json::{Value, json};
use std::sync::Arc;
use tests::TestServer;
use tests::frames::{BINARY, CLOSE, Frame, PING, TEXT, masked, next, open};
use tests::protocols::{self, Socket};
use tests::raw::Line;
use wire::limits::{MESSAGE_BYTES_MAX, SUBSCRIPTIONS_MAX};

/// Every test of frames.
#[rustfmt::skip]
pub const TESTS: &[Alone] = &[
    ("an unreadable message is answered, and the socket stays open :: websocket", messages),
    ("a message that is not of graphql-transport-ws closes with its codes :: graphql", graphql_messages),
    ("text that is not UTF-8 closes 1007", |server| closes(server, 1007, &masked(TEXT, b"\xff"))),
    ("a character cut in two closes 1007", |server| closes(server, 1007, &masked(TEXT, b"\"\xc3\""))),
    ("a frame without mask closes 1002", |server| closes(server, 1002, &[TEXT, 2, b'{', b'}'])),
    ("a reserved bit closes 1002", |server| closes(server, 1002, &masked(TEXT | 0x40, b"{}"))),
    ("a reserved opcode closes 1002", |server| closes(server, 1002, &masked(0x83, b"{}"))),
    ("a reserved control opcode closes 1002", |server| closes(server, 1002, &masked(0x8b, b"{}"))),
    ("a ping in fragments closes 1002", |server| closes(server, 1002, &masked(PING & 0x7f, b"x"))),
    ("a ping too long closes 1002", |server| closes(server, 1002, &masked(PING, &[b'x'; 126]))),
    ("a continuation of nothing closes 1002", |server| closes(server, 1002, &masked(0x80, b"{}"))),
    ("a message within a message closes 1002", |server| {
        closes(server, 1002, &[masked(TEXT & 0x7f, b"{"), masked(TEXT, b"{}")].concat());
    }),
    ("a close of one byte closes 1002", |server| closes(server, 1002, &masked(CLOSE, b"x"))),
    ("a close with an invalid code closes 1002", |server| closes(server, 1002, &masked(CLOSE, &999_u16.to_be_bytes()))),
    ("a frame too large closes 1009", |server| closes(server, 1009, &masked(TEXT, &vec![b' '; MESSAGE_BYTES_MAX + 1]))),
    ("a client that is still sending gets the refusal of a large frame", still_sending),
    ("fragments too large together close 1009", |server| {
        let half = vec![b' '; MESSAGE_BYTES_MAX / 2 + 1];
        closes(server, 1009, &[masked(TEXT & 0x7f, &half), masked(0x80, &half)].concat());
    }),
    ("a binary message closes 1003", |server| closes(server, 1003, &masked(BINARY, b"{}"))),
    ("a client that guesses passwords is closed with 1008", guesses),
    ("a close is answered by a close", |server| closes(server, 1000, &masked(CLOSE, &1000_u16.to_be_bytes()))),
    ("a ping is answered while a message comes in fragments", fragments),
    ("requests before the end of the input are executed and answered", half_closed),
    ("one stream too many is overloaded :: websocket", streams),
    ("a message is answered as a request over HTTP is :: jsonrpc", jsonrpc::messages),
    ("a subscription is answered before its first event, and ends on request :: jsonrpc", jsonrpc::subscription),
    ("one stream too many is overloaded :: jsonrpc", jsonrpc::subscriptions),
    ("a notification before a close is executed :: jsonrpc", jsonrpc::notified),
];

/// Every socket of every style.
fn sockets() -> impl Iterator<Item = &'static Socket> {
    protocols::ALL.iter().flat_map(|facts| facts.sockets)
}
/// Sends the bytes on a new socket of every style that has one; it must be closed with that code, and then by TCP.
fn closes(server: &Arc<TestServer>, code: u16, bytes: &[u8]) {
    for Socket { path, subprotocol, .. } in sockets().filter(|socket| code != 1003 || socket.refuses_binary) {
        let mut line = open(&server.address(), path, subprotocol);
        line.send(bytes);
        // The end of the input is no excuse for skipping what arrived before.
        line.end();
        assert_eq!(next(&mut line), Some(Frame::Close(code)), "{path}");
        line.end();
        assert!(line.is_at_end(), "{path}");
    }
}

/// Some clients only read after they have sent everything (a browser is one), so the server reads the rest.
fn still_sending(server: &Arc<TestServer>) {
    let frame = masked(TEXT, &vec![b' '; 40 * MESSAGE_BYTES_MAX]);
    let (beginning, rest) = frame.split_at(frame.len() / 2);
    for Socket { path, subprotocol, .. } in sockets() {
        let mut line = open(&server.address(), path, subprotocol);
        line.send(beginning);
        assert_eq!(next(&mut line), Some(Frame::Close(1009)), "{path}");
        assert!(line.is_taken(rest), "{path}");
        assert!(line.is_at_end(), "{path}");
    }
}

fn answer(line: &mut Line) -> Value {
    match next(line).expect("an answer, not silence") {
        Frame::Text(text) => serde_json::from_str(&text).expect("JSON"),
        frame => panic!("{frame:?}"),
    }
}

/// An order with an idempotency key.
fn with_key(key: String) -> String {
    let order = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]});
    json!({"id": 12, "op": "place_order", "params": order, "idempotency_key": key}).to_string()
}

fn messages(server: &Arc<TestServer>) {
    let mut line = open(&server.address(), "/ws", "shop.v1.json");
    let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
    let very_deep = "[".repeat(200_000);
    for (message, id, reason) in [
        ("", json!(null), "unreadable"),
        ("{\"id\":", json!(null), "unreadable"),
        ("1", json!(null), "unreadable"),
        ("{}", json!(null), "unreadable"),
        ("<!DOCTYPE a><a/>", json!(null), "unreadable"),
        ("{\"id\":1,\"op\":\"a\u{1}\"}", json!(null), "unreadable"),
        (&deep, json!(null), "unreadable"),
        (&very_deep, json!(null), "unreadable"),
        (r#"{"id":1.5,"op":"get_user"}"#, json!(null), "unreadable"),
        (r#"{"id":1}"#, json!(1), "unreadable"),
        (r#"{"id":1,"op":"get_user","more":1}"#, json!(1), "unreadable"),
        (r#"{"id":"x","op":"get_users"}"#, json!("x"), "unknown_operation"),
        (r#"{"id":2,"op":"get_user"}"#, json!(2), "invalid_input"),
        (r#"{"id":3,"op":"get_user","params":[1]}"#, json!(3), "invalid_input"),
        (r#"{"id":4,"op":"get_user","params":{"id":"1"}}"#, json!(4), "invalid_input"),
        (r#"{"id":5,"op":"get_user","params":{"id":1,"name":"x"}}"#, json!(5), "invalid_input"),
        (r#"{"id":6,"op":"search_products","params":{"query":"\u0001"}}"#, json!(6), "invalid_input"),
        (r#"{"id":7,"op":"watch_events","params":{"user_id":51}}"#, json!(7), "user_not_found"),
        (r#"{"id":8,"op":"stop","params":{"id":7}}"#, json!(8), "invalid_input"),
        (r#"{"id":9,"op":"get_user","params":{"id":1},"fault":1}"#, json!(9), "unreadable"),
        (r#"{"id":10,"op":"get_user","params":{"id":1},"fault":"fire"}"#, json!(10), "invalid_input"),
        (r#"{"id":11,"op":"get_user","params":{"id":1},"idempotency_key":{}}"#, json!(11), "unreadable"),
        (&with_key("k".repeat(300)), json!(12), "invalid_input"),
        (&with_key(String::new()), json!(12), "invalid_input"),
        (r#"{"id":13,"op":"authenticate"}"#, json!(13), "invalid_input"),
        (r#"{"id":14,"op":"authenticate","params":{"api_key":"k","token":"t"}}"#, json!(14), "invalid_input"),
        (r#"{"id":15,"op":"authenticate","params":{"api_key":1}}"#, json!(15), "invalid_input"),
        (r#"{"id":16,"op":"authenticate","params":{"password":"parlance"}}"#, json!(16), "invalid_input"),
        (r#"{"id":17,"op":"authenticate","params":{"api_key":"k"}}"#, json!(17), "credentials_wrong"),
        (r#"{"id":18,"op":"authenticate","params":{"token":"a.b.c"}}"#, json!(18), "credentials_wrong"),
    ] {
        line.send(&masked(TEXT, message.as_bytes()));
        let answer = answer(&mut line);
        assert_eq!((&answer["id"], &answer["error"]["reason"]), (&id, &json!(reason)), "{message}: {answer}");
        assert!(answer["error"]["message"].is_string() && answer["error"]["kind"].is_string(), "{answer}");
    }
    line.send(&masked(TEXT, br#"{"id":9,"op":"get_user","params":{"id":1}}"#));
    assert_eq!(answer(&mut line)["ok"]["name"], "Ada Lovelace");
}

/// Each wrong password is answered; after ten the socket is closed.
fn guesses(server: &Arc<TestServer>) {
    let mut line = open(&server.address(), "/ws", "");
    let guess = masked(TEXT, br#"{"id":1,"op":"authenticate","params":{"api_key":"k"}}"#);
    for _ in 0..10 {
        line.send(&guess);
        assert_eq!(answer(&mut line)["error"]["reason"], "credentials_wrong");
    }
    assert_eq!(next(&mut line), Some(Frame::Close(1008)));
    assert!(line.is_at_end());
}

/// The codes of the protocol graphql-transport-ws.
fn graphql_messages(server: &Arc<TestServer>) {
    let init = r#"{"type":"connection_init"}"#;
    let subscribe = r#"{"id":"1","type":"subscribe","payload":{"query":"subscription { orderEvents { seq } }"}}"#;
    for (messages, code) in [
        (&["{"][..], 4400),
        (&["1"], 4400),
        (&[r#"{"type":"no_such_type"}"#], 4400),
        (&[r#"{"type":"subscribe"}"#], 4400),
        (&[subscribe], 4401),
        (&[r#"{"type":"connection_init","payload":{"X-API-Key":"k"}}"#], 4403),
        (&[r#"{"type":"connection_init","payload":{"Authorization":"Digest a"}}"#], 4403),
        (&[r#"{"type":"connection_init","payload":{"Authorization":1}}"#], 4403),
        (&[init, init], 4429),
        (&[init, subscribe, subscribe], 4409),
    ] {
        let mut line = open(&server.address(), "/graphql", "graphql-transport-ws");
        for message in messages {
            line.send(&masked(TEXT, message.as_bytes()));
        }
        let closed = loop {
            match next(&mut line).expect("a close, not silence") {
                Frame::Close(code) => break code,
                Frame::Text(text) => assert!(text.contains("connection_ack"), "{text}"),
                frame => panic!("{frame:?}"),
            }
        };
        assert_eq!(closed, code, "{messages:?}");
    }
}

fn fragments(server: &Arc<TestServer>) {
    let mut line = open(&server.address(), "/ws", "");
    line.send(&masked(TEXT & 0x7f, br#"{"id":1,"op":"get_user","#));
    line.send(&masked(PING, b"still there?"));
    assert_eq!(next(&mut line), Some(Frame::Other(0x8a)));
    line.send(&masked(0x80, br#""params":{"id":1}}"#));
    assert_eq!(answer(&mut line)["ok"]["id"], 1);
}

/// A client that has closed its sending direction may still read.
fn half_closed(server: &Arc<TestServer>) {
    let sandbox = server.address().in_sandbox("half-closed");
    let mut line = open(&sandbox, "/ws", "");
    let order = br#"{"id":1,"op":"place_order","params":{"user_id":1,"lines":[{"product_id":1,"quantity":1}]}}"#;
    line.send(&masked(TEXT, order));
    line.end();
    assert_eq!(answer(&mut line)["ok"]["id"], 201);
    let mut line = open(&sandbox, "/graphql", "graphql-transport-ws");
    line.send(&masked(TEXT, br#"{"type":"connection_init"}"#));
    let order = "mutation { placeOrder(input: {userId: 1, lines: [{productId: 1, quantity: 1}]}) { order { id } } }";
    let subscribe = json!({"id": "1", "type": "subscribe", "payload": {"query": order}}).to_string();
    line.send(&masked(TEXT, subscribe.as_bytes()));
    line.end();
    assert_eq!(answer(&mut line)["type"], "connection_ack");
    assert_eq!(answer(&mut line)["payload"]["data"]["placeOrder"]["order"]["id"], "202");
    assert_eq!(answer(&mut line)["type"], "complete");
    let mut line = open(&sandbox, "/jsonrpc", "");
    line.send(&masked(TEXT, jsonrpc::request("1", "place_order", jsonrpc::ORDER).as_bytes()));
    line.end();
    assert_eq!(answer(&mut line)["result"]["id"], 203);
}

fn streams(server: &Arc<TestServer>) {
    let mut line = open(&server.address(), "/ws", "");
    for id in 0..=SUBSCRIPTIONS_MAX {
        line.send(&masked(TEXT, json!({"id": id, "op": "watch_events"}).to_string().as_bytes()));
        let answer = answer(&mut line);
        if id < SUBSCRIPTIONS_MAX {
            assert_eq!(answer, json!({"id": id, "ok": {}}));
        } else {
            assert_eq!(answer["error"]["reason"], "overloaded", "{answer}");
            assert_eq!(answer["error"]["retry_after_ms"], 1_000);
        }
    }
}
