//! Floods of HTTP/2's control frames, which end the connection, and the long use of one, which does not.

use super::http2::is_alive;
use tests::TestServer;
use tests::http2::{frame, next};
use tests::raw::Line;
use wire::http2::PREFACE;
use wire::http2::kinds::{DATA, GOAWAY, HEADERS, PING, PRIORITY, SETTINGS, WINDOW_UPDATE};

tests!(floods_end_the_connection, a_long_connection_goes_on);

/// Frames in a flood.
const FLOOD: usize = 50_000;
/// `GET http`, then a path and an authority as literals with names of the table (RFC 7541 section 6.2.2).
const LIVEZ: &[u8] = b"\x82\x86\x04\x06/livez\x01\x01x";
/// The flags of HEADERS that are a whole request: END_STREAM and END_HEADERS.
const WHOLE: u8 = 5;

fn connected(server: &TestServer) -> Line {
    let mut line = Line::open(&server.address());
    line.send(&[PREFACE, &frame(SETTINGS, 0, 0, b"")].concat());
    line
}

/// Reads until a frame of this type, and returns its payload; `None` if the connection ends before.
fn payload_of(line: &mut Line, kind: u8) -> Option<Vec<u8>> {
    loop {
        let (header, payload) = next(line)?;
        if header.kind == kind {
            return Some(payload);
        }
    }
}

fn floods_end_the_connection() {
    let server = TestServer::open();
    let post = frame(HEADERS, 4, 1, b"\x83\x86\x04\x0b/rest/login\x01\x01x");
    let floods = [
        ("SETTINGS", frame(SETTINGS, 0, 0, b"")),
        ("PING", frame(PING, 0, 0, b"12345678")),
        ("acknowledged PING", frame(PING, 1, 0, b"12345678")),
        ("PRIORITY", frame(PRIORITY, 0, 3, b"\0\0\0\0\x10")),
        ("WINDOW_UPDATE", frame(WINDOW_UPDATE, 0, 0, b"\0\0\0\x01")),
        ("an unknown type", frame(0xbe, 0, 0, b"")),
        ("DATA without content", frame(DATA, 0, 1, b"")),
        ("DATA of padding", frame(DATA, 8, 1, b"\0")),
    ];
    for (name, flooding) in floods {
        let mut line = connected(&server);
        line.send(&post);
        line.send(&flooding.repeat(FLOOD));
        let payload = payload_of(&mut line, GOAWAY).unwrap_or_else(|| panic!("{name}: no GOAWAY"));
        let (last_stream, code) = (payload[3], payload[7]);
        assert_eq!((last_stream, code), (1, 11), "{name}: ENHANCE_YOUR_CALM (RFC 9113 section 7)");
        assert!(line.is_at_end(), "{name}");
    }
    assert!(is_alive(&server));
}

/// A busy client of gRPC updates windows and pings to measure the connection.
fn a_long_connection_goes_on() {
    let server = TestServer::open();
    let mut line = connected(&server);
    for round in 0..2_000 {
        let streams = (0..5).map(|number| 10 * round + 2 * number + 1);
        let requests = streams.flat_map(|stream| frame(HEADERS, WHOLE, stream, LIVEZ));
        line.send(&requests.collect::<Vec<_>>());
        for _ in 0..5 {
            let content = payload_of(&mut line, DATA).expect("a response");
            let read = u32::try_from(content.len()).unwrap().to_be_bytes();
            line.send(&frame(WINDOW_UPDATE, 0, 0, &read));
        }
        line.send(&frame(PING, 0, 0, b"12345678"));
        assert_eq!(payload_of(&mut line, PING).expect("its acknowledgement"), b"12345678", "round {round}");
    }
}
