//! Recorded bytes as readable HTTP messages and WebSocket frames, with all secrets masked.

use crate::redaction;
use serde::Serialize;
use wire::decompression::decompress;
use wire::io::Recording;
use wire::measure::{HttpMessage, WebSocketFrame, header, split_frames, split_http};

/// Bytes of a compressed content that are decompressed to be shown: the longest replies of the shop have less than a tenth.
const SHOWN_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A message or a frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Part {
    /// A message of HTTP.
    Http {
        /// The first line and the headers, with the empty line.
        head: String,
        /// The content.
        body: String,
        /// The bytes of each chunk; absent if the content was not chunked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chunks: Option<Vec<usize>>,
        /// How the content was compressed; absent if it was not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        compressed: Option<Compressed>,
    },
    /// A frame of a WebSocket.
    Frame {
        /// Opcode, length and mask as they crossed the wire, in hex.
        hex: String,
        /// The name of the opcode.
        opcode: &'static str,
        /// The payload, unmasked; of a close its code and reason.
        text: String,
    },
}

/// The compression of a content that is shown decompressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Compressed {
    /// The content coding.
    pub coding: String,
    /// The compressed bytes.
    pub bytes: usize,
}

/// What crossed the wire in both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Wire"))]
pub struct Exchange {
    /// What the client sent.
    pub sent: Vec<Part>,
    /// What the client received.
    pub received: Vec<Part>,
}

impl Part {
    /// The content of a message, or the text of a frame.
    pub fn text(&self) -> &str {
        match self {
            Part::Http { body, .. } => body,
            Part::Frame { text, .. } => text,
        }
    }

    /// The status, if this is a response of HTTP.
    pub fn status(&self) -> Option<u16> {
        match self {
            Part::Http { head, .. } => head.split(' ').nth(1)?.parse().ok(),
            Part::Frame { .. } => None,
        }
    }
}

impl Exchange {
    /// The parts of a recording.
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

/// The messages of HTTP. Bytes after the last whole head are shown as the beginning of one.
pub fn http(bytes: &[u8]) -> Vec<Part> {
    let (messages, rest) = split_http(bytes);
    let mut parts: Vec<Part> = messages.iter().map(message).collect();
    if !rest.is_empty() {
        let head = redaction::head(&String::from_utf8_lossy(rest));
        parts.push(Part::Http { head, body: String::new(), chunks: None, compressed: None });
    }
    parts
}

fn message(message: &HttpMessage) -> Part {
    let content = message.pieces.concat();
    let (content, compressed) = match header(message.head, "content-encoding") {
        None => (content, None),
        Some(coding) => {
            // What can't be decompressed is not shown: it may hold secrets.
            let decompressed = decompress(&coding, &content, SHOWN_BYTES_MAX).unwrap_or_default();
            (decompressed, Some(Compressed { coding, bytes: content.len() }))
        }
    };
    Part::Http {
        head: redaction::head(&String::from_utf8_lossy(message.head)),
        body: redaction::text(&String::from_utf8_lossy(&content)),
        chunks: message.is_chunked.then(|| message.pieces.iter().map(|piece| piece.len()).collect()),
        compressed,
    }
}

/// The frames of a WebSocket. The data of all frames is masked together: a message may be split anywhere (RFC 6455 section 5.4).
pub fn frames(bytes: &[u8]) -> Vec<Part> {
    let (frames, _) = split_frames(bytes);
    let is_split = frames.iter().any(|frame| frame.opcode() == 0);
    let data: String = frames.iter().filter(|frame| !frame.is_control()).map(payload).collect();
    let masked = redaction::text(&data);
    let mut from = 0;
    let mut part = |frame: &WebSocketFrame| {
        let mut text = payload(frame);
        if frame.is_control() || !is_split {
            text = redaction::text(&text);
        } else {
            let range = from..from + text.len();
            from = range.end;
            text = masked.get(range).map_or_else(|| "*".repeat(text.len()), str::to_owned);
        }
        Part::Frame { hex: hex(frame.header), opcode: opcode(frame.opcode()), text }
    };
    frames.iter().map(&mut part).collect()
}

/// Bytes in hex, two digits each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

/// RFC 6455 section 5.2.
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

/// The payload as text. That of a close begins with its code (RFC 6455 section 5.5.1).
pub fn payload(frame: &WebSocketFrame) -> String {
    match (frame.opcode(), frame.unmasked().as_slice()) {
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
    fn http_is_split_into_messages_and_chunks() {
        let bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\nHTTP/1.1 2";
        let parts = http(bytes);
        assert!(
            matches!(&parts[0], Part::Http { body, chunks: Some(chunks), compressed: None, .. } if body == "hello!" && *chunks == [5, 1])
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
    fn compressed_content_is_shown_decompressed_and_masked() {
        let compressed = pack(br#"{"api_key":"k-1"}"#).expect("memory takes it");
        let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", compressed.len());
        let parts = http(&[head.as_bytes(), &compressed].concat());
        assert!(matches!(&parts[0], Part::Http { body, compressed: Some(Compressed { coding, bytes }), .. }
            if body == r#"{"api_key":"***"}"# && coding == "gzip" && *bytes == compressed.len()));
    }

    #[test]
    fn frames_are_unmasked_and_their_secrets_are_masked() {
        let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        let text = Part::Frame { hex: "81 85 37 fa 21 3d".into(), opcode: "text", text: "Hello".into() };
        assert_eq!(frames(&hello), [text]);
        let close = Part::Frame { hex: "88 02".into(), opcode: "close", text: "1000 ".into() };
        assert_eq!(frames(&[0x88, 0x02, 0x03, 0xe8]), [close]);
        let secret = br#"{"api_key":"k-1"}"#;
        let frame = [&[0x81, secret.len() as u8][..], secret].concat();
        assert!(matches!(&frames(&frame)[0], Part::Frame { text, .. } if text == r#"{"api_key":"***"}"#));
    }

    #[test]
    fn a_secret_in_two_frames_is_masked_in_both() {
        let frames = frames(b"\x01\x10{\"password\":\"cor\x80\x08rect\"}  ");
        assert_eq!(frames.iter().map(Part::text).collect::<Vec<_>>(), ["{\"password\":\"***", "****\"}  "]);
    }
}
