//! A wrapper around the TCP stream, on either end, that observes every byte.

use crate::http::spelling::spelled;
use crate::http::upgrade::Position;
use crate::limits::{LINGER_BYTES_MAX, LINGER_MS};
use parking_lot::Mutex;
use std::borrow::Cow;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep, timeout};

/// Bytes read at a time after the connection has ended.
const LINGER_READ_BYTES: usize = 16 * 1024;

/// Observes a stream.
pub trait StreamObserver: Send + Sync {
    /// These bytes came in.
    fn received(&self, bytes: &[u8]);
    /// These bytes went out.
    fn sent(&self, bytes: &[u8]);
    /// Whether the stream should look as if its peer had closed its sending direction. Polled whenever no bytes are there.
    fn poll_hangup(&self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

/// An observed stream. It passes all bytes unchanged, unless its [`ConnectionControl`] says otherwise.
pub struct ObservedStream<S> {
    /// Present until the end.
    stream: Option<S>,
    observer: Arc<dyn StreamObserver>,
    control: Arc<ConnectionControl>,
    /// The position of received bytes in HTTP requests; `None` on the client's end.
    position: Option<Position>,
    /// How the stream closes if it should linger.
    linger: Option<fn(S, Arc<dyn StreamObserver>)>,
    /// How long the peer may read nothing; `None` for as long as it likes.
    stall: Option<Duration>,
    /// Runs while the peer reads nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> ObservedStream<S> {
    /// Wraps a stream.
    pub fn new(stream: S, observer: Arc<dyn StreamObserver>) -> Self {
        ObservedStream {
            stream: Some(stream),
            observer,
            control: Arc::default(),
            position: None,
            linger: None,
            stall: None,
            stalled: None,
        }
    }

    /// Sets the control, which others hold too.
    pub fn with_control(mut self, control: Arc<ConnectionControl>) -> Self {
        self.control = control;
        self
    }

    /// At the server's end: hides offered upgrades that are not taken from the HTTP library.
    pub fn of_requests(mut self) -> Self {
        self.position = Some(Position::Head);
        self
    }

    /// Breaks the connection when the peer reads nothing for so long.
    pub fn with_stall(mut self, stall: Duration) -> Self {
        self.stall = Some(stall);
        self
    }

    /// The control of this stream.
    pub fn control(&self) -> Arc<ConnectionControl> {
        self.control.clone()
    }

    /// The result of a write, or an error if the peer has read nothing for too long.
    fn unless_stalled<T>(&mut self, task: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        let Some(stall) = self.stall.filter(|_| written.is_pending()) else {
            self.stalled = None;
            return written;
        };
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(stall)));
        stalled
            .as_mut()
            .poll(task)
            .map(|()| Err(io::Error::new(io::ErrorKind::TimedOut, "the other end does not read")))
    }
}

/// Controls a connection from where its responses are made: injected faults drop or cut them.
#[derive(Debug, Default)]
pub struct ConnectionControl {
    /// The id of the connection.
    connection_id: Option<u64>,
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

impl ConnectionControl {
    /// The control of a connection with an id.
    pub fn of(connection_id: u64) -> ConnectionControl {
        ConnectionControl { connection_id: Some(connection_id), ..ConnectionControl::default() }
    }

    /// The id of the connection, if it has one.
    pub fn connection_id(&self) -> Option<u64> {
        self.connection_id
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
    fn spelled<'b>(&self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        if self.spells.load(Ordering::Relaxed) { spelled(bytes) } else { Cow::Borrowed(bytes) }
    }

