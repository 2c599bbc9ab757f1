//! Events as server-sent events (HTML standard, section 9.2), and as pages with long polling.
//!
//! ```text
//! GET /rest/events?after=41 HTTP/1.1
//! accept: text/event-stream
//!
//! HTTP/1.1 200 OK
//! content-type: text/event-stream
//!
//! retry: 1000
//! id: 41
//!
//! id: 42
//! event: order.placed
//! data: {"seq":42,"kind":"order.placed",...}
//! ```
//!
//! A client that reconnects sends `Last-Event-ID` to resume. Each event has its `seq` as id; so have the first block and the
//! heartbeats, which have no data and are not dispatched, but remembered (section 9.2.6). The last block of a stream that ends is
//! the event `error` with the reason.
//!
//! The same address returns pages; with `Prefer: wait=20` (RFC 7240 section 4.3) a request waits for the next
//! event: long polling.

use actix_web::body::None as EmptyBody;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::events::{Event, StreamItem};
use domain::limits::WAIT_SECONDS_MAX;
use domain::schema::Encode;
use domain::{Error, Reason, RequestContext, Shop, Value};
use futures_util::Stream;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Interval, interval};
use wire::json::JsonEncoder;
use wire::latency::lagging;
use wire::limits::SSE_RETRY_MS;
use wire::shutdown::Shutdown;
use wire::socket::SocketConfig;

/// Whether `watch_events` is pushed.
pub const STREAMS: bool = true;
/// The operation that streams.
pub const WATCH: &str = "watch_events";
/// The operation that returns pages.
pub const LIST: &str = "list_events";
/// The header with the preferred wait (RFC 7240 section 2).
const PREFER: &str = "prefer";
/// The header with the applied wait (section 3).
pub const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// The member of the input for the same.
const WAIT: &str = "wait_seconds";
/// The media type of a stream.
const EVENT_STREAM: &str = "text/event-stream";

/// Whether the request asks for a stream rather than for a page.
pub fn wants_stream(request: &HttpRequest) -> bool {
    wire::accept::names(request.headers(), EVENT_STREAM)
}

/// Adds the preferred wait to the input, and returns the header that reports it. The query takes precedence.
pub fn add_wait(request: &HttpRequest, input: &mut Vec<(String, Value)>) -> Option<HeaderValue> {
    let preferred = request.headers().get_all(PREFER).find_map(|prefer| preferred_wait(prefer.to_str().ok()?));
    let wanted = preferred.filter(|_| input.iter().all(|(name, _)| name != WAIT))?;
    // A preference may be applied in part (RFC 7240 section 2), which is reported.
    let seconds = wanted.min(WAIT_SECONDS_MAX.unsigned_abs());
    input.push((WAIT.to_owned(), Value::Int(seconds.into())));
    HeaderValue::from_str(&format!("wait={seconds}")).ok()
}

/// The seconds of `wait=20` among preferences separated by commas. A malformed one is ignored.
fn preferred_wait(prefer: &str) -> Option<u32> {
    prefer.split(',').find_map(|preference| {
        let (name, value) = preference.split(';').next()?.split_once('=')?;
        let is_wait = name.trim().eq_ignore_ascii_case("wait");
        is_wait.then(|| value.trim().trim_matches('"').parse().ok()).flatten()
    })
}

/// The stream of events, from the requested cursor.
pub async fn stream(
    request: &HttpRequest,
    shop: &Shop,
    context: &RequestContext,
    input: Value,
) -> Result<HttpResponse, Error> {
    let watch = shop.watch(context, resume(request, input)).await?;
    let mut response = HttpResponse::Ok();
    response.content_type(EVENT_STREAM).insert_header((header::CACHE_CONTROL, "no-store"));
    if request.method() == Method::HEAD {
        // RFC 9110 section 9.3.2: the head alone, without a length, which is unknown.
        return Ok(response.body(EmptyBody::new()));
    }
    let (drain, cursor) = (Shutdown::of(request), watch.cursor());
    let lines = Lines {
        news: Box::pin(lagging(watch, shop.clone(), context.clone())),
        beats: interval(Duration::from_millis(SocketConfig::of(request).heartbeat_ms.max(1))),
        draining: Box::pin(async move { drain.started().await }),
        cursor,
        has_begun: false,
        has_ended: false,
    };
    Ok(response.streaming(lines))
}

