//! The bytes and the operations of one exchange, as they are assembled.

use super::protocol::Target;
use crate::redaction;
use domain::access::{Proof, Role};
use domain::observer::{OperationRecord, Values};
use domain::operations::OperationKind;
use domain::{Reason, Sandbox};
use std::fmt::Write;
use std::time::{Instant, SystemTime};
use wire::http2::HeaderList;

/// Bytes of one direction of an exchange that are stored, and of the head or the trailers of a message of HTTP/2; longer ones are cut.
const DIRECTION_BYTES_MAX: usize = 64 * 1024;
/// Operations of one exchange that are shown; a batch may have more.
const CALLS_MAX: usize = 20;
/// RFC 9110 section 15.2.1: an interim response to a client that waits with its body.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// The bytes and the operations of an exchange.
pub struct RawExchange {
    pub at: SystemTime,
    pub begun: Instant,
    /// When the last of its bytes passed.
    pub last: Instant,
    pub received: CutBytes,
    pub sent: CutBytes,
    pub calls: Vec<Call>,
    /// What is not content in HTTP/2; `None` in HTTP/1.1 and in sockets.
    pub http2: Option<Heads>,
}

/// The heads and trailers of an exchange of HTTP/2, with all secrets masked.
#[derive(Default)]
pub struct Heads {
    pub request: MessageHeads,
    pub response: MessageHeads,
    /// Whether one of them is left out because it is too long.
    is_cut: bool,
}

/// Those of one message.
#[derive(Default)]
pub struct MessageHeads {
    pub head: String,
    pub trailers: String,
}

/// Bytes, the first of which are stored.
#[derive(Default)]
pub struct CutBytes {
    pub bytes: Vec<u8>,
    /// How many there were.
    pub total: u64,
    /// How many of them are framing of HTTP/2, which is not stored.
    framing: u64,
}

/// An operation as the shop has recorded it.
#[derive(Clone)]
pub struct Call {
    pub target: Target,
    /// `None` if there is no such operation.
    pub operation: Option<&'static str>,
    pub refused: Option<Reason>,
    pub caller: String,
    /// Whether a stream has started with it.
    pub streams: bool,
    /// What the exercises look at; `None` if the sandbox has its exercises off.
    pub details: Option<Box<CallDetails>>,
}

/// What the exercises look at in an operation.
#[derive(Clone)]
pub struct CallDetails {
    pub values: Values,
    /// How many violations were reported.
    pub violations: usize,
    pub retry_after_ms: Option<u32>,
    pub user_id: Option<i32>,
    pub role: Option<Role>,
    pub proof: Proof,
    pub idempotency_key: Option<String>,
    pub is_replayed: bool,
}

/// A frame of a stream.
pub struct StreamFrame<'f> {
    pub stream: u32,
    /// Whether it came in, and did not go out.
    pub is_received: bool,
    /// The bytes of the frame with its header; 0 if it is not part of a message.
    pub bytes: usize,
    /// The header fields, if it ends a block.
    pub fields: Option<HeaderList>,
    pub content: &'f [u8],
    /// Whether the message ends with it.
    pub is_last: bool,
    /// Whether it ends the stream at once.
    pub is_reset: bool,
}

impl StreamFrame<'_> {
    /// Whether it has the head of a request.
    pub fn begins_request(&self) -> bool {
        self.is_received && self.fields.iter().flatten().any(|(name, _)| name == ":method")
    }
}

impl RawExchange {
    pub fn new(is_http2: bool) -> RawExchange {
        let now = Instant::now();
        let (received, sent, http2) = (CutBytes::default(), CutBytes::default(), is_http2.then(Heads::default));
        RawExchange { at: SystemTime::now(), begun: now, last: now, received, sent, calls: Vec::new(), http2 }
    }

    /// Whether a response has begun.
    pub fn is_answered(&self) -> bool {
        match &self.http2 {
            Some(heads) => !heads.response.head.is_empty() || !self.sent.bytes.is_empty(),
            None => self.sent.total > 0 && self.sent.bytes != CONTINUE,
        }
    }

    /// Whether not all of it is stored.
    pub fn is_cut(&self) -> bool {
        self.received.is_cut() || self.sent.is_cut() || self.http2.as_ref().is_some_and(|heads| heads.is_cut)
    }

