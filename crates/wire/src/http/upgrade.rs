//! An offered upgrade that the server does not take is ignored (RFC 9110 section 7.8), as clients expect that offer one with every
//! request: Java's `HttpClient` and `curl --http2` offer `h2c`, Apache HttpClient 5.4 offers `TLS/1.2`.
//!
//! actix-http treats every `Connection: upgrade` as the end of HTTP on the connection: it answers with a bare `connection:
//! upgrade` and closes. So an offer that is not taken is overwritten, by a word of the same length, before actix-http reads it.

use std::ops::Range;

/// Replaces "upgrade", as a connection option and as a field name. It has no meaning.
const IGNORED: &[u8] = b"ignored";

/// The position of the next bytes of a connection, as far as it is followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Position {
    /// At the start of a head.
    #[default]
    Head,
    /// In a body with so many bytes left.
    Body(u64),
    /// Elsewhere: in a head that has arrived in part, in a chunked body, after a handshake.
    Unknown,
}

impl Position {
    /// Overwrites the upgrades that requests in these bytes offer, unless they can become a WebSocket; returns the position
    /// after them. A head that has arrived in part is left as it is.
    pub fn ignore_untaken(mut self, mut bytes: &mut [u8]) -> Position {
        while !bytes.is_empty() {
            let end = match self {
                Position::Unknown => return self,
                Position::Body(length) => {
                    let end = bytes.len().min(usize::try_from(length).unwrap_or(usize::MAX));
                    self = if end as u64 == length { Position::Head } else { Position::Body(length - end as u64) };
                    end
                }
                Position::Head => {
                    let Some(offer) = Offer::read(bytes) else { return Position::Unknown };
                    self = offer.after();
                    if !offer.is_websocket {
                        offer.words.into_iter().for_each(|word| bytes[word].copy_from_slice(IGNORED));
                    }
                    offer.head_bytes
                }
            };
            bytes = &mut bytes[end..];
        }
        self
    }
}

/// The offers of a head.
struct Offer {
    /// The length of the head.
    head_bytes: usize,
    /// The length of the body; `None` if chunked.
    body_bytes: Option<u64>,
    /// The positions of "upgrade", as a connection option or as a field name.
    words: Vec<Range<usize>>,
    /// Whether it is a handshake of RFC 6455 section 4.1: GET, HTTP/1.1, this one protocol, no content.
    is_websocket: bool,
}

impl Offer {
    fn read(bytes: &[u8]) -> Option<Self> {
        let (mut words, mut protocols, mut body_bytes) = (Vec::new(), Vec::new(), Some(0));
        let mut start = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line_start = start;
            start += line.len();
            let line = line.trim_ascii_end();
            if line.is_empty() && line_start > 0 {
                let can_be_one = is_get_of_http_1_1(bytes) && body_bytes == Some(0);
                let is_websocket = can_be_one && matches!(protocols[..], [one] if is_websocket(one));
                return Some(Offer { head_bytes: start, body_bytes, words, is_websocket });
            }
            let Some(colon) = field_of_interest(line) else { continue };
            let (name, value) = (&line[..colon], &line[colon + 1..]);
            if name.eq_ignore_ascii_case(b"upgrade") {
                words.push(line_start..line_start + colon);
                protocols.push(value);
            } else if name.eq_ignore_ascii_case(b"connection") {
                words.extend(options(value, line_start + colon + 1));
            } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
                body_bytes = None;
            } else if name.eq_ignore_ascii_case(b"content-length") {
                body_bytes = body_bytes.and_then(|_| str::from_utf8(value.trim_ascii()).ok()?.parse().ok());
            }
        }
        None
    }

    /// The position after the head.
    fn after(&self) -> Position {
        match self.body_bytes {
            _ if self.is_websocket => Position::Unknown,
            Some(0) => Position::Head,
            Some(length) => Position::Body(length),
            None => Position::Unknown,
        }
    }
}

