//! Events in the graph.

use super::DateTime;
use super::orders::OrderStatus;
use async_graphql::{Enum, ID, Object};
use domain::events;

/// What happened to the order.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "events::EventKind")]
#[allow(clippy::enum_variant_names, reason = "the dictionary's words: order.placed and so on")]
pub enum EventKind {
    /// The order was placed.
    OrderPlaced,
    /// The order was paid.
    OrderPaid,
    /// The order was shipped.
    OrderShipped,
    /// The order was delivered.
    OrderDelivered,
    /// The order was cancelled.
    OrderCancelled,
}

/// Something that happened to an order.
pub struct Event(pub events::Event);

/// Something that happened to an order.
#[Object]
impl Event {
    /// The position in the sandbox's log: 1, 2, 3, ... without gaps.
    async fn seq(&self) -> i32 {
        self.0.seq
    }

    /// What happened.
    async fn kind(&self) -> EventKind {
        self.0.kind.into()
    }

    /// The id of the order.
    async fn order_id(&self) -> ID {
        self.0.order_id.0.into()
    }

    /// The id of the buyer.
    async fn user_id(&self) -> ID {
        self.0.user_id.0.into()
    }

    /// The status of the order after the event.
    async fn status(&self) -> OrderStatus {
        self.0.status.into()
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// A page of the event log.
pub struct EventPage(pub events::EventPage);

/// A page of the event log.
#[Object]
impl EventPage {
    /// The events, by ascending `seq`.
    async fn nodes(&self) -> Vec<Event> {
        self.0.items.iter().cloned().map(Event).collect()
    }

    /// The cursor: pass it as `after` to get later events. Always present.
    async fn next(&self) -> i32 {
        self.0.next
    }
}
