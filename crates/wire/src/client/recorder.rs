//! Records what crosses a connection, until it is taken.

use crate::http2::{Found, FrameReader, HeaderList, PREFACE, kinds};
use crate::io::StreamObserver;
use parking_lot::Mutex;
use tokio::sync::Notify;

/// What recorded bytes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordedKind {
    /// Messages of HTTP/1.1.
    #[default]
    Http1,
    /// Frames of HTTP/2.
    Http2,
    /// Frames of a WebSocket.
    WebSocket,
}

/// The bytes of both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// What they are.
    pub kind: RecordedKind,
    /// The bytes that this end sent.
    pub sent: Vec<u8>,
    /// The bytes that this end received.
    pub received: Vec<u8>,
    /// The number of times that bytes were received after bytes were sent: what is sent without waiting is one round trip. Over
    /// HTTP/2, only what is sent and received on streams counts: no settings, and no window updates.
    pub round_trips: u32,
    /// Over HTTP/2: the fields of each header block that was sent, in their order. The bytes alone do not tell them, as HPACK refers to
    /// fields of earlier calls on the connection.
    pub sent_fields: Vec<HeaderList>,
    /// The same of what was received.
    pub received_fields: Vec<HeaderList>,
}

impl Recording {
    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.sent.is_empty() && self.received.is_empty()
    }
}

/// Records bytes until they are taken; of HTTP/2, whole frames.
#[derive(Default)]
pub struct Recorder {
    recorded: Mutex<Recorded>,
    /// Wakes the caller that waits for the opening of HTTP/2.
    opened: Notify,
}

#[derive(Default)]
struct Recorded {
    recording: Recording,
    /// Whether something was sent to which nothing was received yet.
    is_waiting: bool,
    /// What is known about a connection of HTTP/2.
    http2: Option<Http2>,
}

#[derive(Default)]
struct Http2 {
    sent: Direction,
    received: Direction,
    /// The preface and the exchange of settings, until they are taken.
    opening: Option<Recording>,
}

#[derive(Default)]
struct Direction {
    reader: FrameReader,
    /// Frames with settings: those of this end, and the acknowledgement of those of the other.
    settings: u32,
    /// Whether a frame of a stream has come.
    has_stream: bool,
}

/// What a frame, or the preface, adds to a recording.
struct Piece<'r> {
    header: &'r [u8],
    payload: &'r [u8],
    fields: Option<HeaderList>,
    /// Whether it belongs to the opening: all settings, and what is about the connection before the first stream.
    is_opening: bool,
    /// Whether it is of a request or a response.
    is_message: bool,
}

impl Recorder {
    /// For a connection of HTTP/2 with prior knowledge; the default is for one that begins with HTTP/1.1.
    pub fn of_http2() -> Recorder {
        let empty = Recording { kind: RecordedKind::Http2, ..Recording::default() };
        let http2 = Http2 { opening: Some(empty.clone()), ..Http2::default() };
        let recorded = Recorded { recording: empty, http2: Some(http2), ..Recorded::default() };
        Recorder { recorded: Mutex::new(recorded), ..Recorder::default() }
    }

    /// Takes the recording since it was last taken.
    pub fn take(&self) -> Recording {
        let recording = &mut self.recorded.lock().recording;
        let empty = Recording { kind: recording.kind, ..Recording::default() };
        std::mem::replace(recording, empty)
    }

    /// Takes the recording; from now on the bytes are frames of a WebSocket.
    pub fn take_upgrade(&self) -> Recording {
        let empty = Recording { kind: RecordedKind::WebSocket, ..Recording::default() };
        std::mem::replace(&mut self.recorded.lock().recording, empty)
    }

    /// Takes the opening of a connection of HTTP/2, once all settings have been sent and acknowledged; `None` if it was taken before.
    pub async fn take_opening(&self) -> Option<Recording> {
        loop {
            // Registered before the look, so that nothing is missed in between.
            let opened = self.opened.notified();
            {
                let mut recorded = self.recorded.lock();
                let http2 = recorded.http2.as_mut().filter(|http2| http2.opening.is_some())?;
                if http2.sent.settings >= 2 && http2.received.settings >= 2 {
                    return http2.opening.take();
                }
            }
            opened.await;
        }
    }
}

