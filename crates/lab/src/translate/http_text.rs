//! Reads a pasted text that is no command: a request of HTTP, an address, or a body alone.

use crate::sandboxes::split_path;
use bytes::Bytes;
use domain::access::{Credentials, Secret};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use wire::request_text::RequestText;

/// RFC 3986 section 2.3.
pub const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const SCHEMES: [&str; 4] = ["http://", "https://", "ws://", "wss://"];

/// The text as a request.
pub fn read(text: &str) -> RequestText {
    let line = text.lines().next().unwrap_or_default();
    match line.split_whitespace().collect::<Vec<_>>().as_slice() {
        [method, target] | [method, target, _] if is_method(method) && is_target(target) => {
            request(text, method, target)
        }
        [target] if is_target(target) => {
            let mut request = RequestText::default();
            set_address(&mut request, target);
            request
        }
        _ => RequestText { body: Bytes::copy_from_slice(text.as_bytes()), ..RequestText::default() },
    }
}

/// RFC 9112 section 2.1: the request line, headers, an empty line, the content. Lines may end without their CR (section 2.2).
fn request(text: &str, method: &str, target: &str) -> RequestText {
    let ends = [("\r\n\r\n", text.find("\r\n\r\n")), ("\n\n", text.find("\n\n"))];
    let end = ends.into_iter().filter_map(|(end, at)| Some((at?, end.len()))).min();
    let (head, body) = end.map_or((text, ""), |(at, length)| (&text[..at], &text[at + length..]));
    let headers = head.lines().skip(1).filter_map(header);
    let headers = headers.filter(|(name, _)| !is_of_framing(name)).collect();
    let body = Bytes::copy_from_slice(body.as_bytes());
    let mut request = RequestText { method: method.to_owned(), headers, body, ..RequestText::default() };
    set_address(&mut request, target);
    request
}

/// The name and the value of a header line.
pub fn header(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

/// Whether a header describes the connection or the length, which do not hold for the pasted text.
fn is_of_framing(name: &str) -> bool {
    ["content-length", "transfer-encoding", "host", "connection"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

fn is_method(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_target(word: &str) -> bool {
    word.starts_with('/') || SCHEMES.iter().any(|scheme| word.starts_with(scheme))
}

/// Sets the sandbox, and the path and query within it. Shell tools take an address without its scheme, too.
pub fn set_address(request: &mut RequestText, address: &str) {
    let scheme = SCHEMES.iter().find(|scheme| address.starts_with(*scheme));
    let rest = scheme.map_or(address, |scheme| &address[scheme.len()..]);
    let path = rest.find('/').map_or("/", |start| &rest[start..]);
    let (sandbox, target) = split_path(path.split('#').next().unwrap_or_default());
    (request.sandbox, request.target) = (sandbox.map(str::to_owned), target.to_owned());
}

/// Adds a member to the query, its value percent-encoded.
pub fn add_query(request: &mut RequestText, name: &str, value: &str) {
    add_to_query(request, &format!("{name}={}", utf8_percent_encode(value, RESERVED)));
}

/// Adds what is encoded already.
pub fn add_to_query(request: &mut RequestText, query: &str) {
    request.target.push(if request.target.contains('?') { '&' } else { '?' });
    request.target.push_str(query);
}

/// RFC 7617: `user:password`, as a header.
pub fn basic(value: &str) -> Option<(String, String)> {
    let (email, password) = value.split_once(':').unwrap_or((value, ""));
    let credentials = Credentials::Password { email: email.to_owned(), password: Secret::new(password) };
    wire::credentials::header(&credentials).map(|(name, value)| (name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_a_line_and_headers_and_a_body() {
        let expected = RequestText {
            method: "POST".to_owned(),
            sandbox: Some("a".to_owned()),
            target: "/jsonrpc".to_owned(),
            headers: vec![("X-Api-Key".to_owned(), "k".to_owned())],
            body: Bytes::from_static(b"{\n\n}"),
        };
        let lines =
            ["POST /sandboxes/a/jsonrpc HTTP/1.1", "Host: x", "X-Api-Key:  k", "Content-Length: 9", "", "{\n\n}"];
        assert_eq!(read(&lines.join("\r\n")), expected);
        assert_eq!(read(&lines.join("\n")), expected);
    }

    #[test]
    fn an_address_may_lack_its_host() {
        for address in ["http://localhost:8080/rest/me?a=1#top", "/rest/me?a=1", "GET /sandboxes/b/rest/me?a=1"] {
            assert_eq!(read(address).target, "/rest/me?a=1", "{address}");
        }
        assert!(read("{ user(id: 1) { id } }").is_bare() && read("query A { me { role } }").is_bare());
    }
}
