//! Follows the frames of an HTTP/2 connection, and ends it for what h2 lets pass: control frames without end, and a client's push.

use crate::streams::Streams;
use h2::Reason;
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

/// A connection, which fails when the client sends a frame that is refused.
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

    /// Follows bytes of the client. The error is the code with which the connection ends.
    fn received(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        let FollowedStream { allowance, received, streams, .. } = self;
        let mut result = Ok(());
        received.read(bytes, |frame| {
            streams.received(&frame);
            let refused = if frame.kind() == kinds::PUSH_PROMISE {
                // RFC 9113 section 8.4: a client cannot push.
                Err(Reason::PROTOCOL_ERROR)
            } else {
                allowance.take(&frame).ok_or(Reason::ENHANCE_YOUR_CALM)
            };
            result = result.and(refused);
        });
        result
    }

    /// Sends GOAWAY, if no other frame is on its way, and reads on for a moment so that it arrives.
    fn end(&mut self, task: &mut Context<'_>, code: Reason) {
        self.io.control().linger();
        if self.sent.is_between_frames() {
            // If the client does not read either, the connection ends without it.
            let _ = Pin::new(&mut self.io).poll_write(task, &go_away(self.streams.last(), code));
        }
    }
}

/// The control frames that a client may still send.
struct Allowance {
    control_frames: u64,
    renewed: Instant,
}

impl Allowance {
    /// Takes a frame of the client into account; `None` if it is one too many.
    fn take(&mut self, frame: &Frame) -> Option<()> {
        if is_of_message(frame) {
            self.grow();
            return Some(());
        }
        if self.control_frames == 0 && self.renewed.elapsed() >= Duration::from_secs(1) {
            (self.control_frames, self.renewed) = (CONTROL_FRAMES_MAX, Instant::now());
        }
        self.control_frames = self.control_frames.checked_sub(1)?;
        Some(())
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

/// GOAWAY with an error code (RFC 9113 section 6.8).
fn go_away(last_stream: u32, code: Reason) -> Vec<u8> {
    let header = [0, 0, 8, kinds::GOAWAY, 0, 0, 0, 0, 0];
    [header.as_slice(), &last_stream.to_be_bytes(), &u32::from(code).to_be_bytes()].concat()
}

impl AsyncRead for FollowedStream {
    fn poll_read(mut self: Pin<&mut Self>, task: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(task, buffer))?;
        let received = self.received(&buffer.filled()[before..]);
        Poll::Ready(received.map_err(|code| {
            self.end(task, code);
            io::Error::other(code.description())
        }))
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
        (0..).take_while(|_| allowance.take(&Frame { header: &header, payload: &[] }).is_some()).count() as u64
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