/// The colon of a field that may matter here, by its first letter, because most do not.
fn field_of_interest(line: &[u8]) -> Option<usize> {
    let is_one = matches!(line.first(), Some(b'U' | b'u' | b'C' | b'c' | b'T' | b't'));
    is_one.then(|| line.iter().position(|byte| *byte == b':')).flatten()
}

/// The position of "upgrade" among connection options, which begin at `start`.
fn options(value: &[u8], mut start: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for option in value.split(|byte| *byte == b',') {
        let word = start + option.len() - option.trim_ascii_start().len();
        if option.trim_ascii().eq_ignore_ascii_case(b"upgrade") {
            found.push(word..word + IGNORED.len());
        }
        start += option.len() + 1;
    }
    found
}

fn is_websocket(protocol: &[u8]) -> bool {
    protocol.trim_ascii().eq_ignore_ascii_case(b"websocket")
}

fn is_get_of_http_1_1(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.starts_with(b"GET ") && line.trim_ascii_end().ends_with(b" HTTP/1.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(head: &str) -> String {
        let mut bytes = head.as_bytes().to_vec();
        Position::Head.ignore_untaken(&mut bytes);
        String::from_utf8(bytes).expect("words are text")
    }

    #[test]
    fn an_offer_that_is_not_taken_is_overwritten() {
        for (offer, left) in [
            (
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c",
                "Connection: ignored, HTTP2-Settings\r\nignored: h2c",
            ),
            ("upgrade:TLS/1.2\r\nconnection:keep-alive ,UPGRADE", "ignored:TLS/1.2\r\nconnection:keep-alive ,ignored"),
            ("Connection: upgrade", "Connection: ignored"),
            ("Upgrade: h2c, websocket\r\nConnection: Upgrade", "ignored: h2c, websocket\r\nConnection: ignored"),
        ] {
            let with = |fields: &str| {
                format!("POST / HTTP/1.1\r\nContent-Length: 23\r\n{fields}\r\n\r\nConnection: Upgrade\r\n\r\n")
            };
            assert_eq!(read(&with(offer)), with(left));
        }
    }

    #[test]
    fn requests_that_come_together_are_read_one_by_one() {
        let (offer, left) =
            ("Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", "Connection: ignored\r\nignored: h2c\r\n\r\n");
        let both = |one: &str| format!("POST / HTTP/1.1\r\nContent-Length: 4\r\n{one}\r\n\r\nGET / HTTP/1.1\r\n{one}");
        assert_eq!(read(&both(offer)), both(left));
        let after = |bytes: &str| Position::Head.ignore_untaken(&mut bytes.as_bytes().to_vec());
        assert_eq!(after("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"), Position::Body(2));
        assert_eq!(Position::Body(2).ignore_untaken(&mut b"ab".to_vec()), Position::Head);
        assert_eq!(after("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), Position::Unknown);
        assert_eq!(after("POST / HTTP/1.1\r\nConnection:"), Position::Unknown);
    }

    #[test]
    fn a_websocket_is_offered_by_get_of_http_1_1_without_content() {
        let offer = "Connection: Upgrade\r\nUpgrade: WebSocket";
        for (line, more, is_kept) in [
            ("GET /ws HTTP/1.1", "", true),
            ("GET /ws HTTP/1.1", "Content-Length: 0\r\n", true),
            ("GET /ws HTTP/1.0", "", false),
            ("POST /ws HTTP/1.1", "", false),
            ("GET /ws HTTP/1.1", "Content-Length: 1\r\n", false),
            ("GET /ws HTTP/1.1", "Transfer-Encoding: chunked\r\n", false),
        ] {
            let head = format!("{line}\r\n{more}{offer}\r\n\r\n");
            assert_eq!(read(&head) == head, is_kept, "{head}");
        }
    }

    #[test]
    fn what_offers_nothing_stays_and_so_does_half_a_head() {
        for head in [
            "POST /upgrade HTTP/1.1\r\nUpgrade-Insecure-Requests: 1\r\nConnection: keep-alive\r\n\r\nUpgrade: h2c",
            "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n",
            "",
            "\r\n\r\n",
        ] {
            assert_eq!(read(head), head);
        }
    }
}
