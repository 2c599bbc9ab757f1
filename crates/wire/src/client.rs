//! The client half of a style. A [`Client`] encodes a call and decodes a response; it
//! does no input or output itself, so the same code calls, translates and shows snippets.

pub mod connection;
pub mod io;
pub mod measure;
pub mod request_text;

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
        all.filter_map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?)))
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
    /// An HTTP request; its path starts after the address's prefix.
    Http(http::Request<Bytes>),
    /// An HTTP request whose response is a stream of server-sent events.
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
    /// An HTTP response.
    Http(http::Response<Bytes>),
    /// A text frame of a WebSocket, or one server-sent event.
    Frame(String),
}

impl WireResponse {
    /// The text: the content of a response, or of a frame.
    pub fn text(&self) -> String {
        match self {
            WireResponse::Http(response) => String::from_utf8_lossy(response.body()).into_owned(),
            WireResponse::Frame(text) => text.clone(),
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
    /// The violations.
    pub errors: Vec<Violation>,
    /// After how many milliseconds to try again, if reported.
    pub retry_after_ms: Option<i64>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.reason.as_deref().unwrap_or("refused"), self.code, self.message)?;
        self.errors.iter().try_for_each(|error| write!(f, "\n  {} {}", error.place(), error.message))
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
    /// A shell command that sends the same.
    pub fn command(&self, address: &Address) -> String {
        match self {
            WireRequest::Http(request) => curl(request, address, "curl -s"),
            WireRequest::EventStream(request) => curl(request, address, "curl -sN"),
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

fn curl(request: &http::Request<Bytes>, address: &Address, curl: &str) -> String {
    let mut command = curl.to_owned();
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
