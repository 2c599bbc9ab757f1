//! Which connections are open, and how are they told to hang up?

use futures_util::task::AtomicWaker;
use lab::capture::TrafficCapture;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};
use wire::io::{ConnectionControl, Counter, StreamObserver};

/// Connections that a server holds at once, if the system lets it have so many files; further ones are turned away.
pub const CONNECTIONS_MAX: usize = 25_000;
/// Connections beyond those that are asked what they want before they are turned away: whether the server lives is told.
pub const TURNED_AWAY_MAX: usize = 128;
/// Files that a server needs beside its connections: the database, and what the readers of each thread have open.
const OTHER_FILES: u64 = 256;
/// How often it is looked whose next request is overdue.
const SWEEP_MS: u64 = 5_000;
/// How long who is turned away may take to say what is wanted.
const TURN_AWAY_MS: u64 = 1_000;

/// The number of the next connection: no two of a process have the same, also where one door is served twice.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(1);

/// All connections of a server.
pub struct Lines {
    open: Mutex<HashMap<u64, Weak<Line>>>,
    max: usize,
    tap: Option<Arc<TrafficCapture>>,
    hung_up: AtomicBool,
    all: Counter,
    refused: AtomicU64,
    turned_away: AtomicUsize,
}

/// One connection: what listens to its bytes.
pub struct Line {
    number: u64,
    lines: Arc<Lines>,
    reader: AtomicWaker,
    control: Arc<ConnectionControl>,
}

impl Default for Lines {
    fn default() -> Self {
        // What the system gives is what there is: a server with fewer files holds fewer connections.
        let wanted = CONNECTIONS_MAX as u64 + TURNED_AWAY_MAX as u64 + OTHER_FILES;
        let files = rlimit::increase_nofile_limit(wanted).unwrap_or(wanted);
        let free = files.saturating_sub(OTHER_FILES + TURNED_AWAY_MAX as u64);
        Lines::with_max(usize::try_from(free).unwrap_or(CONNECTIONS_MAX).clamp(1, CONNECTIONS_MAX))
    }
}

impl Lines {
    /// Room for so many connections.
    pub fn with_max(max: usize) -> Self {
        Lines {
            open: Mutex::default(),
            max,
            tap: None,
            hung_up: AtomicBool::new(false),
            all: Counter::default(),
            refused: AtomicU64::new(0),
            turned_away: AtomicUsize::new(0),
        }
    }

    /// The same, and this tap sees their bytes.
    pub fn tapped(self, tap: Arc<TrafficCapture>) -> Self {
        Lines { tap: Some(tap), ..self }
    }

    /// A new connection, if there is room for it.
    pub fn open(self: &Arc<Self>) -> Option<Arc<Line>> {
        let mut open = self.open.lock();
        if open.len() >= self.max {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        let control = Arc::new(ConnectionControl::of(number));
        let line = Arc::new(Line { number, lines: self.clone(), reader: AtomicWaker::new(), control });
        open.insert(number, Arc::downgrade(&line));
        Some(line)
    }

    /// Turns a connection away for which there is no room, with a bare 503. Who asks whether the server lives is told.
    pub async fn turn_away(self: Arc<Self>, mut stream: TcpStream) {
        let _leaving = Leaving(&self.turned_away);
        if self.turned_away.fetch_add(1, Ordering::Relaxed) >= TURNED_AWAY_MAX {
            // Not even that can be asked of all at once. What does not fit into the socket's buffer is not worth a wait.
            let _ = stream.try_write(NO_ROOM);
            return;
        }
        let mut head = [0; 1024];
        let read = timeout(Duration::from_millis(TURN_AWAY_MS), stream.read(&mut head)).await;
        let count = read.map_or(0, |read| read.unwrap_or(0));
        let answer = if head[..count].starts_with(b"GET /livez ") { ALIVE } else { NO_ROOM };
        let _ = stream.write_all(answer).await;
        let _ = stream.shutdown().await;
    }

    /// How many connections there was no room for.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// How many connections are open.
    pub fn count(&self) -> usize {
        self.open.lock().len()
    }

    /// Bytes that came in and went out over all connections.
    pub fn bytes(&self) -> (u64, u64) {
        self.all.bytes()
    }

    /// From now on, a connection on which nothing comes looks as if its client had said all it has to say. What is being
    /// answered is answered still.
    pub fn hang_up(&self) {
        self.hung_up.store(true, Ordering::SeqCst);
        let open: Vec<_> = self.open.lock().values().filter_map(Weak::upgrade).collect();
        open.iter().for_each(|line| line.reader.wake());
    }

    /// Hangs up, again and again, on those who have begun to say something and do not go on.
    pub async fn sweep(self: Arc<Self>) {
        let mut tick = interval(Duration::from_millis(SWEEP_MS));
        loop {
            tick.tick().await;
            let overdue: Vec<_> = self.open.lock().values().filter_map(Weak::upgrade).collect();
            overdue.iter().filter(|line| line.control.is_overdue()).for_each(|line| line.reader.wake());
        }
    }
}

/// RFC 9110 section 15.6.4. No protocol has been chosen yet, so none can say it in its own grammar.
const NO_ROOM: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
/// What `/livez` says; it lives, even if it has no room.
const ALIVE: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: close\r\n\r\n\
    {\"live\":true}";

/// Somebody who is being turned away.
struct Leaving<'a>(&'a AtomicUsize);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Line {
    /// What it can be broken by.
    pub fn control(&self) -> Arc<ConnectionControl> {
        self.control.clone()
    }
}

impl StreamObserver for Line {
    fn received(&self, bytes: &[u8]) {
        self.lines.all.received(bytes);
        self.lines.tap.iter().for_each(|tap| tap.received(self.number, bytes));
    }

    fn sent(&self, bytes: &[u8]) {
        self.lines.all.sent(bytes);
        self.lines.tap.iter().for_each(|tap| tap.sent(self.number, bytes));
    }

    fn poll_hangup(&self, task: &mut Context<'_>) -> Poll<()> {
        self.reader.register(task.waker());
        if self.lines.hung_up.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.lines.open.lock().remove(&self.number);
        self.lines.tap.iter().for_each(|tap| tap.ended(self.number));
    }
}
