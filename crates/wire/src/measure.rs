//! Which of the bytes on the wire are headers, which are body, and which are framing?

use crate::io::Recording;
use std::ops::AddAssign;

/// Bytes of one direction, told apart. Their sum is what crossed the wire, TCP and below aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The first line and the headers of HTTP, with the empty line.
    pub headers: u64,
    /// The message itself.
    pub body: u64,
    /// What separates messages: the chunk sizes of HTTP, the frame headers and masks of WebSocket, control frames.
    pub framing: u64,
}

impl Parts {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.headers + self.body + self.framing
    }
}

impl AddAssign for Parts {
    fn add_assign(&mut self, other: Parts) {
        self.headers += other.headers;
        self.body += other.body;
        self.framing += other.framing;
    }
}

/// Bytes of an exchange, or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Client to server.
    pub sent: Parts,
    /// Server to client.
    pub received: Parts,
}

/// Tells the parts of recorded HTTP/1.1 messages apart (RFC 9112).
pub fn http(recording: &Recording) -> Measured {
    Measured { sent: http_messages(&recording.sent), received: http_messages(&recording.received) }
}

/// Tells the parts of recorded WebSocket frames apart (RFC 6455 section 5.2).
pub fn frames(recording: &Recording) -> Measured {
    Measured { sent: frame_parts(&recording.sent), received: frame_parts(&recording.received) }
}

fn http_messages(mut bytes: &[u8]) -> Parts {
    let mut parts = Parts::default();
    while let Some(head) = head_len(bytes) {
        parts.headers += head as u64;
        let (content_length, chunked) = body_headers(&bytes[..head]);
        bytes = &bytes[head..];
        let (message, body) = if chunked {
            chunked_len(bytes)
        } else {
            let len = content_length.unwrap_or(0).min(bytes.len());
            (len, len)
        };
        parts.body += body as u64;
        parts.framing += (message - body) as u64;
        bytes = &bytes[message..];
    }
    // What is left is the beginning of something that did not end; it crossed the wire all the same.
    parts.framing += bytes.len() as u64;
    parts
}

fn head_len(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|position| position + 4)
}

fn body_headers(head: &[u8]) -> (Option<usize>, bool) {
    let text = String::from_utf8_lossy(head);
    let value = |name: &str| {
        let mut lines = text.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    };
    let chunked = value("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    (value("content-length").and_then(|length| length.parse().ok()), chunked)
}

/// The length of a chunked body (RFC 9112 section 7.1) and of the data in it.
fn chunked_len(bytes: &[u8]) -> (usize, usize) {
    let (mut position, mut data) = (0, 0);
    while let Some(line) = bytes[position..].windows(2).position(|window| window == b"\r\n") {
        let digits = String::from_utf8_lossy(&bytes[position..position + line]);
        let size = usize::from_str_radix(digits.split(';').next().unwrap_or_default().trim(), 16).unwrap_or(0);
        position = (position + line + 2 + size + 2).min(bytes.len());
        data += size;
        if size == 0 {
            break;
        }
    }
    (position, data.min(position))
}

fn frame_parts(mut bytes: &[u8]) -> Parts {
    let mut parts = Parts::default();
    while let [first, second, rest @ ..] = bytes {
        let (extended, length) = match second & 0x7f {
            126 => (2, rest.get(..2).map(|len| u64::from(u16::from_be_bytes([len[0], len[1]])))),
            127 => (8, rest.get(..8).and_then(|len| len.try_into().ok()).map(u64::from_be_bytes)),
            length => (0, Some(u64::from(length))),
        };
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        let header = 2 + extended + mask;
        let length = length.unwrap_or(0).min(bytes.len().saturating_sub(header) as u64);
        let is_control = first & 0x08 != 0;
        parts.framing += header.min(bytes.len()) as u64 + if is_control { length } else { 0 };
        parts.body += if is_control { 0 } else { length };
        bytes = &bytes[(header + length as usize).min(bytes.len())..];
    }
    parts.framing += bytes.len() as u64;
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_told_apart() {
        let plain = b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\n\r\n";
        assert_eq!(http_messages(plain), Parts { headers: 38 + 18, body: 5, framing: 0 });
        let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        assert_eq!(http_messages(chunked), Parts { headers: 47, body: 5, framing: 10 });
    }

    #[test]
    fn frames_are_told_apart() {
        let mut bytes = vec![0x81, 0x85, 1, 2, 3, 4, 0, 0, 0, 0, 0];
        bytes.extend([0x89, 0x02, 9, 9]);
        bytes.extend([0x81, 126, 0, 200]);
        bytes.extend([b'x'; 200]);
        assert_eq!(frame_parts(&bytes), Parts { headers: 0, body: 205, framing: 6 + 4 + 4 });
    }
}
