//! Bad input over HTTP is answered in the style's own grammar; then the connection is still good, or closed.

use std::sync::Arc;
use tests::TestServer;
use tests::protocols::{Case, ProtocolFacts, Refusal};
use tests::raw::{Line, request, request_with};

/// Sends it, reads the response by the style's grammar, and tries the connection once more.
pub fn send(server: &Arc<TestServer>, facts: &ProtocolFacts, case: &Case) {
    let mut line = Line::open(&server.address());
    let (method, target, media_type) = case.head;
    line.send(&request_with(method, target, media_type, case.headers, &(case.body)()));
    let response = line.response().expect("an answer, not silence");
    let refusal = (facts.read_refusal)(&response);
    let (status, code, reason) = case.expected;
    let expected = Refusal { code: code.to_owned(), reason: reason.to_owned() };
    assert_eq!((response.status, &refusal), (status, &expected), "{}", response.text());
    assert!(refusal.reason != "internal" && !response.text().contains("panicked"));
    if response.header("connection") == "close" {
        assert!(line.is_at_end());
        return;
    }
    line.send(&request("GET", "/livez", "", b""));
    match line.response() {
        Some(response) => assert_eq!(response.status, 200, "the connection is still good"),
        None => assert_eq!(status, 413, "only what was too much to read is a reason to hang up without a word"),
    }
}

/// What is not HTTP gets the bare response of the HTTP library, which knows no style, or none, and the connection closes.
pub const NO_HTTP: &[(&str, &[u8])] = &[
    ("words", b"hello\r\n\r\n"),
    ("binary", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    ("another version", b"GET / HTTP/7.5\r\n\r\n"),
    ("a length that is none", b"POST /rest/orders HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n"),
    ("two lengths", b"POST /rest/orders HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab"),
    ("a chunk that is none", b"POST /soap HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"),
    ("a header that is none", b"GET / HTTP/1.1\r\nhost a\r\n\r\n"),
    ("a control character in a header", b"GET / HTTP/1.1\r\nhost: a\x01\r\n\r\n"),
];

/// Sends it and closes the sending direction.
pub fn no_http(server: &Arc<TestServer>, bytes: &[u8]) {
    let mut line = Line::open(&server.address());
    line.send(bytes);
    line.end();
    if let Some(response) = line.response() {
        assert!((400..500).contains(&response.status), "{response:?}");
    }
    assert!(line.is_at_end());
}
