//! How is every byte seen that crosses the wire? By a stream around the TCP stream, on either end.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Who listens to a stream.
pub trait Ear: Send + Sync {
    /// These bytes came in.
    fn received(&self, bytes: &[u8]);
    /// These bytes went out.
    fn sent(&self, bytes: &[u8]);
    /// Whether the stream is to look as if its peer had said all it has to say. Asked whenever nothing has come.
    fn poll_hangup(&self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

/// A stream with somebody who listens. It changes nothing of what passes.
pub struct Io<S> {
    stream: S,
    ear: Arc<dyn Ear>,
}

impl<S> Io<S> {
    /// The stream, listened to.
    pub fn new(stream: S, ear: Arc<dyn Ear>) -> Self {
        Io { stream, ear }
    }
}

impl Io<TcpStream> {
    /// The address of the other end.
    pub fn peer(&self) -> SocketAddr {
        // A peer that is gone already has no address any more; the request will find out by itself.
        self.stream.peer_addr().unwrap_or_else(|_| (Ipv4Addr::UNSPECIFIED, 0).into())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Io<S> {
    fn poll_read(mut self: Pin<&mut Self>, task: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(task, buffer);
        let new = &buffer.filled()[before..];
        if !new.is_empty() {
            self.ear.received(new);
        }
        match read {
            Poll::Pending => self.ear.poll_hangup(task).map(Ok),
            ready => ready,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Io<S> {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(task, bytes);
        if let Poll::Ready(Ok(count)) = written {
            self.ear.sent(&bytes[..count]);
        }
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(task, slices);
        if let Poll::Ready(Ok(mut count)) = written {
            for slice in slices {
                let part = count.min(slice.len());
                self.ear.sent(&slice[..part]);
                count -= part;
            }
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(task)
    }
}

/// Counts bytes.
#[derive(Debug, Default)]
pub struct Counter {
    received: AtomicU64,
    sent: AtomicU64,
}

impl Counter {
    /// Bytes that came in and bytes that went out.
    pub fn bytes(&self) -> (u64, u64) {
        (self.received.load(Ordering::Relaxed), self.sent.load(Ordering::Relaxed))
    }
}

impl Ear for Counter {
    fn received(&self, bytes: &[u8]) {
        self.received.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    }
    fn sent(&self, bytes: &[u8]) {
        self.sent.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    }
}

/// Keeps bytes, until they are taken.
#[derive(Debug, Default)]
pub struct Tape(Mutex<Recording>);

/// The bytes of both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// What this end sent.
    pub sent: Vec<u8>,
    /// What this end received.
    pub received: Vec<u8>,
}

impl Tape {
    /// Takes what has been recorded since it was last taken.
    pub fn take(&self) -> Recording {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ear for Tape {
    fn received(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).received.extend_from_slice(bytes);
    }
    fn sent(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).sent.extend_from_slice(bytes);
    }
}
