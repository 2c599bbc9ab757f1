//! What every request passes before it is routed: the sandbox is taken from the path, and the body is read.
//!
//! Afterwards JSON is indented for a browser, the headers of every style are added, the response is compressed if its request
//! accepts that, and delayed or cut as recorded.
//!
//! The body is read here, for every address and method, because unread bytes would be taken for the next
//! request of the connection, and because a client that is still sending does not read a refusal.

use crate::compression::compress;
use crate::content::{HeadOnly, Unread, decompressed, is_compressed};
use crate::control::{ConnectionControl, control_of};
use crate::decompression::GZIP;
use crate::http::readable::readable;
use crate::http::received::ReceivedRequest;
use crate::latency::hold;
use crate::limits::{
    BODIES_BYTES_MAX, BODY_BYTES_MAX, BODY_TIMEOUT_MS, DRAIN_BYTES_MAX, DRAIN_TIMEOUT_MS, NEXT_HEAD_MS,
};
use crate::request::{REPLAYED_NAME, REQUEST_ID_NAME, TRACE_NAME, base, request_id, trace};
use actix_http::ConnectionType;
use actix_web::body::{BodySize, EitherBody, MessageBody};
use actix_web::dev::{Payload, RequestHead, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{StatusCode, Uri};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, web::Data};
use bytes::{Bytes, BytesMut};
use domain::faults::ResponseFault;
use domain::request::ResponseMetadata;
use domain::{Error, Shop};
use futures_util::StreamExt;
use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::timeout;

/// The middleware, for `actix_web::middleware::from_fn`.
pub async fn middleware<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<EitherBody<EitherBody<B, Bytes>, Bytes>, Bytes>>, actix_web::Error> {
    let control = control_of(request.request());
    control.iter().for_each(|control| control.head_has_come());
    let sandbox = take_sandbox(&mut request);
    let budget = request.app_data::<Data<BodyBudget>>().cloned();
    let mut permit = BodyPermit { budget, bytes: 0 };
    let (body, rest) = read_body(&mut request, &mut permit).await;
    // Over capacity, a request need not be understood: the adapter refuses it as an unreadable one.
    let body = body.and_then(|body| has_room(&request).map(|()| body).map_err(Unread::from));
    let metadata = ResponseMetadata::default();
    request.extensions_mut().insert(ReceivedRequest { sandbox, body, response: metadata.clone() });
    let mut response = compress(readable(without_slash(next.call(request).await?)));
    add_headers(&mut response, &metadata);
    close_if_unread(&mut response, &rest);
    if let Some(control) = control {
        apply_faults(&response, &metadata, &control).await;
        await_next(&response, &rest, &control);
    }
    Ok(response)
}

/// RFC 9112 section 9.6: if the start of the next request is unknown, because a body may have no end or follows an offered
/// WebSocket, the connection closes, and the response says so.
fn close_if_unread<B>(response: &mut ServiceResponse<B>, rest: &Rest) {
    let request = response.request();
    let is_refused_offer = request.head().upgrade() && response.status() != StatusCode::SWITCHING_PROTOCOLS;
    let is_websocket = offers_websocket(request.headers());
    if is_refused_offer || matches!(rest, Rest::Unread) {
        let head = response.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
        // actix-http writes no chunks after an offered WebSocket; then a stream ends with the connection.
        head.no_chunking(is_websocket);
    }
}

/// Sets the deadline of the next request. After a switch of protocols (101) and in a stream there is none.
fn await_next<B: MessageBody>(response: &ServiceResponse<B>, rest: &Rest, control: &ConnectionControl) {
    let is_stream = response.response().body().size() == BodySize::Stream;
    if !is_stream && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        control.await_head(match rest {
            Rest::None => NEXT_HEAD_MS,
            // There will be none: this is the time for the client to read the refusal.
            Rest::Unread => DRAIN_TIMEOUT_MS,
        });
    }
}

fn has_room(request: &ServiceRequest) -> Result<(), Error> {
    request.app_data::<Data<Shop>>().map_or(Ok(()), |shop| shop.ensure_capacity())
}

/// Adds the headers of every style: whether it is a stored result, the request's id, and
/// the supported codings if the request's is unknown (RFC 9110 section 12.5.3).
fn add_headers<B>(response: &mut ServiceResponse<B>, metadata: &ResponseMetadata) {
    let headers_in = response.request().headers();
    let request_id = request_id(headers_in).and_then(|id| HeaderValue::from_str(id).ok());
    let trace = trace(headers_in).and_then(|trace| HeaderValue::from_str(trace).ok());
    let is_coding_known = is_compressed(headers_in).is_ok();
    let headers = response.headers_mut();
    if !is_coding_known {
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(GZIP));
    }
    if metadata.is_replayed() {
        headers.insert(REPLAYED_NAME.clone(), HeaderValue::from_static("true"));
    }
    request_id.map(|id| headers.insert(REQUEST_ID_NAME.clone(), id));
    trace.map(|trace| headers.insert(TRACE_NAME.clone(), trace));
}

