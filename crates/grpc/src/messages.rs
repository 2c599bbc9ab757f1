//! The forms of the service, and the framing of messages: gRPC, gRPC-Web and Connect carry the same messages.
//!
//! | form | media type | around a message | where the status is |
//! | --- | --- | --- | --- |
//! | gRPC | `application/grpc` | 5 bytes | trailers of HTTP/2 |
//! | gRPC-Web | `application/grpc-web` | 5 bytes | a last frame of the body |
//! | gRPC-Web, text | `application/grpc-web-text` | the same, in base64 | the same |
//! | Connect | `application/json`, `application/proto`; in a GET the query names it (`unary_get.rs`) | nothing | the status of HTTP, and an object in JSON |
//! | Connect, streams | `application/connect+json`, `application/connect+proto` | 5 bytes | a last frame of the body |

pub mod unary_get;

use crate::errors::{Refusal, UNIMPLEMENTED, ok};
use crate::protobuf::{self, MessageEncoder, from_json, to_json};
use actix_web::http::header::{HeaderMap as RequestHeaders, HeaderName, HeaderValue};
use actix_web::http::{StatusCode, Version};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{BufMut, Bytes, BytesMut};
use domain::events::Event;
use domain::schema::{Encode, Encoder};
use domain::value::ValueEncoder;
use domain::{Error, Operation, Reply, Value};
use http::HeaderMap;
use wire::MediaType;
use wire::compression::{COMPRESS_MIN_BYTES, gzip};
use wire::content::{json_type, media_type};
use wire::decompression::{GZIP, decompress};
use wire::limits::BODY_BYTES_MAX;
use wire::refusal::set_retry_after;
use wire::trailers::Trailers;

/// Bytes before each message: a flag, and the length ("Length-Prefixed-Message").
pub const PREFIX_BYTES: usize = 5;
/// The flag of a compressed message.
const COMPRESSED: u8 = 0b01;
/// The flag of Connect's last frame ("Streaming RPCs").
const END_OF_STREAM: u8 = 0b10;
/// The flag of gRPC-Web's last frame, with the trailers ("Protocol differences vs gRPC over HTTP2").
const TRAILERS: u8 = 0x80;

/// How a request is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// gRPC over HTTP/2.
    Grpc,
    /// gRPC-Web; in base64 if it is text.
    Web {
        /// Whether it is in base64.
        is_text: bool,
    },
    /// Connect, for a method with one request and one response.
    Connect(Codec),
    /// Connect, for streams.
    ConnectStream(Codec),
}

/// How a message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// In Protocol Buffers' binary form.
    Proto,
    /// In JSON.
    Json,
}

/// The media types, each with its form. The first of a form is that of its responses.
pub const MEDIA_TYPES: &[(&str, Form)] = &[
    ("application/grpc", Form::Grpc),
    ("application/grpc+proto", Form::Grpc),
    ("application/grpc-web+proto", Form::Web { is_text: false }),
    ("application/grpc-web", Form::Web { is_text: false }),
    ("application/grpc-web-text+proto", Form::Web { is_text: true }),
    ("application/grpc-web-text", Form::Web { is_text: true }),
    ("application/json", Form::Connect(Codec::Json)),
    ("application/proto", Form::Connect(Codec::Proto)),
    ("application/connect+json", Form::ConnectStream(Codec::Json)),
    ("application/connect+proto", Form::ConnectStream(Codec::Proto)),
];

impl Form {
    /// The form of a request, by its media type.
    pub fn of(headers: &RequestHeaders) -> Option<Form> {
        let media_type = MediaType::of(headers);
        MEDIA_TYPES.iter().find(|(name, _)| media_type.is(name)).map(|(_, form)| *form)
    }

