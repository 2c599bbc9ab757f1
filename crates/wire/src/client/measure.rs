//! Splits recorded bytes into headers, body and framing.

use crate::http2::{self, kinds};
use crate::recorder::{RecordedKind, Recording};
use std::ops::AddAssign;

/// The bytes of one direction by part. Their sum is what crossed the wire, TCP and below aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteCounts {
    /// The first line and the headers of HTTP/1.1, with the empty line; the header blocks of HTTP/2.
    pub headers: u64,
    /// The message itself.
    pub body: u64,
    /// The separators of messages: the chunk sizes of HTTP/1.1, the frame headers and masks of WebSocket, the preface and the frame
    /// headers of HTTP/2, and all control frames.
    pub framing: u64,
}

impl ByteCounts {
    /// The sum.
    pub fn total(&self) -> u64 {
        self.headers + self.body + self.framing
    }
}

impl AddAssign for ByteCounts {
    fn add_assign(&mut self, other: ByteCounts) {
        self.headers += other.headers;
        self.body += other.body;
        self.framing += other.framing;
    }
}

/// The bytes of one or more exchanges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Client to server.
    pub sent: ByteCounts,
    /// Server to client.
    pub received: ByteCounts,
}

impl AddAssign for Measured {
    fn add_assign(&mut self, other: Measured) {
        self.sent += other.sent;
        self.received += other.received;
    }
}

impl Measured {
    /// The bytes of a recording.
    pub fn of(recording: &Recording) -> Measured {
        let parts = match recording.kind {
            RecordedKind::Http1 => http_parts,
            RecordedKind::Http2 => http2_parts,
            RecordedKind::WebSocket => frame_parts,
        };
        Measured { sent: parts(&recording.sent), received: parts(&recording.received) }
    }

    /// The same without the headers.
    pub fn without_headers(self) -> Measured {
        let without = |bytes: ByteCounts| ByteCounts { headers: 0, ..bytes };
        Measured { sent: without(self.sent), received: without(self.received) }
    }
}

/// HTTP/1.1 (RFC 9112).
fn http_parts(bytes: &[u8]) -> ByteCounts {
    let (messages, rest) = split_http(bytes);
    // The rest is the start of an incomplete message; it crossed the wire all the same.
    let mut parts = ByteCounts { framing: rest.len() as u64, ..ByteCounts::default() };
    for message in messages {
        let body: usize = message.pieces.iter().map(|piece| piece.len()).sum();
        parts.headers += message.head.len() as u64;
        parts.body += body as u64;
        parts.framing += (message.body.len() - body) as u64;
    }
    parts
}

/// HTTP/2 (RFC 9113 section 4.1).
fn http2_parts(bytes: &[u8]) -> ByteCounts {
    let http2::Frames { preface, frames, rest } = http2::split(bytes);
    let mut parts = ByteCounts { framing: (preface.len() + rest.len()) as u64, ..ByteCounts::default() };
    for frame in frames {
        let payload = frame.payload.len() as u64;
        parts.framing += frame.header.len() as u64;
        match frame.kind() {
            kinds::DATA => parts.body += payload,
            _ if frame.has_fields() => parts.headers += payload,
            _ => parts.framing += payload,
        }
    }
    parts
}

/// WebSocket (RFC 6455 section 5.2).
fn frame_parts(bytes: &[u8]) -> ByteCounts {
    let (frames, rest) = split_frames(bytes);
    let mut parts = ByteCounts { framing: rest.len() as u64, ..ByteCounts::default() };
    for frame in frames {
        let payload = frame.payload.len() as u64;
        parts.framing += frame.header.len() as u64 + if frame.is_control() { payload } else { 0 };
        parts.body += if frame.is_control() { 0 } else { payload };
    }
    parts
}

/// A recorded HTTP/1.1 message.
#[derive(Debug, PartialEq, Eq)]
pub struct HttpMessage<'r> {
    /// The first line and the headers, with the empty line.
    pub head: &'r [u8],
    /// Everything after it.
    pub body: &'r [u8],
    /// The content: the whole body, or the data of its chunks (RFC 9112 section 7.1).
    pub pieces: Vec<&'r [u8]>,
    /// Whether the body is chunked.
    pub is_chunked: bool,
    /// Whether all of it is there: the announced length, or the last chunk with the empty line (RFC 9112 section 6.3).
    pub is_whole: bool,
}

/// The messages in recorded bytes, and the rest after the last one with a head.
pub fn split_http(mut bytes: &[u8]) -> (Vec<HttpMessage<'_>>, &[u8]) {
    let mut messages = Vec::new();
    while let Some(head) = head_len(bytes) {
        let (head, rest) = bytes.split_at(head);
        let (content_length, is_chunked) = body_headers(head);
        let (pieces, length, is_whole) = if is_chunked {
            split_chunks(rest)
        } else {
            let announced = content_length.unwrap_or(0);
            let length = announced.min(rest.len());
            (vec![&rest[..length]], length, length == announced)
        };
        messages.push(HttpMessage { head, body: &rest[..length], pieces, is_chunked, is_whole });
        bytes = &rest[length..];
    }
    (messages, bytes)
}

fn head_len(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|position| position + 4)
}

/// The value of a header, the first one.
pub fn header(head: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines().skip(1).filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
}