/// Delays the response by the sandbox's round-trip time and the injected fault, and drops or cuts it.
async fn apply_faults<B: MessageBody>(
    response: &ServiceResponse<B>,
    metadata: &ResponseMetadata,
    control: &ConnectionControl,
) {
    let fault = hold(metadata, 1 + u32::from(control.is_first())).await;
    match (fault, response.response().body().size()) {
        (ResponseFault::Whole, _) | (ResponseFault::Cut(_), BodySize::Stream) => {}
        (ResponseFault::Dropped, _) => control.drop_connection(),
        (ResponseFault::Cut(hundredths), BodySize::Sized(bytes)) => control.cut(bytes * u64::from(hundredths) / 100),
        (ResponseFault::Cut(_), BodySize::None) => control.cut(0),
    }
}

/// Which requests are answered before their body has ended: their handlers read it themselves, if at all. For the application's data.
#[derive(Clone, Copy)]
pub struct RequestStreams(pub fn(&RequestHead) -> bool);

/// The bytes of request bodies in memory, over all connections of a server.
#[derive(Debug, Default)]
pub struct BodyBudget(AtomicUsize);

/// The share of one request.
struct BodyPermit {
    budget: Option<Data<BodyBudget>>,
    bytes: usize,
}

impl BodyPermit {
    /// Takes more bytes; an error over the limit. They are returned when this is dropped.
    fn take(&mut self, bytes: usize) -> Result<(), Error> {
        self.bytes += bytes;
        let Some(budget) = &self.budget else { return Ok(()) };
        if budget.0.fetch_add(bytes, Ordering::Relaxed) + bytes > BODIES_BYTES_MAX {
            return Err(Error::overloaded(format!("request bodies already take {BODIES_BYTES_MAX} bytes of memory")));
        }
        Ok(())
    }
}

impl Drop for BodyPermit {
    fn drop(&mut self) {
        if let Some(budget) = &self.budget {
            budget.0.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}

/// Makes the request's target what every style routes by: a normalised path, without a host and without
/// `/sandboxes/{name}`, whose name is returned. A path about the sandbox itself keeps it.
fn take_sandbox(request: &mut ServiceRequest) -> Option<String> {
    let uri = request.uri();
    let whole = normalized(uri.path());
    let sandbox = whole.strip_prefix("/sandboxes/").and_then(|path| path.split_once('/'));
    let sandbox = sandbox.filter(|(_, rest)| *rest != "reset");
    if sandbox.is_none() && uri.authority().is_none() && matches!(whole, Cow::Borrowed(_)) {
        return None;
    }
    let (name, path) = match sandbox {
        Some((name, rest)) => (Some(name.to_owned()), format!("/{rest}")),
        None => (None, whole.into_owned()),
    };
    // RFC 9112 section 3.2.2: a host in the target takes precedence.
    let host = uri.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let target: Uri = format!("{path}{query}").parse().ok()?;
    request.match_info_mut().get_mut().update(&target);
    let head = request.head_mut();
    head.uri = target;
    if let Some(host) = host {
        head.headers.insert(header::HOST, host);
    }
    name
}

/// RFC 3986 section 6.2.2.2: a percent-encoded unreserved character is the character.
fn normalized(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut pieces = path.split('%');
    let mut normal = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).map(char::from);
        match code.filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~')) {
            Some(plain) => normal.extend([plain].into_iter().chain(piece[2..].chars())),
            None => normal.extend(['%'].into_iter().chain(piece.chars())),
        }
    }
    Cow::Owned(normal)
}

