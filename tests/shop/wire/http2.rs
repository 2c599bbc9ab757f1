//! Connections of HTTP/2: how one begins, its limits, and streams of events. (What each style answers: the property "HTTP/2".)

use std::time::{Duration, Instant};
use tests::TestServer;
use tests::http2::{Http2, frame, next};
use tests::raw::{Line, request};
use wire::http2::PREFACE;
use wire::http2::kinds::{CONTINUATION, DATA, GOAWAY, HEADERS, PING, RST_STREAM, SETTINGS};
use wire::limits::WRITE_STALL_MS;

tests!(
    a_preface_may_come_in_pieces,
    a_connection_that_begins_like_a_preface_is_http_1,
    events_come_as_they_happen,
    reset_streams_are_limited,
    header_lists_are_limited,
    continuations_are_limited,
    malformed_requests_are_refused,
    streams_are_limited,
    a_client_that_opens_no_window_is_disconnected,
    not_modified_is_the_same_as_over_http_1,
    a_websocket_opens_over_http_1_only,
);

pub fn is_alive(server: &TestServer) -> bool {
    Http2::open(&server.address()).send("GET", "/livez", &[], b"").is_ok_and(|response| response.status == 200)
}

fn a_preface_may_come_in_pieces() {
    let server = TestServer::open();
    let mut line = Line::open(&server.address());
    PREFACE.chunks(1).for_each(|byte| line.send_alone(byte));
    line.send(&frame(SETTINGS, 0, 0, b""));
    assert_eq!(next(&mut line).expect("settings").0.kind, SETTINGS);
}

fn a_connection_that_begins_like_a_preface_is_http_1() {
    let server = TestServer::open();
    for method in ["P", "PRI", "PRIx", "PURGE"] {
        let mut line = Line::open(&server.address());
        let sent = request(method, "/rest/users/1", "application/json", b"{}");
        sent[..4].chunks(1).for_each(|byte| line.send_alone(byte));
        line.send(&sent[4..]);
        assert_eq!(line.response().expect("a response").status, 405, "{method}");
    }
}

fn events_come_as_they_happen() {
    let server = TestServer::open();
    let mut connection = Http2::open(&server.address());
    let response = connection.begin("GET", "/rest/events", &[("accept", "text/event-stream")], b"").unwrap();
    let (status, mut stream) = Http2::head(response);
    assert_eq!(status, 200);
    let order = br#"{"user_id":1,"lines":[{"product_id":1,"quantity":1}]}"#;
    let placed = connection.send("POST", "/rest/orders", &[("content-type", "application/json")], order).unwrap();
    assert_eq!(placed.status, 201, "another stream of the connection");
    let mut seen = String::new();
    while !seen.contains("order.placed") {
        seen.push_str(std::str::from_utf8(&stream.piece().expect("an event")).unwrap());
    }
}

/// CVE-2023-44487.
fn reset_streams_are_limited() {
    let server = TestServer::open();
    let mut connection = Http2::open(&server.address());
    let error = connection.reset_streams("/rest/users?limit=100", 10_000).expect("the connection ends");
    assert!(error.is_go_away() || error.is_io(), "{error}");
    assert!(is_alive(&server));
}

fn header_lists_are_limited() {
    let server = TestServer::open();
    let mut connection = Http2::open(&server.address());
    let long = "x".repeat(70_000);
    let response = connection.send("GET", "/rest/users/1", &[("x-long", &long)], b"").unwrap();
    assert_eq!(response.status, 431, "RFC 6585 section 5");
    assert!(is_alive(&server));
}

/// CVE-2024-27316: a list of header fields without an end.
fn continuations_are_limited() {
    let server = TestServer::open();
    let mut line = Line::open(&server.address());
    line.send(&[PREFACE, &frame(SETTINGS, 0, 0, b""), &frame(HEADERS, 0, 1, b"\x82\x86\x84")].concat());
    // A field without a name in the table, whose value is long (RFC 7541 section 6.2.2).
    let field = [&[0, 1, b'x', 0x7f, 0xa1, 0x7e][..], &[b'x'; 16_288]].concat();
    let is_taken = (0..1_000).all(|_| line.is_taken(&frame(CONTINUATION, 0, 1, &field)));
    let mut last = None;
    while let Some((header, _)) = next(&mut line) {
        last = Some(header.kind);
    }
    assert!(last == Some(GOAWAY) || !is_taken, "{last:?}");
    assert!(is_alive(&server));
}

/// RFC 9113 section 8.1.1.
fn malformed_requests_are_refused() {
    let server = TestServer::open();
    let mut connection = Http2::open(&server.address());
    for (name, value) in [("x-padded", " x"), ("x-padded", "x\t"), ("host", "elsewhere.example")] {
        let error = connection.send("GET", "/rest/users/1", &[(name, value)], b"").expect_err("it is malformed");
        assert!(error.is_reset() && error.reason() == Some(h2::Reason::PROTOCOL_ERROR), "{name}: {error}");
    }
    assert_eq!(connection.send("GET", "/rest/users/1", &[("x-padded", "x y")], b"").unwrap().status, 200);
}

