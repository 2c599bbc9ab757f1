//! What happens to every request before it is routed? The sandbox is taken off the path, and the body is read.
//!
//! Afterwards, what every style says in headers is added, the answer is packed if its request wants it smaller, and held back
//! as long as it is told to be.
//!
//! The body is read here, for every address and method, because whatever is left unread would be taken for the next
//! request of the connection, and because a client that is still sending does not hear a refusal.

use crate::io::Grip;
use crate::limits::{
    BODIES_BYTES_MAX, BODY_BYTES_MAX, BODY_TIMEOUT_MS, DRAIN_BYTES_MAX, DRAIN_TIMEOUT_MS, NEXT_HEAD_MS,
};
use crate::meta::{Arrived, REPLAYED_NAME, REQUEST_ID_NAME, TRACE_NAME, request_id, trace};
use crate::pace::hold;
use crate::packing::packed;
use actix_http::ConnectionType;
use actix_web::body::{BodySize, EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{StatusCode, Uri};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web::Data};
use bytes::{Bytes, BytesMut};
use domain::faults::Fate;
use domain::meta::Notes;
use domain::{Error, Shop};
use futures_util::StreamExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::timeout;

/// The layer, for `actix_web::middleware::from_fn`.
pub async fn front<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, Bytes>>, actix_web::Error> {
    let grip = request.conn_data::<Arc<Grip>>().cloned();
    grip.iter().for_each(|grip| grip.head_has_come());
    let sandbox = take_sandbox(&mut request);
    let room = request.app_data::<Data<Room>>().cloned();
    let mut held = Held { room, bytes: 0 };
    let (body, rest) = read_body(&mut request, &mut held).await;
    // What there is no room for need not even be understood: the adapter refuses it as it refuses what it can't read.
    let body = body.and_then(|body| has_room(&request).map(|()| body));
    let notes = Notes::default();
    request.extensions_mut().insert(Arrived { sandbox, body, notes: notes.clone() });
    let mut response = packed(next.call(request).await?);
    say_beside(&mut response, &notes);
    if let Rest::Unread = rest {
        // RFC 9112 section 9.6: nobody knows where the next request would begin, and a body may have no end.
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    if let Some(grip) = grip {
        slow_down(&response, &notes, &grip).await;
        // After a switch of protocols (101) and in a stream no further head comes.
        let is_stream = response.response().body().size() == BodySize::Stream;
        if !is_stream && response.status() != StatusCode::SWITCHING_PROTOCOLS {
            grip.await_head(match rest {
                Rest::None => NEXT_HEAD_MS,
                // None will come: it is the time in which the client hears the refusal before the line is dead.
                Rest::Unread => DRAIN_TIMEOUT_MS,
            });
        }
    }
    Ok(response)
}

fn has_room(request: &ServiceRequest) -> Result<(), Error> {
    request.app_data::<Data<Shop>>().map_or(Ok(()), |shop| shop.ensure_room())
}

/// Adds what every style of HTTP says in headers: that a command had happened before, and what the request calls itself.
fn say_beside<B>(response: &mut ServiceResponse<B>, notes: &Notes) {
    let told = response.request().headers();
    let request_id = request_id(told).and_then(|id| HeaderValue::from_str(id).ok());
    let trace = trace(told).and_then(|trace| HeaderValue::from_str(trace).ok());
    let headers = response.headers_mut();
    if notes.is_replayed() {
        headers.insert(REPLAYED_NAME.clone(), HeaderValue::from_static("true"));
    }
    request_id.map(|id| headers.insert(REQUEST_ID_NAME.clone(), id));
    trace.map(|trace| headers.insert(TRACE_NAME.clone(), trace));
}

/// Lets the answer take as long as the sandbox's dial and the request's wish say, and breaks it off where that was wished.
async fn slow_down<B: MessageBody>(response: &ServiceResponse<B>, notes: &Notes, grip: &Grip) {
    let fate = hold(notes, 1 + u32::from(grip.is_first())).await;
    match (fate, response.response().body().size()) {
        (Fate::Whole, _) | (Fate::Cut(_), BodySize::Stream) => {}
        (Fate::Dropped, _) => grip.let_go(),
        (Fate::Cut(hundredths), BodySize::Sized(bytes)) => grip.cut(bytes * u64::from(hundredths) / 100),
        (Fate::Cut(_), BodySize::None) => grip.cut(0),
    }
}

/// How much of requests is in memory. All connections of a server share it.
#[derive(Debug, Default)]
pub struct Room(AtomicUsize);

/// What one request holds of it.
struct Held {
    room: Option<Data<Room>>,
    bytes: usize,
}

impl Held {
    /// Takes room for more, or tells that there is none. What was taken is given back when this goes.
    fn take(&mut self, bytes: usize) -> Result<(), Error> {
        self.bytes += bytes;
        let Some(room) = &self.room else { return Ok(()) };
        if room.0.fetch_add(bytes, Ordering::Relaxed) + bytes > BODIES_BYTES_MAX {
            return Err(Error::overloaded(format!("requests hold {BODIES_BYTES_MAX} bytes already")));
        }
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(room) = &self.room {
            room.0.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}

/// Takes `/sandboxes/{name}` off a path that goes on after it. What is about the sandbox itself is left as it is.
fn take_sandbox(request: &mut ServiceRequest) -> Option<String> {
    let uri = request.uri();
    let (name, rest) = uri.path().strip_prefix("/sandboxes/")?.split_once('/')?;
    if rest == "reset" {
        return None;
    }
    let name = name.to_owned();
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let stripped: Uri = format!("/{rest}{query}").parse().ok()?;
    request.match_info_mut().get_mut().update(&stripped);
    request.head_mut().uri = stripped;
    Some(name)
}

/// What is left of a body.
enum Rest {
    /// Nothing: the next request follows.
    None,
    /// Something, or nobody knows.
    Unread,
}

async fn read_body(request: &mut ServiceRequest, held: &mut Held) -> (Result<Bytes, Error>, Rest) {
    // After an upgrade (RFC 9110 section 7.8) what follows is not a body.
    if request.headers().contains_key(header::UPGRADE) && request.head().upgrade() {
        return (Ok(Bytes::new()), Rest::None);
    }
    let mut payload = request.take_payload();
    if matches!(payload, Payload::None) {
        return (Ok(Bytes::new()), Rest::None);
    }
    match timeout(Duration::from_millis(BODY_TIMEOUT_MS), collect(&mut payload, held)).await {
        Ok(Ok(body)) => (Ok(body), Rest::None),
        Ok(Err(Unread::Refused(error))) => {
            let drain = timeout(Duration::from_millis(DRAIN_TIMEOUT_MS), drain(&mut payload));
            // Whether it ended well or not, the refusal is said.
            (Err(error), drain.await.unwrap_or(Rest::Unread))
        }
        Ok(Err(Unread::Broken(error))) => {
            (Err(Error::unreadable(format!("the body could not be read: {error}"))), Rest::Unread)
        }
        Err(_) => {
            (Err(Error::unreadable(format!("the body did not arrive within {BODY_TIMEOUT_MS} ms"))), Rest::Unread)
        }
    }
}

/// Why a body was not read to its end.
enum Unread {
    /// It did not arrive whole.
    Broken(PayloadError),
    /// It is too large, or there is no room for it.
    Refused(Error),
}

impl From<PayloadError> for Unread {
    fn from(error: PayloadError) -> Self {
        Unread::Broken(error)
    }
}

impl From<Error> for Unread {
    fn from(error: Error) -> Self {
        Unread::Refused(error)
    }
}

async fn collect(payload: &mut Payload, held: &mut Held) -> Result<Bytes, Unread> {
    let Some(first) = next_chunk(payload, held).await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = next_chunk(payload, held).await? else {
        return Ok(first);
    };
    let mut body = BytesMut::from(first);
    body.extend_from_slice(&second);
    while let Some(chunk) = next_chunk(payload, held).await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

async fn next_chunk(payload: &mut Payload, held: &mut Held) -> Result<Option<Bytes>, Unread> {
    let Some(chunk) = payload.next().await.transpose()? else { return Ok(None) };
    held.take(chunk.len())?;
    if held.bytes > BODY_BYTES_MAX {
        return Err(Error::too_large("bytes of a body", BODY_BYTES_MAX).into());
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
