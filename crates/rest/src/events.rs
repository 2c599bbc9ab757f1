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

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use domain::events::{Event, StreamItem};
use domain::limits::WAIT_SECONDS_MAX;
use domain::schema::Encode;
use domain::{Error, Reason, RequestContext, Shop, Value};
use futures_util::stream::{LocalBoxStream, StreamExt};
use wire::IncomingRequest;
use wire::event_stream::{Blocks, EVENT_STREAM, event_stream};
use wire::json::JsonEncoder;
use wire::latency::lagging;

/// Whether `watch_events` is pushed.
pub const STREAMS: bool = true;
pub const WATCH: &str = "watch_events";
pub const LIST: &str = "list_events";
/// The header with the applied wait (RFC 7240 section 3).
pub const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// The input member with the wait.
const WAIT: &str = "wait_seconds";

/// Whether the request asks for a stream rather than for a page.
pub fn wants_stream(request: &dyn IncomingRequest) -> bool {
    wire::accept::names(request.headers(), EVENT_STREAM)
}

/// Adds the preferred wait (RFC 7240 section 4.3) to the input, and returns the header that reports it. The query takes precedence.
pub fn add_wait(request: &HttpRequest, input: &mut Vec<(String, Value)>) -> Option<HeaderValue> {
    let preferred = request.headers().get_all("prefer").find_map(|prefer| preferred_wait(prefer.to_str().ok()?));
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
    mut input: Vec<(String, Value)>,
) -> Result<HttpResponse, Error> {
    // A browser that reconnects sends the last id in `Last-Event-ID`, which takes precedence over the cursor of the address.
    let last_id = request.headers().get("last-event-id").and_then(|id| id.to_str().ok());
    if let Some(last_id) = last_id.filter(|id| !id.is_empty()) {
        input.retain(|(name, _)| name != "after");
        input.push(("after".to_owned(), Value::RawText(last_id.to_owned())));
    }
    let watch = shop.watch(context, Value::Object(input)).await?;
    let cursor = watch.cursor();
    let events = lagging(watch, shop.clone(), context.clone()).boxed_local();
    Ok(event_stream(request, EventBlocks { events, cursor }))
}

struct EventBlocks {
    events: LocalBoxStream<'static, Result<StreamItem, Error>>,
    /// The cursor of the client.
    cursor: i32,
}

impl Blocks for EventBlocks {
    fn first(&self) -> String {
        format!("id: {}\n\n", self.cursor)
    }

    async fn next(&mut self) -> Option<Result<String, Error>> {
        loop {
            match self.events.next().await? {
                Ok(item) => {
                    self.cursor = item.cursor();
                    if let StreamItem::Event(event) = item {
                        return Some(Ok(block(&event)));
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }

    fn heartbeat(&self) -> String {
        format!(": heartbeat\nid: {}\n\n", self.cursor)
    }

    fn draining(&self) -> Error {
        Error::new(Reason::Draining, format!("the server is shutting down; resume after {}", self.cursor))
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
        let request = TestRequest::default().insert_header(("prefer", prefer)).to_http_request();
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
