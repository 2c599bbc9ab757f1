//! Server-sent events (HTML standard, section 9.2): blocks with heartbeats between them. The last block says why a stream ends.

use crate::json;
use crate::limits::SSE_RETRY_MS;
use crate::shutdown::Shutdown;
use crate::socket::SocketConfig;
use actix_web::body::None as EmptyBody;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::{Error, Reason};
use futures_util::StreamExt;
use futures_util::stream::{once, unfold};
use std::convert::Infallible;
use std::future::ready;
use std::time::Duration;
use tokio::time::{Instant, interval_at};

/// The media type.
pub const EVENT_STREAM: &str = "text/event-stream";

/// The blocks of a stream.
pub trait Blocks {
    /// The first block, which counts as a heartbeat.
    fn first(&self) -> String;
    /// Waits for the next block, or for why the stream ends; `None` when there will be none. It must be safe to drop and to call anew.
    fn next(&mut self) -> impl Future<Output = Option<Result<String, Error>>>;
    /// A block without an event.
    fn heartbeat(&self) -> String {
        ": heartbeat\n\n".to_owned()
    }
    /// Why the stream ends when the server shuts down.
    fn draining(&self) -> Error {
        Error::new(Reason::Draining, "the server is shutting down")
    }
    /// Whether the stream may go on.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

/// The response that sends the blocks until they end, or the server shuts down.
pub fn event_stream(request: &HttpRequest, blocks: impl Blocks + 'static) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.content_type(EVENT_STREAM).insert_header((header::CACHE_CONTROL, "no-store"));
    if request.method() == "HEAD" {
        // RFC 9110 section 9.3.2: the head alone, without a length, which is unknown.
        return response.body(EmptyBody::new());
    }
    let shutdown = Shutdown::of(request);
    let pause = Duration::from_millis(SocketConfig::of(request).heartbeat_ms.max(1));
    let first = format!("retry: {SSE_RETRY_MS}\n{}", blocks.first());
    let others = unfold(Some((blocks, interval_at(Instant::now() + pause, pause))), move |open| {
        let shutdown = shutdown.clone();
        async move {
            let (mut blocks, mut heartbeat) = open?;
            let block = tokio::select! {
                biased;
                () = shutdown.started() => Err(blocks.draining()),
                block = blocks.next() => block?,
                _ = heartbeat.tick() => Ok(blocks.heartbeat()),
            };
            Some(match block.and_then(|block| blocks.check().map(|()| block)) {
                Ok(block) => (block, Some((blocks, heartbeat))),
                Err(error) => (format!("event: error\ndata: {}\n\n", json::error_object(&error, true)), None),
            })
        }
    });
    response.streaming(once(ready(first)).chain(others).map(|block| Ok::<_, Infallible>(Bytes::from(block))))
}