    /// Adds a frame of HTTP/2, of which it stores what there is room for; returns how many bytes that were.
    pub fn add_frame(&mut self, frame: &StreamFrame<'_>, room: usize) -> usize {
        let direction = if frame.is_received { &mut self.received } else { &mut self.sent };
        direction.add_framing(frame.bytes - frame.content.len());
        let stored = direction.add(frame.content, room);
        let (Some(heads), Some(fields)) = (&mut self.http2, &frame.fields) else { return stored };
        // RFC 9110 section 15.2: another response follows an interim one.
        if fields.iter().any(|(name, value)| name == ":status" && value.starts_with('1')) {
            return stored;
        }
        let is_head = fields.iter().any(|(name, _)| name == ":method" || name == ":status");
        let message = if frame.is_received { &mut heads.request } else { &mut heads.response };
        let place = if is_head { &mut message.head } else { &mut message.trailers };
        let text = text_of(fields, is_head);
        if place.is_empty() && text.len() <= DIRECTION_BYTES_MAX.min(room - stored) {
            *place = text;
            return stored + place.len();
        }
        heads.is_cut = true;
        stored
    }

    /// Adds an operation.
    pub fn add_call(&mut self, call: Call) {
        if self.calls.len() < CALLS_MAX {
            self.calls.push(call);
        }
    }

    /// The sandboxes of its operations.
    pub fn sandboxes(&self) -> impl Iterator<Item = &Sandbox> {
        self.calls.iter().map(|call| &call.target.sandbox)
    }

    /// Bytes that are stored for it.
    pub fn bytes(&self) -> usize {
        let of = |message: &MessageHeads| message.head.len() + message.trailers.len();
        let heads = self.http2.as_ref().map_or(0, |heads| of(&heads.request) + of(&heads.response));
        self.received.bytes.len() + self.sent.bytes.len() + heads
    }
}

impl Call {
    /// An operation that has run, or was refused.
    pub fn of(record: &OperationRecord<'_>) -> Call {
        let is_stream = record.operation.is_some_and(|row| row.kind == OperationKind::Stream);
        Call {
            target: Target { style: record.request.protocol, sandbox: record.request.sandbox.clone() },
            operation: record.operation.map(|operation| operation.name),
            refused: record.refused(),
            caller: record.caller.map(ToString::to_string).unwrap_or_default(),
            streams: is_stream && record.error.is_none(),
            details: record.values.is_wanted.then(|| Box::new(CallDetails::of(record))),
        }
    }
}

impl CallDetails {
    fn of(record: &OperationRecord<'_>) -> CallDetails {
        let is_open = record.operation.is_some_and(|row| !redaction::holds_secrets(row));
        CallDetails {
            values: if is_open { record.values.clone() } else { Values::default() },
            violations: record.error.map_or(0, |error| error.errors.len()),
            retry_after_ms: record.error.and_then(|error| error.retry_after_ms),
            user_id: record.caller.and_then(|caller| caller.user_id).map(|user| user.0),
            role: record.caller.and_then(|caller| caller.role),
            proof: record.caller.map_or(Proof::Nothing, |caller| caller.proof),
            idempotency_key: record.request.idempotency_key.clone(),
            is_replayed: record.request.response.is_replayed(),
        }
    }
}

impl CutBytes {
    /// Counts bytes that are not stored.
    fn add_framing(&mut self, bytes: usize) {
        self.total += bytes as u64;
        self.framing += bytes as u64;
    }

    /// Stores of the bytes what there is room for; returns how many that were.
    pub fn add(&mut self, bytes: &[u8], room: usize) -> usize {
        // What comes after a gap would be read as if there were none.
        let room = if self.is_cut() { 0 } else { room.min(DIRECTION_BYTES_MAX - self.bytes.len()) };
        let stored = bytes.len().min(room);
        self.bytes.extend_from_slice(&bytes[..stored]);
        self.total += bytes.len() as u64;
        stored
    }

    /// Whether not all of it is stored.
    pub fn is_cut(&self) -> bool {
        self.total - self.framing > self.bytes.len() as u64
    }
}

/// Fields as the lines of a head of HTTP/1.1, with all secrets masked. The fields of the first line have names in HTTP/2.
fn text_of(fields: &HeaderList, is_head: bool) -> String {
    let of = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value);
    let mut text = match (is_head, of(":status")) {
        (false, _) => String::new(),
        (true, "") => format!("{} {} HTTP/2\r\n", of(":method"), redaction::field(":path", of(":path"))),
        (true, status) => format!("HTTP/2 {status}\r\n"),
    };
    for (name, value) in fields.iter().filter(|(name, _)| !matches!(name.as_str(), ":method" | ":path" | ":status")) {
        let _ = write!(text, "{name}: {}\r\n", redaction::field(name, value));
    }
    if is_head {
        text.push_str("\r\n");
    }
    text
}
