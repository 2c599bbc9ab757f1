//! How is something told as it happens? As server-sent events (HTML standard, section 9.2).

use actix_web::HttpResponse;
use actix_web::http::header;
use bytes::Bytes;
use domain::Error;
use futures_util::stream::unfold;
use serde::Serialize;
use std::convert::Infallible;

/// What there is to tell, a block after another.
pub trait Blocks {
    /// The first one, which says that it has begun.
    fn first(&mut self) -> String;
    /// The next one, once there is one; nothing, or why, when there will be no more.
    async fn next(&mut self) -> Option<Result<String, Error>>;
}

/// Tells all of it.
pub fn stream(blocks: impl Blocks + 'static) -> HttpResponse {
    let blocks = unfold((Some(blocks), true), |(blocks, is_new)| async move {
        let mut blocks = blocks?;
        let (block, goes_on) = match if is_new { Ok(blocks.first()) } else { blocks.next().await? } {
            Ok(block) => (block, true),
            Err(error) => (format!("event: error\ndata: {}\n\n", wire::json::error_object(&error, true)), false),
        };
        Some((Ok::<_, Infallible>(Bytes::from(block)), (goes_on.then_some(blocks), false)))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(blocks)
}

/// One event.
pub fn event(name: &str, data: &impl Serialize) -> String {
    format!("event: {name}\ndata: {}\n\n", serde_json::to_string(data).unwrap_or_default())
}
