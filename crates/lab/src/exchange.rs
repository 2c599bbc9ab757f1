//! Recorded bytes as readable HTTP messages and WebSocket frames, with all secrets masked.

use crate::frames::{FrameAndFields, is_text, meaning, with_fields};
use crate::redaction;
use domain::Operation;
use serde::Serialize;
use std::collections::HashMap;
use wire::decompression::decompress;
use wire::http2::{HeaderList, kinds};
use wire::measure::{HttpMessage, WebSocketFrame, header, split_frames, split_http};
use wire::names::snake;
use wire::recorder::{RecordedKind, Recording};

/// Bytes of a compressed content that are decompressed to be shown: the longest replies of the shop have less than a tenth.
const SHOWN_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Bytes of a binary content that are shown in hex.
const HEX_BYTES_MAX: usize = 2 * 1024;
/// Media types whose content is binary contain one of these, unless their messages are JSON.
const BINARY_TYPES: &[&str] = &["application/proto", "application/grpc", "+proto"];

/// How a content is shown that is no text: secrets are found in it by no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// In hex; it holds no secrets.
    Hex,
    /// By its length alone.
    Length,
}

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
        /// The fields after the content; absent if there are none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trailers: Option<String>,
        /// The bytes of each chunk; absent if the content was not chunked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chunks: Option<Vec<usize>>,
        /// How the content was compressed; absent if it was not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        compressed: Option<Compressed>,
    },
    /// A frame of a WebSocket or of HTTP/2.
    Frame {
        /// What stands before the payload as it crossed the wire, in hex: opcode, length and mask; or length, type, flags and stream.
        hex: String,
        /// The name of the opcode or of the type.
        opcode: &'static str,
        /// The payload, unmasked; of a close its code and reason; of a header block its fields, one per line.
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

    /// The first line and the headers of a message.
    pub fn head(&self) -> Option<&str> {
        match self {
            Part::Http { head, .. } => Some(head),
            Part::Frame { .. } => None,
        }
    }

    /// The code of gRPC, if it is not 0: among the trailers, or in a head without content.
    pub fn grpc_status(&self) -> Option<&str> {
        let Part::Http { head, trailers, .. } = self else { return None };
        let mut lines = trailers.iter().flat_map(|trailers| trailers.lines()).chain(head.lines());
        lines.find_map(|line| line.strip_prefix("grpc-status: ")).filter(|code| *code != "0")
    }

    /// The status, if this is a response of HTTP, or over HTTP/2 its header block.
    pub fn status(&self) -> Option<u16> {
        match self {
            Part::Http { head, .. } => head.split_ascii_whitespace().nth(1)?.parse().ok(),
            Part::Frame { text, .. } => text.strip_prefix(":status: ")?.lines().next()?.parse().ok(),
        }
    }
}

impl Exchange {
    /// The parts of a recording.
    pub fn of(recording: &Recording) -> Exchange {
        let parts = |bytes: &[u8], fields: &[HeaderList]| match recording.kind {
            RecordedKind::Http1 => http(bytes, Binary::Length),
            RecordedKind::Http2 => http2(bytes, fields, binary_of(recording)),
            RecordedKind::WebSocket => frames(bytes),
        };
        let sent = parts(&recording.sent, &recording.sent_fields);
        Exchange { sent, received: parts(&recording.received, &recording.received_fields) }
    }

    /// The status of the last response; a message of a WebSocket has none.
    pub fn status(&self) -> Option<u16> {
        match self.received.last()? {
            message @ Part::Http { .. } => message.status(),
            Part::Frame { .. } => {
                let frames = self.received.iter().filter(|part| matches!(part, Part::Frame { .. }));
                frames.rev().find_map(Part::status)
            }
        }
    }

    /// The content of the last response, or the last message: over HTTP/2 that of its last frame with content.
    pub fn text(&self) -> &str {
        let content = self.received.iter().rev().find(|part| matches!(part, Part::Frame { opcode: "DATA", .. }));
        content.or(self.received.last()).map(Part::text).unwrap_or_default()
    }

    /// These parts, and then others.
    pub fn then(mut self, other: Exchange) -> Exchange {
        self.sent.extend(other.sent);
        self.received.extend(other.received);
        self
    }
}

/// The messages of HTTP. Bytes after the last whole head are shown as the beginning of one.
pub fn http(bytes: &[u8], binary: Binary) -> Vec<Part> {
    let (messages, rest) = split_http(bytes);
    let mut parts: Vec<Part> = messages.iter().map(|one| message(one, binary)).collect();
    if !rest.is_empty() {
        let head = redaction::head(&String::from_utf8_lossy(rest));
        parts.push(Part::Http { head, body: String::new(), trailers: None, chunks: None, compressed: None });
    }
    parts
}

fn message(message: &HttpMessage, binary: Binary) -> Part {
    let (body, compressed) = content_of(message.head, message.pieces.concat(), binary);
    Part::Http {
        head: redaction::head(&String::from_utf8_lossy(message.head)),
        body,
        trailers: None,
        chunks: message.is_chunked.then(|| message.pieces.iter().map(|piece| piece.len()).collect()),
        compressed,
    }
}

/// A message of HTTP/2, whose head and trailers are masked already.
pub fn message_of(head: &str, content: &[u8], trailers: &str, binary: Binary) -> Part {
    let (body, compressed) = content_of(head.as_bytes(), content.to_vec(), binary);
    let trailers = (!trailers.is_empty()).then(|| trailers.to_owned());
    Part::Http { head: head.to_owned(), body, trailers, chunks: None, compressed }
}

