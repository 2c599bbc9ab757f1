//! Which bytes of a connection belong together? What came in, and what went out until something came in again: an exchange.

use super::decoder::{Place, is_socket, is_whole, place_of, switches};
use domain::observer::OperationRecord;
use domain::operations::OperationKind;
use domain::{Reason, Sandbox};
use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};
use wire::Adapter;

/// Bytes of one direction of an exchange that are kept: whoever looks wants to read them. Longer ones are cut.
pub const DIRECTION_BYTES_MAX: usize = 64 * 1024;
/// Bytes of all exchanges at hand: many connections may be busy at once, and what is beyond is cut.
const GATHERED_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Operations of one exchange that are told; a batch may have more.
const CALLS_MAX: usize = 20;
/// How long nothing may have happened after an answer until the exchange is taken for over.
const QUIET_MS: u64 = 500;
/// The same where a socket's message was not answered: some never are, others wait for news.
const UNANSWERED_MS: u64 = 5_000;
/// RFC 9110 section 15.2.1: what is said to who waits with a body is no answer yet.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// The exchanges at hand of all connections.
pub struct Gathering {
    styles: &'static [Adapter],
    lines: HashMap<u64, Connection>,
    /// Bytes that they keep together.
    bytes: usize,
}

/// An exchange that is over.
pub struct Gathered {
    /// The number of its connection.
    pub line: u64,
    /// What was said, and what came of it.
    pub raw: Raw,
    /// Where it belongs; nothing, if it is no style's.
    pub place: Option<Place>,
    /// Whether its bytes are frames of a WebSocket.
    pub is_socket: bool,
    /// The operation that goes on streaming on its connection, and who asked for it.
    pub stream: Option<Call>,
}

/// What one connection is about.
#[derive(Default)]
struct Connection {
    raw: Option<Raw>,
    place: Option<Place>,
    /// Nothing, if that is not known yet.
    is_socket: Option<bool>,
    stream: Option<Call>,
}

/// What was heard of an exchange.
pub struct Raw {
    /// When it began.
    pub at: SystemTime,
    /// The same by a clock that never goes back.
    pub begun: Instant,
    /// When the last of its bytes passed.
    pub last: Instant,
    /// What came in.
    pub received: Heap,
    /// What went out.
    pub sent: Heap,
    /// What the door saw of it.
    pub calls: Vec<Call>,
}

/// Bytes, the first of which are kept.
#[derive(Default)]
pub struct Heap {
    /// Those that are kept.
    pub bytes: Vec<u8>,
    /// How many there were.
    pub total: u64,
}

/// An operation, as the door saw it.
#[derive(Clone)]
pub struct Call {
    /// The style.
    pub style: &'static str,
    /// The sandbox.
    pub sandbox: Sandbox,
    /// The operation's name; nothing, if it is none of ours.
    pub operation: Option<&'static str>,
    /// What it was refused for.
    pub refused: Option<Reason>,
    /// Who called.
    pub caller: String,
}

impl Gathering {
    /// Nothing is at hand yet.
    pub fn new(styles: &'static [Adapter]) -> Gathering {
        Gathering { styles, lines: HashMap::new(), bytes: 0 }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Gathering::new(self.styles);
    }

    /// These bytes came in. If they begin another exchange, the one before is over.
    pub fn received(&mut self, line: u64, bytes: &[u8]) -> Option<Gathered> {
        let connection = self.lines.entry(line).or_default();
        let over = if connection.is_answered() { connection.finish(line, self.styles) } else { None };
        self.bytes -= over.as_ref().map_or(0, Gathered::bytes);
        let connection = self.lines.entry(line).or_default();
        let room = GATHERED_BYTES_MAX.saturating_sub(self.bytes);
        self.bytes += connection.raw().hear(bytes, room, |raw| &mut raw.received);
        over
    }

    /// These bytes went out.
    pub fn sent(&mut self, line: u64, bytes: &[u8]) {
        let room = GATHERED_BYTES_MAX.saturating_sub(self.bytes);
        let connection = self.lines.entry(line).or_default();
        self.bytes += connection.raw().hear(bytes, room, |raw| &mut raw.sent);
    }

    /// The connection has ended, and its exchange is over.
    pub fn ended(&mut self, line: u64) -> Option<Gathered> {
        let over = self.lines.remove(&line)?.finish(line, self.styles);
        self.bytes -= over.as_ref().map_or(0, Gathered::bytes);
        over
    }

