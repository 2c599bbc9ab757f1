//! Events: `WatchEvents` is a method whose response is a stream of messages.
//!
//! The stream starts after the requested cursor. When the server shuts down, or an event can no longer be sent, the trailers say why; the
//! client calls again with the `seq` of its last event. A quiet connection is kept open by pings of HTTP/2, so there are no heartbeats.

use crate::errors::{Refusal, within};
use crate::messages::{Form, begin, trailers};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::events::{Event, StreamItem, WatchEvents};
use domain::{Error, Reason, RequestContext, Shop, Value};
use futures_util::stream::{LocalBoxStream, StreamExt, unfold};
use std::convert::Infallible;
use std::future::pending;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::{Sleep, sleep};
use wire::latency::lagging;
use wire::shutdown::Shutdown;
use wire::trailers::Trailers;

/// Whether `watch_events` streams in this style.
pub const STREAMS: bool = true;

/// The stream of events, from the requested cursor.
pub async fn stream(
    request: &HttpRequest,
    shop: &Shop,
    context: &RequestContext,
    form: Form,
    input: Value,
    deadline: Option<u64>,
) -> Result<HttpResponse, Refusal> {
    // It runs from here on, also while the stream begins.
    let timer = deadline.map(|ms| (Box::pin(sleep(Duration::from_millis(ms))), ms));
    let watch = within(deadline, shop.watch(context, input)).await??;
    let trailers = Trailers::default();
    let frames = Frames {
        form,
        is_gzip: form.accepts_gzip(request),
        cursor: watch.cursor(),
        events: lagging(watch, shop.clone(), context.clone()).boxed_local(),
        shutdown: Shutdown::of(request),
        deadline: timer,
        trailers: trailers.clone(),
        has_ended: false,
    };
    let mut response = begin(form, frames.is_gzip);
    let frames = unfold(frames, |mut frames| async { Some((frames.next().await?, frames)) });
    let mut response = response.streaming(frames.map(Ok::<_, Infallible>));
    if form == Form::Grpc {
        trailers.add_to(&mut response);
    }
    Ok(response)
}

/// The messages of a stream.
struct Frames {
    form: Form,
    is_gzip: bool,
    events: LocalBoxStream<'static, Result<StreamItem, Error>>,
    /// The cursor of the client.
    cursor: i32,
    shutdown: Shutdown,
    deadline: Option<(Pin<Box<Sleep>>, u64)>,
    trailers: Trailers,
    has_ended: bool,
}

impl Frames {
    /// The next piece of the body; `None` at the end of the stream.
    async fn next(&mut self) -> Option<Bytes> {
        while !self.has_ended {
            let refusal = tokio::select! {
                biased;
                () = self.shutdown.started() => {
                    let message = format!("the server is shutting down; resume after {}", self.cursor);
                    Error::new(Reason::Draining, message).into()
                }
                ms = passed(&mut self.deadline) => Refusal::deadline_exceeded(ms),
                item = self.events.next() => match item? {
                    Ok(item) => {
                        self.cursor = item.cursor();
                        match item {
                            StreamItem::Event(event) => return Some(self.frame(&event)),
                            StreamItem::Bookmark(_) => continue,
                        }
                    }
                    Err(error) => error.into(),
                },
            };
            self.has_ended = true;
            self.trailers.replace(trailers(Some(&refusal)));
            return self.form.end(Some(&refusal));
        }
        None
    }

    fn frame(&self, event: &Event) -> Bytes {
        self.form.frame(self.form.reply(WatchEvents::ROW, event), self.is_gzip)
    }
}

/// Waits until the deadline has passed.
async fn passed(deadline: &mut Option<(Pin<Box<Sleep>>, u64)>) -> u64 {
    match deadline {
        Some((sleep, ms)) => {
            sleep.as_mut().await;
            *ms
        }
        None => pending().await,
    }
}