/// A browser that reconnects sends the last id in `Last-Event-ID`, which takes precedence over the cursor of the address.
fn resume(request: &HttpRequest, input: Value) -> Value {
    let last = request.headers().get("last-event-id").and_then(|id| id.to_str().ok()).filter(|id| !id.is_empty());
    match (input, last) {
        (Value::Object(mut members), Some(last)) => {
            members.retain(|(name, _)| name != "after");
            members.push(("after".to_owned(), Value::RawText(last.to_owned())));
            Value::Object(members)
        }
        (input, _) => input,
    }
}

/// The blocks of a stream.
struct Lines {
    news: Pin<Box<dyn Stream<Item = Result<StreamItem, Error>>>>,
    beats: Interval,
    draining: Pin<Box<dyn Future<Output = ()>>>,
    /// The cursor of the client.
    cursor: i32,
    has_begun: bool,
    has_ended: bool,
}

impl Lines {
    /// The next block; `None` at the end of the stream.
    fn poll_block(&mut self, task: &mut Context<'_>) -> Poll<Option<String>> {
        if !self.has_begun {
            self.has_begun = true;
            // The first tick is at once, and this block counts as one.
            self.beats.reset();
            return Poll::Ready(Some(format!("retry: {SSE_RETRY_MS}\nid: {}\n\n", self.cursor)));
        }
        if self.has_ended {
            return Poll::Ready(None);
        }
        if self.draining.as_mut().poll(task).is_ready() {
            let message = format!("the server is shutting down; resume after {}", self.cursor);
            return Poll::Ready(Some(self.end(&Error::new(Reason::Draining, message))));
        }
        while let Poll::Ready(news) = self.news.as_mut().poll_next(task) {
            match news {
                Some(Ok(news)) => {
                    self.cursor = news.cursor();
                    if let StreamItem::Event(event) = news {
                        return Poll::Ready(Some(block(&event)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(self.end(&error))),
                None => return Poll::Ready(None),
            }
        }
        self.beats.poll_tick(task).map(|_| Some(format!(": heartbeat\nid: {}\n\n", self.cursor)))
    }

    fn end(&mut self, error: &Error) -> String {
        self.has_ended = true;
        format!("event: error\ndata: {}\n\n", wire::json::error_object(error, true))
    }
}

impl Stream for Lines {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_block(task).map(|block| block.map(Bytes::from).map(Ok))
    }
}

fn block(event: &Event) -> String {
    let mut encoder = JsonEncoder::default();
    event.write(&mut encoder);
    format!("id: {}\nevent: {}\ndata: {}\n\n", event.seq, event.kind.word(), encoder.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn waits(prefer: &str, mut input: Vec<(String, Value)>) -> (Option<Value>, Option<String>) {
        let request = TestRequest::default().insert_header((PREFER, prefer)).to_http_request();
        let applied = add_wait(&request, &mut input);
        let wait = input.into_iter().find(|(name, _)| name == WAIT).map(|(_, value)| value);
        (wait, applied.map(|applied| applied.to_str().unwrap().to_owned()))
    }

    #[test]
    fn a_preferred_wait_is_kept_as_far_as_may_be() {
        let wait = |prefer| waits(prefer, vec![("after".to_owned(), 1.into())]);
        assert_eq!(wait("wait=20"), (Some(Value::Int(20)), Some("wait=20".to_owned())));
        assert_eq!(wait("respond-async, Wait = \"5\"; x"), (Some(Value::Int(5)), Some("wait=5".to_owned())));
        assert_eq!(wait("wait=3600"), (Some(Value::Int(30)), Some("wait=30".to_owned())));
        for nothing in ["return=minimal", "wait", "wait=soon", "wait=-1"] {
            assert_eq!(wait(nothing), (None, None), "{nothing}");
        }
        assert_eq!(waits("wait=20", vec![(WAIT.to_owned(), "7".into())]), (Some("7".into()), None));
    }
}