/// An unknown address with a trailing slash redirects to the one without (RFC 9110 section 15.4.9).
fn without_slash<B>(response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B, Bytes>> {
    let request = response.request();
    let path = request.path().trim_end_matches('/');
    if response.status() != StatusCode::NOT_FOUND || path.is_empty() || path == request.path() {
        return response.map_into_left_body();
    }
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = base(request).http(&format!("{path}{query}"));
    let text = format!("Addresses have no trailing slash here. Use {location}\n");
    let mut moved = HttpResponse::PermanentRedirect();
    moved.insert_header((header::LOCATION, location)).content_type("text/plain; charset=utf-8");
    response.into_response(moved.finish().set_body(Bytes::from(text))).map_into_right_body()
}

/// The rest of a body.
enum Rest {
    /// Nothing: the next request follows.
    None,
    /// Some bytes, or an unknown number.
    Unread,
}

async fn read_body(request: &mut ServiceRequest, permit: &mut BodyPermit) -> (Result<Bytes, Unread>, Rest) {
    // actix-http finds no end of what follows such an offer. After a handshake (RFC 6455 section 4.1) it is no body.
    let endless = offers_websocket(request.headers()).then(|| declared_bytes(request.headers()));
    if endless == Some(0) {
        return (Ok(Bytes::new()), Rest::None);
    }
    let is_compressed = is_compressed(request.headers());
    if request.extensions().get::<HeadOnly>().is_some() {
        let is_too_large = declared_bytes(request.headers()) > BODY_BYTES_MAX as u64;
        let refused = is_compressed.err().or(is_too_large.then(|| Unread::too_large(BODY_BYTES_MAX)));
        return (Err(refused.unwrap_or_else(Unread::awaited)), Rest::None);
    }
    let streams = request.app_data::<Data<RequestStreams>>();
    if streams.is_some_and(|streams| (streams.0)(request.head())) {
        return (Ok(Bytes::new()), Rest::None);
    }
    let mut payload = request.take_payload();
    if matches!(payload, Payload::None) {
        return (Ok(Bytes::new()), Rest::None);
    }
    let (body, rest) = read_payload(&mut payload, permit, endless).await;
    let body = body.and_then(|body| match is_compressed? {
        true if !body.is_empty() => {
            let body = decompressed(&body, BODY_BYTES_MAX)?;
            permit.take(body.len())?;
            Ok(body)
        }
        _ => Ok(body),
    });
    (body, rest)
}

fn offers_websocket(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|offer| offer.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// The declared length of the body; 0 if absent.
fn declared_bytes(headers: &HeaderMap) -> u64 {
    let text = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    text.and_then(|length| length.trim().parse().ok()).unwrap_or(0)
}

/// Reads a body; of one without an end, so many bytes.
async fn read_payload(
    payload: &mut Payload,
    permit: &mut BodyPermit,
    bytes: Option<u64>,
) -> (Result<Bytes, Unread>, Rest) {
    let whole = bytes.map_or(usize::MAX, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
    match timeout(Duration::from_millis(BODY_TIMEOUT_MS), collect(payload, permit, whole)).await {
        Ok(Ok(body)) => (Ok(body), if bytes.is_none() { Rest::None } else { Rest::Unread }),
        Ok(Err(Stopped::Refused(unread))) => {
            let drain = timeout(Duration::from_millis(DRAIN_TIMEOUT_MS), drain(payload));
            // However it ends, the refusal is sent.
            (Err(unread), drain.await.unwrap_or(Rest::Unread))
        }
        Ok(Err(Stopped::Broken(error))) => {
            (Err(Error::unreadable(format!("the body could not be read: {error}")).into()), Rest::Unread)
        }
        Err(_) => {
            let error = Error::unreadable(format!("the body did not arrive within {BODY_TIMEOUT_MS} ms"));
            (Err(error.into()), Rest::Unread)
        }
    }
}

/// Why a body was not read to its end.
enum Stopped {
    /// It did not arrive completely.
    Broken(PayloadError),
    /// It is too large, or the server is over capacity.
    Refused(Unread),
}

impl From<PayloadError> for Stopped {
    fn from(error: PayloadError) -> Self {
        Stopped::Broken(error)
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Stopped::Refused(error.into())
    }
}

/// Collects a body, up to so many bytes. Most arrive in one piece, which is not copied.
async fn collect(payload: &mut Payload, permit: &mut BodyPermit, whole: usize) -> Result<Bytes, Stopped> {
    let Some(mut first) = next_chunk(payload, permit).await? else { return Ok(Bytes::new()) };
    if first.len() >= whole {
        return Ok(first.split_to(whole));
    }
    let Some(second) = next_chunk(payload, permit).await? else { return Ok(first) };
    let mut body = BytesMut::from(first);
    body.extend_from_slice(&second);
    while body.len() < whole
        && let Some(chunk) = next_chunk(payload, permit).await?
    {
        body.extend_from_slice(&chunk);
    }
    body.truncate(whole);
    Ok(body.freeze())
}

async fn next_chunk(payload: &mut Payload, permit: &mut BodyPermit) -> Result<Option<Bytes>, Stopped> {
    let Some(chunk) = payload.next().await.transpose()? else { return Ok(None) };
    permit.take(chunk.len())?;
    if permit.bytes > BODY_BYTES_MAX {
        return Err(Stopped::Refused(Unread::too_large(BODY_BYTES_MAX)));
    }
    Ok(Some(chunk))
}

async fn drain(payload: &mut Payload) -> Rest {
    let mut drained = 0;
    while let Some(chunk) = payload.next().await {
        let Ok(chunk) = chunk else { return Rest::Unread };
        drained += chunk.len();
        if drained > DRAIN_BYTES_MAX {
            return Rest::Unread;
        }
    }
    Rest::None
}
