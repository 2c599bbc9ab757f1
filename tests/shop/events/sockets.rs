//! What a socket sends in addition to events: heartbeats with a cursor, closes for clients that don't read; and which origins may open it.

use super::history::{EVENTS, FORGOTTEN, long_log};
use super::speech::{Message, SPEECHES, Speech};
use domain::Sandbox;
use domain::sandbox::{Access, Settings};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use tests::events::{Follower, Received, Writer, newest, report_to, styles};
use tests::frames::{CLOSE, TEXT, knock, payload};
use tests::raw::{Line, Response, request};
use tests::{TestServer, runtime};
use wire::Address;
use wire::socket::SocketConfig;

tests!(
    heartbeats_carry_the_cursor,
    a_client_that_does_not_read_is_disconnected_and_misses_nothing,
    many_calls_and_streams_share_a_socket,
    a_foreign_origin_opens_no_socket_to_a_locked_sandbox,
);

/// A page that may open sockets to a locked sandbox.
const COURSE: &str = "https://course.example";
/// Streams and calls of one socket at the same time: more calls than are executed at once.
const STREAMS: usize = 4;
const CALLS: usize = 300;

/// The cursor of a listener with few events advances all the same, so that it doesn't expire.
fn heartbeats_carry_the_cursor() {
    let server = TestServer::with_socket_config(SocketConfig { heartbeat_ms: 20, ..SocketConfig::default() });
    let sandbox = server.new_name();
    let address = server.address().in_sandbox(&sandbox);
    runtime().block_on(async {
        let mut end = newest(&server.shop, &sandbox).await;
        let mut writer = Writer::new(&address, server::protocols::find("rest").unwrap());
        for style in styles() {
            let mut follower = Follower::new(&address, style, end).of_user(2);
            for _ in 0..3 {
                writer.place(1).await.unwrap();
            }
            end += 3;
            // The ping of graphql-transport-ws has no place for a cursor. That of HTTP/2, which keeps a stream of gRPC open, is no message.
            let mut signs = 0;
            while match style.name {
                "graphql" => signs < 3,
                "grpc" => false,
                _ => follower.cursor < end,
            } {
                signs += usize::from(next(&mut follower).await);
            }
            assert!(follower.result.is_empty(), "{}: nothing of others", style.title);
            writer.place(2).await.unwrap();
            end += 1;
            // On a new connection, which resumes after the heartbeat.
            follower.cut();
            while follower.result.is_empty() {
                next(&mut follower).await;
            }
            assert_eq!((follower.result.len(), follower.cursor), (1, end), "{}", style.title);
        }
    });
}

/// Waits for a message. Where the machine is so busy that the client is slower than four heartbeats, it is
/// disconnected, and comes again.
async fn next(follower: &mut Follower) -> bool {
    match follower.next().await {
        Received::Sign | Received::Event => true,
        Received::Gone(_) => {
            follower.cut();
            false
        }
        Received::Refused(refused) => panic!("{}: {refused}", follower.style.title),
    }
}

fn a_client_that_does_not_read_is_disconnected_and_misses_nothing() {
    let rules = SocketConfig { unread_ms: 100, ..SocketConfig::default() };
    let server = TestServer::with(long_log(), rules, |shop| shop);
    for speech in &SPEECHES {
        let mut line = speech.open(&server.address());
        line.send(&speech.watch(1, FORGOTTEN));
        until_given_up(&server.address(), speech);
        // What was sent until then can still be read, followed by the cursor to resume from.
        let (seqs, reason) = backlog(&mut line, speech);
        let last = FORGOTTEN + seqs.len() as i64;
        assert!(
            seqs == (FORGOTTEN + 1..=last).collect::<Vec<_>>(),
            "{}: no gap, nothing twice, in order",
            speech.style
        );
        assert_eq!(reason, format!("the client does not read; resume after {last}"), "{}", speech.style);
        assert!(last < EVENTS, "{}: the log is longer than what lies unread", speech.style);
        assert!(line.is_at_end(), "{}", speech.style);
    }
}

