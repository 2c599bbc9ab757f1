//! How does somebody send the same from elsewhere? As a command for a shell, as a program, or byte by byte.

use bytes::Bytes;
use http::Request;
use serde::Serialize;
use std::fmt::Write;
#[cfg(test)]
use ts_rs::TS;
use wire::client::{Message, WireRequest, quote};
use wire::{Address, json};

/// What is sent, to paste elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Copy {
    /// What it is for.
    pub name: &'static str,
    /// The command, the program or the message.
    pub text: String,
}

/// What is sent, in every way there is for it.
pub fn copies(outgoing: &WireRequest, address: &Address) -> Vec<Copy> {
    let copy = |name, text| Copy { name, text };
    match outgoing {
        WireRequest::Http(request) | WireRequest::EventStream(request) => vec![
            copy("curl", outgoing.command(address)),
            copy("HTTPie", httpie(request, address)),
            copy("Python", python(request, address)),
            copy("JavaScript", javascript(request, address)),
            copy("raw", raw(request, address)),
        ],
        WireRequest::Socket(message) => vec![
            copy("websocat", outgoing.command(address)),
            copy("Python", python_socket(message, address)),
            copy("JavaScript", javascript_socket(message, address)),
            copy("raw", lines(message).collect::<Vec<_>>().join("\n")),
        ],
    }
}

/// What is sent, as one would read it: a request with its headers, or the messages of a socket.
pub fn raw_of(outgoing: &WireRequest, address: &Address) -> String {
    match outgoing {
        WireRequest::Http(request) | WireRequest::EventStream(request) => raw(request, address),
        WireRequest::Socket(message) => lines(message).collect::<Vec<_>>().join("\n"),
    }
}

/// RFC 9112 section 2.1, as our own client sends it: lines end with CR and LF there.
fn raw(request: &Request<Bytes>, address: &Address) -> String {
    let mut raw = format!("{} {}{} HTTP/1.1\r\n", request.method(), address.prefix, request.uri());
    for (name, value) in said(request.headers()) {
        // Writing to a String does not fail; so wherever its result is let go in this file.
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

/// With what comes with Python 3 alone.
fn python(request: &Request<Bytes>, address: &Address) -> String {
    let mut program = format!(
        "from urllib.error import HTTPError\nfrom urllib.request import Request, urlopen\n\n\
         request = Request(\n    {},\n    method={},\n",
        text(&url(request, address)),
        text(request.method().as_str())
    );
    let headers: Vec<String> =
        headers(request).map(|(name, value)| format!("{}: {}", text(name), text(value))).collect();
    if !headers.is_empty() {
        let _ = writeln!(program, "    headers={{{}}},", headers.join(", "));
    }
    if !request.body().is_empty() {
        let _ = writeln!(program, "    data={}.encode(),", text(&body(request)));
    }
    program
        + ")\ntry:\n    response = urlopen(request)\nexcept HTTPError as refusal:\n    response = refusal\n\
           print(response.status, response.read().decode())\n"
}

/// As every browser and Node run it.
fn javascript(request: &Request<Bytes>, address: &Address) -> String {
    let mut program = format!(
        "const response = await fetch({}, {{\n  method: {},\n",
        text(&url(request, address)),
        text(request.method().as_str())
    );
    let headers: Vec<String> =
        headers(request).map(|(name, value)| format!("{}: {}", text(name), text(value))).collect();
    if !headers.is_empty() {
        let _ = writeln!(program, "  headers: {{ {} }},", headers.join(", "));
    }
    if !request.body().is_empty() {
        let _ = writeln!(program, "  body: {},", text(&body(request)));
    }
    program + "});\nconsole.log(response.status, await response.text());\n"
}

/// With the library `websockets` (websockets.readthedocs.io), as Python has none of its own.
fn python_socket(message: &Message, address: &Address) -> String {
    let mut options = text(&address.ws(message.path));
    if !message.subprotocol.is_empty() {
        let _ = write!(options, ", subprotocols=[{}]", text(message.subprotocol));
    }
    let headers: Vec<String> =
        said(&message.headers).map(|(name, value)| format!("{}: {}", text(name), text(value))).collect();
    if !headers.is_empty() {
        let _ = write!(options, ", additional_headers={{{}}}", headers.join(", "));
    }
    let mut program = format!("from websockets.sync.client import connect\n\nwith connect({options}) as socket:\n");
    for line in lines(message) {
        let _ = writeln!(program, "    socket.send({})\n    print(socket.recv())", text(line));
    }
    program
}

/// As every browser and Node (22 or newer) run it. Neither can set headers of a handshake.
fn javascript_socket(message: &Message, address: &Address) -> String {
    let mut options = text(&address.ws(message.path));
    if !message.subprotocol.is_empty() {
        let _ = write!(options, ", {}", text(message.subprotocol));
    }
    let sent: Vec<String> = lines(message).map(text).collect();
    format!(
        "const socket = new WebSocket({options});\nconst messages = [{}];\n\
         const next = () => (messages.length ? socket.send(messages.shift()) : socket.close());\n\
         socket.onopen = next;\nsocket.onmessage = ({{ data }}) => {{\n  console.log(data);\n  next();\n}};\n",
        sent.join(", ")
    )
}

/// The messages of a socket, the opening words first.
fn lines(message: &Message) -> impl Iterator<Item = &str> {
    message.opening.iter().chain([&message.text]).map(String::as_str)
}

fn url(request: &Request<Bytes>, address: &Address) -> String {
    address.http(&request.uri().to_string())
}

/// The headers to say. How an answer may be packed is for each program to say that can unpack it.
fn headers(request: &Request<Bytes>) -> impl Iterator<Item = (&str, &str)> {
    said(request.headers()).filter(|(name, _)| *name != http::header::ACCEPT_ENCODING)
}

fn said(headers: &http::HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()))
}