    /// The media type of its responses.
    pub fn media_type(self) -> &'static str {
        MEDIA_TYPES.iter().find(|(_, form)| *form == self).map_or("application/grpc", |(name, _)| name)
    }

    /// The header with the coding of messages; in Connect's GET a parameter.
    fn coding_header(self) -> &'static str {
        match self {
            Form::Grpc | Form::Web { .. } => "grpc-encoding",
            Form::Connect(_) => "compression",
            Form::ConnectStream(_) => "connect-content-encoding",
        }
    }

    /// The header with the codings that the client reads.
    fn accepted_header(self) -> &'static str {
        if let Form::ConnectStream(_) = self { "connect-accept-encoding" } else { "grpc-accept-encoding" }
    }

    /// How its messages are written.
    pub fn codec(self) -> Codec {
        match self {
            Form::Connect(codec) | Form::ConnectStream(codec) => codec,
            Form::Grpc | Form::Web { .. } => Codec::Proto,
        }
    }

    /// The message in the body of a request: there is exactly one, also where a method has streams.
    pub fn message(self, headers: &RequestHeaders, body: Bytes) -> Result<Bytes, Refusal> {
        let body = match self {
            Form::Connect(_) => return Ok(body),
            Form::Web { is_text: true } => from_base64(&body)?,
            Form::Grpc | Form::Web { is_text: false } | Form::ConnectStream(_) => body,
        };
        let mut rest = body;
        let Some(frame) = Frame::take(&mut rest) else {
            let message = format!(
                "the body has {} bytes and no whole message; a message is {PREFIX_BYTES} bytes with a flag and its length, and so many bytes",
                rest.len()
            );
            return Err(Error::unreadable(message).into());
        };
        if !rest.is_empty() {
            return Err(Error::unreadable("the body has more than one message; each method takes one").into());
        }
        let coding = headers.get(self.coding_header()).and_then(|coding| coding.to_str().ok());
        self.decompressed(frame, coding, BODY_BYTES_MAX)
    }

    /// The message in a frame. A header names its coding.
    pub fn decompressed(self, frame: Frame, coding: Option<&str>, bytes_max: usize) -> Result<Bytes, Refusal> {
        match (frame.flags, coding.unwrap_or("identity")) {
            (0, _) => Ok(frame.content),
            (COMPRESSED, GZIP) => match decompress(GZIP, &frame.content, bytes_max) {
                Ok(message) => Ok(message.into()),
                Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                    Err(Error::too_large("bytes of a message", bytes_max).into())
                }
                Err(error) => Err(Error::unreadable(format!("the message is not {GZIP}: {error}")).into()),
            },
            // gRPC over HTTP/2, "Compression": an unknown coding is UNIMPLEMENTED; the flag without a coding is an error of the client's library.
            (COMPRESSED, "identity") => {
                Err(Refusal::broken("a message has the flag of compression, and no coding is named"))
            }
            (COMPRESSED, coding) => {
                let shown = domain::value::shown(coding);
                let message = format!("{} must be {GZIP} or identity, got \"{shown}\"", self.coding_header());
                // gRPC over HTTP/2, "Compression": a coding that the server does not support is UNIMPLEMENTED.
                Err(Refusal { code: UNIMPLEMENTED, error: Error::unreadable(message) })
            }
            (flags, _) => Err(Error::unreadable(format!("the flags of a message are 0 or 1, got {flags}")).into()),
        }
    }

    /// The input in a message.
    pub fn input(self, message: &[u8], operation: &Operation) -> Result<Value, Error> {
        match self.codec() {
            Codec::Proto => protobuf::read(message, operation.input),
            // Connect: a request without a body is the empty message.
            Codec::Json if message.is_empty() => Ok(Value::Object(Vec::new())),
            Codec::Json => Ok(from_json(wire::json::read(message)?, operation.input)),
        }
    }

    /// A message with a reply.
    pub fn reply(self, operation: &Operation, reply: &impl Written) -> Vec<u8> {
        match self.codec() {
            Codec::Proto => {
                let mut encoder = MessageEncoder::response(operation);
                reply.write(&mut encoder);
                encoder.finish()
            }
            Codec::Json => {
                let mut encoder = ValueEncoder::default();
                reply.write(&mut encoder);
                wire::json::value(&to_json(&encoder.finish(), operation)).into_bytes()
            }
        }
    }

    /// A message as it is sent, compressed if that is worth it and the client reads it.
    pub fn frame(self, message: Vec<u8>, is_gzip: bool) -> Bytes {
        match self {
            Form::Connect(_) => message.into(),
            _ if is_gzip && message.len() >= COMPRESS_MIN_BYTES => match gzip(&message) {
                Ok(compressed) => self.framed(COMPRESSED, &compressed),
                // Writing to memory can't fail.
                Err(_) => self.framed(0, &message),
            },
            _ => self.framed(0, &message),
        }
    }

    /// Whether messages to the client may be compressed.
    pub fn accepts_gzip(self, request: &HttpRequest) -> bool {
        let accepted = request.headers().get(self.accepted_header()).and_then(|names| names.to_str().ok());
        accepted.is_some_and(|names| names.split(',').any(|name| name.trim() == GZIP))
    }

    /// The headers about compression.
    pub fn coding_headers(self, is_gzip: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
        let is_framed = !matches!(self, Form::Connect(_));
        let coding = (is_framed && is_gzip).then_some((self.coding_header(), GZIP));
        coding.into_iter().chain(is_framed.then_some((self.accepted_header(), "identity,gzip")))
    }

    fn framed(self, flags: u8, content: &[u8]) -> Bytes {
        let bytes = framed(flags, content);
        if self == (Form::Web { is_text: true }) { STANDARD.encode(bytes).into() } else { bytes }
    }

    /// The last frame of the body, where the status is there.
    pub fn end(self, refusal: Option<&Refusal>) -> Option<Bytes> {
        match self {
            Form::Grpc | Form::Connect(_) => None,
            Form::Web { .. } => {
                let mut lines = Vec::new();
                // "Trailers must be the last message of the response", with names in lower case, as in HTTP/1.1.
                for (name, value) in &trailers(refusal) {
                    lines.extend_from_slice(name.as_str().as_bytes());
                    lines.push(b':');
                    lines.extend_from_slice(value.as_bytes());
                    lines.extend_from_slice(b"\r\n");
                }
                Some(self.framed(TRAILERS, &lines))
            }
            Form::ConnectStream(_) => {
                let error = refusal.map(|refusal| ("error", refusal.object()));
                Some(self.framed(END_OF_STREAM, wire::json::value(&Value::object(error)).as_bytes()))
            }
        }
    }
}