/// Waits until the server has no stream any more in that style, of which there was one.
fn until_given_up(address: &Address, speech: &Speech) {
    let style = speech.style;
    let started = format!(r#"parlance_operations_total{{operation="watch_events",outcome="ok",protocol="{style}"}} 1"#);
    let none = format!(r#"parlance_streams{{protocol="{style}"}} 0"#);
    let mut line = Line::open(address);
    let is_given_up = |metrics: &str| [&started, &none].iter().all(|sign| metrics.lines().any(|line| line == *sign));
    loop {
        line.send(&request("GET", "/metrics", "", b""));
        if is_given_up(line.response().expect("an answer").text()) {
            return;
        }
        std::thread::yield_now();
    }
}

/// The events until the socket is closed, and the reason of the close.
fn backlog(line: &mut Line, speech: &Speech) -> (Vec<i64>, String) {
    let mut seqs = Vec::new();
    loop {
        match payload(line).expect("a close, not the end") {
            (TEXT, text) => match speech.read(&text) {
                Message::Event(_, seq) => seqs.push(seq),
                other => assert_eq!(other, Message::Begun),
            },
            (CLOSE, payload) => {
                // RFC 6455 section 7.4: 1013 stands in IANA's registry, "Try Again Later".
                assert_eq!(u16::from_be_bytes([payload[0], payload[1]]), 1013, "{}", speech.style);
                return (seqs, String::from_utf8(payload[2..].to_vec()).expect("a reason is UTF-8"));
            }
            _ => {}
        }
    }
}

fn many_calls_and_streams_share_a_socket() {
    let server = TestServer::open();
    for speech in &SPEECHES {
        let sandbox = server.new_name();
        let start = runtime().block_on(async {
            report_to(&server.shop, &sandbox, "update_product", json!({"id": 1, "stock": CALLS})).await;
            newest(&server.shop, &sandbox).await
        });
        let mut line = speech.open(&server.address().in_sandbox(&sandbox));
        let watching = (1..=STREAMS).map(|id| speech.watch(id, start));
        let calls = STREAMS + 1..=STREAMS + CALLS;
        line.send(&watching.chain(calls.clone().map(|id| speech.place(id))).flatten().collect::<Vec<u8>>());
        let (mut placed, mut streams) = (BTreeMap::new(), BTreeMap::<String, Vec<i64>>::new());
        while placed.len() < CALLS || streams.values().map(Vec::len).sum::<usize>() < STREAMS * CALLS {
            let (TEXT, text) = payload(&mut line).expect("an answer, not the end") else { continue };
            match speech.read(&text) {
                Message::Placed(id, order) => {
                    assert_eq!(placed.insert(id, order), None, "{}: answered once", speech.style)
                }
                Message::Event(stream, seq) => streams.entry(stream).or_default().push(seq),
                Message::Begun => {}
            }
        }
        assert!(calls.clone().all(|id| placed.contains_key(&id.to_string())), "{}: each under its id", speech.style);
        assert_eq!(placed.values().collect::<BTreeSet<_>>().len(), CALLS, "{}: each once", speech.style);
        let all: Vec<i64> = (start + 1..=start + CALLS as i64).collect();
        assert_eq!(streams.len(), STREAMS, "{}", speech.style);
        assert!(streams.values().all(|seqs| *seqs == all), "{}: no gap, nothing twice, in order", speech.style);
    }
}

fn a_foreign_origin_opens_no_socket_to_a_locked_sandbox() {
    let server =
        TestServer::with_socket_config(SocketConfig { origins: vec![COURSE.to_owned()], ..SocketConfig::default() });
    let names = [server.new_name(), server.new_name()];
    let locked = Settings { access: Access::Locked, ..Settings::default() };
    runtime().block_on(server.shop.store().configure(&Sandbox::parse(&names[1]).unwrap(), locked)).unwrap();
    let [open, locked] = names.map(|name| server.address().in_sandbox(&name));
    for speech in &SPEECHES {
        // A client that is no browser sends no origin; the shop's own pages have the requested host.
        for origin in [None, Some(COURSE), Some("http://localhost")] {
            assert_eq!(answer(&locked, speech, origin).status, 101, "{}: {origin:?}", speech.style);
        }
        for origin in ["https://elsewhere.example", "null"] {
            assert_eq!(answer(&open, speech, Some(origin)).status, 101, "{}: {origin}", speech.style);
            let refused = answer(&locked, speech, Some(origin));
            assert_eq!(refused.status, 403, "{}: {origin}", speech.style);
            assert!(refused.text().contains("not_allowed") && refused.text().contains(origin), "{}", refused.text());
        }
    }
}

/// The response to a handshake from a page.
fn answer(address: &Address, speech: &Speech, origin: Option<&str>) -> Response {
    let offer = Some(("sec-websocket-protocol", speech.subprotocol)).filter(|(_, name)| !name.is_empty());
    let headers: Vec<_> = origin.map(|origin| ("origin", origin)).into_iter().chain(offer).collect();
    knock(address, speech.path, &headers).1
}
