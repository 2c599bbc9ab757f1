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

mod frames;
mod socket;

pub use socket::{FORBIDDEN, open};

use crate::errors::of_field;
use crate::messages::Int;
use crate::messages::events::Event;
use crate::messages::input::{self, arguments, given};
use async_graphql::{Context, ID};
use domain::events::WatchEvents;
use domain::{Meta, Shop};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use wire::pace::lagging;

/// The fields of a subscription.
pub struct Subscription;

/// What can be listened to.
#[async_graphql::Subscription]
impl Subscription {
    /// Tells what happens, as it happens.
    async fn order_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Events after this `seq`, then whatever comes; from now on if absent.")] after: Option<Int>,
        #[graphql(desc = "Only events of this user's orders.")] user_id: Option<ID>,
    ) -> async_graphql::Result<BoxStream<'static, async_graphql::Result<Event>>> {
        let given = arguments([("after", given(after)), ("userId", given(user_id))]);
        let input = input::read(WatchEvents::RECORD, given);
        let (shop, meta) = (ctx.data::<Shop>()?, ctx.data::<Meta>()?);
        let watch = shop.watch(meta, input).await.map_err(|error| of_field(&error))?;
        let news = lagging(watch, shop.clone(), meta.clone());
        Ok(news.map(|event| event.map(Event).map_err(|error| of_field(&error))).boxed())
    }
}
