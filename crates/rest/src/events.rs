//! How does REST push news? As server-sent events (HTML standard, section 9.2) on the address of the log.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::events::Event;
use domain::shape::Writable;
use domain::{Error, Meta, Shop, Value};
use futures_util::stream::{once, poll_fn, select};
use futures_util::{Stream, StreamExt};
use std::convert::Infallible;
use std::future::ready;
use std::time::Duration;
use tokio::time::interval;
use wire::drain::Drain;
use wire::json::JsonSink;
use wire::pace::lagging;

/// The operation that streams.
pub const WATCH: &str = "watch_events";

/// How often a line is sent that means nothing, so that nobody on the way takes the stream for dead.
const HEARTBEAT_MS: u64 = 15_000;

/// Whether the request asks for a stream rather than for a page.
pub fn wants_stream(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.split(',').any(|range| range.trim().starts_with("text/event-stream")))
}

/// The stream of events, from where the request says.
pub async fn stream(request: &HttpRequest, shop: &Shop, meta: &Meta, input: Value) -> Result<HttpResponse, Error> {
    let watch = shop.watch(meta, resume(request, input)).await?;
    let drain = request.app_data::<actix_web::web::Data<Drain>>().map(|drain| drain.get_ref().clone());
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(lines(lagging(watch, shop.clone(), meta.clone()), drain.unwrap_or_default())))
}

/// A browser that reconnects says by `Last-Event-ID` what it heard last; that counts more than the address it began with.
fn resume(request: &HttpRequest, input: Value) -> Value {
    let last = request.headers().get("last-event-id").and_then(|id| id.to_str().ok());
    match (input, last) {
        (Value::Record(mut members), Some(last)) => {
            members.retain(|(name, _)| name != "after");
            members.push(("after".to_owned(), Value::Untyped(last.to_owned())));
            Value::Record(members)
        }
        (input, _) => input,
    }
}

fn lines(
    watch: impl Stream<Item = Result<Event, Error>>,
    drain: Drain,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let mut heartbeat = interval(Duration::from_millis(HEARTBEAT_MS));
    let beats = poll_fn(move |task| heartbeat.poll_tick(task).map(|_| Some(": \n\n".to_owned())));
    let events = watch.map(|event| match event {
        Ok(event) => format!("id: {}\nevent: {}\ndata: {}\n\n", event.seq, event.kind.word(), json(&event)),
        Err(error) => format!("event: error\ndata: {}\n\n", wire::json::error_object(&error, true)),
    });
    // Hearts beat for ever: it is the events that say when the stream is over.
    let events = events.map(Some).chain(once(ready(None)));
    let text = select(events, beats.map(Some)).take_while(|text| ready(text.is_some()));
    text.take_until(async move { drain.begun().await }).filter_map(|text| ready(text.map(Bytes::from).map(Ok)))
}

fn json(event: &Event) -> String {
    let mut sink = JsonSink::default();
    event.write(&mut sink);
    sink.finish()
}
