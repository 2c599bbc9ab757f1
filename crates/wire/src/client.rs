//! How does the other end speak? A [`Client`] turns a question into what is sent, and what came back into an answer; it
//! does no input or output itself, so the same code asks, translates and shows what to paste.

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

/// A question: an operation by its name, and an input that need not be right.
#[derive(Clone, Debug)]
pub struct CallRequest {
    /// The operation's name, in snake_case.
    pub operation: String,
    /// The input, a record.
    pub input: Value,
    /// What rides beside them.
    pub options: CallOptions,
}

/// What rides beside an operation and its input, wherever the protocol has a place for it.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// Who asks.
    pub credentials: Credentials,
    /// The key under which a command happens once.
    pub idempotency_key: Option<String>,
    /// What is wished would go wrong.
    pub fault: Option<String>,
    /// Whether the answer may come packed by gzip, where HTTP carries it.
    pub gzip: bool,
}

impl CallOptions {
    /// The headers that say it, on every style of HTTP.
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
    /// A question.
    pub fn new(operation: &str, input: Value) -> Self {
        CallRequest { operation: operation.to_owned(), input, options: CallOptions::default() }
    }

    /// The operation's row in the table, if there is one.
    pub fn row(&self) -> Option<&'static Operation> {
        Operation::find(&self.operation)
    }
}

/// What is sent.
#[derive(Clone, Debug)]
pub enum WireRequest {
    /// A request over HTTP; its path begins after the address's prefix.
    Http(http::Request<Bytes>),
    /// The same, answered by a stream of server-sent events.
    EventStream(http::Request<Bytes>),
    /// A message over a WebSocket.
    Socket(Message),
}

/// A message over a WebSocket.
#[derive(Clone, Debug)]
pub struct Message {
    /// Where the socket is opened.
    pub path: &'static str,
    /// The subprotocol to offer (RFC 6455 section 1.9); if it is empty, none is.
    pub subprotocol: &'static str,
    /// What rides beside all messages of the socket, in the headers of its handshake.
    pub headers: http::HeaderMap,
    /// What is said first on a new socket; each of these is answered by one frame.
    pub opening: Vec<String>,
    /// The message.
    pub text: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub enum WireResponse {
    /// A response over HTTP.
    Http(http::Response<Bytes>),
    /// A text frame of a WebSocket, or one server-sent event.
    Frame(String),
}

impl WireResponse {
    /// What it says: the content of a response, or the text of a frame.
    pub fn text(&self) -> String {
        match self {
            WireResponse::Http(response) => String::from_utf8_lossy(response.body()).into_owned(),
            WireResponse::Frame(text) => text.clone(),
        }
    }
}

/// What that means.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The operation's reply, undone from the protocol's habits: snake_case, words and ids as the dictionary has them.
    Reply(Value),
    /// A refusal in the protocol's grammar.
    Refused(Refused),
    /// One thing of a stream.
    Event(Value),
    /// A stream has begun; things follow.
    Started,
    /// A stream has ended.
    Ended,
    /// Something of the protocol itself that concerns no question.
    Control,
}

/// A refusal, with all that the protocol has room to say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refused {
    /// The code by the protocol's own list: an HTTP status, a fault code, an error number.
    pub code: String,
    /// The kind, if it is said.
    pub kind: Option<String>,
    /// The reason, if it is said.
    pub reason: Option<String>,
    /// The message.
    pub message: String,
    /// The violations.
    pub errors: Vec<Violation>,
    /// After how many milliseconds to try again, if it is said.
    pub retry_after_ms: Option<i64>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.reason.as_deref().unwrap_or("refused"), self.code, self.message)?;
        self.errors.iter().try_for_each(|error| write!(f, "\n  {} {}", error.place(), error.message))
    }
}

/// What came back is not of the protocol. It says what was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(pub String);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer is not of the protocol: {}", self.0)
    }
}

impl std::error::Error for DecodeError {}

/// The client half of an adapter.
pub trait Client: Send + Sync {
    /// The question as it is sent.
    fn encode(&self, ask: &CallRequest) -> WireRequest;
    /// What an incoming response, frame or event means to the question.
    fn decode(&self, ask: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError>;
    /// Whether the answer says that the command had happened before. Every style of HTTP says it in a header.
    fn is_replayed(&self, incoming: &WireResponse) -> bool {
        match incoming {
            WireResponse::Http(response) => response.headers().contains_key(request::IDEMPOTENCY_REPLAYED),
            WireResponse::Frame(_) => false,
        }
    }
    /// What it means that the server closed a WebSocket instead of answering its opening words; nothing, if that is no
    /// refusal in the protocol's grammar.
    fn closed(&self, _code: u16, _reason: &str) -> Option<Refused> {
        None
    }
}

impl WireRequest {
    /// A command for a shell that sends the same.
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
        // Without it curl takes whatever comes, which is the same.
        } else if name != header::ACCEPT || value != "application/json" {
            command.push_str(&format!(" -H {}", quote(&format!("{name}: {}", value.to_str().unwrap_or_default()))));
        }
    }
    if has_body {
        command.push_str(&format!(" -d {}", quote(&String::from_utf8_lossy(request.body()))));
    }
    command
}

/// A word for a POSIX shell: between single quotes, unless it needs none.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
