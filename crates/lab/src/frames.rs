//! Frames of HTTP/2 in words.

use wire::http2::{Frame, Frames, HeaderList, kinds};

/// A frame, with the fields of the header block that begins with it.
pub type FrameAndFields<'r> = (Frame<'r>, &'r [(String, String)]);

/// The frames of recorded bytes, each with the fields of the header block that begins with it.
pub fn with_fields<'r>(frames: &Frames<'r>, lists: &'r [HeaderList]) -> Vec<FrameAndFields<'r>> {
    let mut lists = lists.iter();
    let mut of = |frame: &Frame| match frame.kind() {
        // Continuations belong to the block before them (RFC 9113 section 6.10).
        kinds::HEADERS | kinds::PUSH_PROMISE => lists.next().map(Vec::as_slice).unwrap_or_default(),
        _ => &[],
    };
    frames.frames.iter().map(|frame| (*frame, of(frame))).collect()
}

/// What a frame about the connection, a stream or a window says (RFC 9113 section 6); nothing for the others.
pub fn meaning(frame: &Frame) -> String {
    let number =
        |at: usize| frame.payload.get(at..).and_then(|rest| rest.first_chunk()).copied().map(u32::from_be_bytes);
    match (frame.name(), number(0), number(4)) {
        ("SETTINGS", ..) => frame.payload.as_chunks().0.iter().map(setting).collect::<Vec<_>>().join(", "),
        ("WINDOW_UPDATE", Some(increment), _) => format!("{increment} more bytes"),
        ("RST_STREAM", Some(code), _) => error_code(code).to_owned(),
        ("GOAWAY", Some(last), Some(code)) => format!("last stream {last}, {}", error_code(code)),
        _ => String::new(),
    }
}

/// RFC 9113 section 6.5.2.
fn setting([high, low, value @ ..]: &[u8; 6]) -> String {
    let name = match u16::from_be_bytes([*high, *low]) {
        1 => "HEADER_TABLE_SIZE",
        2 => "ENABLE_PUSH",
        3 => "MAX_CONCURRENT_STREAMS",
        4 => "INITIAL_WINDOW_SIZE",
        5 => "MAX_FRAME_SIZE",
        6 => "MAX_HEADER_LIST_SIZE",
        8 => "ENABLE_CONNECT_PROTOCOL",
        _ => "unknown",
    };
    format!("{name} {}", u32::from_be_bytes(*value))
}

/// RFC 9113 section 7.
fn error_code(code: u32) -> &'static str {
    const NAMES: [&str; 14] = [
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED",
    ];
    NAMES.get(code as usize).unwrap_or(&"unknown")
}

/// Whether bytes can be shown as text.
pub fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes)
        .is_ok_and(|text| !text.contains(|c: char| c.is_control() && !matches!(c, '\r' | '\n' | '\t')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_words(kind: u8, payload: &[u8]) -> String {
        let header = [0, 0, payload.len() as u8, kind, 0, 0, 0, 0, 0];
        meaning(&Frame { header: &header, payload })
    }

    #[test]
    fn control_frames_are_put_in_words() {
        assert_eq!(in_words(4, b"\0\x02\0\0\0\0\0\x04\0\x01\0\0"), "ENABLE_PUSH 0, INITIAL_WINDOW_SIZE 65536");
        assert_eq!(in_words(8, b"\0\0\0\x09"), "9 more bytes");
        assert_eq!(in_words(3, b"\0\0\0\x08"), "CANCEL");
        assert_eq!(in_words(7, b"\0\0\0\x05\0\0\0\0bye"), "last stream 5, NO_ERROR");
        assert_eq!(in_words(7, b"\0"), "");
    }
}
