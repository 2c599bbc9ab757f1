//! The length limit of messages. It reads the heads of frames as they pass, so that a message that is too long is refused
//! before it is in memory: the parser behind it only sees whole frames.

use actix_web::dev;
use actix_web::error::PayloadError;
use actix_web::{FromRequest, HttpRequest, web};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use std::io::{Error, ErrorKind};

/// Bytes of the longest frame head: two, eight of length, four of the mask (RFC 6455 section 5.2).
const HEAD_BYTES_MAX: usize = 14;
/// Bytes of a control frame's payload (RFC 6455 section 5.5).
const CONTROL_BYTES_MAX: u64 = 125;

/// The bytes of a socket, as long as no message is longer than the limit, its fragments together.
pub fn limited(
    request: &HttpRequest,
    payload: web::Payload,
    bytes_max: usize,
) -> Result<web::Payload, actix_web::Error> {
    let mut limit = LengthLimit::new(bytes_max);
    let checked = payload.into_inner().map(move |bytes| {
        let bytes: Bytes = bytes?;
        limit.check(&bytes).map_err(PayloadError::Io)?;
        Ok(bytes)
    });
    web::Payload::from_request(request, &mut stream(checked)).into_inner()
}

fn stream(bytes: impl Stream<Item = Result<Bytes, PayloadError>> + 'static) -> dev::Payload {
    dev::Payload::Stream { payload: Box::pin(bytes) }
}

/// The limit, and where in the frames the bytes are.
struct LengthLimit {
    bytes_max: u64,
    /// The part of an incomplete head.
    head: Vec<u8>,
    /// Bytes that are left of the current payload.
    payload: u64,
    /// Bytes of the current message's fragments.
    message: u64,
}

impl LengthLimit {
    fn new(bytes_max: usize) -> Self {
        LengthLimit { bytes_max: bytes_max as u64, head: Vec::with_capacity(HEAD_BYTES_MAX), payload: 0, message: 0 }
    }

    /// Checks the next bytes; an error if a message in them is too long.
    fn check(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        while let Some((first, rest)) = bytes.split_first() {
            if self.payload > 0 {
                let passing = bytes.len().min(usize::try_from(self.payload).unwrap_or(usize::MAX));
                self.payload -= passing as u64;
                bytes = &bytes[passing..];
                continue;
            }
            self.head.push(*first);
            bytes = rest;
            if let Some(length) = length(&self.head) {
                self.begin(length)?;
            }
        }
        Ok(())
    }

    /// A frame with so many bytes of payload starts.
    fn begin(&mut self, length: u64) -> Result<(), Error> {
        let (is_last, is_control) = (self.head[0] & 0x80 != 0, self.head[0] & 0x08 != 0);
        self.head.clear();
        self.payload = length;
        if is_control {
            // A little more is left to the parser, which has the error texts.
            if length > CONTROL_BYTES_MAX.max(self.bytes_max) {
                return Err(Error::new(ErrorKind::InvalidData, "a control frame is too long"));
            }
            return Ok(());
        }
        self.message = self.message.saturating_add(length);
        if self.message > self.bytes_max {
            let message = format!("a message has at most {} bytes", self.bytes_max);
            return Err(Error::new(ErrorKind::FileTooLarge, message));
        }
        if is_last {
            self.message = 0;
        }
        Ok(())
    }
}

/// The length in a head, once it is complete (RFC 6455 section 5.2).
fn length(head: &[u8]) -> Option<u64> {
    let (&[_, second], further) = head.split_first_chunk::<2>()?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let number = match second & 0x7f {
        126 => 2,
        127 => 8,
        short => return (further.len() == mask).then_some(u64::from(short)),
    };
    let number = further.get(..number).filter(|number| further.len() == number.len() + mask)?;
    Some(number.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: u8 = 0x81;
    const BEGINNING: u8 = 0x01;
    const CONTINUATION: u8 = 0x00;
    const LAST: u8 = 0x80;
    const PING: u8 = 0x89;

    fn frame(first: u8, length: u64) -> Vec<u8> {
        let mut frame = match length {
            0..126 => vec![first, 0x80 | length as u8],
            126..65_536 => [&[first, 0x80 | 126][..], &(length as u16).to_be_bytes()].concat(),
            _ => [&[first, 0x80 | 127][..], &length.to_be_bytes()].concat(),
        };
        frame.extend([1, 2, 3, 4]);
        frame.extend(vec![0xff; length.min(70_000) as usize]);
        frame
    }

    /// The result for these bytes, in pieces of every length.
    fn checked(bytes: &[u8], bytes_max: usize) -> Option<ErrorKind> {
        let in_pieces = |size: usize| {
            let mut limit = LengthLimit::new(bytes_max);
            let checked: Result<(), Error> = bytes.chunks(size).try_for_each(|piece| limit.check(piece));
            checked.err().map(|error| error.kind())
        };
        let whole = in_pieces(bytes.len());
        (1..20).for_each(|size| assert_eq!(in_pieces(size), whole, "in pieces of {size}"));
        whole
    }

    #[test]
    fn what_is_too_long_is_refused_by_its_head() {
        let all =
            |frames: &[(u8, u64)]| frames.iter().flat_map(|(first, length)| frame(*first, *length)).collect::<Vec<_>>();
        let fits =
            [(TEXT, 0), (TEXT, 125), (TEXT, 126), (TEXT, 300), (PING, 125), (BEGINNING, 200), (PING, 5), (LAST, 100)];
        assert_eq!(checked(&all(&fits), 300), None);
        assert_eq!(checked(&all(&[(TEXT, 66_000), (TEXT, 66_000)]), 66_000), None);
        let too_large = Some(ErrorKind::FileTooLarge);
        assert_eq!(checked(&all(&[(TEXT, 301)]), 300), too_large);
        assert_eq!(checked(&all(&[(BEGINNING, 200), (CONTINUATION, 100), (PING, 1), (LAST, 1)]), 300), too_large);
        assert_eq!(checked(&frame(TEXT, u64::MAX)[..14], 300), too_large, "nothing of it has come yet");
        assert_eq!(checked(&frame(BEGINNING, 1)[..7].repeat(2), 1), too_large);
        assert_eq!(checked(&frame(PING, 1 << 40)[..14], 300), Some(ErrorKind::InvalidData));
    }
}
