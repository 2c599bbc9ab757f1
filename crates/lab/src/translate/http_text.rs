//! Reads a pasted text that is no command: a request of HTTP, an address, or a body alone.

use crate::sandboxes::split_path;
use bytes::Bytes;
use wire::request_text::RequestText;

const SCHEMES: [&str; 4] = ["http://", "https://", "ws://", "wss://"];

/// The text as a request.
pub fn read(text: &str) -> RequestText {
    let line = text.lines().next().unwrap_or_default();
    match line.split_whitespace().collect::<Vec<_>>().as_slice() {
        [method, target] | [method, target, _] if is_method(method) && is_target(target) => {
            request(text, method, target)
        }
        [target] if is_target(target) => RequestText { target: target_of(target), ..RequestText::default() },
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
    RequestText {
        method: method.to_owned(),
        target: target_of(target),
        headers,
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
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

/// The path and query of an address, within its sandbox. Shell tools take an address without its scheme, too.
pub fn target_of(address: &str) -> String {
    let scheme = SCHEMES.iter().find(|scheme| address.starts_with(*scheme));
    let rest = scheme.map_or(address, |scheme| &address[scheme.len()..]);
    let path = rest.find('/').map_or("/", |start| &rest[start..]);
    split_path(path.split('#').next().unwrap_or_default()).1.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_a_line_and_headers_and_a_body() {
        let expected = RequestText {
            method: "POST".to_owned(),
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
        assert_eq!(target_of("localhost:8080"), "/");
        assert!(read("{ user(id: 1) { id } }").is_bare() && read("query A { me { role } }").is_bare());
    }
}
