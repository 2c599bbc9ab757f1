//! HTTP/2 as bytes (RFC 9113): its frames, and the header fields that HPACK compresses (RFC 7541).

use super::hpack::without_huffman;
use loona_hpack::Decoder;

/// What a client sends first (RFC 9113 section 3.4).
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Bytes before the payload of a frame: its length, type, flags and stream.
const HEADER_BYTES: usize = 9;
/// Bytes of a payload: no end of ours announces more (RFC 9113 section 6.5.2).
const PAYLOAD_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a header block with its continuations: four times the largest that our server accepts.
const BLOCK_BYTES_MAX: usize = 256 * 1024;
/// Bytes of decoded header fields: a byte of a block can stand for a long field (RFC 7541 section 6.1).
const FIELDS_BYTES_MAX: usize = 256 * 1024;
/// Bytes of HPACK's dynamic table: no end of ours announces more (RFC 9113 section 6.5.2).
const TABLE_BYTES_MAX: usize = 4096;

/// The types of frames (RFC 9113 section 6).
pub mod kinds {
    /// Content.
    pub const DATA: u8 = 0;
    /// The beginning of a header block.
    pub const HEADERS: u8 = 1;
    /// The order in which streams should be served, which is deprecated.
    pub const PRIORITY: u8 = 2;
    /// The end of a stream at once.
    pub const RST_STREAM: u8 = 3;
    /// Settings, or their acknowledgement.
    pub const SETTINGS: u8 = 4;
    /// A promise of a response, which begins with a header block.
    pub const PUSH_PROMISE: u8 = 5;
    /// A question whether the other end is still there, or its acknowledgement.
    pub const PING: u8 = 6;
    /// The end of the connection.
    pub const GOAWAY: u8 = 7;
    /// Bytes that the other end may send in addition.
    pub const WINDOW_UPDATE: u8 = 8;
    /// More of a header block.
    pub const CONTINUATION: u8 = 9;
}

/// The flags of frames (RFC 9113 section 6).
mod flags {
    pub const END_STREAM: u8 = 0x01;
    /// In SETTINGS and PING, in the place of END_STREAM.
    pub const ACK: u8 = 0x01;
    pub const END_HEADERS: u8 = 0x04;
    pub const PADDED: u8 = 0x08;
    pub const PRIORITY: u8 = 0x20;
}

/// The header fields of a block: names and values, in their order.
pub type HeaderList = Vec<(String, String)>;

/// A frame (RFC 9113 section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'r> {
    /// Length, type, flags and stream.
    pub header: &'r [u8; HEADER_BYTES],
    /// The payload, with its padding.
    pub payload: &'r [u8],
}

impl<'r> Frame<'r> {
    /// The first frame of these bytes, and what follows; `None` if it is not whole.
    pub fn first(bytes: &'r [u8]) -> Option<(Frame<'r>, &'r [u8])> {
        let (header, rest) = bytes.split_first_chunk()?;
        let (payload, rest) = rest.split_at_checked(payload_len(header))?;
        Some((Frame { header, payload }, rest))
    }

    /// The type.
    pub fn kind(&self) -> u8 {
        self.header[3]
    }

