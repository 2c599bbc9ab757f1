//! What only REST has: entity tags, and a stream at the address of a page.

use serde_json::json;
use tests::TestServer;
use tests::raw::{Line, Response, request_with};
use wire::Address;

tests!(an_etag_is_never_reused_for_other_content, a_stream_needs_an_explicit_accept_and_has_a_head,);

fn send(address: &Address, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
    let mut line = Line::open(address);
    let media_type = if body.is_empty() { "" } else { "application/json" };
    line.send(&request_with(method, path, media_type, headers, body.as_bytes()));
    line.response().unwrap()
}

/// RFC 9110 section 8.8.3: versions start at 1 again in a sandbox that was reset, and an entity tag must not.
fn an_etag_is_never_reused_for_other_content() {
    let server = TestServer::open();
    let (address, sandbox) = (server.address(), format!("/sandboxes/{}", server.new_name()));
    let user = format!("{sandbox}/rest/users/1");
    let call = |name: &str| {
        let named = send(&address, "PATCH", &user, &[], &json!({"name": name}).to_string());
        assert_eq!(named.status, 200, "{}", named.text());
        named.header("etag").to_owned()
    };
    let ada = call("Ada");
    assert!(ada.starts_with("\"2-"), "{ada}");
    let known = send(&address, "GET", &user, &[("if-none-match", &ada)], "");
    assert_eq!((known.status, known.header("etag")), (304, ada.as_str()), "PATCH and GET return the same ETag");
    assert_eq!(send(&address, "POST", &format!("{sandbox}/reset"), &[], "").status, 200);
    let bob = call("Bob");
    assert!(bob.starts_with("\"2-") && bob != ada, "{ada} {bob}");
    let changed = send(&address, "GET", &user, &[("if-none-match", &ada)], "");
    assert_eq!((changed.status, changed.header("etag")), (200, bob.as_str()));
    // What is changed is a version, in whatever form it was read.
    let changed = send(&address, "PATCH", &user, &[("if-match", "\"2\"")], "{\"name\":\"Carl\"}");
    assert_eq!(changed.status, 200, "{}", changed.text());
    let again = send(&address, "PATCH", &user, &[("if-match", &bob)], "{\"name\":\"Dora\"}");
    assert_eq!(again.status, 412, "{}", again.text());
}

fn a_stream_needs_an_explicit_accept_and_has_a_head() {
    let server = TestServer::open();
    let address = server.address();
    for (accept, media_type) in [
        ("application/json, text/event-stream;q=0", "application/json"),
        ("application/json, text/event-streamer", "application/json"),
        ("*/*", "application/json"),
    ] {
        let page = send(&address, "GET", "/rest/events?limit=1", &[("accept", accept)], "");
        assert_eq!((page.status, page.header("content-type")), (200, media_type), "{accept}");
    }
    let mut line = Line::open(&address);
    // RFC 9110 section 9.3.2: the head of the stream without its content; the connection stays open.
    for path in ["/rest/events", "/rest/me"] {
        line.send(&request_with("HEAD", path, "", &[("accept", "application/json;q=0.1, text/event-stream")], b""));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push(char::from(line.byte().unwrap()));
        }
        let is_stream = head.contains("content-type: text/event-stream") && !head.contains("content-length");
        assert!(head.starts_with("HTTP/1.1 200") && is_stream == (path == "/rest/events"), "{head}");
    }
}
