//! The client half of a style. A [`Client`] encodes a call and decodes a response; it
//! does no input or output itself, so the same code calls, translates and shows snippets.

pub mod connection;
mod hpack;
pub mod http2;
pub mod io;
pub mod measure;
pub mod recorder;
pub mod request_text;
mod stream;

use crate::address::Address;
use crate::{credentials, request};
use bytes::Bytes;
use domain::access::Credentials;
use domain::schema::Violation;
use domain::{Operation, Value};
use http::header::{self, HeaderName, HeaderValue};
use std::fmt;

/// A call: the name of an operation, and an input that need not be valid.
#[derive(Clone, Debug)]
pub struct CallRequest {
    /// The operation's name, in snake_case.
    pub operation: String,
    /// The input, an object.
    pub input: Value,
    /// The options.
    pub options: CallOptions,
}

/// The options of a call, where the protocol has a place for them.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// The credentials.
    pub credentials: Credentials,
    /// The idempotency key.
    pub idempotency_key: Option<String>,
    /// The faults to inject.
    pub fault: Option<String>,
    /// Whether the response may be compressed with gzip, over HTTP.
    pub gzip: bool,
}

impl CallOptions {
    /// The headers of these options, in every style over HTTP.
    pub fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        let credentials = credentials::header(&self.credentials);
        let key = self.idempotency_key.clone().map(|key| (request::IDEMPOTENCY_KEY, key));
        let fault = self.fault.clone().map(|fault| (request::FAULT, fault));
        let gzip = self.gzip.then(|| (header::ACCEPT_ENCODING.as_str(), "gzip".to_owned()));
        let all = credentials.into_iter().chain(key).chain(fault).chain(gzip);
        all.filter_map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::from_str(value.trim()).ok()?)))
    }

    /// A POST of this body with these headers, and then those of the options.
    pub fn post(&self, uri: http::Uri, headers: &[(HeaderName, &str)], body: impl Into<Bytes>) -> http::Request<Bytes> {
        let mut request = http::Request::new(body.into());
        (*request.method_mut(), *request.uri_mut()) = (http::Method::POST, uri);
        let own = headers.iter().filter_map(|(name, value)| Some((name.clone(), HeaderValue::from_str(value).ok()?)));
        request.headers_mut().extend(own.chain(self.headers()));
        request
    }
}

impl CallRequest {
    /// A call without options.
    pub fn new(operation: &str, input: Value) -> Self {
        CallRequest { operation: operation.to_owned(), input, options: CallOptions::default() }
    }

    /// The operation's row in the table, if there is one.
    pub fn row(&self) -> Option<&'static Operation> {
        Operation::find(&self.operation)
    }
}

/// An encoded call.
#[derive(Clone, Debug)]
pub enum WireRequest {
    /// An HTTP request; its path starts after the address's prefix. Its version says over which one it is sent.
    Http(http::Request<Bytes>),
    /// An HTTP request whose response is a stream of server-sent events or of messages of gRPC.
    EventStream(http::Request<Bytes>),
    /// A WebSocket message.
    Socket(Message),
}

/// A WebSocket message.
#[derive(Clone, Debug)]
pub struct Message {
    /// The address of the socket.
    pub path: &'static str,
    /// The subprotocol to offer (RFC 6455 section 1.9); none if empty.
    pub subprotocol: &'static str,
    /// The options of all messages of the socket, as headers of its handshake.
    pub headers: http::HeaderMap,
    /// The first messages of a new socket; each is answered by one frame.
    pub opening: Vec<String>,
    /// The message.
    pub text: String,
}

/// A response that is not decoded yet.
#[derive(Clone, Debug)]
pub enum WireResponse {
    /// An HTTP response; the trailers of its body stand among its headers.
    Http(http::Response<Bytes>),
    /// A text frame of a WebSocket, a server-sent event, or a message of a stream of gRPC with its prefix.
    Frame(Bytes),
}

impl WireResponse {
    /// The text: the content of a response, or of a frame.
    pub fn text(&self) -> String {
        match self {
            WireResponse::Http(response) => String::from_utf8_lossy(response.body()).into_owned(),
            WireResponse::Frame(frame) => String::from_utf8_lossy(frame).into_owned(),
        }
    }
}

/// The result of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The operation's reply, normalised: snake_case members, enum values and ids as in the domain.
    Reply(Value),
    /// A refusal in the protocol's grammar.
    Refused(Refused),
    /// An item of a stream.
    Event(Value),
    /// A stream has started; items follow.
    Started,
    /// A stream has ended.
    Ended,
    /// A control message of the protocol that belongs to no call.
    Control,
}

/// A refusal, with everything that the protocol reports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refused {
    /// The code in the protocol's own list: an HTTP status, a fault code, an error number.
    pub code: String,
    /// The kind, if reported.
    pub kind: Option<String>,
    /// The reason, if reported.
    pub reason: Option<String>,
    /// The message.
    pub message: String,
    /// The violations, with pointers normalised as replies are; the messages stay as they were sent.
    pub errors: Vec<Violation>,
    /// After how many milliseconds to try again, if reported.
    pub retry_after_ms: Option<i64>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.reason.as_deref().unwrap_or("refused"), self.code, self.message)?;
        match self.errors.as_slice() {
            // The message has it already.
            [_] => Ok(()),
            errors => errors.iter().try_for_each(|error| write!(f, "\n  {} {}", error.place(), error.message)),
        }
    }
}

