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
//! Who comes back says by `Last-Event-ID` where to go on. Each event has its `seq` as id; so have the first block and the
//! heartbeats, which without data are told to nobody, but remembered (section 9.2.6). The last block of a stream that ends has
//! the event `error` and says why.
//!
//! The same address gives pages to those who poll; `Prefer: wait=20` (RFC 7240 section 4.3) lets them wait there for the next
//! event: long polling.

use actix_web::body::None as NoBody;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
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

/// Whether `watch_events` streams here.
pub const STREAMS: bool = true;
/// The operation that streams.
pub const WATCH: &str = "watch_events";
/// The operation that gives pages of the same.
pub const LIST: &str = "list_events";
/// What says how long somebody would wait (RFC 7240 section 2).
pub const PREFER: &str = "prefer";
/// What says how long that is here (section 3).
pub const PREFERENCE_APPLIED: &str = "preference-applied";
/// The member of the input that says the same.
const WAIT: &str = "wait_seconds";
/// The media type of a stream.
const EVENT_STREAM: &str = "text/event-stream";

/// Whether the request asks for a stream rather than for a page.
pub fn wants_stream(request: &HttpRequest) -> bool {
    wire::accept::names(request.headers(), EVENT_STREAM)
}

/// The input with the wait that the request prefers, and what to say of it. What stands in the address counts more.
pub fn with_wait(request: &HttpRequest, input: Value) -> (Value, Option<HeaderValue>) {
    let Value::Object(mut members) = input else { return (input, None) };
    let preferred = request.headers().get_all(PREFER).filter_map(|prefer| preferred_wait(prefer.to_str().ok()?)).next();
    let Some(wanted) = preferred.filter(|_| members.iter().all(|(name, _)| name != WAIT)) else {
        return (Value::Object(members), None);
    };
    // A preference may be met in part (RFC 7240 section 2), and then it is said how far.
    let seconds = wanted.min(WAIT_SECONDS_MAX.unsigned_abs());
    members.push((WAIT.to_owned(), Value::Int(seconds.into())));
    (Value::Object(members), HeaderValue::from_str(&format!("wait={seconds}")).ok())
}

/// The seconds of `wait=20` among preferences with commas between. What can't be understood is no preference.
fn preferred_wait(prefer: &str) -> Option<u32> {
    prefer.split(',').find_map(|preference| {
        let (name, value) = preference.split(';').next()?.split_once('=')?;
        let is_wait = name.trim().eq_ignore_ascii_case("wait");
        is_wait.then(|| value.trim().trim_matches('"').parse().ok()).flatten()
    })
}

/// The stream of events, from where the request says.
pub async fn stream(
    request: &HttpRequest,
    shop: &Shop,
    meta: &RequestContext,
    input: Value,
) -> Result<HttpResponse, Error> {
    let watch = shop.watch(meta, resume(request, input)).await?;
    let mut response = HttpResponse::Ok();
    response.content_type(EVENT_STREAM).insert_header((header::CACHE_CONTROL, "no-store"));
    if request.method() == Method::HEAD {
        // RFC 9110 section 9.3.2: the head alone; and no length is said, as nobody knows it.
        return Ok(response.body(NoBody::new()));
    }
    let (drain, cursor) = (Shutdown::of(request), watch.cursor());
    let lines = Lines {
        news: Box::pin(lagging(watch, shop.clone(), meta.clone())),
        beats: interval(Duration::from_millis(SocketConfig::of(request).heartbeat_ms.max(1))),
        draining: Box::pin(async move { drain.started().await }),
        cursor,
        has_begun: false,
        has_ended: false,
    };
    Ok(response.streaming(lines))
}

/// A browser that reconnects says by `Last-Event-ID` what it heard last; that counts more than the address it began with.
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

/// What is sent, block by block.
struct Lines {
    news: Pin<Box<dyn Stream<Item = Result<StreamItem, Error>>>>,
    beats: Interval,
    draining: Pin<Box<dyn Future<Output = ()>>>,
    /// How far the client has been told.
    cursor: i32,
    has_begun: bool,
    has_ended: bool,
}

impl Lines {
    /// The next block, once there is one; nothing, when the stream is over.
    fn poll_block(&mut self, task: &mut Context<'_>) -> Poll<Option<String>> {
        if !self.has_begun {
            self.has_begun = true;
            // The first beat is at once, and this block is one already.
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
        self.beats.poll_tick(task).map(|_| Some(format!(": still here\nid: {}\n\n", self.cursor)))
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

    fn waits(prefer: &str, input: Value) -> (Option<Value>, Option<String>) {
        let request = TestRequest::default().insert_header((PREFER, prefer)).to_http_request();
        let (input, applied) = with_wait(&request, input);
        (input.get(WAIT).cloned(), applied.map(|applied| applied.to_str().unwrap().to_owned()))
    }

    #[test]
    fn a_preferred_wait_is_kept_as_far_as_may_be() {
        let wait = |prefer| waits(prefer, Value::object([("after", 1.into())]));
        assert_eq!(wait("wait=20"), (Some(Value::Int(20)), Some("wait=20".to_owned())));
        assert_eq!(wait("respond-async, Wait = \"5\"; x"), (Some(Value::Int(5)), Some("wait=5".to_owned())));
        assert_eq!(wait("wait=3600"), (Some(Value::Int(30)), Some("wait=30".to_owned())));
        for nothing in ["return=minimal", "wait", "wait=soon", "wait=-1"] {
            assert_eq!(wait(nothing), (None, None), "{nothing}");
        }
        let said = Value::object([(WAIT, "7".into())]);
        assert_eq!(waits("wait=20", said), (Some("7".into()), None));
    }
}