    /// The name of the type.
    pub fn name(&self) -> &'static str {
        match self.kind() {
            kinds::DATA => "DATA",
            kinds::HEADERS => "HEADERS",
            kinds::PRIORITY => "PRIORITY",
            kinds::RST_STREAM => "RST_STREAM",
            kinds::SETTINGS => "SETTINGS",
            kinds::PUSH_PROMISE => "PUSH_PROMISE",
            kinds::PING => "PING",
            kinds::GOAWAY => "GOAWAY",
            kinds::WINDOW_UPDATE => "WINDOW_UPDATE",
            kinds::CONTINUATION => "CONTINUATION",
            _ => "unknown",
        }
    }

    /// Bytes of the payload, as the header announces them.
    pub fn payload_len(&self) -> usize {
        payload_len(self.header)
    }

    /// The names of the flags that are set.
    pub fn flags(&self) -> Vec<&'static str> {
        let names: &[(u8, &str)] = match self.kind() {
            kinds::DATA => &[(flags::END_STREAM, "END_STREAM"), (flags::PADDED, "PADDED")],
            kinds::HEADERS => &[
                (flags::END_STREAM, "END_STREAM"),
                (flags::END_HEADERS, "END_HEADERS"),
                (flags::PADDED, "PADDED"),
                (flags::PRIORITY, "PRIORITY"),
            ],
            kinds::PUSH_PROMISE => &[(flags::END_HEADERS, "END_HEADERS"), (flags::PADDED, "PADDED")],
            kinds::CONTINUATION => &[(flags::END_HEADERS, "END_HEADERS")],
            kinds::SETTINGS | kinds::PING => &[(flags::ACK, "ACK")],
            _ => &[],
        };
        names.iter().filter(|(flag, _)| self.has(*flag)).map(|(_, name)| *name).collect()
    }

    /// The answer to a PING (RFC 9113 section 6.7); `None` if it is none, or an answer itself.
    pub fn pong(&self) -> Option<Vec<u8>> {
        let is_question = self.kind() == kinds::PING && !self.has(flags::ACK);
        is_question.then(|| [&self.header[..4], &[flags::ACK], &self.header[5..], self.payload].concat())
    }

    /// The stream; 0 is the connection itself.
    pub fn stream(&self) -> u32 {
        let [.., a, b, c, d] = *self.header;
        u32::from_be_bytes([a & 0x7f, b, c, d])
    }

    /// Whether it is the last one of its stream in this direction.
    pub fn ends_stream(&self) -> bool {
        self.is_message() && self.has(flags::END_STREAM)
    }

    /// Whether it is of a request or a response, and not about the connection or a window.
    pub fn is_message(&self) -> bool {
        matches!(self.kind(), kinds::DATA | kinds::HEADERS)
    }

    /// Whether a header block begins or goes on here.
    pub fn has_fields(&self) -> bool {
        matches!(self.kind(), kinds::HEADERS | kinds::PUSH_PROMISE | kinds::CONTINUATION)
    }

    /// Content, or a piece of a header block: the payload without padding and priority (RFC 9113 sections 6.1 and 6.2).
    pub fn content(&self) -> &'r [u8] {
        let is_padded = matches!(self.kind(), kinds::DATA | kinds::HEADERS | kinds::PUSH_PROMISE);
        let (mut content, mut padding) = (self.payload, 0);
        if is_padded
            && self.has(flags::PADDED)
            && let [length, rest @ ..] = content
        {
            (content, padding) = (rest, usize::from(*length));
        }
        let before = match self.kind() {
            kinds::HEADERS if self.has(flags::PRIORITY) => 5,
            kinds::PUSH_PROMISE => 4,
            _ => 0,
        };
        content.get(before..content.len().saturating_sub(padding)).unwrap_or_default()
    }

    fn has(&self, flag: u8) -> bool {
        self.header[4] & flag != 0
    }
}

fn payload_len(header: &[u8; HEADER_BYTES]) -> usize {
    u32::from_be_bytes([0, header[0], header[1], header[2]]) as usize
}

/// What a recorded direction of a connection consists of.
pub struct Frames<'r> {
    /// The preface, if the recording begins with it.
    pub preface: &'r [u8],
    /// The frames.
    pub frames: Vec<Frame<'r>>,
    /// The beginning of a frame that is not whole.
    pub rest: &'r [u8],
}

/// Splits recorded bytes.
pub fn split(bytes: &[u8]) -> Frames<'_> {
    let (preface, mut rest) = bytes.split_at(if bytes.starts_with(PREFACE) { PREFACE.len() } else { 0 });
    let mut frames = Vec::new();
    while let Some((frame, behind)) = Frame::first(rest) {
        frames.push(frame);
        rest = behind;
    }
    Frames { preface, frames, rest }
}

/// Follows one direction of a connection by the headers of its frames alone, in however many pieces they come.
pub struct FrameHeaders {
    header: [u8; HEADER_BYTES],
    /// Bytes of the header that have come.
    filled: usize,
    /// Bytes until the next header.
    skipped: usize,
}

impl FrameHeaders {
    /// The frames come after so many bytes.
    pub fn after(bytes: usize) -> FrameHeaders {
        FrameHeaders { header: [0; HEADER_BYTES], filled: 0, skipped: bytes }
    }

