//! Assembles what passes each connection of HTTP/1.1, and each stream of HTTP/2, into exchanges: what came in, and what went out until
//! something came in again.

use super::protocol::{Target, is_complete, is_socket, settled, switches, target_of};
use super::raw::{Call, CutBytes, RawExchange, StreamFrame};
use domain::observer::OperationRecord;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use wire::Adapter;

/// Bytes of all exchanges that are assembled at the same time; what is beyond is cut.
const ASSEMBLED_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Streams of HTTP/2 that are assembled at the same time; further ones are left out.
const STREAMS_MAX: usize = 10_000;
/// An exchange is over after its response and this much silence.
const QUIET_MS: u64 = 500;
/// The same where a socket's message has no reply: some never get one, others wait for events.
const UNANSWERED_MS: u64 = 5_000;
/// HTTP/1.1 has no streams, and the first stream of HTTP/2 has the number 1 (RFC 9113 section 5.1.1).
const NO_STREAM: u32 = 0;

/// The current exchanges.
pub struct Assembler {
    styles: &'static [Adapter],
    /// By the number of the connection and that of the stream.
    open: BTreeMap<(u64, u32), Open>,
    /// How many of them are streams of HTTP/2.
    streams: usize,
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
    /// The call whose stream goes on.
    pub stream: Option<Call>,
}

/// What is known of one connection of HTTP/1.1, or of one stream of HTTP/2.
#[derive(Default)]
struct Open {
    raw: Option<RawExchange>,
    target: Option<Target>,
    stream: Option<Call>,
    /// Of HTTP/1.1; `None` if that is not known yet.
    is_socket: Option<bool>,
    /// Of HTTP/2, as is the next one.
    is_request_over: bool,
    is_response_over: bool,
}

impl Assembler {
    pub fn new(styles: &'static [Adapter]) -> Assembler {
        Assembler { styles, open: BTreeMap::new(), streams: 0, bytes: 0 }
    }

    /// Removes all connections.
    pub fn clear(&mut self) {
        *self = Assembler::new(self.styles);
    }

    /// Adds bytes that came in over a connection of HTTP/1.1. If they begin another exchange, the one before is over.
    pub fn received(&mut self, connection: u64, bytes: &[u8]) -> Option<Assembled> {
        let open = self.open.entry((connection, NO_STREAM)).or_default();
        let over = if open.is_answered() { open.finish(connection, self.styles) } else { None };
        self.forget(over.as_slice());
        self.add(connection, bytes, |raw| &mut raw.received);
        over
    }

    /// Adds bytes that went out over a connection of HTTP/1.1, which end no exchange.
    pub fn sent(&mut self, connection: u64, bytes: &[u8]) -> Option<Assembled> {
        self.add(connection, bytes, |raw| &mut raw.sent);
        None
    }

    fn add(&mut self, connection: u64, bytes: &[u8], direction: impl FnOnce(&mut RawExchange) -> &mut CutBytes) {
        let raw = self.open.entry((connection, NO_STREAM)).or_default().raw(NO_STREAM);
        raw.last = Instant::now();
        self.bytes += direction(raw).add(bytes, ASSEMBLED_BYTES_MAX.saturating_sub(self.bytes));
    }

    /// Adds a frame of HTTP/2. If its stream ends with it, the exchange is over.
    pub fn frame(&mut self, connection: u64, frame: &StreamFrame<'_>) -> Option<Assembled> {
        let key = (connection, frame.stream);
        if frame.begins_request() && self.streams < STREAMS_MAX && !self.open.contains_key(&key) {
            self.open.insert(key, Open::default());
            self.streams += 1;
        }
        // A stream that began before the capture is not shown.
        let open = self.open.get_mut(&key)?;
        if frame.bytes > 0 {
            let over = if frame.is_received { &mut open.is_request_over } else { &mut open.is_response_over };
            *over |= frame.is_last;
            let raw = open.raw(frame.stream);
            raw.last = Instant::now();
            self.bytes += raw.add_frame(frame, ASSEMBLED_BYTES_MAX.saturating_sub(self.bytes));
        }
        if let Some(raw) = open.raw.as_mut().filter(|_| frame.is_reset) {
            // It took until one of the two gave it up.
            raw.last = Instant::now();
        }
        let is_over = frame.is_reset || open.is_request_over && open.is_response_over;
        if is_over { self.remove(key) } else { None }
    }

