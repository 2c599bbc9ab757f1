//! A request as a shell command, as a program, and byte by byte, to be pasted elsewhere.

use bytes::Bytes;
use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, Request};
use serde::Serialize;
use std::fmt::Write;
use wire::client::{Message, WireRequest, grpcurl, quote};
use wire::{Address, json};

/// A request for one tool or language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Copy"))]
pub struct Snippet {
    /// The tool or the language.
    pub name: &'static str,
    /// The command, the program or the message.
    pub text: String,
}

/// The request for every tool and language.
pub fn snippets(request: &WireRequest, address: &Address) -> Vec<Snippet> {
    let command = request.command(address);
    let grpcurl = match request {
        WireRequest::Http(request) | WireRequest::EventStream(request) => grpcurl(request, address),
        WireRequest::Socket(_) => None,
    };
    let own = grpcurl.map(|text| ("grpcurl", text));
    let texts = match request {
        // The other tools send no stream of gRPC.
        WireRequest::EventStream(_) if own.is_some() => Vec::new(),
        WireRequest::Http(request) | WireRequest::EventStream(request) => vec![
            ("curl", command),
            ("HTTPie", httpie(request, address)),
            ("Python", python(request, address)),
            ("JavaScript", javascript(request, address)),
            ("raw", raw_http(request, address)),
        ],
        WireRequest::Socket(message) => vec![
            ("websocat", command),
            ("Python", python_socket(message, address)),
            ("JavaScript", javascript_socket(message, address)),
            ("raw", raw(request, address)),
        ],
    };
    own.into_iter().chain(texts).map(|(name, text)| Snippet { name, text }).collect()
}

/// A request with its headers, or the messages of a socket.
pub fn raw(request: &WireRequest, address: &Address) -> String {
    match request {
        WireRequest::Http(request) | WireRequest::EventStream(request) => raw_http(request, address),
        WireRequest::Socket(message) => messages(message).collect::<Vec<_>>().join("\n"),
    }
}

/// RFC 9112 section 2.1: lines end with CR and LF.
fn raw_http(request: &Request<Bytes>, address: &Address) -> String {
    let mut raw = format!("{} {}{} HTTP/1.1\r\n", request.method(), address.prefix, request.uri());
    for (name, value) in texts(request.headers()) {
        // Writing to a String does not fail, here and below.
        let _ = write!(raw, "{name}: {value}\r\n");
    }
    let _ = write!(raw, "host: {}\r\n", address.authority);
    if !request.body().is_empty() {
        let _ = write!(raw, "content-length: {}\r\n", request.body().len());
    }
    raw + "\r\n" + &body(request)
}

/// HTTPie (httpie.io/docs/cli): `name:value` is a header, and `--raw` the body as it is.
fn httpie(request: &Request<Bytes>, address: &Address) -> String {
    let mut command = format!("http --ignore-stdin {} {}", request.method(), quote(&url(request, address)));
    for (name, value) in headers(request) {
        let _ = write!(command, " {}", quote(&format!("{name}:{value}")));
    }
    if !request.body().is_empty() {
        let _ = write!(command, " --raw {}", quote(&body(request)));
    }
    command
}

/// Python 3 with its standard library.
fn python(request: &Request<Bytes>, address: &Address) -> String {
    format!(
        "from urllib.error import HTTPError\nfrom urllib.request import Request, urlopen\n\n\
         request = Request(\n    {},\n    method={},\n{}{})\n\
         try:\n    response = urlopen(request)\nexcept HTTPError as refusal:\n    response = refusal\n\
         print(response.status, response.read().decode())\n",
        literal(&url(request, address)),
        literal(request.method().as_str()),
        argument("    headers={", &entries(headers(request)), "},\n"),
        argument("    data=", &text_body(request), ".encode(),\n"),
    )
}

/// JavaScript for browsers and Node.
fn javascript(request: &Request<Bytes>, address: &Address) -> String {
    format!(
        "const response = await fetch({}, {{\n  method: {},\n{}{}}});\n\
         console.log(response.status, await response.text());\n",
        literal(&url(request, address)),
        literal(request.method().as_str()),
        argument("  headers: { ", &entries(headers(request)), " },\n"),
        argument("  body: ", &text_body(request), ",\n"),
    )
}

/// An argument of a call, left out if it is empty.
fn argument(before: &str, value: &str, after: &str) -> String {
    if value.is_empty() { String::new() } else { format!("{before}{value}{after}") }
}

/// Python with the library `websockets` (websockets.readthedocs.io).
fn python_socket(message: &Message, address: &Address) -> String {
    let mut options = literal(&address.ws(message.path));
    if !message.subprotocol.is_empty() {
        let _ = write!(options, ", subprotocols=[{}]", literal(message.subprotocol));
    }
    if !message.headers.is_empty() {
        let _ = write!(options, ", additional_headers={{{}}}", entries(texts(&message.headers)));
    }
    let mut program = format!("from websockets.sync.client import connect\n\nwith connect({options}) as socket:\n");
    for text in messages(message) {
        let _ = writeln!(program, "    socket.send({})\n    print(socket.recv())", literal(text));
    }
    program
}