    /// Reads more bytes. The frames that are found have no payload, as it may not have come.
    pub fn read(&mut self, mut bytes: &[u8], mut found: impl FnMut(Frame)) {
        while !bytes.is_empty() {
            let missing = &mut self.header[self.filled..];
            let skipped = self.skipped.min(bytes.len());
            let count = if skipped > 0 { 0 } else { missing.len().min(bytes.len()) };
            missing[..count].copy_from_slice(&bytes[..count]);
            (self.skipped, self.filled) = (self.skipped - skipped, self.filled + count);
            bytes = &bytes[skipped + count..];
            if self.filled == HEADER_BYTES {
                found(Frame { header: &self.header, payload: &[] });
                (self.skipped, self.filled) = (payload_len(&self.header), 0);
            }
        }
    }

    /// Whether the last frame is whole.
    pub fn is_between_frames(&self) -> bool {
        self.filled == 0 && self.skipped == 0
    }
}

/// Reads one direction of a connection, frame by frame, and decodes its header blocks. HPACK's dynamic table lasts as long as the
/// connection, so the reader has to see every byte of it.
#[derive(Default)]
pub struct FrameReader {
    /// What was received of a frame that is not whole.
    unread: Vec<u8>,
    /// A header block that goes on in the next frame.
    block: Vec<u8>,
    table: Decoder<'static>,
    /// Something came that can't be read; nothing is read any more.
    is_broken: bool,
}

/// What a [`FrameReader`] has found.
pub enum Found<'r> {
    /// The preface of a client.
    Preface,
    /// A frame; if it ends a header block, with its fields.
    Frame(Frame<'r>, Option<HeaderList>),
}

impl FrameReader {
    /// Reads more bytes, in however many pieces they come.
    pub fn read(&mut self, bytes: &[u8], mut found: impl FnMut(Found)) {
        if self.is_broken {
            return;
        }
        let mut unread = std::mem::take(&mut self.unread);
        unread.extend_from_slice(bytes);
        let mut rest = unread.as_slice();
        if rest.starts_with(PREFACE) {
            found(Found::Preface);
            rest = &rest[PREFACE.len()..];
        }
        while let Some((frame, behind)) = Frame::first(rest) {
            let fields = if frame.has_fields() { self.fields(&frame) } else { None };
            found(Found::Frame(frame, fields));
            rest = behind;
        }
        // The preface alone looks like a longer frame.
        let is_preface = PREFACE.starts_with(rest);
        let is_too_long = rest.first_chunk().is_some_and(|header| payload_len(header) > PAYLOAD_BYTES_MAX);
        self.is_broken |= is_too_long && !is_preface;
        self.unread = rest.to_vec();
    }

