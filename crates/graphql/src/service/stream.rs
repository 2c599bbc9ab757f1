//! Streams without a WebSocket: server-sent events by the protocol of graphql-sse, with a connection for each operation
//! ("distinct connections mode").
//!
//! ```text
//! POST /graphql/stream HTTP/1.1
//! accept: text/event-stream
//! content-type: application/json
//!
//! {"query":"subscription { orderEvents { seq kind } }"}
//!
//! HTTP/1.1 200 OK
//! content-type: text/event-stream
//!
//! event: next
//! data: {"data":{"orderEvents":{"seq":42,"kind":"ORDER_PLACED"}}}
//! ```
//!
//! A subscription ends when the server shuts down. Its last `next` reports that, with the cursor: the protocol has no message
//! for it, and a client would start again from the beginning.

use super::transport::{BadRequest, not_allowed, read};
use crate::NAME;
use crate::SPELLING;
use crate::documents::{Answer, Prepared, prepare};
use crate::errors::Refusal;
use crate::messages::write_refusal;
use crate::schema::subscription::Progress;
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::parser::types::OperationType;
use bytes::Bytes;
use domain::faults::ResponseFault;
use domain::{Error, Reason, Shop};
use futures_util::stream::{BoxStream, once, unfold};
use futures_util::{FutureExt, Stream, StreamExt};
use std::io::ErrorKind;
use std::time::Duration;
use tokio::task::yield_now;
use tokio::time::{Interval, interval};
use wire::event_stream::EVENT_STREAM;
use wire::shutdown::Shutdown;
use wire::socket::SocketConfig;

/// Where streams are served.
pub const PATH: &str = "/graphql/stream";

const METHODS: &str = "GET, POST, OPTIONS";
/// A comment line: it keeps proxies from closing the connection.
const HEARTBEAT: &str = ":\n\n";
/// The protocol's last event. An event without data is ignored (HTML standard, section 9.2.6), so its data is empty.
const COMPLETE: &str = "event: complete\ndata: \n\n";

/// A part of the stream, and how much of it is sent.
type Piece = (String, ResponseFault);

/// Answers every request to the address.
pub async fn handle(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    let answered = match *request.method() {
        Method::GET | Method::POST if wire::accept::names(request.headers(), EVENT_STREAM) => open(&request, &shop),
        Method::GET | Method::POST => Err(stream_refused()),
        Method::OPTIONS => Ok(HttpResponse::NoContent().insert_header((header::ALLOW, METHODS)).finish()),
        _ => Ok(not_allowed(&request, METHODS)),
    };
    answered.unwrap_or_else(|no_request| no_request.response())
}

/// The stream of one operation. Errors of the document are sent in the stream, because a browser's event source can't read
/// another response.
fn open(request: &HttpRequest, shop: &Shop) -> Result<HttpResponse, BadRequest> {
    let context = wire::request_context(request, NAME)?.spelled(&SPELLING);
    let pieces = match prepare(&read(request)?, shop, &context) {
        // GraphQL over HTTP, "GET": it must not execute a mutation.
        Ok(prepared) if prepared.kind() == OperationType::Mutation && request.method() == Method::GET => {
            return Ok(not_allowed(request, "POST"));
        }
        Ok(prepared) => pieces(prepared, Shutdown::of(request)),
        Err(refusal) => once(async move { (write_refusal(&refusal), ResponseFault::Whole) }).boxed(),
    };
    let events = pieces.map(|(payload, fault)| (format!("event: next\ndata: {payload}\n\n"), fault));
    let events = events.chain(once(async { (COMPLETE.to_owned(), ResponseFault::Whole) }));
    let heartbeat = interval(Duration::from_millis(SocketConfig::of(request).heartbeat_ms.max(1)));
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store")).content_type(EVENT_STREAM);
    Ok(response.streaming(bytes(events.boxed(), heartbeat)))
}

fn stream_refused() -> BadRequest {
    let error = Error::new(Reason::UnknownOperation, format!("this address has event streams: accept {EVENT_STREAM}"));
    BadRequest { error, status: StatusCode::NOT_FOUND }
}

/// The results of an operation, and of a subscription the error that reports the shutdown. Its cursor is that of the last event sent,
/// not of the next one.
fn pieces(prepared: Prepared, shutdown: Shutdown) -> BoxStream<'static, Piece> {
    let (is_subscription, progress) = (prepared.kind() == OperationType::Subscription, Progress::default());
    let answers = prepared.answers(progress.clone());
    let started = async move { shutdown.started().await }.boxed();
    let pieces = unfold(Some((answers, started, None)), move |state| {
        let progress = progress.clone();
        async move {
            let (mut answers, mut started, sent) = state?;
            tokio::select! {
                biased;
                () = &mut started, if is_subscription => {
                    let cursor: Option<i32> = sent.or(progress.start());
                    Some(((write_refusal(&draining(cursor)), ResponseFault::Whole), None))
                }
                answer = answers.next() => {
                    let Answer { result, fault, cursor } = answer?;
                    let payload = result.unwrap_or_else(|refusal| write_refusal(&refusal));
                    Some(((payload, fault), Some((answers, started, cursor))))
                }
            }
        }
    });
    pieces.boxed()
}

/// The server shuts down; a client that resumes with that cursor as `after` misses nothing.
fn draining(cursor: Option<i32>) -> Refusal {
    let Some(cursor) = cursor else {
        return Error::new(Reason::Draining, "the server is shutting down").into();
    };
    let message = format!("the server is shutting down; resume after {cursor}");
    Refusal::from(Error::new(Reason::Draining, message)).with("cursor", cursor)
}

/// The bytes of a stream, with heartbeats between its events. After a dropped result, the connection breaks.
fn bytes(events: BoxStream<'static, Piece>, heartbeat: Interval) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    unfold((events, heartbeat, false), |(mut events, mut heartbeat, is_broken)| async move {
        if is_broken {
            // What was written before is on its way by then.
            yield_now().await;
            return Some((Err(ErrorKind::ConnectionAborted.into()), (events, heartbeat, is_broken)));
        }
        tokio::select! {
            biased;
            event = events.next() => {
                let (text, fault) = event?;
                let bytes = Bytes::from(text);
                let (hundredths, is_broken) = match fault {
                    ResponseFault::Whole => (100, false),
                    ResponseFault::Dropped => (0, true),
                    ResponseFault::Cut(hundredths) => (usize::from(hundredths), true),
                };
                let part = bytes.slice(..bytes.len() * hundredths / 100);
                Some((Ok(part), (events, heartbeat, is_broken)))
            }
            // The first is sent at once: some clients see the response only with its first byte.
            _ = heartbeat.tick() => Some((Ok(Bytes::from_static(HEARTBEAT.as_bytes())), (events, heartbeat, false))),
        }
    })
}
