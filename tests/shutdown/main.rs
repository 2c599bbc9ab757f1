//! Shutdown: requests in progress are answered, long polls end, sockets are closed, and the port is free again.
//! (What listeners of events receive: `tests/shop/events/restart.rs`.)

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

use domain::limits::WAIT_SECONDS_MAX;
use serde_json::json;
use server::protocols::PROTOCOLS;
use std::net::{TcpListener, TcpStream};
use tests::events::newest;
use tests::frames::{self, Frame, TEXT, masked};
use tests::harness::bytes_of;
use tests::http2::Http2;
use tests::raw::{Line, request};
use tests::{TestServer, call_request, runtime};

#[test]
fn requests_in_progress_are_answered() {
    let mut server = TestServer::open();
    let address = server.address();
    let body = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}).to_string();
    let order = request("POST", "/rest/orders", "application/json", body.as_bytes());
    let mut lines: Vec<Line> = (0..64).map(|_| Line::open(&address)).collect();
    lines.iter_mut().for_each(|line| line.send(&order));
    // In progress is what the server has read.
    while server.running().connections().bytes().0 < (lines.len() * order.len()) as u64 {
        std::thread::yield_now();
    }
    runtime().block_on(server.stop()).unwrap();
    for mut line in lines {
        assert_eq!(line.response().expect("an answer").status, 201);
        assert!(line.is_at_end());
    }
}

#[test]
fn idle_connections_are_closed() {
    let mut server = TestServer::open();
    let address = server.address();
    let mut used = Line::open(&address);
    used.send(&request("GET", "/livez", "", b""));
    assert_eq!(used.response().expect("an answer").status, 200);
    let mut unused = Line::open(&address);
    runtime().block_on(server.stop()).unwrap();
    assert!(used.is_at_end() && unused.is_at_end());
}

/// RFC 9113 section 6.8: GOAWAY lets the open streams end.
#[test]
fn streams_of_http_2_are_answered() {
    let mut server = TestServer::open();
    let (mut used, idle) = (Http2::open(&server.address()), Http2::open(&server.address()));
    let newest = runtime().block_on(newest(&server.shop, "main"));
    let target = format!("/rest/events?after={newest}&wait_seconds={WAIT_SECONDS_MAX}");
    let waiting = used.begin("GET", &target, &[], b"").unwrap();
    // Its request comes after that of the long poll.
    assert_eq!(used.send("GET", "/livez", &[], b"").unwrap().status, 200);
    runtime().block_on(server.stop()).unwrap();
    assert_eq!(Http2::head(waiting).0, 200);
    used.ended().unwrap();
    idle.ended().unwrap();
}

#[test]
fn the_port_is_free_again() {
    let mut server = TestServer::open();
    let at = server.running().socket();
    drop(TcpStream::connect(at).expect("before it can be reached"));
    runtime().block_on(server.stop()).unwrap();
    assert!(TcpStream::connect(at).is_err(), "new connections are refused");
    drop(TcpListener::bind(at).expect("the port is free"));
}

#[test]
fn sockets_are_closed_with_1001() {
    let mut server = TestServer::open();
    let address = server.address();
    let mut idle = frames::open(&address, "/ws", "shop.v1.json");
    let mut used = frames::open(&address, "/ws", "");
    used.send(&masked(TEXT, br#"{"id":1,"op":"get_user","params":{"id":1}}"#));
    assert!(matches!(frames::next(&mut used), Some(Frame::Text(_))));
    runtime().block_on(server.stop()).unwrap();
    for line in [&mut idle, &mut used] {
        assert_eq!(frames::next(line), Some(Frame::Close(1001)));
        assert!(line.is_at_end());
    }
}

/// No event can come after this, so the page is empty and has the cursor.
#[test]
fn long_polls_are_answered_at_once() {
    let mut server = TestServer::open();
    let address = server.address();
    let newest = runtime().block_on(newest(&server.shop, "main"));
    let input = json!({"after": newest, "wait_seconds": WAIT_SECONDS_MAX});
    let mut waiting: Vec<_> = PROTOCOLS
        .iter()
        .map(|style| {
            let (request, opening) = bytes_of(&style.client.encode_by_hand(&call_request("list_events", &input)));
            let line = if opening.is_some() { frames::open(&address, style.path, "") } else { Line::open(&address) };
            (style, request, line)
        })
        .collect();
    waiting.iter_mut().for_each(|(_, request, line)| line.send(request));
    while server.shop.long_polls() < PROTOCOLS.len() {
        std::thread::yield_now();
    }
    runtime().block_on(server.stop()).unwrap();
    for (style, _, mut line) in waiting {
        let last_message = match style.name {
            "websocket" => match frames::next(&mut line) {
                Some(Frame::Text(text)) => text,
                frame => panic!("{frame:?}"),
            },
            _ => line.response().expect("an answer").text().to_owned(),
        };
        assert!(last_message.contains(&newest.to_string()), "{}: {last_message}", style.title);
    }
}
