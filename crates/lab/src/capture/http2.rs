//! Reads the frames of one HTTP/2 connection for the capture.

use super::raw::StreamFrame;
use super::traffic::TrafficCapture;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use wire::http2::{Found, FrameReader, HeaderList, kinds};

/// Requests whose head has come and that are not answered yet: more than a connection may have open streams.
const UNANSWERED_MAX: usize = 256;

/// Reads an HTTP/2 connection. HPACK's tables last as long as the connection, so it reads on while no sandbox is watched.
#[derive(Default)]
pub struct Http2Connection {
    received: Mutex<FrameReader>,
    sent: Mutex<FrameReader>,
    /// The streams of requests that are not answered yet, in their order, each with the hash of its method and target.
    unanswered: Mutex<VecDeque<(u32, u64)>>,
}

impl Http2Connection {
    /// These bytes came in over the connection of this number.
    pub fn received(&self, capture: &TrafficCapture, number: u64, bytes: &[u8]) {
        self.received.lock().read(bytes, |found| self.found(capture, number, true, found));
    }

    /// These bytes went out over the connection of this number.
    pub fn sent(&self, capture: &TrafficCapture, number: u64, bytes: &[u8]) {
        self.sent.lock().read(bytes, |found| self.found(capture, number, false, found));
    }

    /// The stream of a request that is now answered. The HTTP library does not tell it, but answers requests in their order, and
    /// leaves out those that break its rules.
    pub fn stream_of(&self, method: &str, target: &str) -> Option<u32> {
        let (wanted, mut unanswered) = (hash(method, target), self.unanswered.lock());
        let position = unanswered.iter().position(|(_, hash)| *hash == wanted)?;
        unanswered.drain(..=position).next_back().map(|(stream, _)| stream)
    }

    fn found(&self, capture: &TrafficCapture, number: u64, is_received: bool, found: Found<'_>) {
        let Found::Frame(frame, fields) = found else { return };
        if is_received && let Some((method, target)) = fields.as_ref().and_then(request) {
            let mut unanswered = self.unanswered.lock();
            if unanswered.len() == UNANSWERED_MAX {
                unanswered.pop_front();
            }
            unanswered.push_back((frame.stream(), hash(method, target)));
        }
        let is_message = frame.is_message() || frame.kind() == kinds::CONTINUATION;
        let is_reset = frame.kind() == kinds::RST_STREAM;
        if is_message || is_reset {
            let content = if frame.kind() == kinds::DATA { frame.content() } else { &[] };
            let bytes = if is_message { frame.header.len() + frame.payload.len() } else { 0 };
            let (stream, is_last) = (frame.stream(), frame.ends_stream());
            capture.frame(number, &StreamFrame { stream, is_received, bytes, fields, content, is_last, is_reset });
        }
    }
}

/// The method and the target, if these are the fields of a request.
fn request(fields: &HeaderList) -> Option<(&str, &str)> {
    let of = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    Some((of(":method")?, of(":path")?))
}

fn hash(method: &str, target: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (method, target).hash(&mut hasher);
    hasher.finish()
}
