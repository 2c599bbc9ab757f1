//! The channels on which a client can receive events.

use Mode::{ConditionalPoll, Poll, Prefer, Push, Wait};
use domain::Value;
use http::header::{HeaderName, HeaderValue};
use wire::client::CallOptions;
use wire::{Adapter, CallRequest, WireRequest};

/// The usual interval of clients that poll.
pub const POLL_MS: u64 = 1_000;
/// How long a long poll asks the server to wait for events; it allows 30.
pub const LONG_POLL_SECONDS: i32 = 20;
/// How long a channel whose connection broke waits before it reconnects.
const RETRY_MS: u64 = 1_000;

/// A style, and how a client receives events in it.
#[derive(Clone, Copy)]
pub struct Channel {
    /// The name on the command line.
    pub name: &'static str,
    /// The style.
    pub style: &'static Adapter,
    /// How events arrive.
    pub mode: Mode,
}

/// How events arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The server pushes them: `watch_events`.
    Push,
    /// The client asks at every interval.
    Poll,
    /// The same, with `If-None-Match` (RFC 9110 section 13.1.2).
    ConditionalPoll,
    /// A long poll: the client asks the server to wait by `Prefer` (RFC 7240 section 4.3).
    Prefer,
    /// A long poll by `wait_seconds`.
    Wait,
}

/// What a channel watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The log, after this event.
    Log(i64),
    /// One order: its id, and the last status that was seen.
    Order(i64, String),
}

/// The intervals of all channels.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// From one poll to the next.
    pub poll_ms: u64,
    /// From a break to the next connection.
    pub retry_ms: u64,
}

impl Default for Timing {
    fn default() -> Self {
        Timing { poll_ms: POLL_MS, retry_ms: RETRY_MS }
    }
}

/// Name, style, mode, title and description of a channel.
type Entry = (&'static str, &'static str, Mode, &'static str, &'static str);

/// The channels that watch the log: the pushed ones first, those that ask most last.
const OF_THE_LOG: &[Entry] = &[
    ("ws", "websocket", Push, "WebSocket", "watch_events"),
    ("sse", "rest", Push, "REST, pushed", "server-sent events"),
    ("graphql", "graphql", Push, "GraphQL", "subscription orderEvents"),
    ("jsonrpc", "jsonrpc", Push, "JSON-RPC", "watch_events over a WebSocket"),
    ("grpc", "grpc", Push, "gRPC", "WatchEvents, a stream of messages"),
    ("long-poll", "rest", Prefer, "REST, long poll", "Prefer: wait=20"),
    ("soap", "soap", Wait, "SOAP", "ListEvents, waitSeconds 20"),
    ("xmlrpc", "xmlrpc", Wait, "XML-RPC", "list_events, wait_seconds 20"),
    ("poll", "rest", Poll, "REST, poll", "one request per second"),
    ("conditional-poll", "rest", ConditionalPoll, "REST, conditional poll", "If-None-Match, every second"),
];

/// The channels that poll an order, as a client without the log would.
const OF_THE_ORDER: &[Entry] = &[
    ("poll-order", "rest", Poll, "REST, the order", "one request per second"),
    ("conditional-order", "rest", ConditionalPoll, "REST, the order", "If-None-Match, every second"),
];

/// The channels of those names; all of them, if there are no names.
pub fn channels_of_the_log(styles: &'static [Adapter], names: &[String]) -> Result<Vec<Channel>, String> {
    let all = all(styles, OF_THE_LOG);
    if names.is_empty() {
        return Ok(all);
    }
    let named = |name: &String| {
        let known: Vec<&str> = all.iter().map(|channel| channel.name).collect();
        let channel = all.iter().find(|channel| channel.name == name).copied();
        channel.ok_or_else(|| format!("there is no channel {name}; there are {}", known.join(", ")))
    };
    names.iter().map(named).collect()
}

/// The channels that poll an order.
pub fn channels_of_the_order(styles: &'static [Adapter]) -> Vec<Channel> {
    all(styles, OF_THE_ORDER)
}

fn all(styles: &'static [Adapter], entries: &[Entry]) -> Vec<Channel> {
    let channel = |(name, of, mode, ..): &Entry| {
        let style = styles.iter().find(|style| style.name == *of)?;
        Some(Channel { name, style, mode: *mode })
    };
    entries.iter().filter_map(channel).collect()
}

/// RFC 7240 section 2.
const PREFER: HeaderName = HeaderName::from_static("prefer");

impl Channel {
    /// The call with which it asks for the events after this one.
    pub fn call(&self, after: i64, options: &CallOptions) -> CallRequest {
        let operation = if self.mode == Push { "watch_events" } else { "list_events" };
        let wait = (self.mode == Wait).then_some(("wait_seconds", Value::from(i64::from(LONG_POLL_SECONDS))));
        let input = Value::object([("after", after.into())].into_iter().chain(wait));
        CallRequest::with_options(operation, input, options.clone())
    }

    /// A call as a request, with the header that the mode adds.
    pub fn encode(&self, call: &CallRequest) -> WireRequest {
        self.with_wait(self.style.client.encode(call))
    }

    /// The same, as a person writes it.
    pub fn encode_by_hand(&self, call: &CallRequest) -> WireRequest {
        self.with_wait(self.style.client.encode_by_hand(call))
    }

    fn with_wait(&self, mut request: WireRequest) -> WireRequest {
        if let (Prefer, WireRequest::Http(request)) = (self.mode, &mut request)
            && let Ok(wait) = HeaderValue::from_str(&format!("wait={LONG_POLL_SECONDS}"))
        {
            request.headers_mut().insert(PREFER, wait);
        }
        request
    }

    /// The title, and the words by which a client subscribes or polls.
    pub fn described(&self) -> (&'static str, &'static str) {
        let entry = OF_THE_LOG.iter().chain(OF_THE_ORDER).find(|(name, ..)| *name == self.name);
        entry.map_or((self.name, ""), |(.., title, words)| (title, words))
    }

    /// The mode in few words.
    pub fn how(&self) -> String {
        let seconds = POLL_MS / 1_000;
        match self.mode {
            Push => "pushed".to_owned(),
            Poll => format!("every {seconds} s"),
            ConditionalPoll => format!("{seconds} s, ETag"),
            Prefer | Wait => format!("waits {LONG_POLL_SECONDS} s"),
        }
    }
}
