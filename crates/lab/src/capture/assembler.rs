//! Assembles the bytes of each connection into exchanges: what came in, and what went out until something came in again.

use super::protocol::{Target, is_complete, is_socket, switches, target_of};
use domain::Reason;
use domain::observer::OperationRecord;
use domain::operations::OperationKind;
use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};
use wire::Adapter;

/// Bytes of one direction of an exchange that are stored; longer ones are cut.
const DIRECTION_BYTES_MAX: usize = 64 * 1024;
/// Bytes of all exchanges that are assembled at the same time; what is beyond is cut.
const ASSEMBLED_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Operations of one exchange that are shown; a batch may have more.
const CALLS_MAX: usize = 20;
/// An exchange is over after its response and this much silence.
const QUIET_MS: u64 = 500;
/// The same where a socket's message has no reply: some never get one, others wait for events.
const UNANSWERED_MS: u64 = 5_000;
/// RFC 9110 section 15.2.1: an interim response to a client that waits with its body.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// The current exchanges of all connections.
pub struct Assembler {
    styles: &'static [Adapter],
    connections: HashMap<u64, Connection>,
    /// Bytes that are stored for all of them.
    bytes: usize,
}

/// An exchange that is over.
pub struct Assembled {
    /// The number of its connection.
    pub connection: u64,
    pub raw: RawExchange,
    /// Its style and sandbox; `None` if it is no style's.
    pub target: Option<Target>,
    /// Whether its bytes are frames of a WebSocket.
    pub is_socket: bool,
    /// The call whose stream goes on over the connection.
    pub stream: Option<Call>,
}

/// What is known of one connection.
#[derive(Default)]
struct Connection {
    raw: Option<RawExchange>,
    target: Option<Target>,
    /// `None` if that is not known yet.
    is_socket: Option<bool>,
    stream: Option<Call>,
}

/// The bytes and the operations of an exchange.
pub struct RawExchange {
    pub at: SystemTime,
    pub begun: Instant,
    /// When the last of its bytes passed.
    pub last: Instant,
    pub received: CutBytes,
    pub sent: CutBytes,
    pub calls: Vec<Call>,
}

/// Bytes, the first of which are stored.
#[derive(Default)]
pub struct CutBytes {
    pub bytes: Vec<u8>,
    /// How many there were.
    pub total: u64,
}

/// An operation as the shop has recorded it.
#[derive(Clone)]
pub struct Call {
    pub target: Target,
    /// `None` if there is no such operation.
    pub operation: Option<&'static str>,
    pub refused: Option<Reason>,
    pub caller: String,
}

impl Assembler {
    pub fn new(styles: &'static [Adapter]) -> Assembler {
        Assembler { styles, connections: HashMap::new(), bytes: 0 }
    }

    /// Removes all connections.
    pub fn clear(&mut self) {
        *self = Assembler::new(self.styles);
    }

    /// Adds bytes that came in. If they begin another exchange, the one before is over.
    pub fn received(&mut self, number: u64, bytes: &[u8]) -> Option<Assembled> {
        let connection = self.connections.entry(number).or_default();
        let over = if connection.is_answered() { connection.finish(number, self.styles) } else { None };
        self.bytes -= over.as_ref().map_or(0, Assembled::bytes);
        self.add(number, bytes, |raw| &mut raw.received);
        over
    }

    /// Adds bytes that went out, which end no exchange.
    pub fn sent(&mut self, number: u64, bytes: &[u8]) -> Option<Assembled> {
        self.add(number, bytes, |raw| &mut raw.sent);
        None
    }

    fn add(&mut self, number: u64, bytes: &[u8], direction: impl FnOnce(&mut RawExchange) -> &mut CutBytes) {
        let raw = self.connections.entry(number).or_default().raw();
        raw.last = Instant::now();
        self.bytes += direction(raw).add(bytes, ASSEMBLED_BYTES_MAX.saturating_sub(self.bytes));
    }

    /// Ends the connection; its exchange is over.
    pub fn ended(&mut self, number: u64) -> Option<Assembled> {
        let over = self.connections.remove(&number)?.finish(number, self.styles);
        self.bytes -= over.as_ref().map_or(0, Assembled::bytes);
        over
    }