    /// Ends the connection with all of its streams; their exchanges are over.
    pub fn ended(&mut self, connection: u64) -> Vec<Assembled> {
        let all = self.open.range((connection, NO_STREAM)..=(connection, u32::MAX));
        let keys: Vec<_> = all.map(|(key, _)| *key).collect();
        keys.into_iter().filter_map(|key| self.remove(key)).collect()
    }

    fn remove(&mut self, key: (u64, u32)) -> Option<Assembled> {
        let mut open = self.open.remove(&key)?;
        self.streams -= usize::from(key.1 != NO_STREAM);
        let over = open.finish(key.0, self.styles);
        self.forget(over.as_slice());
        over
    }

    /// Adds an operation to the current exchange of its connection or stream, which goes on.
    pub fn record(&mut self, connection: u64, record: &OperationRecord<'_>) -> Option<Assembled> {
        let stream = record.request.stream_id.unwrap_or(NO_STREAM);
        let open = self.open.get_mut(&(connection, stream))?;
        let call = Call::of(record);
        if call.streams {
            open.stream = Some(call.clone());
        }
        open.raw(stream).add_call(call);
        None
    }

    /// Takes the exchanges that are over by their silence, and those that go on, as event streams do, but were silent for a while.
    pub fn take_quiet(&mut self) -> Vec<Assembled> {
        let quiet = self.open.iter_mut().filter(|(_, open)| open.is_quiet());
        let over: Vec<_> = quiet.filter_map(|(key, open)| open.finish(key.0, self.styles)).collect();
        self.forget(&over);
        over
    }

    /// The bytes of these are no longer stored here.
    fn forget(&mut self, over: &[Assembled]) {
        self.bytes -= over.iter().map(|assembled| assembled.raw.bytes()).sum::<usize>();
    }
}

impl Open {
    fn raw(&mut self, stream: u32) -> &mut RawExchange {
        self.raw.get_or_insert_with(|| RawExchange::new(stream != NO_STREAM))
    }

    /// Whether the next bytes begin another exchange. A secret that comes in two pieces must stay in one.
    fn is_answered(&self) -> bool {
        self.raw.as_ref().is_some_and(|raw| {
            raw.is_answered() && (!self.has_frames(raw) || is_complete(&raw.received.bytes) && !raw.received.is_cut())
        })
    }

    /// A secret that comes in two pieces must stay in one, so a request of HTTP/2 and a message of a socket must be whole.
    fn is_quiet(&self) -> bool {
        let Some(raw) = &self.raw else { return false };
        let (quiet, is_socket) = (raw.last.elapsed(), self.has_frames(raw));
        let is_whole = match &raw.http2 {
            Some(_) => self.is_request_over,
            None => !is_socket || raw.received.is_cut() || is_complete(&raw.received.bytes),
        };
        let limit_ms = if raw.is_answered() { QUIET_MS } else { UNANSWERED_MS };
        is_whole && (is_socket || raw.is_answered()) && quiet >= Duration::from_millis(limit_ms)
    }

    /// Whether the bytes are frames of a WebSocket. The handshake may have been before the capture began: then the bytes decide.
    fn has_frames(&self, raw: &RawExchange) -> bool {
        raw.http2.is_none() && self.is_socket.unwrap_or_else(|| is_socket(&raw.received.bytes, &raw.sent.bytes))
    }

