//! Follows the frames of an HTTP/2 connection, and ends it if a client sends control frames without end: h2 would answer them all.

use crate::streams::Streams;
use bytes::Bytes;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use wire::http2::{Frame, FrameHeaders, PREFACE, kinds};
use wire::io::ObservedStream;

/// Control frames that a client may send at once, or in any second without a message: many times what clients open a connection with, or
/// send to cancel all of its streams.
const CONTROL_FRAMES_MAX: u64 = 1_000;
/// Further ones for each frame of a request or a response: updates of two windows, a ping that measures the connection, a reset.
const CONTROL_FRAMES_PER_MESSAGE_MAX: u64 = 4;

/// A connection, which fails when the client sends too many control frames.
///
/// hyper offers no way to end a connection with an error code. So the GOAWAY is sent here.
pub struct FollowedStream {
    io: ObservedStream<TcpStream>,
    allowance: Allowance,
    received: FrameHeaders,
    sent: FrameHeaders,
    streams: Rc<Streams>,
}

impl FollowedStream {
    /// Follows the frames of this connection, whose next byte is the first of the preface.
    pub fn new(io: ObservedStream<TcpStream>, streams: Rc<Streams>) -> FollowedStream {
        FollowedStream {
            io,
            allowance: Allowance { control_frames: CONTROL_FRAMES_MAX, renewed: Instant::now() },
            received: FrameHeaders::after(PREFACE.len()),
            sent: FrameHeaders::after(0),
            streams,
        }
    }

    /// Whether these bytes of the client are still within the limit.
    fn allows(&mut self, bytes: &[u8]) -> bool {
        let FollowedStream { allowance, received, streams, .. } = self;
        let mut is_allowed = true;
        received.read(bytes, |frame| {
            streams.received(&frame);
            is_allowed &= allowance.allows(&frame);
        });
        is_allowed
    }

    /// Sends GOAWAY, if no other frame is on its way, and reads on for a moment so that it arrives.
    fn end(&mut self, task: &mut Context<'_>) {
        self.io.control().linger();
        if self.sent.is_between_frames() {
            // If the client does not read either, the connection ends without it.
            let _ = Pin::new(&mut self.io).poll_write(task, &enhance_your_calm(self.streams.last()));
        }
    }
}

/// The control frames that a client may still send.
struct Allowance {
    control_frames: u64,
    renewed: Instant,
}

impl Allowance {
    /// Whether the client may send this frame.
    fn allows(&mut self, frame: &Frame) -> bool {
        if is_of_message(frame) {
            self.grow();
        } else if self.control_frames > 0 {
            self.control_frames -= 1;
        } else if self.renewed.elapsed() >= Duration::from_secs(1) {
            (self.control_frames, self.renewed) = (CONTROL_FRAMES_MAX - 1, Instant::now());
        } else {
            return false;
        }
        true
    }

    /// A message goes on, in either direction.
    fn grow(&mut self) {
        self.control_frames += CONTROL_FRAMES_PER_MESSAGE_MAX;
    }
}

/// Whether a frame brings a message on. DATA without content does so only at the end of its stream.
fn is_of_message(frame: &Frame) -> bool {
    frame.is_message() && (frame.kind() == kinds::HEADERS || frame.payload_len() > 0 || frame.ends_stream())
}

/// GOAWAY with the error code ENHANCE_YOUR_CALM (RFC 9113 sections 6.8 and 7).
fn enhance_your_calm(last_stream: u32) -> Bytes {
    [&[0, 0, 8, kinds::GOAWAY, 0, 0, 0, 0, 0], &last_stream.to_be_bytes()[..], &11_u32.to_be_bytes()].concat().into()
}

impl AsyncRead for FollowedStream {
    fn poll_read(mut self: Pin<&mut Self>, task: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(task, buffer))?;
        if self.allows(&buffer.filled()[before..]) {
            return Poll::Ready(Ok(()));
        }
        self.end(task);
        Poll::Ready(Err(io::Error::other("too many control frames")))
    }
}

impl AsyncWrite for FollowedStream {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let FollowedStream { io, allowance, sent, streams, .. } = &mut *self;
        let count = ready!(Pin::new(io).poll_write(task, bytes))?;
        sent.read(&bytes[..count], |frame| {
            streams.sent(&frame);
            if is_of_message(&frame) {
                allowance.grow();
            }
        });
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frames of this type that are allowed in a row.
    fn allowed(allowance: &mut Allowance, kind: u8) -> u64 {
        let header = [0, 0, 0, kind, 0, 0, 0, 0, 0];
        (0..).take_while(|_| allowance.allows(&Frame { header: &header, payload: &[] })).count() as u64
    }

    #[test]
    fn control_frames_are_allowed_again_after_a_message_or_a_second() {
        let mut allowance = Allowance { control_frames: 2, renewed: Instant::now() };
        assert_eq!(allowed(&mut allowance, kinds::PING), 2);
        allowance.grow();
        assert_eq!(allowed(&mut allowance, kinds::DATA), CONTROL_FRAMES_PER_MESSAGE_MAX);
        // A client that pings a quiet stream of events may do so for ever.
        allowance.renewed -= Duration::from_secs(1);
        assert_eq!(allowed(&mut allowance, kinds::WINDOW_UPDATE), CONTROL_FRAMES_MAX);
    }
}