/// What a message can have in its field.
pub trait Written {
    /// Writes it.
    fn write(&self, encoder: &mut impl Encoder);
}

impl Written for Reply {
    fn write(&self, encoder: &mut impl Encoder) {
        self.write(encoder);
    }
}

impl Written for Event {
    fn write(&self, encoder: &mut impl Encoder) {
        Encode::write(self, encoder);
    }
}

/// The trailers in the last frame of gRPC-Web; `None` if they can't be read.
fn trailers_in(lines: &[u8]) -> Option<HeaderMap> {
    let field = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((http::HeaderName::try_from(name).ok()?, http::HeaderValue::try_from(value.trim()).ok()?))
    };
    std::str::from_utf8(lines).ok()?.lines().map(field).collect()
}

/// The messages of a response of gRPC-Web, and the trailers behind them; `None` if it is not whole.
pub fn read_web(body: &Bytes) -> Option<(Bytes, HeaderMap)> {
    let mut rest = body.clone();
    loop {
        let end = body.len() - rest.len();
        let frame = Frame::take(&mut rest)?;
        if frame.flags == TRAILERS {
            return Some((body.slice(..end), trailers_in(&frame.content)?));
        }
    }
}

/// The trailers of a call that was refused or succeeded.
pub fn trailers(refusal: Option<&Refusal>) -> HeaderMap {
    refusal.map_or_else(ok, Refusal::trailers)
}

/// The form of a request, or the refusal of HTTP: gRPC over HTTP/2, "Requests": another media type is 415.
pub fn form_of(request: &HttpRequest) -> Result<Form, Box<HttpResponse>> {
    let form = Form::of(request.headers());
    let readable = ["application/json", "application/grpc"];
    let checked = match form {
        Some(Form::Connect(Codec::Json)) => json_type(request.headers(), &readable).map(drop),
        Some(_) => Ok(()),
        None => media_type(request.headers(), &readable).map(drop),
    };
    let (Some(form), Ok(())) = (form, &checked) else {
        let error = checked.err().unwrap_or_else(|| Error::unreadable("the Content-Type can't be read"));
        let mut response = refuse_as(Form::Connect(Codec::Json), StatusCode::UNSUPPORTED_MEDIA_TYPE, &error.into());
        let names: Vec<&str> = MEDIA_TYPES.iter().map(|(name, _)| *name).collect();
        if let Ok(names) = HeaderValue::from_str(&names.join(", ")) {
            response.headers_mut().insert(ACCEPT_POST.clone(), names);
        }
        return Err(response.into());
    };
    if form == Form::Grpc && request.version() != Version::HTTP_2 {
        let message = "gRPC needs HTTP/2, got HTTP/1.1; over HTTP/1.1 use gRPC-Web (application/grpc-web+proto) or \
                       Connect (application/json)";
        let response = refuse_as(
            Form::Connect(Codec::Json),
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            &Error::unreadable(message).into(),
        );
        return Err(response.into());
    }
    Ok(form)
}

