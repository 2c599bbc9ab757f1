//! Recorded bytes for a terminal, none of them hidden.

use crate::exchange::{hex, payload};
use crate::frames::{is_text, meaning, with_fields};
use wire::http2::{self, HeaderList, kinds};
use wire::measure::{header, split_frames, split_http};
use wire::recorder::{RecordedKind, Recording};

/// The bytes of an exchange: `>` marks what was sent, `<` what was received. Binary content is shown in hex.
pub fn wire(recording: &Recording) -> String {
    let part = |bytes: &[u8], fields: &[HeaderList], mark| match recording.kind {
        RecordedKind::Http1 => http(bytes, mark),
        RecordedKind::Http2 => http2(bytes, fields, mark),
        RecordedKind::WebSocket => frames(bytes, mark),
    };
    let sent = part(&recording.sent, &recording.sent_fields, '>');
    format!("{sent}\n{}", part(&recording.received, &recording.received_fields, '<'))
}

/// Messages of HTTP: their heads and bodies; compressed bodies in hex.
fn http(bytes: &[u8], mark: char) -> String {
    let (messages, rest) = split_http(bytes);
    let mut shown = String::new();
    for message in messages {
        shown.push_str(&text(message.head, mark));
        shown.push_str(&match header(message.head, "content-encoding") {
            None => text(message.body, mark),
            Some(_) => format!("{mark} [{}]\n", hex(message.body)),
        });
    }
    shown + &text(rest, mark)
}

/// Frames of HTTP/2: the header's bytes in hex and in words; then the fields of a header block, decoded, or the content.
fn http2(bytes: &[u8], lists: &[HeaderList], mark: char) -> String {
    let split = http2::split(bytes);
    let mut shown = text(split.preface, mark);
    for (frame, fields) in with_fields(&split, lists) {
        let (header, name, stream, length) = (hex(frame.header), frame.name(), frame.stream(), frame.payload.len());
        let words = [format!("{name} stream {stream}"), format!("{length} bytes")].into_iter();
        let words = words.chain(frame.flags().into_iter().map(str::to_owned)).collect::<Vec<_>>().join(", ");
        shown.push_str(&format!("{mark} [{header}] {words}\n"));
        let content = frame.content();
        shown.push_str(&match meaning(&frame) {
            words if !words.is_empty() => format!("{mark} {words}\n"),
            _ if frame.has_fields() => fields.iter().map(|(name, value)| format!("{mark} {name}: {value}\n")).collect(),
            _ if frame.kind() == kinds::DATA && is_text(content) => text(content, mark),
            _ if content.is_empty() => String::new(),
            _ => format!("{mark} [{}]\n", hex(content)),
        });
    }
    shown + &text(split.rest, mark)
}

/// Text, line by line, with its carriage returns.
fn text(bytes: &[u8], mark: char) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut shown = String::new();
    for line in text.split_inclusive('\n') {
        let line = line.replace('\r', "\\r").replace('\n', "\\n");
        shown.push_str(&format!("{mark} {line}\n"));
    }
    shown
}

/// Frames of a WebSocket (RFC 6455 section 5.2): the header's bytes in hex, then the payload, unmasked.
fn frames(bytes: &[u8], mark: char) -> String {
    let mut shown = String::new();
    for frame in split_frames(bytes).0 {
        let text = match frame.opcode() {
            0x8 => format!("close {}", payload(&frame)),
            0x9 => "ping".to_owned(),
            0xa => "pong".to_owned(),
            _ => payload(&frame),
        };
        shown.push_str(&format!("{mark} [{}] {text}\n", hex(frame.header)));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_unmasked() {
        let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        assert_eq!(frames(&hello, '>'), "> [81 85 37 fa 21 3d] Hello\n");
        assert_eq!(frames(&[0x88, 0x02, 0x03, 0xe8], '<'), "< [88 02] close 1000 \n");
    }
}
