//! The streams of an HTTP/2 connection: whether one is open, and whether a client does not read what is sent on it.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};
use wire::http2::{Frame, kinds};
use wire::limits::WRITE_STALL_MS;

/// Streams that a client opens before the server can refuse those that are too many.
const UNANSWERED_MAX: usize = 1_000;

/// The streams of a connection.
pub struct Streams {
    /// Those on which a response is made or handed over.
    open: RefCell<Vec<Weak<OpenStream>>>,
    /// When there was last an open one.
    used: Cell<Instant>,
    /// The numbers of those whose response has not left to its end.
    unanswered: RefCell<HashSet<u32>>,
    /// The highest number that the client has used.
    last: Cell<u32>,
    /// When there was last a frame of a message, in either direction.
    moved: Cell<Instant>,
}

/// A stream, while a request or its response is on it.
#[derive(Default)]
pub struct OpenStream {
    /// Since when a piece of the response waits for the client to read; `None` if none does.
    waiting_since: Cell<Option<Instant>>,
}

impl Default for Streams {
    fn default() -> Self {
        Streams {
            open: RefCell::default(),
            used: Cell::new(Instant::now()),
            unanswered: RefCell::default(),
            last: Cell::new(0),
            moved: Cell::new(Instant::now()),
        }
    }
}

impl Streams {
    /// A request has arrived.
    pub fn open(&self) -> Rc<OpenStream> {
        let stream = Rc::new(OpenStream::default());
        self.open.borrow_mut().push(Rc::downgrade(&stream));
        stream
    }

    /// Follows a frame that was received.
    pub fn received(&self, frame: &Frame) {
        let (kind, stream, mut unanswered) = (frame.kind(), frame.stream(), self.unanswered.borrow_mut());
        if frame.is_message() {
            self.moved.set(Instant::now());
        }
        if kind == kinds::HEADERS && stream > self.last.get() {
            self.last.set(stream);
            if unanswered.len() < UNANSWERED_MAX {
                unanswered.insert(stream);
            }
        } else if kind == kinds::RST_STREAM {
            unanswered.remove(&stream);
        }
    }

    /// Follows a frame that was sent.
    pub fn sent(&self, frame: &Frame) {
        if frame.is_message() {
            self.moved.set(Instant::now());
        }
        if frame.ends_stream() || frame.kind() == kinds::RST_STREAM {
            self.unanswered.borrow_mut().remove(&frame.stream());
        }
    }

    /// The highest number of a stream that the client has used.
    pub fn last(&self) -> u32 {
        self.last.get()
    }

    /// Whether there has been no open stream for so long.
    pub fn is_idle_for(&self, ms: u64) -> bool {
        if self.open_count() > 0 {
            self.used.set(Instant::now());
        }
        self.used.get().elapsed() >= Duration::from_millis(ms)
    }

    /// Whether a client does not read a response.
    pub fn is_stalled(&self) -> bool {
        let stall = Duration::from_millis(WRITE_STALL_MS);
        // h2 takes the last piece of a response as soon as the window has room for a byte of it, and holds the rest.
        let is_held = self.unanswered.borrow().len() > self.open_count() && self.moved.get().elapsed() >= stall;
        let open = self.open.borrow();
        let mut waiting = open.iter().filter_map(Weak::upgrade).filter_map(|stream| stream.waiting_since.get());
        is_held || waiting.any(|since| since.elapsed() >= stall)
    }

    fn open_count(&self) -> usize {
        let mut open = self.open.borrow_mut();
        open.retain(|stream| stream.strong_count() > 0);
        open.len()
    }
}

impl OpenStream {
    /// A piece of the response waits for the client to read.
    pub fn waits(&self) {
        self.waiting_since.set(Some(Instant::now()));
    }

    /// The client has room for more.
    pub fn goes_on(&self) {
        self.waiting_since.set(None);
    }
}