impl Direction {
    fn read(&mut self, bytes: &[u8], mut record: impl FnMut(Piece)) {
        let Direction { reader, settings, has_stream } = self;
        reader.read(bytes, |found| match found {
            Found::Preface => {
                record(Piece { header: PREFACE, payload: b"", fields: None, is_opening: true, is_message: false });
            }
            Found::Frame(frame, fields) => {
                let (is_settings, is_message) = (frame.kind() == kinds::SETTINGS, frame.is_message());
                *settings += u32::from(is_settings);
                *has_stream |= frame.stream() > 0;
                let is_opening = is_settings || !*has_stream;
                record(Piece { header: frame.header, payload: frame.payload, fields, is_opening, is_message });
            }
        });
    }
}

impl StreamObserver for Recorder {
    fn received(&self, bytes: &[u8]) {
        let mut recorded = self.recorded.lock();
        let Recorded { recording, is_waiting, http2 } = &mut *recorded;
        let Some(Http2 { received, opening, .. }) = http2 else {
            recording.received.extend_from_slice(bytes);
            recording.round_trips += u32::from(std::mem::take(is_waiting));
            return;
        };
        received.read(bytes, |piece| {
            recording.round_trips += u32::from(piece.is_message && std::mem::take(is_waiting));
            let recording = opening.as_mut().filter(|_| piece.is_opening).unwrap_or(recording);
            recording.received.extend([piece.header, piece.payload].concat());
            recording.received_fields.extend(piece.fields);
        });
        self.opened.notify_one();
    }

    fn sent(&self, bytes: &[u8]) {
        let mut recorded = self.recorded.lock();
        let Recorded { recording, is_waiting, http2 } = &mut *recorded;
        let Some(Http2 { sent, opening, .. }) = http2 else {
            recording.sent.extend_from_slice(bytes);
            *is_waiting = true;
            return;
        };
        sent.read(bytes, |piece| {
            *is_waiting |= piece.is_message;
            let recording = opening.as_mut().filter(|_| piece.is_opening).unwrap_or(recording);
            recording.sent.extend([piece.header, piece.payload].concat());
            recording.sent_fields.extend(piece.fields);
        });
        self.opened.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
        [&[0, 0, payload.len() as u8, kind, flags, 0, 0, 0, stream], payload].concat()
    }

    #[tokio::test]
    async fn the_opening_of_http2_is_recorded_apart_in_whatever_order_it_comes() {
        let recorder = Recorder::of_http2();
        let (settings, ack, window) = (frame(4, 0, 0, b""), frame(4, 1, 0, b""), frame(8, 0, 0, b"\0\0\0\x09"));
        let (get, ok) = (frame(1, 5, 1, b"\x82"), frame(1, 4, 1, b"\x88"));
        // A client need not wait for the settings of its server (RFC 9113 section 3.4).
        recorder.sent(&[PREFACE, &settings, &window, &get].concat());
        recorder.received(&settings);
        recorder.sent(&ack);
        recorder.received(&[ack.as_slice(), &window, &ok, &frame(0, 1, 1, b"hi")[..10]].concat());
        let opening = recorder.take_opening().await.expect("the first time");
        assert_eq!(opening.sent, [PREFACE, &settings, &window, &ack].concat());
        assert_eq!(opening.received, [settings, ack, window.clone()].concat());
        assert_eq!((opening.round_trips, recorder.take_opening().await), (0, None));
        let call = recorder.take();
        assert_eq!((call.sent, call.received, call.round_trips), (get, ok, 1));
        assert_eq!(call.sent_fields, [[(":method".to_owned(), "GET".to_owned())]]);
        assert_eq!(call.received_fields, [[(":status".to_owned(), "200".to_owned())]]);
        // A frame that was not whole belongs to the recording in which it is.
        recorder.received(b"i");
        recorder.received(&window);
        assert_eq!(recorder.take().received, [frame(0, 1, 1, b"hi"), window].concat());
    }
}
