//! A WebSocket client written by hand (RFC 6455 section 5.2), so that its frames can be wrong.

use crate::raw::{Line, Response, request_with};
use wire::Address;

/// The first byte of a whole text message, of a binary one, of a close and of a ping.
pub const TEXT: u8 = 0x81;
/// A whole binary message.
pub const BINARY: u8 = 0x82;
/// A close.
pub const CLOSE: u8 = 0x88;
/// A ping.
pub const PING: u8 = 0x89;
/// A pong.
pub const PONG: u8 = 0x8a;

/// A received frame.
#[derive(Debug, PartialEq)]
pub enum Frame {
    /// A text message.
    Text(String),
    /// A close, with its code.
    Close(u16),
    /// Another frame, with its opcode.
    Other(u8),
}

/// Opens a WebSocket at a path, offering a subprotocol unless it is empty.
pub fn open(address: &Address, path: &str, subprotocol: &str) -> Line {
    let offer = [("sec-websocket-protocol", subprotocol)];
    let (line, response) = knock(address, path, if subprotocol.is_empty() { &[] } else { &offer });
    assert_eq!(response.status, 101, "{response:?}");
    // RFC 6455 section 1.3 has this key and its response as an example.
    assert_eq!(response.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    line
}

/// Sends a handshake with further headers, and returns the response, which may be a refusal.
pub fn knock(address: &Address, path: &str, headers: &[(&str, &str)]) -> (Line, Response) {
    let mut line = Line::open(address);
    let handshake = [
        ("upgrade", "websocket"),
        ("connection", "upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let headers = [&handshake, headers].concat();
    line.send(&request_with("GET", &format!("{}{path}", address.prefix), "", &headers, b""));
    let response = line.response().expect("an answer to the handshake");
    (line, response)
}

/// A frame as a client sends it: masked, with a mask of zeros so that the payload stays readable.
pub fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..126 => frame.push(0x80 | short as u8),
        middle @ 126..0x1_0000 => {
            frame.push(0x80 | 126);
            frame.extend((middle as u16).to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend((long as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend_from_slice(payload);
    frame
}

/// The next frame; `None` if the server has closed the connection.
pub fn next(line: &mut Line) -> Option<Frame> {
    let (first, payload) = payload(line)?;
    Some(match first {
        TEXT => Frame::Text(String::from_utf8(payload).expect("a text is UTF-8")),
        CLOSE if payload.len() < 2 => Frame::Close(1005),
        CLOSE => Frame::Close(u16::from_be_bytes([payload[0], payload[1]])),
        other => Frame::Other(other),
    })
}

/// The next frame's first byte and payload; `None` if the server has closed the connection.
pub fn payload(line: &mut Line) -> Option<(u8, Vec<u8>)> {
    let (first, second) = (line.byte()?, line.byte()?);
    assert_eq!(second & 0x80, 0, "RFC 6455 section 5.1: a server masks nothing");
    let number = |bytes: Vec<u8>| bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
    let length = match second {
        126 => number(line.take(2)?),
        127 => number(line.take(8)?),
        length => usize::from(length),
    };
    Some((first, line.take(length)?))
}