/// The content of a message with this head, to be shown.
fn content_of(head: &[u8], content: Vec<u8>, binary: Binary) -> (String, Option<Compressed>) {
    let (coding, bytes) = (header(head, "content-encoding"), content.len());
    let media_type = header(head, "content-type").unwrap_or_default();
    let body = readable(content, coding.as_deref(), &media_type, binary);
    (body, coding.map(|coding| Compressed { coding, bytes }))
}

/// A content: decompressed, with its secrets masked.
fn readable(content: Vec<u8>, coding: Option<&str>, media_type: &str, binary: Binary) -> String {
    let content = match coding {
        None => content,
        // What can't be decompressed is not shown: it may hold secrets.
        Some(coding) => decompress(coding, &content, SHOWN_BYTES_MAX).unwrap_or_default(),
    };
    let media_type = media_type.to_ascii_lowercase();
    // A short binary message may consist of letters by chance.
    let is_binary = !begins_as_text(&content) || BINARY_TYPES.iter().any(|of| media_type.contains(of));
    match binary {
        _ if !is_binary || content.is_empty() => redaction::text(&String::from_utf8_lossy(&content)),
        Binary::Length => format!("{} bytes", content.len()),
        Binary::Hex => {
            let (shown, rest) = content.split_at(content.len().min(HEX_BYTES_MAX));
            let rest = if rest.is_empty() { String::new() } else { format!(" and {} more bytes", rest.len()) };
            hex(shown) + &rest
        }
    }
}

/// Whether bytes are text, or the beginning of one that is cut within a character.
fn begins_as_text(bytes: &[u8]) -> bool {
    let whole = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    };
    is_text(&bytes[..whole])
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

/// The frames of HTTP/2. The content of a stream is masked as a whole, as it may be split anywhere; its last frame has the rest of it.
fn http2(bytes: &[u8], lists: &[HeaderList], binary: Binary) -> Vec<Part> {
    let split = wire::http2::split(bytes);
    let frames = with_fields(&split, lists);
    let mut contents: HashMap<u32, String> = HashMap::new();
    let part = |(position, (frame, fields)): (usize, &FrameAndFields)| {
        let text = if frame.has_fields() {
            let line = |(name, value): &(String, String)| format!("{name}: {}", redaction::field(name, value));
            fields.iter().map(line).collect::<Vec<_>>().join("\n")
        } else if frame.kind() == kinds::DATA {
            let is_more = |(later, _): &FrameAndFields| later.stream() == frame.stream() && later.kind() == kinds::DATA;
            let content = contents.entry(frame.stream()).or_insert_with(|| content(frame.stream(), &frames, binary));
            let end = content.floor_char_boundary(frame.content().len());
            if frames[position + 1..].iter().any(is_more) {
                content.drain(..end).collect()
            } else {
                std::mem::take(content)
            }
        } else {
            meaning(frame)
        };
        Part::Frame { hex: hex(frame.header), opcode: frame.name(), text }
    };
    frames.iter().enumerate().map(part).collect()
}

/// How binary content of a recording is shown: the path names the method, whose messages may hold secrets.
fn binary_of(recording: &Recording) -> Binary {
    let path = field_of(recording.sent_fields.iter().flatten(), ":path").unwrap_or_default();
    let operation = path.rsplit('/').next().and_then(|method| Operation::find(&snake(method)));
    if operation.is_none_or(redaction::holds_secrets) { Binary::Length } else { Binary::Hex }
}

/// The content of a stream.
fn content(stream: u32, frames: &[FrameAndFields], binary: Binary) -> String {
    let of_stream = || frames.iter().filter(|(frame, _)| frame.stream() == stream);
    let data = of_stream().filter(|(frame, _)| frame.kind() == kinds::DATA);
    let content = data.flat_map(|(frame, _)| frame.content()).copied().collect();
    let field = |name| field_of(of_stream().flat_map(|(_, fields)| *fields), name);
    readable(content, field("content-encoding"), field("content-type").unwrap_or_default(), binary)
}

/// A header field.
fn field_of<'f>(mut fields: impl Iterator<Item = &'f (String, String)>, wanted: &str) -> Option<&'f str> {
    fields.find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
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
        let parts = http(bytes, Binary::Length);
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
        let parts = http(&[head.as_bytes(), &compressed].concat(), Binary::Length);
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
    fn the_last_frame_of_a_stream_has_all_of_its_binary_content() {
        let fields = |list: &[(&str, &str)]| {
            list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<HeaderList>()
        };
        // A head, content, and trailers, which end the stream.
        let received = [
            b"\0\0\x01\x01\x04\0\0\0\x01\x88".as_slice(),
            b"\0\0\x07\0\0\0\0\0\x01\0\0\0\0\x02\x08\x01",
            b"\0\0\x01\x01\x05\0\0\0\x01\xbe",
        ];
        let recording = |method: &str| Recording {
            kind: RecordedKind::Http2,
            received: received.concat(),
            sent_fields: vec![fields(&[(":path", &format!("/parlance.shop.v1.ShopService/{method}"))])],
            received_fields: vec![fields(&[("content-type", "application/grpc")]), fields(&[("grpc-status", "0")])],
            ..Recording::default()
        };
        let texts = |method| {
            Exchange::of(&recording(method)).received.iter().map(|part| part.text().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(texts("GetUser"), ["content-type: application/grpc", "00 00 00 00 02 08 01", "grpc-status: 0"]);
        assert_eq!(texts("LogIn")[1], "7 bytes", "it may hold secrets");
    }

    #[test]
    fn a_secret_in_two_frames_is_masked_in_both() {
        let frames = frames(b"\x01\x10{\"password\":\"cor\x80\x08rect\"}  ");
        assert_eq!(frames.iter().map(Part::text).collect::<Vec<_>>(), ["{\"password\":\"***", "****\"}  "]);
    }
}