    /// The fields of a block, if this frame ends it.
    fn fields(&mut self, frame: &Frame) -> Option<HeaderList> {
        self.block.extend_from_slice(frame.content());
        if !frame.has(flags::END_HEADERS) {
            self.is_broken |= self.block.len() > BLOCK_BYTES_MAX;
            return None;
        }
        let block = std::mem::take(&mut self.block);
        self.table.set_max_allowed_table_size(TABLE_BYTES_MAX);
        let (mut fields, mut left) = (HeaderList::new(), FIELDS_BYTES_MAX);
        let decoded = without_huffman(&block).map(|block| {
            self.table.decode_with_cb(&block, |name, value| {
                left = left.saturating_sub(name.len() + value.len());
                if left > 0 {
                    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    fields.push((text(&name), text(&value)));
                }
            })
        });
        self.is_broken |= !matches!(decoded, Some(Ok(_)));
        Some(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7541 appendix C.4.1 and C.4.2: two requests on one connection, the second smaller by the dynamic table.
    const FIRST: &[u8] = b"\x82\x86\x84\x41\x8c\xf1\xe3\xc2\xe5\xf2\x3a\x6b\xa0\xab\x90\xf4\xff";
    const SECOND: &[u8] = b"\x82\x86\x84\xbe\x58\x86\xa8\xeb\x10\x64\x9c\xbf";

    fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
        let length = u8::try_from(payload.len()).expect("short");
        [&[0, 0, length, kind, flags, 0, 0, 0, stream], payload].concat()
    }

    /// What was found, as text.
    fn read(reader: &mut FrameReader, bytes: &[u8]) -> Vec<String> {
        let mut all = Vec::new();
        reader.read(bytes, |found| {
            all.push(match found {
                Found::Preface => "preface".to_owned(),
                Found::Frame(frame, fields) => {
                    let fields = fields.unwrap_or_default();
                    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    format!("{} {} {}", frame.name(), frame.stream(), fields.join(" "))
                }
            });
        });
        all
    }

    #[test]
    fn fields_are_decoded_over_several_blocks() {
        let mut reader = FrameReader::default();
        let first = [PREFACE, &frame(4, 0, 0, b""), &frame(1, 5, 1, FIRST)].concat();
        let request = ":method=GET :scheme=http :path=/ :authority=www.example.com";
        assert_eq!(read(&mut reader, &first), ["preface", "SETTINGS 0 ", &format!("HEADERS 1 {request}")]);
        let second = frame(1, 5, 3, SECOND);
        assert_eq!(read(&mut reader, &second), [format!("HEADERS 3 {request} cache-control=no-cache")]);
    }

    #[test]
    fn pieces_and_continuations_are_put_together() {
        let mut reader = FrameReader::default();
        let all = [PREFACE, &frame(1, 1, 1, &FIRST[..3]), &frame(9, 4, 1, &FIRST[3..])].concat();
        let found: Vec<_> = all.chunks(1).flat_map(|byte| read(&mut reader, byte)).collect();
        let fields = "CONTINUATION 1 :method=GET :scheme=http :path=/ :authority=www.example.com";
        assert_eq!(found, ["preface", "HEADERS 1 ", fields]);
    }

    #[test]
    fn headers_are_found_in_any_pieces() {
        let all = [PREFACE, &frame(4, 0, 0, b""), &frame(0, 1, 3, b"hello"), &frame(6, 0, 0, b"12345678")].concat();
        for size in 1..=all.len() {
            let (mut headers, mut found) = (FrameHeaders::after(PREFACE.len()), Vec::new());
            for piece in all.chunks(size) {
                headers.read(piece, |frame| found.push((frame.kind(), frame.stream(), frame.payload_len())));
            }
            assert_eq!(found, [(4, 0, 0), (0, 3, 5), (6, 0, 8)], "pieces of {size} bytes");
            assert!(headers.is_between_frames());
            headers.read(&all[PREFACE.len()..][..1], |_| panic!("a byte is no frame"));
            assert!(!headers.is_between_frames());
        }
    }

    #[test]
    fn padding_and_priority_are_no_content() {
        let padded = frame(0, 8, 1, b"\x02hi\0\0");
        assert_eq!(Frame::first(&padded).map(|(frame, _)| frame.content()), Some(b"hi".as_slice()));
        let prior = frame(1, 0x2c, 1, &[b"\x01\0\0\0\0\x10", FIRST, b"\0"].concat());
        assert_eq!(Frame::first(&prior).map(|(frame, _)| frame.content()), Some(FIRST));
        let wrong = frame(0, 8, 1, b"\x09hi");
        assert_eq!(Frame::first(&wrong).map(|(frame, _)| frame.content()), Some(b"".as_slice()));
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let mut reader = FrameReader::default();
        assert!(read(&mut reader, b"HTTP/1.1 400 Bad Request").is_empty() && reader.is_broken);
        assert!(read(&mut reader, &frame(0, 0, 1, b"hi")).is_empty());
        // A block of indexed fields is longer decoded than encoded (RFC 7541 section 6.1).
        let mut reader = FrameReader::default();
        let long = [&[0x40, 1, b'a', 0x7f, 0xf1, 0x1e], [b'b'; 4080].as_slice()].concat();
        let bomb = [long, vec![0xbe; 12_000]].concat();
        let header = [&[0, (bomb.len() >> 8) as u8, bomb.len() as u8, 1, 4, 0, 0, 0, 1], bomb.as_slice()].concat();
        reader.read(&header, |found| {
            let Found::Frame(_, Some(fields)) = found else { panic!("no fields") };
            assert!(fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() <= FIELDS_BYTES_MAX);
        });
    }
}