/// Linked Data Platform 1.0, section 7.1.
static ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");

/// A response with what stands before its messages.
pub fn begin(form: Form, is_gzip: bool) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.content_type(form.media_type());
    for header in form.coding_headers(is_gzip) {
        response.insert_header(header);
    }
    response
}

/// A response with one message, or with none if the call was refused.
pub fn respond(
    response: &mut HttpResponseBuilder,
    form: Form,
    message: Bytes,
    refusal: Option<&Refusal>,
) -> HttpResponse {
    let Some(end) = form.end(refusal) else {
        let mut response = response.body(message);
        if form == Form::Grpc {
            Trailers::set(&mut response, trailers(refusal));
        }
        return response;
    };
    response.body([message, end].concat())
}

/// A refused call. In gRPC it has no body, and the status stands in the headers ("Trailers-Only").
pub fn refuse(form: Form, refusal: &Refusal) -> HttpResponse {
    let status = StatusCode::from_u16(refusal.code.http).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    refuse_as(form, status, refusal)
}

/// The same, with that status of HTTP.
pub fn refuse_as(form: Form, status: StatusCode, refusal: &Refusal) -> HttpResponse {
    match form {
        Form::Connect(_) => {
            let object = wire::json::value(&refusal.object());
            let mut response = HttpResponse::build(status).content_type("application/json").body(object);
            set_retry_after(&mut response, refusal.error.retry_after_ms);
            response
        }
        Form::Grpc => {
            let mut response = HttpResponse::Ok();
            response.content_type(form.media_type());
            for header in form.coding_headers(false) {
                response.insert_header(header);
            }
            for (name, value) in &refusal.trailers() {
                response.insert_header((name.as_str(), value.as_bytes()));
            }
            response.finish()
        }
        Form::Web { .. } | Form::ConnectStream(_) => {
            respond(&mut begin(form, false), form, Bytes::new(), Some(refusal))
        }
    }
}

/// A message with what stands before it.
pub fn framed(flags: u8, content: &[u8]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(PREFIX_BYTES + content.len());
    bytes.put_u8(flags);
    bytes.put_u32(u32::try_from(content.len()).unwrap_or(u32::MAX));
    bytes.extend_from_slice(content);
    bytes.freeze()
}

/// A message of a body, with its flags.
pub struct Frame {
    /// The flags.
    pub flags: u8,
    /// The message, compressed if the flags say so.
    pub content: Bytes,
}

impl Frame {
    /// Takes the first frame; `None` if it is not complete.
    pub fn take(rest: &mut Bytes) -> Option<Frame> {
        let [flags, length @ ..] = *rest.first_chunk::<PREFIX_BYTES>()?;
        let end = PREFIX_BYTES.checked_add(usize::try_from(u32::from_be_bytes(length)).ok()?)?;
        if rest.len() < end {
            return None;
        }
        let content = rest.split_to(end).slice(PREFIX_BYTES..);
        Some(Frame { flags, content })
    }
}

/// gRPC-Web in text: base64, also in several pieces with a padding each.
fn from_base64(body: &[u8]) -> Result<Bytes, Refusal> {
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3);
    for piece in body.split_inclusive(|byte| *byte == b'=').filter(|piece| *piece != b"=") {
        let text = [piece, b"=".as_slice()].concat();
        let whole = if piece.ends_with(b"=") && piece.len() % 4 == 3 { text.as_slice() } else { piece };
        let decoded = STANDARD.decode(whole);
        bytes.extend(decoded.map_err(|error| Error::unreadable(format!("the body is not base64: {error}")))?);
    }
    Ok(bytes.into())
}