fn body(request: &Request<Bytes>) -> String {
    String::from_utf8_lossy(request.body()).into_owned()
}

/// A text in quotes: what JSON escapes, JavaScript (ECMA-262 section 12.9.4) and Python read in the same way.
fn text(text: &str) -> String {
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

    fn copy_of(outgoing: &WireRequest, name: &str) -> String {
        let copies = copies(outgoing, &address());
        copies.into_iter().find(|copy| copy.name == name).map(|copy| copy.text).unwrap_or_default()
    }

    #[test]
    fn a_request_is_a_command_and_a_program() {
        let request = Request::post("/rest/users").header("content-type", "application/json");
        let request = request.body(Bytes::from_static(b"{\"name\":\"D'Angelo\"}")).unwrap_or_default();
        let outgoing = WireRequest::Http(request);
        let url = "http://localhost:8080/sandboxes/alice/rest/users";
        assert_eq!(
            copy_of(&outgoing, "HTTPie"),
            format!(r#"http --ignore-stdin POST {url} content-type:application/json --raw '{{"name":"D'\''Angelo"}}'"#)
        );
        assert!(copy_of(&outgoing, "Python").contains(r#"data="{\"name\":\"D'Angelo\"}".encode(),"#));
        assert!(copy_of(&outgoing, "JavaScript").contains(r#"body: "{\"name\":\"D'Angelo\"}","#));
        assert_eq!(
            copy_of(&outgoing, "raw"),
            "POST /sandboxes/alice/rest/users HTTP/1.1\r\ncontent-type: application/json\r\nhost: localhost:8080\r\n\
             content-length: 19\r\n\r\n{\"name\":\"D'Angelo\"}"
        );
    }

    #[test]
    fn a_message_follows_its_opening_words() {
        let outgoing = WireRequest::Socket(Message {
            path: "/ws",
            subprotocol: "shop.v1.json",
            headers: http::HeaderMap::new(),
            opening: vec!["one".to_owned()],
            text: "two".to_owned(),
        });
        assert_eq!(copy_of(&outgoing, "raw"), "one\ntwo");
        let connected = r#""ws://localhost:8080/sandboxes/alice/ws", "shop.v1.json""#;
        assert!(copy_of(&outgoing, "JavaScript").contains(&format!("new WebSocket({connected});")));
        assert!(copy_of(&outgoing, "JavaScript").contains(r#"["one", "two"]"#));
        assert!(copy_of(&outgoing, "Python").contains(r#"subprotocols=["shop.v1.json"]"#));
    }
}
