//! A wrapper around the TCP stream, on either end, that observes every byte.

use crate::control::ConnectionControl;
use crate::http::upgrade::Position;
use crate::limits::{LINGER_BYTES_MAX, LINGER_MS};
use bytes::{Bytes, BytesMut};
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep, timeout};

/// Bytes read at a time after the connection has ended.
const LINGER_READ_BYTES: usize = 16 * 1024;
/// Bytes of the first read of a connection.
const FIRST_READ_BYTES: usize = 8 * 1024;

/// Observes a stream.
pub trait StreamObserver: Send + Sync {
    /// These bytes came in.
    fn received(&self, bytes: &[u8]);
    /// These bytes went out.
    fn sent(&self, bytes: &[u8]);
    /// The stream carries HTTP/2, not HTTP/1.1; these bytes have come in so far.
    fn carries_http2(&self, _received: &[u8]) {}
    /// A request of HTTP/2 is now answered. Returns its stream, if the observer reads streams.
    fn answers(&self, _method: &str, _target: &str) -> Option<u32> {
        None
    }
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
    /// The position of received bytes in requests of HTTP/1.1; `None` in HTTP/2 and on the client's end.
    position: Option<Position>,
    /// Bytes that were read to recognise the protocol, to be read once more.
    replay: Bytes,
    /// Whether a shutdown ends the stream when it is idle.
    ends_when_idle: bool,
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
            replay: Bytes::new(),
            ends_when_idle: true,
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

    /// The stream carries HTTP/2, which has no upgrades, and ends a connection in its own way.
    pub fn of_http2(mut self) -> Self {
        self.observer.carries_http2(&self.replay);
        self.position = None;
        self.ends_when_idle = false;
        self
    }

    /// The observer of this stream.
    pub fn observer(&self) -> Arc<dyn StreamObserver> {
        self.observer.clone()
    }

    /// The control of this stream.
    pub fn control(&self) -> Arc<ConnectionControl> {
        self.control.clone()
    }

    /// Whether the peer first sends these bytes, in however many pieces. What was read is read once more afterwards.
    pub async fn begins_with(&mut self, expected: &[u8]) -> io::Result<bool>
    where
        S: AsyncRead + Unpin,
    {
        // Upgrades are looked for in all that has come, as a head in pieces is not searched.
        let position = self.position.take();
        let mut read = BytesMut::with_capacity(FIRST_READ_BYTES);
        while expected.starts_with(&read) && read.len() < expected.len() {
            if self.read_buf(&mut read).await? == 0 {
                break;
            }
        }
        let is_equal = read.starts_with(expected);
        self.position = position.map(|position| if is_equal { position } else { position.ignore_untaken(&mut read) });
        self.replay = read.freeze();
        Ok(is_equal)
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
            && self.control.is_lingering()
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
        if !self.replay.is_empty() {
            let count = self.replay.len().min(buffer.remaining());
            buffer.put_slice(&self.replay.split_to(count));
            return Poll::Ready(Ok(()));
        }
        let Some(stream) = &mut self.stream else { return Poll::Ready(Ok(())) };
        let before = buffer.filled().len();
        let read = Pin::new(stream).poll_read(task, buffer);
        let new = &mut buffer.filled_mut()[before..];
        if !new.is_empty() {
            self.observer.received(new);
            let is_at_head = self.control.takes_head();
            let position = self.position.map(|position| if is_at_head { Position::Head } else { position });
            self.position = position.map(|position| position.ignore_untaken(new));
        }
        match read {
            Poll::Pending if self.ends_when_idle => self.observer.poll_hangup(task).map(Ok),
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
