//! Delays and faults of a response.
//!
//! A sandbox's simulated round-trip time delays each round trip, whatever its bytes: so a chatty design is slow on a laptop without a
//! network as it would be over one. An injected fault delays, drops or cuts a response. The pipeline records both
//! ([`domain::request::Latency`]), and the code that sends the response applies them here.

use crate::limits::NEWS_UNDER_WAY_MAX;
use domain::faults::{FaultSpec, ResponseFault};
use domain::request::ResponseMetadata;
use domain::{RequestContext, Shop};
use futures_util::{Stream, StreamExt};
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// Waits as long as a response is delayed, and returns how much of it is sent. `round_trips` is their number: one
/// for a request and its response, and one for a new connection.
pub async fn hold(metadata: &ResponseMetadata, round_trips: u32) -> ResponseFault {
    let Some(latency) = metadata.latency() else { return ResponseFault::Whole };
    wait(latency.rtt_ms * round_trips + delay_of(&latency.fault)).await;
    latency.fault.response
}

/// Waits as long as a WebSocket takes to open: a round trip for its connection, one for its handshake.
pub async fn connected(shop: &Shop, context: &RequestContext) {
    wait(shop.settings(context).rtt_ms * 2).await;
}

/// The delay of an event, which is no response: half a round trip.
pub fn one_way(shop: &Shop, context: &RequestContext) -> Duration {
    Duration::from_millis(shop.settings(context).rtt_ms.into()) / 2
}

/// Events as they arrive: each comes out half a round trip after it came in. None overtakes another, and none
/// waits for another to arrive.
pub fn lagging<S: Stream<Item: Unpin> + Unpin>(
    events: S,
    shop: Shop,
    context: RequestContext,
) -> impl Stream<Item = S::Item> {
    late(events, move || one_way(&shop, &context))
}

fn late<S: Stream<Item: Unpin> + Unpin>(events: S, lag: impl Fn() -> Duration + Unpin) -> impl Stream<Item = S::Item> {
    Late { events, lag, under_way: VecDeque::new(), has_ended: false }
}

/// Events on their way. Without a delay there are none: an event that is not read stays in the log, so that
/// a client that does not read costs no memory but a cursor.
struct Late<S: Stream, L> {
    events: S,
    /// The delay of the next event.
    lag: L,
    under_way: VecDeque<(Pin<Box<Sleep>>, S::Item)>,
    has_ended: bool,
}

impl<S: Stream<Item: Unpin> + Unpin, L: Fn() -> Duration + Unpin> Stream for Late<S, L> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let this = &mut *self;
        while !this.has_ended && this.under_way.len() < NEWS_UNDER_WAY_MAX {
            match this.events.poll_next_unpin(task) {
                Poll::Pending => break,
                Poll::Ready(None) => this.has_ended = true,
                Poll::Ready(Some(one)) => match (this.lag)() {
                    Duration::ZERO if this.under_way.is_empty() => return Poll::Ready(Some(one)),
                    lag => this.under_way.push_back((Box::pin(sleep(lag)), one)),
                },
            }
        }
        match this.under_way.front_mut() {
            Some((arriving, _)) => {
                ready!(arriving.as_mut().poll(task));
                Poll::Ready(this.under_way.pop_front().map(|(_, one)| one))
            }
            None if this.has_ended => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

async fn wait(ms: u32) {
    if ms > 0 {
        sleep(Duration::from_millis(ms.into())).await;
    }
}

fn delay_of(fault: &FaultSpec) -> u32 {
    let jitter = if fault.jitter_ms == 0 { 0 } else { fastrand::u32(0..=fault.jitter_ms) };
    fault.delay_ms + jitter
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream::iter;
    use std::cell::Cell;
    use tokio::time::Instant;

    #[actix_web::test]
    async fn without_a_way_nothing_is_taken_before_it_is_asked_for() {
        let taken = Cell::new(0);
        let events = iter(0..100).inspect(|_| taken.set(taken.get() + 1));
        let mut arriving = late(events, || Duration::ZERO);
        assert_eq!((arriving.next().await, taken.get()), (Some(0), 1));
        assert_eq!((arriving.next().await, taken.get()), (Some(1), 2));
        assert_eq!(arriving.count().await, 98);
    }

    #[actix_web::test]
    async fn news_neither_overtake_nor_wait_for_each_other() {
        let (started, delay) = (Instant::now(), Cell::new(200));
        // Each has a shorter delay than the one before, and still comes after it.
        let under_way = || {
            delay.set(delay.get() - 1);
            Duration::from_millis(delay.get())
        };
        let items: Vec<i32> = late(iter(0..100), under_way).collect().await;
        assert!(items.is_sorted() && items.len() == 100);
        let took = started.elapsed();
        assert!(took >= Duration::from_millis(199), "{took:?}");
        assert!(took < Duration::from_secs(5), "one after the other it would be 15 s, was {took:?}");
    }
}
