//! Which connections are open, and how are they told to hang up?

use futures_util::task::AtomicWaker;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};
use wire::io::{Counter, Ear};

/// Connections that a server holds at once; further ones wait to be accepted.
pub const CONNECTIONS_MAX: usize = 25_000;

/// All connections of a server.
#[derive(Default)]
pub struct Lines {
    open: Mutex<HashMap<u64, Weak<Line>>>,
    next: AtomicU64,
    hung_up: AtomicBool,
    all: Counter,
}

/// One connection: what listens to its bytes.
pub struct Line {
    number: u64,
    lines: Arc<Lines>,
    reader: AtomicWaker,
}

impl Lines {
    /// A new connection.
    pub fn open(self: &Arc<Self>) -> Arc<Line> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let line = Arc::new(Line { number, lines: self.clone(), reader: AtomicWaker::new() });
        self.lock().insert(number, Arc::downgrade(&line));
        line
    }

    /// How many connections are open.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Bytes that came in and went out over all connections.
    pub fn bytes(&self) -> (u64, u64) {
        self.all.bytes()
    }

    /// From now on, a connection on which nothing comes looks as if its client had said all it has to say. What is being
    /// answered is answered still.
    pub fn hang_up(&self) {
        self.hung_up.store(true, Ordering::SeqCst);
        let open: Vec<_> = self.lock().values().filter_map(Weak::upgrade).collect();
        open.iter().for_each(|line| line.reader.wake());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Weak<Line>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ear for Line {
    fn received(&self, bytes: &[u8]) {
        self.lines.all.received(bytes);
    }

    fn sent(&self, bytes: &[u8]) {
        self.lines.all.sent(bytes);
    }

    fn poll_hangup(&self, task: &mut Context<'_>) -> Poll<()> {
        self.reader.register(task.waker());
        if self.lines.hung_up.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.lines.lock().remove(&self.number);
    }
}
