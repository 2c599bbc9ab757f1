//! The open connections: how many there may be, what they sent and received, and how they are closed.

use futures_util::task::AtomicWaker;
use lab::capture::{Http2Connection, TrafficCapture};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};
use wire::control::ConnectionControl;
use wire::io::{Counter, StreamObserver};

/// Connections that a server holds at once, if the system allows so many files; further ones are rejected.
pub const CONNECTIONS_MAX: usize = 25_000;
/// Further connections whose request is read before they are rejected, so that `GET /livez` is still answered.
pub const REJECTED_MAX: usize = 128;
/// Files that the server needs for other things than connections: the database, opened by every thread.
const OTHER_FILES: u64 = 256;
/// Time between two searches for requests that began and do not go on.
const SWEEP_MS: u64 = 5_000;
/// How long a connection that is rejected may take to send its request.
const REJECT_MS: u64 = 1_000;

/// The number of the next connection. Numbers are unique within the process, which may run several servers.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(1);

/// All connections of a server.
pub struct Connections {
    open: Mutex<HashMap<u64, Weak<Connection>>>,
    max: usize,
    capture: Option<Arc<TrafficCapture>>,
    is_draining: AtomicBool,
    all: Counter,
    refused: AtomicU64,
    rejecting: AtomicUsize,
}

/// One connection, which counts its bytes.
pub struct Connection {
    number: u64,
    connections: Arc<Connections>,
    reader: AtomicWaker,
    control: Arc<ConnectionControl>,
    /// What the capture reads of HTTP/2; nothing in a connection of HTTP/1.1.
    http2: OnceLock<Http2Connection>,
}

impl Default for Connections {
    fn default() -> Self {
        // A server that may open fewer files holds fewer connections.
        let wanted = CONNECTIONS_MAX as u64 + REJECTED_MAX as u64 + OTHER_FILES;
        let files = rlimit::increase_nofile_limit(wanted).unwrap_or(wanted);
        let free = files.saturating_sub(OTHER_FILES + REJECTED_MAX as u64);
        Connections::with_max(usize::try_from(free).unwrap_or(CONNECTIONS_MAX).clamp(1, CONNECTIONS_MAX))
    }
}

impl Connections {
    /// Allows so many connections.
    pub fn with_max(max: usize) -> Self {
        Connections {
            open: Mutex::default(),
            max,
            capture: None,
            is_draining: AtomicBool::new(false),
            all: Counter::default(),
            refused: AtomicU64::new(0),
            rejecting: AtomicUsize::new(0),
        }
    }

    /// The same, with a capture that records their bytes.
    pub fn with_capture(self, capture: Arc<TrafficCapture>) -> Self {
        Connections { capture: Some(capture), ..self }
    }

    /// A new connection; `None` if there are too many.
    pub fn open(self: &Arc<Self>) -> Option<Arc<Connection>> {
        let mut open = self.open.lock();
        if open.len() >= self.max {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        let control = Arc::new(ConnectionControl::of(number));
        let connection = Arc::new(Connection {
            number,
            connections: self.clone(),
            reader: AtomicWaker::new(),
            control,
            http2: OnceLock::new(),
        });
        open.insert(number, Arc::downgrade(&connection));
        Some(connection)
    }

    /// Rejects a connection with a bare 503. `GET /livez` is answered all the same.
    pub async fn reject(self: Arc<Self>, mut stream: TcpStream) {
        let _rejecting = Rejecting(&self.rejecting);
        if self.rejecting.fetch_add(1, Ordering::Relaxed) >= REJECTED_MAX {
            // Too many to wait for: send what fits into the socket's buffer.
            let _ = stream.try_write(NO_ROOM);
            return;
        }
        let mut head = [0; 1024];
        let read = timeout(Duration::from_millis(REJECT_MS), stream.read(&mut head)).await;
        let count = read.map_or(0, |read| read.unwrap_or(0));
        let answer = if head[..count].starts_with(b"GET /livez ") { ALIVE } else { NO_ROOM };
        let _ = stream.write_all(answer).await;
        let _ = stream.shutdown().await;
    }

    /// Connections that were rejected.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Connections that are open.
    pub fn count(&self) -> usize {
        self.open.lock().len()
    }

    /// Bytes received and sent over all connections.
    pub fn bytes(&self) -> (u64, u64) {
        self.all.bytes()
    }

    /// From now on, an idle connection ends as if its client had closed its side. Requests in progress are still answered.
    pub fn drain(&self) {
        self.is_draining.store(true, Ordering::SeqCst);
        let open: Vec<_> = self.open.lock().values().filter_map(Weak::upgrade).collect();
        open.iter().for_each(|connection| connection.reader.wake());
    }

    /// Closes connections whose request began and does not go on, every [`SWEEP_MS`].
    pub async fn sweep(self: Arc<Self>) {
        let mut tick = interval(Duration::from_millis(SWEEP_MS));
        loop {
            tick.tick().await;
            let overdue: Vec<_> = self.open.lock().values().filter_map(Weak::upgrade).collect();
            overdue
                .iter()
                .filter(|connection| connection.control.is_overdue())
                .for_each(|connection| connection.reader.wake());
        }
    }
}

/// RFC 9110 section 15.6.4. No protocol has been chosen yet, so there is no grammar to say it in.
const NO_ROOM: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
/// The answer to `/livez`: a full server is still alive.
const ALIVE: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: close\r\n\r\n\
    {\"live\":true}";

/// Counts a connection that is being rejected.
struct Rejecting<'a>(&'a AtomicUsize);

impl Drop for Rejecting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Connection {
    /// Drops, cuts or delays the connection.
    pub fn control(&self) -> Arc<ConnectionControl> {
        self.control.clone()
    }

    fn capture(&self) -> Option<&TrafficCapture> {
        self.connections.capture.as_deref()
    }
}

impl StreamObserver for Connection {
    fn received(&self, bytes: &[u8]) {
        self.connections.all.received(bytes);
        match (self.capture(), self.http2.get()) {
            (Some(capture), Some(http2)) => http2.received(capture, self.number, bytes),
            (Some(capture), None) => capture.received(self.number, bytes),
            (None, _) => {}
        }
    }

    fn sent(&self, bytes: &[u8]) {
        self.connections.all.sent(bytes);
        match (self.capture(), self.http2.get()) {
            (Some(capture), Some(http2)) => http2.sent(capture, self.number, bytes),
            (Some(capture), None) => capture.sent(self.number, bytes),
            (None, _) => {}
        }
    }

    fn carries_http2(&self, received: &[u8]) {
        if let Some(capture) = self.capture() {
            // Until now these bytes were those of a request of HTTP/1.1.
            capture.ended(self.number);
            self.http2.get_or_init(Http2Connection::default).received(capture, self.number, received);
        }
    }

    fn answers(&self, method: &str, target: &str) -> Option<u32> {
        self.http2.get()?.stream_of(method, target)
    }

    fn poll_hangup(&self, task: &mut Context<'_>) -> Poll<()> {
        self.reader.register(task.waker());
        if self.connections.is_draining.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.open.lock().remove(&self.number);
        if let Some(capture) = self.capture() {
            capture.ended(self.number);
        }
    }
}
