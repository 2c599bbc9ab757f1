//! How does it push news? As a subscription, over a WebSocket that speaks graphql-transport-ws.
//!
//! ```text
//! > {"type":"connection_init"}
//! < {"type":"connection_ack"}
//! > {"id":"1","type":"subscribe","payload":{"query":"subscription { orderEvents { seq kind orderId } }"}}
//! < {"id":"1","type":"next","payload":{"data":{"orderEvents":{"seq":42,"kind":"ORDER_PLACED","orderId":"7"}}}}
//! > {"id":"1","type":"complete"}
//! ```
//!
//! Queries and mutations may come over it too: one `next`, then `complete`. Each message is a request of its own at the door.
//!
//! The payload of `connection_init` may say who asks, in the place of the handshake's headers, which a browser can't set:
//! `{"X-API-Key": "..."}`, `{"token": "..."}` or `{"authorization": "Bearer ..."}`. Who is wrong about it is not acknowledged,
//! but closed out with 4403 and why. An idempotency key has no place here: one for the socket would make all its orders one.
//!
//! A subscription goes on where the last one ended if it is given the `seq` of the last event as `after`. When the server shuts
//! down, or a client does not read, the close frame says where to resume.

mod frames;
mod socket;

pub use socket::{FORBIDDEN, open};

use crate::errors::of_field;
use crate::messages::events::Event;
use crate::messages::input::{self, arguments, given};
use async_graphql::{Context, ID};
use domain::events::{StreamItem, WatchEvents};
use domain::{RequestContext, Shop};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use std::future::ready;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, OnceLock};
use wire::latency::lagging;

/// The fields of a subscription.
pub struct Subscription;

/// What can be listened to.
#[async_graphql::Subscription]
impl Subscription {
    /// Streams events as they happen.
    async fn order_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Events after this `seq`, then whatever comes; from now on if absent.")] after: Option<i32>,
        #[graphql(desc = "Only events of this user's orders.")] user_id: Option<ID>,
    ) -> async_graphql::Result<BoxStream<'static, async_graphql::Result<Event>>> {
        let given = arguments([("after", given(after)), ("userId", given(user_id))]);
        let input = input::read(WatchEvents::OBJECT, given);
        let (shop, meta) = (ctx.data::<Shop>()?, ctx.data::<RequestContext>()?);
        let watch = shop.watch(meta, input).await.map_err(|error| of_field(&error))?;
        let told = ctx.data_opt::<Told>().cloned().unwrap_or_default();
        told.begin(watch.cursor());
        let news = lagging(watch, shop.clone(), meta.clone());
        let said = news.filter_map(move |news| {
            let said = match news {
                Ok(news) => {
                    told.go_on(news.cursor());
                    match news {
                        StreamItem::Event(event) => Some(Ok(Event(event))),
                        StreamItem::Bookmark(_) => None,
                    }
                }
                Err(error) => Some(Err(of_field(&error))),
            };
            ready(said)
        });
        Ok(said.boxed())
    }
}

/// How far a subscription has been told, for whoever must say where to resume: what a document selects need not hold it.
#[derive(Clone, Default)]
pub struct Told(Arc<(OnceLock<i32>, AtomicI32)>);

impl Told {
    fn begin(&self, cursor: i32) {
        self.0.1.store(*self.0.0.get_or_init(|| cursor), Ordering::Release);
    }

    fn go_on(&self, cursor: i32) {
        self.0.1.store(cursor, Ordering::Release);
    }

    /// Where it began; nothing, if it has not.
    pub fn start(&self) -> Option<i32> {
        self.0.0.get().copied()
    }

    /// How far it is now; nothing, if it has not begun.
    pub fn cursor(&self) -> Option<i32> {
        self.start().map(|_| self.0.1.load(Ordering::Acquire))
    }
}