fn body_headers(head: &[u8]) -> (Option<usize>, bool) {
    let chunked = header(head, "transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    (header(head, "content-length").and_then(|length| length.parse().ok()), chunked)
}

/// The data of a chunked body (RFC 9112 section 7.1), the length of all of it, and whether it has ended.
fn split_chunks(bytes: &[u8]) -> (Vec<&[u8]>, usize, bool) {
    let (mut position, mut pieces) = (0, Vec::new());
    while let Some(line) = bytes[position..].windows(2).position(|window| window == b"\r\n") {
        let digits = String::from_utf8_lossy(&bytes[position..position + line]);
        let size = usize::from_str_radix(digits.split(';').next().unwrap_or_default().trim(), 16).unwrap_or(0);
        let data = (position + line + 2).min(bytes.len());
        // A peer that announces a size need not send that much.
        let end = data.saturating_add(size).min(bytes.len());
        position = end.saturating_add(2).min(bytes.len());
        if size == 0 {
            return (pieces, position, position == end + 2);
        }
        pieces.push(&bytes[data..end]);
    }
    (pieces, position, false)
}

/// A recorded WebSocket frame.
#[derive(Debug, PartialEq, Eq)]
pub struct WebSocketFrame<'r> {
    /// Opcode, length and mask.
    pub header: &'r [u8],
    /// The payload, masked if the frame is.
    pub payload: &'r [u8],
    /// Whether all of it is there.
    pub is_whole: bool,
}

impl WebSocketFrame<'_> {
    /// The opcode: 1 text, 2 binary, 8 close, 9 ping, 10 pong.
    pub fn opcode(&self) -> u8 {
        self.header.first().map_or(0, |first| first & 0x0f)
    }

    /// Whether it is the last one of its message (RFC 6455 section 5.4).
    pub fn is_final(&self) -> bool {
        self.header.first().is_some_and(|first| first & 0x80 != 0)
    }

    /// Whether it is a control frame: close, ping or pong.
    pub fn is_control(&self) -> bool {
        self.opcode() & 0x08 != 0
    }

    /// The payload before masking (RFC 6455 section 5.3).
    pub fn unmasked(&self) -> Vec<u8> {
        let is_masked = self.header.get(1).is_some_and(|second| second & 0x80 != 0);
        let mask = match self.header {
            [.., a, b, c, d] if is_masked => [*a, *b, *c, *d],
            _ => [0; 4],
        };
        self.payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect()
    }
}

/// The frames in recorded bytes, and the rest after the last one.
pub fn split_frames(mut bytes: &[u8]) -> (Vec<WebSocketFrame<'_>>, &[u8]) {
    let mut frames = Vec::new();
    while let [_, second, rest @ ..] = bytes {
        let (extended, length) = match second & 0x7f {
            126 => (2, rest.get(..2).map(|len| u64::from(u16::from_be_bytes([len[0], len[1]])))),
            127 => (8, rest.get(..8).and_then(|len| len.try_into().ok()).map(u64::from_be_bytes)),
            length => (0, Some(u64::from(length))),
        };
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        let (header, rest) = bytes.split_at((2 + extended + mask).min(bytes.len()));
        let (payload, rest) = rest.split_at(length.unwrap_or(0).min(rest.len() as u64) as usize);
        let is_whole = header.len() == 2 + extended + mask && length == Some(payload.len() as u64);
        frames.push(WebSocketFrame { header, payload, is_whole });
        bytes = rest;
    }
    (frames, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_body_of_http_are_counted_apart() {
        let plain = b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\n\r\n";
        assert_eq!(http_parts(plain), ByteCounts { headers: 38 + 18, body: 5, framing: 0 });
        let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        assert_eq!(http_parts(chunked), ByteCounts { headers: 47, body: 5, framing: 10 });
        assert_eq!(split_http(chunked).0[0].pieces, [b"hello"]);
        for (bytes, head) in [(plain.as_slice(), 38), (chunked, 47)] {
            let is_whole = |length| split_http(&bytes[..length]).0[0].is_whole;
            let end = if head == 38 { head + 5 } else { bytes.len() };
            assert!(is_whole(end) && (head..end).all(|length| !is_whole(length)));
        }
        let broken = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nhel";
        assert_eq!(http_parts(broken), ByteCounts { headers: 47, body: 3, framing: 18 });
    }

    #[test]
    fn frames_of_http2_are_counted_apart() {
        let frames = [
            b"\0\0\x06\x04\0\0\0\0\0\0\0\0\0\0\0".as_slice(),
            b"\0\0\x01\x01\x04\0\0\0\x01\x88",
            b"\0\0\x02\0\x01\0\0\0\x01hi",
        ];
        let bytes = [http2::PREFACE, &frames.concat()].concat();
        assert_eq!(http2_parts(&bytes), ByteCounts { headers: 1, body: 2, framing: 24 + 3 * 9 + 6 });
        assert_eq!(
            http2_parts(&bytes[..bytes.len() - 1]),
            ByteCounts { headers: 1, body: 0, framing: 24 + 3 * 9 + 6 + 1 }
        );
    }

    #[test]
    fn frames_are_counted_apart() {
        let mut bytes = vec![0x81, 0x85, 1, 2, 3, 4, 0, 0, 0, 0, 0];
        bytes.extend([0x89, 0x02, 9, 9]);
        bytes.extend([0x81, 126, 0, 200]);
        bytes.extend([b'x'; 200]);
        assert_eq!(frame_parts(&bytes), ByteCounts { headers: 0, body: 205, framing: 6 + 4 + 4 });
        let (frames, _) = split_frames(&bytes);
        assert_eq!(frames.iter().map(WebSocketFrame::opcode).collect::<Vec<_>>(), [1, 9, 1]);
        assert_eq!(frames[0].unmasked(), [1, 2, 3, 4, 1]);
    }
}
