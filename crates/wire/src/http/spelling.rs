//! The header names of a handshake response, spelled as in RFC 6455.
//!
//! Names have no case (RFC 9110 section 5.1), yet gql 4.4 for Python looks for `Sec-WebSocket-Protocol` only, and others do the same.
//! actix-http writes `Sec-Websocket-Protocol` at most, because the `http` crate keeps names in lower case. This goes once gql
//! ignores case, or actix-http keeps it.

use std::borrow::Cow;

const WRITTEN: &[u8] = b"Sec-Websocket-";
const SPELLED: &[u8] = b"Sec-WebSocket-";

/// The same bytes; but if they begin with the head of a response that switches protocols (101), its names are spelled as in
/// the RFC. The length stays.
pub fn spelled(bytes: &[u8]) -> Cow<'_, [u8]> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let Some(end) = end.filter(|_| bytes.starts_with(b"HTTP/1.1 101 ")) else { return Cow::Borrowed(bytes) };
    let mut spelled = bytes.to_vec();
    for start in 0..end {
        let name = &mut spelled[start..];
        if name.starts_with(WRITTEN) && bytes[..start].ends_with(b"\r\n") {
            name[..SPELLED.len()].copy_from_slice(SPELLED);
        }
    }
    Cow::Owned(spelled)
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn the_names_of_a_handshake_are_spelled_and_nothing_else() {
        let text = |bytes: &str| String::from_utf8(spelled(bytes.as_bytes()).into_owned()).unwrap();
        let head =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-Websocket-Accept: Sec-Websocket-\r\n\r\n";
        let right =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: Sec-Websocket-\r\n\r\n";
        let frame = "\r\nSec-Websocket-Accept: x\r\n\r\n";
        assert_eq!(text(&format!("{head}{frame}")), format!("{right}{frame}"));
        for other in [frame, &head.replace("101", "200"), head.trim_end(), ""] {
            assert_eq!(text(other), *other);
        }
    }
}