/// RFC 8441 is not offered.
fn a_websocket_opens_over_http_1_only() {
    let server = TestServer::open();
    let response = Http2::open(&server.address()).send("GET", "/ws", &[], b"").unwrap();
    assert_eq!(response.status, 426, "{}", response.text());
}

/// RFC 9113 section 5.1.2.
fn streams_are_limited() {
    let server = TestServer::open();
    let mut line = Line::open(&server.address());
    // `GET http`, then path, authority and accept as literals with names of the table (RFC 7541 section 6.2.2).
    let field = |name: u8, value: &str| [&[name, u8::try_from(value.len()).unwrap()], value.as_bytes()].concat();
    let fields = [
        vec![0x82, 0x86],
        field(0x04, "/rest/events"),
        field(0x01, "shop.example"),
        [&[0x0f, 0x04], &field(0, "text/event-stream")[1..]].concat(),
    ];
    line.send(&[PREFACE, &frame(SETTINGS, 0, 0, b"")].concat());
    // Flags: END_STREAM and END_HEADERS.
    (0..=100).for_each(|number| line.send(&frame(HEADERS, 5, 2 * number + 1, &fields.concat())));
    let (stream, code) = loop {
        let (header, payload) = next(&mut line).expect("the connection stays");
        if header.kind == RST_STREAM {
            break (header.stream, payload[3]);
        }
    };
    assert_eq!((stream, code), (201, 7), "the stream after the hundredth, REFUSED_STREAM (section 7)");
}

/// A response waits for the client's windows (RFC 9113 section 6.9). It does not wait for ever, with a deadline of the client or without.
fn a_client_that_opens_no_window_is_disconnected() {
    let server = TestServer::open();
    let product: &[u8] = b"\x82\x86\x04\x10/rest/products/1\x01\x01x";
    let get = |window: u8| [setting(window), frame(HEADERS, 5, 1, product)].concat();
    let call = [
        b"\x83\x86\x04\x28/parlance.shop.v1.ShopService/GetProduct\x01\x01x".as_slice(),
        b"\x0f\x10\x10application/grpc\0\x0cgrpc-timeout\x04100m",
    ];
    let call = [setting(0), frame(HEADERS, 4, 1, &call.concat()), frame(DATA, 1, 1, b"\0\0\0\0\x02\x08\x01")].concat();
    let mut lines =
        [("no window", get(0)), ("a byte of a window", get(1)), ("gRPC with a deadline", call)].map(|(name, sent)| {
            let mut line = Line::open(&server.address());
            line.send(&[PREFACE, &sent].concat());
            (name, line)
        });
    let begun = Instant::now();
    let mut quiet = Http2::open(&server.address());
    let events = quiet.begin("GET", "/rest/events", &[("accept", "text/event-stream")], b"").unwrap();
    assert_eq!(Http2::head(events).0, 200);
    for (name, line) in &mut lines {
        let mut kinds = Vec::new();
        while let Some((header, payload)) = next(line) {
            assert!(header.kind != DATA || header.flags & 1 == 0, "{name}: the response has not ended");
            kinds.push(header.kind);
            if header.kind == PING {
                line.send(&frame(PING, 1, 0, &payload));
            }
        }
        assert!(kinds.contains(&HEADERS), "{name}: the response has begun");
        assert!(begun.elapsed() < Duration::from_millis(2 * WRITE_STALL_MS), "{name}: {:?}", begun.elapsed());
    }
    assert!(quiet.send("GET", "/livez", &[], b"").is_ok(), "a stream without events is no stalled one");
}

/// SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 section 6.5.2).
fn setting(window: u8) -> Vec<u8> {
    frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, window])
}

/// RFC 9110 section 8.6: over both versions a 304 has no length, and the same headers.
fn not_modified_is_the_same_as_over_http_1() {
    let server = TestServer::open();
    let (mut connection, mut line) = (Http2::open(&server.address()), Line::open(&server.address()));
    for method in ["GET", "HEAD"] {
        let tag = connection.send(method, "/rest/users/1", &[], b"").unwrap().header("etag").to_owned();
        let known = connection.send(method, "/rest/users/1", &[("if-none-match", &tag)], b"").unwrap();
        line.send(format!("{method} /rest/users/1 HTTP/1.1\r\nhost: x\r\nif-none-match: {tag}\r\n\r\n").as_bytes());
        let other = line.head().unwrap();
        assert_eq!((known.status, other.status), (304, 304));
        for name in ["content-length", "etag", "vary", "cache-control"] {
            assert_eq!(known.header(name), other.header(name), "{method}: {name}");
        }
    }
}
