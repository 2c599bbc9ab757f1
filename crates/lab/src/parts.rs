//! What do recorded bytes consist of? Messages of HTTP and frames of a WebSocket, told apart and readable, with all secrets masked.

use crate::mask;
use serde::Serialize;
#[cfg(test)]
use ts_rs::TS;
use wire::decompression::decompress;
use wire::io::Recording;
use wire::measure::{HttpMessage, WebSocketFrame, header, split_frames, split_http};

/// Bytes of a packed content that are unpacked to be shown: the longest answers of the shop have less than a tenth.
const SHOWN_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A part of what crossed the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[cfg_attr(test, derive(TS))]
pub enum Part {
    /// A message of HTTP.
    Http {
        /// The first line and the headers, with the empty line.
        head: String,
        /// The content.
        body: String,
        /// The bytes of each chunk that the content came in; nothing if it came whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chunks: Option<Vec<usize>>,
        /// How the content came packed; nothing if it came as it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        packed: Option<Packed>,
    },
    /// A frame of a WebSocket.
    Frame {
        /// Opcode, length and mask as they crossed the wire, in hex.
        hex: String,
        /// What kind of frame it is.
        opcode: &'static str,
        /// The payload, unmasked; of a close its code and reason.
        text: String,
    },
}

/// How a content came that is shown unpacked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Packed {
    /// By which coding.
    pub coding: String,
    /// In how many bytes.
    pub bytes: usize,
}

/// The parts of both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(TS), ts(rename = "Wire"))]
pub struct Exchange {
    /// What the client sent.
    pub sent: Vec<Part>,
    /// What it received.
    pub received: Vec<Part>,
}

impl Exchange {
    /// The parts of a recording: frames, or messages of HTTP.
    pub fn of(recording: &Recording, is_socket: bool) -> Exchange {
        let parts = |bytes: &[u8]| if is_socket { frames(bytes) } else { http(bytes) };
        Exchange { sent: parts(&recording.sent), received: parts(&recording.received) }
    }

    /// These parts, and then others.
    pub fn then(mut self, other: Exchange) -> Exchange {
        self.sent.extend(other.sent);
        self.received.extend(other.received);
        self
    }
}

/// Messages of HTTP. What is left behind the last one is shown as the head that it would have become.
pub fn http(bytes: &[u8]) -> Vec<Part> {
    let (messages, rest) = split_http(bytes);
    let mut parts: Vec<Part> = messages.iter().map(message).collect();
    if !rest.is_empty() {
        let head = mask::head(&String::from_utf8_lossy(rest));
        parts.push(Part::Http { head, body: String::new(), chunks: None, packed: None });
    }
    parts
}

fn message(message: &HttpMessage) -> Part {
    let content = message.pieces.concat();
    let (content, packed) = match header(message.head, "content-encoding") {
        None => (content, None),
        Some(coding) => {
            // What can't be unpacked may hold anything, secrets too.
            let unpacked = decompress(&coding, &content, SHOWN_BYTES_MAX).unwrap_or_default();
            (unpacked, Some(Packed { coding, bytes: content.len() }))
        }
    };
    Part::Http {
        head: mask::head(&String::from_utf8_lossy(message.head)),
        body: mask::text(&String::from_utf8_lossy(&content)),
        chunks: message.is_chunked.then(|| message.pieces.iter().map(|piece| piece.len()).collect()),
        packed,
    }
}

/// Frames of a WebSocket.
pub fn frames(bytes: &[u8]) -> Vec<Part> {
    let (frames, _) = split_frames(bytes);
    let part = |frame: &WebSocketFrame| Part::Frame {
        hex: hex(frame.header),
        opcode: opcode(frame.opcode()),
        text: mask::text(&payload(frame)),
    };
    frames.iter().map(part).collect()
}

/// Bytes in hex, two digits each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

/// RFC 6455 section 5.2: what the opcodes mean.
pub fn opcode(opcode: u8) -> &'static str {
    match opcode {
        0x0 => "continuation",
        0x1 => "text",
        0x2 => "binary",
        0x8 => "close",
        0x9 => "ping",
        0xa => "pong",
        _ => "reserved",
    }
}

/// What a frame says. A close begins with its code (RFC 6455 section 5.5.1).
pub fn payload(frame: &WebSocketFrame) -> String {
    let unmasked = frame.unmasked();
    match (frame.opcode(), unmasked.as_slice()) {
        (0x8, [high, low, reason @ ..]) => {
            format!("{} {}", u16::from_be_bytes([*high, *low]), String::from_utf8_lossy(reason))
        }
        (_, payload) => String::from_utf8_lossy(payload).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_told_apart_and_no_chunk_is_hidden() {
        let bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\nHTTP/1.1 2";
        let parts = http(bytes);
        assert!(
            matches!(&parts[0], Part::Http { body, chunks: Some(chunks), packed: None, .. } if body == "hello!" && *chunks == [5, 1])
        );
        assert!(
            matches!(&parts[1], Part::Http { head, body, chunks: None, .. } if head == "HTTP/1.1 2" && body.is_empty())
        );
    }

    fn pack(content: &[u8]) -> std::io::Result<Vec<u8>> {
        use flate2::{Compression, write::GzEncoder};
        use std::io::Write;
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(content)?;
        packer.finish()
    }

    #[test]
    fn what_came_packed_is_shown_unpacked_and_masked() {
        let packed = pack(br#"{"api_key":"k-1"}"#).expect("memory takes it");
        let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.len());
        let parts = http(&[head.as_bytes(), &packed].concat());
        assert!(matches!(&parts[0], Part::Http { body, packed: Some(Packed { coding, bytes }), .. }
            if body == r#"{"api_key":"***"}"# && coding == "gzip" && *bytes == packed.len()));
    }

    #[test]
    fn frames_are_unmasked_and_secrets_are_not() {
        let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        let text = Part::Frame { hex: "81 85 37 fa 21 3d".into(), opcode: "text", text: "Hello".into() };
        assert_eq!(frames(&hello), [text]);
        let close = Part::Frame { hex: "88 02".into(), opcode: "close", text: "1000 ".into() };
        assert_eq!(frames(&[0x88, 0x02, 0x03, 0xe8]), [close]);
        let secret = br#"{"api_key":"k-1"}"#;
        let frame = [&[0x81, secret.len() as u8][..], secret].concat();
        assert!(matches!(&frames(&frame)[0], Part::Frame { text, .. } if text == r#"{"api_key":"***"}"#));
    }
}
