//! Controls a connection from where its responses are made.

use crate::http::spelling::spelled;
use actix_web::{HttpMessage, HttpRequest};
use parking_lot::Mutex;
use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// Controls a connection from where its responses are made: injected faults drop or cut them.
#[derive(Debug, Default)]
pub struct ConnectionControl {
    /// The id of the connection.
    connection_id: Option<u64>,
    /// The id of its stream, over HTTP/2.
    stream_id: Option<u32>,
    used: AtomicBool,
    lingers: AtomicBool,
    /// Whether the next bytes are the start of a head.
    is_at_head: AtomicBool,
    spells: AtomicBool,
    /// The deadline of the next request head, in milliseconds of [`process_ms`]; 0 if none is expected.
    head_due_ms: AtomicU64,
    /// The bytes that may still pass.
    mode: Mutex<Mode>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Mode {
    /// All of them.
    #[default]
    Whole,
    /// Those of a response head, of whose end so much was seen, and then so many.
    Head { seen: usize, then: u64 },
    /// So many.
    Rest(u64),
}

/// How much of a response passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// All of it.
    Whole,
    /// The head, and so many bytes of the body.
    Body(u64),
    /// Nothing.
    Nothing,
}

impl ConnectionControl {
    /// The control of a connection with an id.
    pub fn of(connection_id: u64) -> ConnectionControl {
        ConnectionControl { connection_id: Some(connection_id), ..ConnectionControl::default() }
    }

    /// The control of one stream of this HTTP/2 connection. A fault breaks that stream alone.
    pub fn of_stream(&self, stream_id: Option<u32>) -> ConnectionControl {
        ConnectionControl {
            connection_id: self.connection_id,
            stream_id,
            used: AtomicBool::new(!self.is_first()),
            ..ConnectionControl::default()
        }
    }

    /// How much of the response an injected fault lets pass.
    pub fn allowed(&self) -> Allowed {
        match *self.mode.lock() {
            Mode::Whole => Allowed::Whole,
            Mode::Head { then, .. } => Allowed::Body(then),
            Mode::Rest(_) => Allowed::Nothing,
        }
    }

    /// The id of the connection, if it has one.
    pub fn connection_id(&self) -> Option<u64> {
        self.connection_id
    }

    /// The id of the stream, if it is one of HTTP/2 that an observer reads.
    pub fn stream_id(&self) -> Option<u32> {
        self.stream_id
    }

    /// Whether this is the first call: then the response is the connection's first.
    pub fn is_first(&self) -> bool {
        !self.used.swap(true, Ordering::Relaxed)
    }

    /// A request head has arrived.
    pub fn head_has_come(&self) {
        self.head_due_ms.store(0, Ordering::Relaxed);
    }

    /// The next request head must be complete within so many milliseconds.
    pub fn await_head(&self, within_ms: u64) {
        self.is_at_head.store(true, Ordering::Relaxed);
        self.head_due_ms.store(process_ms() + within_ms, Ordering::Relaxed);
    }

    /// Whether the next request head is overdue.
    pub fn is_overdue(&self) -> bool {
        let due_ms = self.head_due_ms.load(Ordering::Relaxed);
        due_ms != 0 && due_ms < process_ms()
    }

    /// Closes gracefully: the peer may still be sending, and must receive the last response.
    pub fn linger(&self) {
        self.lingers.store(true, Ordering::Relaxed);
    }

    /// Whether it closes gracefully.
    pub(crate) fn is_lingering(&self) -> bool {
        self.lingers.load(Ordering::Relaxed)
    }

    /// Whether the bytes that just arrived start a head; asked once.
    pub(crate) fn takes_head(&self) -> bool {
        self.is_at_head.swap(false, Ordering::Relaxed)
    }

    /// No more bytes pass.
    pub fn drop_connection(&self) {
        *self.mode.lock() = Mode::Rest(0);
    }

    /// The head of the next response passes, and so many bytes of its body.
    pub fn cut(&self, body_bytes: u64) {
        *self.mode.lock() = Mode::Head { seen: 0, then: body_bytes };
    }

    /// The next bytes begin with a handshake response, whose header names are to be spelled as in RFC 6455.
    pub fn spell_head(&self) {
        self.spells.store(true, Ordering::Relaxed);
    }

    /// The bytes to write.
    pub(crate) fn spelled<'b>(&self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        if self.spells.load(Ordering::Relaxed) { spelled(bytes) } else { Cow::Borrowed(bytes) }
    }

    /// How many of these bytes may pass.
    pub(crate) fn passing(&self, bytes: &[u8]) -> usize {
        let up_to = |most: u64, bytes: &[u8]| bytes.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        match *self.mode.lock() {
            Mode::Whole => bytes.len(),
            Mode::Rest(rest) => up_to(rest, bytes),
            Mode::Head { mut seen, then } => match end_of_head(&mut seen, bytes) {
                Some(end) => end + up_to(then, &bytes[end..]),
                None => bytes.len(),
            },
        }
    }

    /// These bytes have passed.
    pub(crate) fn passed(&self, bytes: &[u8]) {
        self.spells.store(false, Ordering::Relaxed);
        let mut mode = self.mode.lock();
        match &mut *mode {
            Mode::Whole => {}
            Mode::Rest(rest) => *rest = rest.saturating_sub(bytes.len() as u64),
            Mode::Head { seen, then } => {
                if let Some(end) = end_of_head(seen, bytes) {
                    *mode = Mode::Rest(then.saturating_sub((bytes.len() - end) as u64));
                }
            }
        }
    }
}

/// The control of the connection, or of the stream of HTTP/2, that a request came over.
pub fn control_of(request: &HttpRequest) -> Option<Arc<ConnectionControl>> {
    request.conn_data().cloned().or_else(|| request.extensions().get().cloned())
}

/// Milliseconds since the first call.
fn process_ms() -> u64 {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    u64::try_from(BEGUN.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// The position after a head in these bytes (RFC 9112 section 2.1: an empty line), given how much of its end was seen before.
fn end_of_head(seen: &mut usize, bytes: &[u8]) -> Option<usize> {
    for (position, byte) in bytes.iter().enumerate() {
        *seen = match (*seen, byte) {
            (1 | 3, b'\n') => *seen + 1,
            (2, b'\r') => 3,
            (_, b'\r') => 1,
            _ => 0,
        };
        if *seen == 4 {
            return Some(position + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes that pass of a response written in these pieces.
    fn passed(control: &ConnectionControl, pieces: &[&str]) -> String {
        let mut all = String::new();
        for piece in pieces {
            let count = control.passing(piece.as_bytes());
            control.passed(&piece.as_bytes()[..count]);
            all.push_str(&piece[..count]);
        }
        all
    }

    #[test]
    fn an_answer_is_cut_within_its_body() {
        let whole = ["HTTP/1.1 200 OK\r\nA: b\r", "\n\r\n01234", "56789"];
        let control = ConnectionControl::default();
        assert_eq!(passed(&control, &whole), whole.concat());
        control.cut(4);
        assert_eq!(passed(&control, &whole), "HTTP/1.1 200 OK\r\nA: b\r\n\r\n0123");
        assert_eq!(passed(&control, &whole), "");
        let control = ConnectionControl::default();
        control.drop_connection();
        assert_eq!(passed(&control, &whole), "");
        assert!(control.is_first() && !control.is_first());
    }
}
