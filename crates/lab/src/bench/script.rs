//! The bytes of a call, recorded once from the client half of its style, to be sent again and again.

use super::plan::CellCall;
use wire::connection::{Connection, Failure, broken};
use wire::http2::{self, Frame};
use wire::measure::{WebSocketFrame, split_frames, split_http};
use wire::recorder::{RecordedKind, Recording};
use wire::{Address, Outcome};

/// Bytes by which the answer to a command may be longer than the first one: the id of the order grows.
const GROWTH_BYTES_MAX: usize = 16;

/// What a connection sends, and what it may receive.
pub struct Script {
    pub kind: RecordedKind,
    /// What opens the connection: the preface and the settings of HTTP/2; the handshake of a WebSocket.
    pub opening: Vec<u8>,
    /// The first messages of a WebSocket, and how many frames answer them.
    pub greeting: (Vec<u8>, usize),
    /// The first call on a connection.
    pub first: Vec<u8>,
    /// A later call. Over HTTP/2 it is shorter: HPACK refers to fields of the first one.
    later: Vec<u8>,
    answer: Answer,
    grows: bool,
}

/// What is checked of every answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// The first line of HTTP/1.1, otherwise empty.
    pub line: Vec<u8>,
    /// The bytes of the content. A refusal has others: over HTTP/2 those of gRPC are empty.
    pub content: usize,
}

impl Script {
    /// Makes the call three times with the style's client; returns the script and the first outcome. A refusal is an error.
    pub async fn record(address: &Address, call: &CellCall, grows: bool) -> Result<(Script, Outcome), Failure> {
        let mut connection = Connection::open(address, &call.encoded).await?;
        let (mut outcomes, mut recordings) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            match connection.call(call.style.client, &call.request, &call.encoded).await? {
                Outcome::Refused(refused) => return Err(Failure::Refused(Box::new(refused))),
                outcome => outcomes.push(outcome),
            }
            recordings.push(connection.take_recording());
        }
        let mut handshake = connection.handshake_recordings().iter();
        let opening = handshake.next().map(|recording| recording.sent.clone()).unwrap_or_default();
        let greeting = handshake.next().map(|one| (one.sent.clone(), split_frames(&one.received).0.len()));
        let [first, later, last] = [0, 1, 2].map(|number: usize| &recordings[number]);
        let script = Script {
            kind: first.kind,
            opening,
            greeting: greeting.unwrap_or_default(),
            first: first.sent.clone(),
            later: later.sent.clone(),
            answer: answer(later)?,
            grows,
        };
        // A WebSocket's client masks each frame anew.
        if first.kind != RecordedKind::WebSocket && script.request(2) != last.sent {
            return Err(broken(format!("{}'s client does not send the same bytes each time", call.cell.style)));
        }
        connection.close().await;
        Ok((script, outcomes.swap_remove(0)))
    }

    /// The bytes of a call, if so many were made before on the same connection.
    pub fn request(&self, before: u32) -> Vec<u8> {
        let mut bytes = if before == 0 { self.first.clone() } else { self.later.clone() };
        if self.kind == RecordedKind::Http2 {
            // A client's streams have odd numbers, each a greater one (RFC 9113 section 5.1.1).
            let (stream, mut position) = ((2 * before + 1).to_be_bytes(), 0);
            while let Some((frame, rest)) = Frame::first(&bytes[position..]) {
                let (is_of_call, end) = (frame.stream() > 0, bytes.len() - rest.len());
                if is_of_call {
                    bytes[position + 5..position + 9].copy_from_slice(&stream);
                }
                position = end;
            }
        }
        bytes
    }

    /// Whether an answer is like the first one.
    pub fn accepts(&self, answer: &Answer) -> bool {
        let longest = self.answer.content + if self.grows { GROWTH_BYTES_MAX } else { 0 };
        answer.line == self.answer.line && (self.answer.content..=longest).contains(&answer.content)
    }
}

/// The answer in received bytes, if it is whole.
pub fn whole_answer(kind: RecordedKind, bytes: &[u8]) -> Option<Answer> {
    match kind {
        RecordedKind::Http1 => {
            let (messages, _) = split_http(bytes);
            let message = messages.first().filter(|message| message.is_whole)?;
            let line = message.head.split(|byte| *byte == b'\r').next().unwrap_or_default();
            Some(Answer { line: line.to_vec(), content: message.pieces.iter().map(|piece| piece.len()).sum() })
        }
        RecordedKind::Http2 => {
            let frames = http2::split(bytes).frames;
            let content = |frame: &Frame| if frame.kind() == http2::kinds::DATA { frame.content().len() } else { 0 };
            let is_over = frames.iter().any(|frame| frame.ends_stream() || frame.kind() == http2::kinds::RST_STREAM);
            is_over.then(|| Answer { line: Vec::new(), content: frames.iter().map(content).sum() })
        }
        RecordedKind::WebSocket => {
            let (frames, _) = split_frames(bytes);
            let mut messages = frames.iter().filter(|frame| !frame.is_control() && frame.is_whole);
            let content = messages.clone().map(|frame| frame.payload.len()).sum();
            messages.any(WebSocketFrame::is_final).then_some(Answer { line: Vec::new(), content })
        }
    }
}

fn answer(recording: &Recording) -> Result<Answer, Failure> {
    whole_answer(recording.kind, &recording.received).ok_or_else(|| broken("an answer can't be read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_transport_says() {
        let http = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".as_slice();
        let frames = b"\0\0\x01\x01\x04\0\0\0\x01\x88\0\0\x02\0\x01\0\0\0\x01hi".as_slice();
        let socket = b"\x89\x01!\x01\x01h\x80\x01i".as_slice();
        let line = b"HTTP/1.1 200 OK".as_slice();
        for (kind, bytes, line) in [
            (RecordedKind::Http1, http, line),
            (RecordedKind::Http2, frames, b""),
            (RecordedKind::WebSocket, socket, b""),
        ] {
            assert_eq!(whole_answer(kind, bytes), Some(Answer { line: line.to_vec(), content: 2 }));
            assert!((0..bytes.len()).all(|length| whole_answer(kind, &bytes[..length]).is_none()), "{kind:?}");
        }
    }

    #[test]
    fn each_call_over_http2_has_a_stream_of_its_own() {
        let window = b"\0\0\x04\x08\0\0\0\0\0\0\0\0\x09".as_slice();
        let call = |block: u8, stream: u8| [window, b"\0\0\x01\x01\x05\0\0\0", &[stream, block]].concat();
        let (first, later, answer) = (call(0x40, 1), call(0x82, 3), Answer { line: Vec::new(), content: 7 });
        let (kind, opening, greeting) = (RecordedKind::Http2, Vec::new(), Default::default());
        let mut script = Script { kind, opening, greeting, first, later, answer, grows: false };
        assert_eq!(
            [0, 1, 2, 100].map(|before| script.request(before)),
            [call(0x40, 1), call(0x82, 3), call(0x82, 5), call(0x82, 201)]
        );
        let accepted =
            |script: &Script| [6, 7, 8, 24].map(|content| script.accepts(&Answer { line: Vec::new(), content }));
        assert_eq!(accepted(&script), [false, true, false, false]);
        script.grows = true;
        assert_eq!(accepted(&script), [false, true, true, false]);
    }
}
