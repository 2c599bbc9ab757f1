//! How are recorded bytes made readable, and none of them hidden?

use wire::io::Recording;

/// The bytes of an exchange: `>` before what was sent, `<` before what was received. What is no text is shown in hex.
pub fn wire(recording: &Recording, is_socket: bool) -> String {
    let part = |bytes: &[u8], mark| if is_socket { frames(bytes, mark) } else { text(bytes, mark) };
    format!("{}\n{}", part(&recording.sent, '>'), part(&recording.received, '<'))
}

/// Text, line by line; a carriage return is shown, as it is part of the line's end.
pub fn text(bytes: &[u8], mark: char) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut shown = String::new();
    for line in text.split_inclusive('\n') {
        let line = line.replace('\r', "\\r").replace('\n', "\\n");
        shown.push_str(&format!("{mark} {line}\n"));
    }
    shown
}

/// Frames of a WebSocket (RFC 6455 section 5.2): the header's bytes in hex, then the payload, unmasked.
pub fn frames(mut bytes: &[u8], mark: char) -> String {
    let mut shown = String::new();
    while let [first, second, ..] = bytes {
        let extended = match second & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let mask_len = if second & 0x80 == 0 { 0 } else { 4 };
        let header = (2 + extended + mask_len).min(bytes.len());
        let long =
            bytes[2.min(header)..header.min(2 + extended)].iter().fold(0u64, |len, byte| len << 8 | u64::from(*byte));
        let length = if extended == 0 { u64::from(second & 0x7f) } else { long };
        let end = header + (length as usize).min(bytes.len() - header);
        let mask = &bytes[header - mask_len.min(header)..header];
        let payload = bytes[header..end].iter().enumerate();
        let payload: Vec<u8> =
            payload.map(|(i, byte)| if mask_len == 4 { byte ^ mask[i % 4] } else { *byte }).collect();
        let hex: Vec<String> = bytes[..header].iter().map(|byte| format!("{byte:02x}")).collect();
        shown.push_str(&format!("{mark} [{}] {}\n", hex.join(" "), readable(first & 0x0f, &payload)));
        bytes = &bytes[end..];
    }
    shown
}

fn readable(opcode: u8, payload: &[u8]) -> String {
    match (opcode, payload) {
        (0x8, [high, low, reason @ ..]) => {
            format!("close {} {}", u16::from_be_bytes([*high, *low]), String::from_utf8_lossy(reason))
        }
        (0x9, _) => "ping".to_owned(),
        (0xa, _) => "pong".to_owned(),
        _ => String::from_utf8_lossy(payload).into_owned(),
    }
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
