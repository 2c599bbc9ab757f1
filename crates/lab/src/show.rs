//! Recorded bytes for a terminal, none of them hidden.

use crate::exchange::{hex, payload};
use wire::io::Recording;
use wire::measure::{header, split_frames, split_http};

/// The bytes of an exchange: `>` marks what was sent, `<` what was received. Binary content is shown in hex.
pub fn wire(recording: &Recording, is_socket: bool) -> String {
    let part = |bytes: &[u8], mark| if is_socket { frames(bytes, mark) } else { http(bytes, mark) };
    format!("{}\n{}", part(&recording.sent, '>'), part(&recording.received, '<'))
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
