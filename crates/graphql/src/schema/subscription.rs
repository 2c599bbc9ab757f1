//! The subscription, and how far it has come.

use crate::errors::of_field;
use crate::messages::events::Event;
use crate::messages::input::{self, arguments};
use async_graphql::{Context, ID, Result};
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

/// The streams of the shop.
#[async_graphql::Subscription]
impl Subscription {
    /// Streams events as they happen.
    async fn order_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "First the events after this `seq`, then new ones; only new ones if absent.")] after: Option<
            i32,
        >,
        #[graphql(desc = "Only events of this user's orders.")] user_id: Option<ID>,
    ) -> Result<BoxStream<'static, Result<Event>>> {
        let input = input::read(WatchEvents::OBJECT, arguments!(after, user_id));
        let (shop, context) = (ctx.data::<Shop>()?, ctx.data::<RequestContext>()?);
        let watch = shop.watch(context, input).await.map_err(of_field)?;
        let progress = ctx.data_opt::<Progress>().cloned().unwrap_or_default();
        progress.begin(watch.cursor());
        let items = lagging(watch, shop.clone(), context.clone());
        let events = items.filter_map(move |item| {
            if let Ok(item) = &item {
                progress.go_on(item.cursor());
            }
            ready(match item {
                Ok(StreamItem::Event(event)) => Some(Ok(Event(event))),
                Ok(StreamItem::Bookmark(_)) => None,
                Err(error) => Some(Err(of_field(error))),
            })
        });
        Ok(events.boxed())
    }
}

/// The cursor of a subscription: the selection of a document need not contain it.
#[derive(Clone, Default)]
pub struct Progress(Arc<(OnceLock<i32>, AtomicI32)>);

impl Progress {
    fn begin(&self, cursor: i32) {
        self.0.1.store(*self.0.0.get_or_init(|| cursor), Ordering::Release);
    }

    fn go_on(&self, cursor: i32) {
        self.0.1.store(cursor, Ordering::Release);
    }

    /// Where it started; `None` before that.
    pub fn start(&self) -> Option<i32> {
        self.0.0.get().copied()
    }

    /// The current cursor; `None` before it has started.
    pub fn cursor(&self) -> Option<i32> {
        self.start().map(|_| self.0.1.load(Ordering::Acquire))
    }
}
