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
//! Queries and mutations may come over it too: one `next`, then `complete`.

mod frames;
mod socket;

pub use socket::open;

use crate::errors::of_field;
use crate::messages::Int;
use crate::messages::events::Event;
use crate::messages::input::{self, arguments, given};
use async_graphql::{Context, ID};
use domain::events::WatchEvents;
use domain::{Meta, Shop};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;

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
        let watch = ctx.data::<Shop>()?.watch(ctx.data::<Meta>()?, input).await.map_err(|error| of_field(&error))?;
        Ok(watch.map(|event| event.map(Event).map_err(|error| of_field(&error))).boxed())
    }
}