/// JavaScript for browsers and Node (22 or newer), which can't set headers of a handshake.
fn javascript_socket(message: &Message, address: &Address) -> String {
    let mut options = literal(&address.ws(message.path));
    if !message.subprotocol.is_empty() {
        let _ = write!(options, ", {}", literal(message.subprotocol));
    }
    let messages: Vec<String> = messages(message).map(literal).collect();
    format!(
        "const socket = new WebSocket({options});\nconst messages = [{}];\n\
         const next = () => (messages.length ? socket.send(messages.shift()) : socket.close());\n\
         socket.onopen = next;\nsocket.onmessage = ({{ data }}) => {{\n  console.log(data);\n  next();\n}};\n",
        messages.join(", ")
    )
}

fn messages(message: &Message) -> impl Iterator<Item = &str> {
    message.opening.iter().chain([&message.text]).map(String::as_str)
}

fn url(request: &Request<Bytes>, address: &Address) -> String {
    address.http(&request.uri().to_string())
}

fn body(request: &Request<Bytes>) -> String {
    String::from_utf8_lossy(request.body()).into_owned()
}

/// The body as a literal, if there is one.
fn text_body(request: &Request<Bytes>) -> String {
    if request.body().is_empty() { String::new() } else { literal(&body(request)) }
}

/// The headers but for `accept-encoding`: each program names the encodings that it can decode.
fn headers(request: &Request<Bytes>) -> impl Iterator<Item = (&str, &str)> {
    texts(request.headers()).filter(|(name, _)| *name != ACCEPT_ENCODING)
}

fn texts(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()))
}

/// The entries of an object in JavaScript, or of a dictionary in Python.
fn entries<'h>(headers: impl Iterator<Item = (&'h str, &'h str)>) -> String {
    headers.map(|(name, value)| format!("{}: {}", literal(name), literal(value))).collect::<Vec<_>>().join(", ")
}

/// A text in quotes: JavaScript (ECMA-262 section 12.9.4) and Python read what JSON escapes in the same way.
fn literal(text: &str) -> String {
    let mut quoted = String::new();
    json::text(&mut quoted, text);
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address::parse("http://localhost:8080/sandboxes/alice").unwrap_or_else(|problem| panic!("{problem}"))
    }

    fn snippet(outgoing: &WireRequest, name: &str) -> String {
        let all = snippets(outgoing, &address());
        all.into_iter().find(|snippet| snippet.name == name).map(|snippet| snippet.text).unwrap_or_default()
    }

    #[test]
    fn a_request_is_a_command_and_a_program() {
        let request = Request::post("/rest/users").header("content-type", "application/json");
        let request = request.body(Bytes::from_static(b"{\"name\":\"D'Angelo\"}")).unwrap_or_default();
        let outgoing = WireRequest::Http(request);
        let url = "http://localhost:8080/sandboxes/alice/rest/users";
        assert_eq!(
            snippet(&outgoing, "HTTPie"),
            format!(r#"http --ignore-stdin POST {url} content-type:application/json --raw '{{"name":"D'\''Angelo"}}'"#)
        );
        assert!(snippet(&outgoing, "Python").contains(r#"data="{\"name\":\"D'Angelo\"}".encode(),"#));
        assert!(snippet(&outgoing, "JavaScript").contains(r#"body: "{\"name\":\"D'Angelo\"}","#));
        assert_eq!(
            snippet(&outgoing, "raw"),
            "POST /sandboxes/alice/rest/users HTTP/1.1\r\ncontent-type: application/json\r\nhost: localhost:8080\r\n\
             content-length: 19\r\n\r\n{\"name\":\"D'Angelo\"}"
        );
    }

    #[test]
    fn the_opening_messages_come_first() {
        let outgoing = WireRequest::Socket(Message {
            path: "/ws",
            subprotocol: "shop.v1.json",
            headers: HeaderMap::new(),
            opening: vec!["one".to_owned()],
            text: "two".to_owned(),
        });
        assert_eq!(snippet(&outgoing, "raw"), "one\ntwo");
        let connected = r#""ws://localhost:8080/sandboxes/alice/ws", "shop.v1.json""#;
        assert!(snippet(&outgoing, "JavaScript").contains(&format!("new WebSocket({connected});")));
        assert!(snippet(&outgoing, "JavaScript").contains(r#"["one", "two"]"#));
        assert!(snippet(&outgoing, "Python").contains(r#"subprotocols=["shop.v1.json"]"#));
    }
}
