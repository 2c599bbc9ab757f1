//! Server-sent events (HTML standard, section 9.2) that end when the server shuts down.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::{Error, Reason};
use futures_util::StreamExt;
use futures_util::stream::{once, unfold};
use serde::Serialize;
use std::convert::Infallible;
use std::future::ready;
use std::time::Duration;
use tokio::time::sleep;
use wire::limits::SSE_RETRY_MS;
use wire::shutdown::Shutdown;
use wire::socket::SocketConfig;

/// The blocks of a stream.
pub trait Blocks {
    /// The first block.
    fn first(&mut self) -> String;
    /// Waits for the next block; `None` when there will be none. It must be safe to drop and to call anew.
    async fn next(&mut self) -> Option<String>;
    /// Whether the stream may go on.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

/// Sends the blocks, and heartbeats where there are none. The last block says why the stream ends, if there is a reason.
pub fn stream(request: &HttpRequest, shutdown: Shutdown, mut blocks: impl Blocks + 'static) -> HttpResponse {
    let heartbeat = Duration::from_millis(SocketConfig::of(request).heartbeat_ms.max(1));
    let first = format!("retry: {SSE_RETRY_MS}\n{}", blocks.first());
    let others = unfold(Some(blocks), move |blocks| {
        let shutdown = shutdown.clone();
        async move {
            let mut blocks = blocks?;
            let block = tokio::select! {
                biased;
                () = shutdown.started() => Err(Error::new(Reason::Draining, "the server is shutting down")),
                block = blocks.next() => Ok(block?),
                () = sleep(heartbeat) => Ok(": heartbeat\n\n".to_owned()),
            };
            Some(match block.and_then(|block| blocks.check().map(|()| block)) {
                Ok(block) => (block, Some(blocks)),
                Err(error) => (format!("event: error\ndata: {}\n\n", wire::json::error_object(&error, true)), None),
            })
        }
    });
    let blocks = once(ready(first)).chain(others).map(|block| Ok::<_, Infallible>(Bytes::from(block)));
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(blocks)
}

/// One event.
pub fn event(name: &str, data: &impl Serialize) -> String {
    format!("event: {name}\ndata: {}\n\n", serde_json::to_string(data).unwrap_or_default())
}