    /// The door saw an operation of a connection that was heard of.
    pub fn record(&mut self, line: u64, seen: &OperationRecord<'_>) {
        let Some(connection) = self.lines.get_mut(&line) else { return };
        let call = Call {
            style: seen.meta.protocol,
            sandbox: seen.meta.sandbox.clone(),
            operation: seen.operation.map(|operation| operation.name),
            refused: seen.refused,
            caller: seen.caller.map(ToString::to_string).unwrap_or_default(),
        };
        if seen.refused.is_none() && seen.operation.is_some_and(|row| row.kind == OperationKind::Stream) {
            connection.stream = Some(call.clone());
        }
        let calls = &mut connection.raw().calls;
        if calls.len() < CALLS_MAX {
            calls.push(call);
        }
    }

    /// The exchanges after which nothing has happened for so long that they are over.
    pub fn over(&mut self) -> Vec<Gathered> {
        let quiet = self.lines.iter_mut().filter(|(_, connection)| connection.is_quiet());
        let over: Vec<Gathered> =
            quiet.filter_map(|(line, connection)| connection.finish(*line, self.styles)).collect();
        self.bytes -= over.iter().map(Gathered::bytes).sum::<usize>();
        over
    }
}

impl Gathered {
    fn bytes(&self) -> usize {
        self.raw.received.bytes.len() + self.raw.sent.bytes.len()
    }
}

impl Connection {
    fn raw(&mut self) -> &mut Raw {
        self.raw.get_or_insert_with(Raw::new)
    }

    /// Whether what comes in now begins another exchange: a secret that comes in two pieces must not fall apart.
    fn is_answered(&self) -> bool {
        self.raw.as_ref().is_some_and(|raw| {
            raw.sent.total > 0
                && raw.sent.bytes != CONTINUE
                && (!self.speaks_frames(raw) || is_whole(&raw.received.bytes) && !raw.received.is_cut())
        })
    }

    fn is_quiet(&self) -> bool {
        let Some(raw) = &self.raw else { return false };
        let quiet = raw.last.elapsed();
        let is_answered = raw.sent.total > 0 && raw.sent.bytes != CONTINUE;
        if !self.speaks_frames(raw) {
            return is_answered && quiet >= Duration::from_millis(QUIET_MS);
        }
        let limit_ms = if is_answered { QUIET_MS } else { UNANSWERED_MS };
        quiet >= Duration::from_millis(limit_ms) && (raw.received.is_cut() || is_whole(&raw.received.bytes))
    }

    fn speaks_frames(&self, raw: &Raw) -> bool {
        // Who began to look after the connection had begun does not know what it has switched to, and sees it by the bytes.
        self.is_socket.unwrap_or_else(|| is_socket(&raw.received.bytes, &raw.sent.bytes))
    }

    /// Takes the exchange, and notes what of it goes for the next one.
    fn finish(&mut self, line: u64, styles: &[Adapter]) -> Option<Gathered> {
        let raw = self.raw.take()?;
        let is_socket = self.speaks_frames(&raw);
        let is_told = !is_socket && raw.received.total > 0;
        if is_told {
            self.place = place_of(&raw.received.bytes, styles);
            // A stream belongs to the request that asked for it.
            let streams = |stream: &Call| raw.calls.iter().any(|call| call.operation == stream.operation);
            self.stream = self.stream.take().filter(streams);
        } else if self.place.is_none() {
            self.place = raw.calls.first().map(|call| Place { style: call.style, sandbox: call.sandbox.clone() });
        }
        let goes_on = is_told || is_socket || !raw.calls.is_empty() || self.stream.is_some();
        let (place, stream) = (self.place.clone().filter(|_| goes_on), self.stream.clone());
        self.is_socket = Some(is_socket || switches(&raw.sent.bytes));
        Some(Gathered { line, raw, place, is_socket, stream })
    }
}

impl Raw {
    fn new() -> Raw {
        let now = Instant::now();
        let (received, sent) = (Heap::default(), Heap::default());
        Raw { at: SystemTime::now(), begun: now, last: now, received, sent, calls: Vec::new() }
    }

    /// Keeps of the bytes what there is room for, and tells how many that were.
    fn hear(&mut self, bytes: &[u8], room: usize, heap: impl FnOnce(&mut Raw) -> &mut Heap) -> usize {
        self.last = Instant::now();
        let heap = heap(self);
        let is_whole = !heap.is_cut();
        let kept = bytes.len().min(DIRECTION_BYTES_MAX - heap.bytes.len()).min(room);
        // What comes after something that was not kept would be read as if it had followed.
        let kept = if is_whole { kept } else { 0 };
        heap.bytes.extend_from_slice(&bytes[..kept]);
        heap.total += bytes.len() as u64;
        kept
    }
}

impl Heap {
    /// Whether not all of it is kept.
    pub fn is_cut(&self) -> bool {
        self.total > self.bytes.len() as u64
    }
}