    /// Takes the exchange, and remembers what of it holds for the next one.
    fn finish(&mut self, connection: u64, styles: &[Adapter]) -> Option<Assembled> {
        let raw = self.raw.take()?;
        let is_socket = self.has_frames(&raw);
        let is_request = !is_socket && raw.received.total > 0;
        if is_request {
            let request =
                raw.http2.as_ref().map_or(raw.received.bytes.as_slice(), |http2| http2.request.head.as_bytes());
            self.target = settled(target_of(request, styles), raw.sandboxes(), request);
            // A stream belongs to the request that asked for it.
            let streams = |stream: &Call| raw.calls.iter().any(|call| call.operation == stream.operation);
            self.stream = self.stream.take().filter(streams);
        } else if self.target.is_none() {
            self.target = raw.calls.first().map(|call| call.target.clone());
        }
        let is_shown = is_request || is_socket || !raw.calls.is_empty() || self.stream.is_some();
        let (target, stream) = (self.target.clone().filter(|_| is_shown), self.stream.clone());
        self.is_socket = Some(is_socket || switches(&raw.sent.bytes));
        Some(Assembled { connection, raw, target, is_socket, stream })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame<'f>(stream: u32, is_received: bool, fields: &[(&str, &str)], content: &'f [u8]) -> StreamFrame<'f> {
        let list = || fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (fields, is_last) = ((!fields.is_empty()).then(list), !content.is_empty());
        StreamFrame { stream, is_received, bytes: 9 + content.len(), fields, content, is_last, is_reset: false }
    }

    const REQUEST: &[(&str, &str)] = &[(":method", "POST"), (":path", "/soap"), ("x-api-key", "k-1")];
    const RESPONSE: &[(&str, &str)] = &[(":status", "200")];

    #[test]
    fn frames_of_several_streams_interleave() {
        let mut assembler = Assembler::new(&[]);
        let begin = [frame(1, true, REQUEST, b""), frame(3, true, REQUEST, b""), frame(1, true, &[], b"one")];
        let go_on = [frame(3, true, &[], b"three"), frame(3, false, RESPONSE, b""), frame(1, false, RESPONSE, b"")];
        assert!(begin.iter().chain(&go_on).all(|frame| assembler.frame(7, frame).is_none()));
        // The same stream of another connection, and one that began before.
        assert!(assembler.frame(8, &frame(1, false, &[], b"other")).is_none());
        for (id, content) in [(3, "three"), (1, "one")] {
            let over = assembler.frame(7, &frame(id, false, &[], b"reply")).expect("both directions have ended");
            let (received, sent) = (&over.raw.received, &over.raw.sent);
            assert_eq!((received.bytes.as_slice(), received.total), (content.as_bytes(), 18 + content.len() as u64));
            assert_eq!((sent.bytes.as_slice(), sent.total), (b"reply".as_slice(), 23));
            let heads = over.raw.http2.as_ref().expect("heads");
            assert_eq!(heads.request.head, "POST /soap HTTP/2\r\nx-api-key: ***\r\n\r\n");
            assert!(!over.raw.is_cut());
        }
        assert_eq!((assembler.bytes, assembler.streams, assembler.open.len()), (0, 0, 0));
    }

    #[test]
    fn the_memory_of_streams_is_limited() {
        let mut assembler = Assembler::new(&[]);
        let content = vec![b'a'; 16 * 1024];
        for id in 0..1_000 {
            let id = 2 * id + 1;
            assembler.frame(7, &frame(id, true, REQUEST, b""));
            assembler.frame(7, &frame(id, true, REQUEST, b""));
            for _ in 0..5 {
                assembler.frame(7, &StreamFrame { is_last: false, ..frame(id, true, &[], &content) });
            }
        }
        assert!(assembler.bytes <= ASSEMBLED_BYTES_MAX && assembler.bytes > ASSEMBLED_BYTES_MAX - 128 * 1024);
        let over = assembler.ended(7);
        assert!(over.len() == 1_000 && over.iter().all(|over| over.raw.is_cut()));
        assert_eq!((assembler.bytes, assembler.streams), (0, 0));
    }
}