/// The response does not follow the protocol; the text says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(pub String);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the response does not follow the protocol: {}", self.0)
    }
}

impl std::error::Error for DecodeError {}

/// The client half of an adapter.
pub trait Client: Send + Sync {
    /// Encodes a call.
    fn encode(&self, call: &CallRequest) -> WireRequest;
    /// The call as a person writes it, for examples to copy: differs where the style's messages are binary.
    fn encode_by_hand(&self, call: &CallRequest) -> WireRequest {
        self.encode(call)
    }
    /// The text of a response, frame or event of a call.
    fn readable(&self, _call: &CallRequest, incoming: &WireResponse) -> String {
        incoming.text()
    }
    /// Decodes a response, frame or event of a call.
    fn decode(&self, call: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError>;
    /// Whether the response is a stored result. Every style over HTTP has a header for it.
    fn is_replayed(&self, incoming: &WireResponse) -> bool {
        match incoming {
            WireResponse::Http(response) => response.headers().contains_key(request::IDEMPOTENCY_REPLAYED),
            WireResponse::Frame(_) => false,
        }
    }
    /// The refusal in a close of a WebSocket after its first messages; `None` if it is
    /// no refusal of the protocol.
    fn closed(&self, _code: u16, _reason: &str) -> Option<Refused> {
        None
    }
}

impl WireRequest {
    /// The version of HTTP that carries it, or that opens the socket.
    pub fn version(&self) -> http::Version {
        match self {
            WireRequest::Http(request) | WireRequest::EventStream(request) => request.version(),
            WireRequest::Socket(_) => http::Version::HTTP_11,
        }
    }

    /// The same over HTTP/2 with prior knowledge. A WebSocket stays on HTTP/1.1.
    pub fn over_http2(mut self) -> WireRequest {
        if let WireRequest::Http(request) | WireRequest::EventStream(request) = &mut self {
            *request.version_mut() = http::Version::HTTP_2;
        }
        self
    }

    /// A shell command that sends the same.
    pub fn command(&self, address: &Address) -> String {
        match self {
            WireRequest::Http(request) => curl(request, address, "curl -s"),
            WireRequest::EventStream(request) => {
                grpcurl(request, address).unwrap_or_else(|| curl(request, address, "curl -sN"))
            }
            WireRequest::Socket(message) => {
                let lines = message.opening.iter().chain([&message.text]).map(|line| quote(line));
                let lines = lines.collect::<Vec<_>>().join(" ");
                let offer = match message.subprotocol {
                    "" => String::new(),
                    subprotocol => format!(" --protocol {subprotocol}"),
                };
                let header = |(name, value): (&HeaderName, &HeaderValue)| {
                    format!(" -H={}", quote(&format!("{name}: {}", value.to_str().unwrap_or_default())))
                };
                let headers: String = message.headers.iter().map(header).collect();
                format!("printf '%s\\n' {lines} | websocat -n{offer}{headers} {}", address.ws(message.path))
            }
        }
    }
}

/// The same for grpcurl (github.com/fullstorydev/grpcurl), if it is a method of gRPC with its message in JSON. It learns the methods from
/// reflection. Its requests have no prefix in their path, so the sandbox is a header.
pub fn grpcurl(request: &http::Request<Bytes>, address: &Address) -> Option<String> {
    let method = request.uri().path().strip_prefix('/')?;
    let is_method = method.split_once('/').is_some_and(|(service, _)| service.contains('.'));
    let message = std::str::from_utf8(request.body()).ok().filter(|_| is_method)?;
    let mut command = "grpcurl -plaintext".to_owned();
    let sandbox = address.sandbox().map(|name| format!("x-sandbox: {name}"));
    let headers = request.headers().iter().filter(|(name, _)| **name != header::CONTENT_TYPE);
    let headers = headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or_default()));
    for header in sandbox.into_iter().chain(headers) {
        command.push_str(&format!(" -H {}", quote(&header)));
    }
    Some(format!("{command} -d {} {} {method}", quote(message), address.authority))
}

fn curl(request: &http::Request<Bytes>, address: &Address, curl: &str) -> String {
    let mut command = curl.to_owned();
    if request.version() == http::Version::HTTP_2 {
        command.push_str(" --http2-prior-knowledge");
    }
    let has_body = !request.body().is_empty();
    let plain = if has_body { http::Method::POST } else { http::Method::GET };
    if *request.method() != plain {
        command.push_str(&format!(" -X {}", request.method()));
    }
    command.push_str(&format!(" {}", quote(&address.http(&request.uri().to_string()))));
    for (name, value) in request.headers() {
        if name == header::ACCEPT_ENCODING {
            command.push_str(" --compressed");
        // Without it curl accepts everything, which is the same.
        } else if name != header::ACCEPT || value != "application/json" {
            command.push_str(&format!(" -H {}", quote(&format!("{name}: {}", value.to_str().unwrap_or_default()))));
        }
    }
    if has_body {
        command.push_str(&format!(" -d {}", quote(&String::from_utf8_lossy(request.body()))));
    }
    command
}

/// A word for a POSIX shell: in single quotes, unless it needs none.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
