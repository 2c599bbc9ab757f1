//! The body of a response that is a stream: server-sent events, or messages of gRPC.

use crate::client::WireResponse;
use crate::limits::{REPLY_BYTES_MAX, REPLY_TIMEOUT_MS};
use bytes::{Buf, Bytes, BytesMut};
use http::HeaderMap;
use http_body_util::BodyExt;
use hyper::body::Incoming as HyperBody;
use std::time::Duration;
use tokio::time::timeout;

/// Bytes before a message of gRPC: whether it is compressed, and its length.
const GRPC_PREFIX_BYTES: usize = 5;

/// A stream that goes on.
pub struct StreamBody {
    body: HyperBody,
    framing: Framing,
    unread: BytesMut,
}

/// How a stream is divided.
#[derive(Clone, Copy)]
pub enum Framing {
    /// Server-sent events: an event ends at an empty line (HTML standard, section 9.2.5).
    Events,
    /// Messages of gRPC, each with its prefix; trailers end the stream.
    Grpc,
}

impl Framing {
    /// The framing of that media type, if it is one of a stream. The media type of gRPC doesn't tell whether one message comes or many.
    pub fn of(media_type: &[u8], may_be_grpc: bool) -> Option<Framing> {
        if media_type.starts_with(b"text/event-stream") {
            Some(Framing::Events)
        } else if may_be_grpc && media_type.starts_with(b"application/grpc") {
            Some(Framing::Grpc)
        } else {
            None
        }
    }

    /// The next event or message of these bytes, if it is whole.
    fn split(self, unread: &mut BytesMut) -> Option<Bytes> {
        match self {
            Framing::Events => {
                let end = unread.windows(2).position(|window| window == b"\n\n")?;
                let event = unread.split_to(end).freeze();
                unread.advance(2);
                Some(event)
            }
            Framing::Grpc => {
                let length = u32::from_be_bytes(*unread.get(1..)?.first_chunk()?) as usize;
                let end = GRPC_PREFIX_BYTES + length;
                (unread.len() >= end).then(|| unread.split_to(end).freeze())
            }
        }
    }
}

impl StreamBody {
    /// Of a response.
    pub fn new(body: HyperBody, framing: Framing) -> StreamBody {
        StreamBody { body, framing, unread: BytesMut::new() }
    }

    /// Waits for the next event or message. The end of gRPC's messages is a response without content, whose headers are the trailers.
    pub async fn next(&mut self) -> Result<WireResponse, String> {
        loop {
            if let Some(frame) = self.framing.split(&mut self.unread) {
                return Ok(WireResponse::Frame(frame));
            }
            if self.unread.len() > REPLY_BYTES_MAX {
                return Err("an event is too long".to_owned());
            }
            let frame = timeout(Duration::from_millis(REPLY_TIMEOUT_MS), self.body.frame()).await;
            let frame = frame.map_err(|_| "no event came in time")?.transpose().map_err(|error| error.to_string())?;
            match frame.map(hyper::body::Frame::into_data) {
                Some(Ok(data)) => self.unread.extend_from_slice(&data),
                Some(Err(frame)) => return Ok(ended(frame.into_trailers().unwrap_or_default())),
                None => return Err("the stream has ended".to_owned()),
            }
        }
    }
}

fn ended(trailers: HeaderMap) -> WireResponse {
    let mut response = http::Response::new(Bytes::new());
    *response.headers_mut() = trailers;
    WireResponse::Http(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found when the bytes come one by one.
    fn split(framing: Framing, bytes: &[u8]) -> (Vec<Bytes>, usize) {
        let mut unread = BytesMut::new();
        let mut found = Vec::new();
        for byte in bytes {
            unread.extend_from_slice(&[*byte]);
            found.extend(framing.split(&mut unread));
        }
        (found, unread.len())
    }

    #[test]
    fn events_end_at_an_empty_line() {
        let (found, rest) = split(Framing::Events, "id: 1\ndata: ü\n\ndata: 2\n\nda".as_bytes());
        assert_eq!(found, ["id: 1\ndata: ü".as_bytes(), b"data: 2"]);
        assert_eq!(rest, 2);
    }

    #[test]
    fn messages_of_grpc_have_a_length() {
        let (found, rest) = split(Framing::Grpc, b"\0\0\0\0\x02hi\0\0\0\0\0\x01\0\0\0\x01!\0");
        assert_eq!(found, [b"\0\0\0\0\x02hi".as_slice(), b"\0\0\0\0\0", b"\x01\0\0\0\x01!"]);
        assert_eq!(rest, 1);
    }
}