    /// Adds an operation to the current exchange of its connection, which goes on.
    pub fn record(&mut self, number: u64, record: &OperationRecord<'_>) -> Option<Assembled> {
        let connection = self.connections.get_mut(&number)?;
        let call = Call {
            target: Target { style: record.request.protocol, sandbox: record.request.sandbox.clone() },
            operation: record.operation.map(|operation| operation.name),
            refused: record.refused,
            caller: record.caller.map(ToString::to_string).unwrap_or_default(),
        };
        if record.refused.is_none() && record.operation.is_some_and(|row| row.kind == OperationKind::Stream) {
            connection.stream = Some(call.clone());
        }
        let calls = &mut connection.raw().calls;
        if calls.len() < CALLS_MAX {
            calls.push(call);
        }
        None
    }

    /// Takes the exchanges that are over by their silence.
    pub fn take_quiet(&mut self) -> Vec<Assembled> {
        let quiet = self.connections.iter_mut().filter(|(_, connection)| connection.is_quiet());
        let over: Vec<Assembled> =
            quiet.filter_map(|(number, connection)| connection.finish(*number, self.styles)).collect();
        self.bytes -= over.iter().map(Assembled::bytes).sum::<usize>();
        over
    }
}

impl Assembled {
    fn bytes(&self) -> usize {
        self.raw.received.bytes.len() + self.raw.sent.bytes.len()
    }
}

impl Connection {
    fn raw(&mut self) -> &mut RawExchange {
        self.raw.get_or_insert_with(RawExchange::new)
    }

    /// Whether the next bytes begin another exchange. A secret that comes in two pieces must stay in one.
    fn is_answered(&self) -> bool {
        self.raw.as_ref().is_some_and(|raw| {
            raw.is_answered() && (!self.has_frames(raw) || is_complete(&raw.received.bytes) && !raw.received.is_cut())
        })
    }

    fn is_quiet(&self) -> bool {
        let Some(raw) = &self.raw else { return false };
        let quiet = raw.last.elapsed();
        if !self.has_frames(raw) {
            return raw.is_answered() && quiet >= Duration::from_millis(QUIET_MS);
        }
        let limit_ms = if raw.is_answered() { QUIET_MS } else { UNANSWERED_MS };
        quiet >= Duration::from_millis(limit_ms) && (raw.received.is_cut() || is_complete(&raw.received.bytes))
    }

    /// The handshake may have been before the capture began: then the bytes decide.
    fn has_frames(&self, raw: &RawExchange) -> bool {
        self.is_socket.unwrap_or_else(|| is_socket(&raw.received.bytes, &raw.sent.bytes))
    }

    /// Takes the exchange, and remembers what of it holds for the next one.
    fn finish(&mut self, number: u64, styles: &[Adapter]) -> Option<Assembled> {
        let raw = self.raw.take()?;
        let is_socket = self.has_frames(&raw);
        let is_request = !is_socket && raw.received.total > 0;
        if is_request {
            self.target = target_of(&raw.received.bytes, styles);
            // A stream belongs to the request that asked for it.
            let streams = |stream: &Call| raw.calls.iter().any(|call| call.operation == stream.operation);
            self.stream = self.stream.take().filter(streams);
        } else if self.target.is_none() {
            self.target = raw.calls.first().map(|call| call.target.clone());
        }
        let is_shown = is_request || is_socket || !raw.calls.is_empty() || self.stream.is_some();
        let (target, stream) = (self.target.clone().filter(|_| is_shown), self.stream.clone());
        self.is_socket = Some(is_socket || switches(&raw.sent.bytes));
        Some(Assembled { connection: number, raw, target, is_socket, stream })
    }
}

impl RawExchange {
    fn new() -> RawExchange {
        let now = Instant::now();
        let (received, sent) = (CutBytes::default(), CutBytes::default());
        RawExchange { at: SystemTime::now(), begun: now, last: now, received, sent, calls: Vec::new() }
    }

    fn is_answered(&self) -> bool {
        self.sent.total > 0 && self.sent.bytes != CONTINUE
    }
}

impl CutBytes {
    /// Stores of the bytes what there is room for; returns how many that were.
    fn add(&mut self, bytes: &[u8], room: usize) -> usize {
        // What comes after a gap would be read as if there were none.
        let room = if self.is_cut() { 0 } else { room.min(DIRECTION_BYTES_MAX - self.bytes.len()) };
        let stored = bytes.len().min(room);
        self.bytes.extend_from_slice(&bytes[..stored]);
        self.total += bytes.len() as u64;
        stored
    }

    /// Whether not all of it is stored.
    pub fn is_cut(&self) -> bool {
        self.total > self.bytes.len() as u64
    }
}