    /// How many of these bytes may pass.
    fn passing(&self, bytes: &[u8]) -> usize {
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
    fn passed(&self, bytes: &[u8]) {
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

impl ObservedStream<TcpStream> {
    /// The address of the peer.
    pub fn peer(&self) -> SocketAddr {
        // A peer that is gone has no address; the request will fail by itself.
        let peer = self.stream.as_ref().and_then(|stream| stream.peer_addr().ok());
        peer.unwrap_or_else(|| (Ipv4Addr::UNSPECIFIED, 0).into())
    }

    /// Closes gracefully if the control says so.
    pub fn with_linger(mut self) -> Self {
        self.linger = Some(|stream, observer| {
            // Without a runtime the process is ending.
            if let Ok(runtime) = Handle::try_current() {
                runtime.spawn(linger(stream, observer));
            }
        });
        self
    }
}

/// Closes the sending direction, and reads what the peer is still sending. RFC 9112 section 9.6: bytes that arrive at a closed
/// socket are answered by a reset, which may overtake the last response.
async fn linger(mut stream: TcpStream, observer: Arc<dyn StreamObserver>) {
    let _ = stream.shutdown().await;
    let mut unread = vec![0; LINGER_READ_BYTES];
    let reading = async {
        let mut read = 0;
        while let Ok(count @ 1..) = stream.read(&mut unread).await {
            observer.received(&unread[..count]);
            read += count;
            if read >= LINGER_BYTES_MAX {
                break;
            }
        }
    };
    let _ = timeout(Duration::from_millis(LINGER_MS), reading).await;
}

impl<S> Drop for ObservedStream<S> {
    fn drop(&mut self) {
        if let Some((stream, linger)) = self.stream.take().zip(self.linger)
            && self.control.lingers.load(Ordering::Relaxed)
        {
            linger(stream, self.observer.clone());
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ObservedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, task: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        // A client that sends without a pause must not be read for ever while a head is expected.
        if self.control.is_overdue() {
            return Poll::Ready(Ok(()));
        }
        let Some(stream) = &mut self.stream else { return Poll::Ready(Ok(())) };
        let before = buffer.filled().len();
        let read = Pin::new(stream).poll_read(task, buffer);
        let new = &mut buffer.filled_mut()[before..];
        if !new.is_empty() {
            self.observer.received(new);
            let is_at_head = self.control.is_at_head.swap(false, Ordering::Relaxed);
            let position = self.position.map(|position| if is_at_head { Position::Head } else { position });
            self.position = position.map(|position| position.ignore_untaken(new));
        }
        match read {
            Poll::Pending => self.observer.poll_hangup(task).map(Ok),
            ready => ready,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ObservedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let bytes = &*self.control.spelled(bytes);
        let passing = self.control.passing(bytes);
        if passing == 0 && !bytes.is_empty() {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::BrokenPipe, "the answer was to be lost")));
        }
        let Some(stream) = &mut self.stream else { return Poll::Ready(Ok(0)) };
        let written = Pin::new(stream).poll_write(task, &bytes[..passing]);
        if let Poll::Ready(Ok(count)) = written {
            self.control.passed(&bytes[..count]);
            self.observer.sent(&bytes[..count]);
        }
        self.unless_stalled(task, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().map_or(Poll::Ready(Ok(())), |stream| Pin::new(stream).poll_flush(task))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().map_or(Poll::Ready(Ok(())), |stream| Pin::new(stream).poll_shutdown(task))
    }
}

/// Counts bytes.
#[derive(Debug, Default)]
pub struct Counter {
    received: AtomicU64,
    sent: AtomicU64,
}

impl Counter {
    /// Bytes received and bytes sent.
    pub fn bytes(&self) -> (u64, u64) {
        (self.received.load(Ordering::Relaxed), self.sent.load(Ordering::Relaxed))
    }
}

impl StreamObserver for Counter {
    fn received(&self, bytes: &[u8]) {
        self.received.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    }
    fn sent(&self, bytes: &[u8]) {
        self.sent.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    }
}

/// Records bytes until they are taken.
#[derive(Debug, Default)]
pub struct Recorder(Mutex<Recorded>);

#[derive(Debug, Default)]
struct Recorded {
    recording: Recording,
    /// Whether something was sent to which nothing was received yet.
    is_waiting: bool,
}

/// The bytes of both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// The bytes that this end sent.
    pub sent: Vec<u8>,
    /// The bytes that this end received.
    pub received: Vec<u8>,
    /// The number of times that bytes were received after bytes were sent: what is sent without waiting is one round trip.
    pub round_trips: u32,
}

impl Recorder {
    /// Takes the recording since it was last taken.
    pub fn take(&self) -> Recording {
        std::mem::take(&mut self.0.lock().recording)
    }
}

impl StreamObserver for Recorder {
    fn received(&self, bytes: &[u8]) {
        let mut recorded = self.0.lock();
        recorded.recording.received.extend_from_slice(bytes);
        let ends_a_trip = std::mem::take(&mut recorded.is_waiting);
        recorded.recording.round_trips += u32::from(ends_a_trip);
    }
    fn sent(&self, bytes: &[u8]) {
        let mut recorded = self.0.lock();
        recorded.recording.sent.extend_from_slice(bytes);
        recorded.is_waiting = true;
    }
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
    fn what_is_sent_without_waiting_is_one_round_trip() {
        let recorder = Recorder::default();
        recorder.sent(b"one");
        recorder.sent(b"two");
        recorder.received(b"1");
        recorder.received(b"2");
        recorder.sent(b"three");
        let recording = recorder.take();
        assert_eq!((recording.sent.as_slice(), recording.round_trips), (b"onetwothree".as_slice(), 1));
        // The response to an earlier request is a round trip of the recording in which it arrives.
        recorder.received(b"3");
        assert_eq!(recorder.take().round_trips, 1);
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
