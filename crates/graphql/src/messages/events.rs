//! How are events said?

use super::DateTime;
use super::orders::OrderStatus;
use async_graphql::{Enum, ID, Object};
use domain::events;

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "events::EventKind")]
#[allow(clippy::enum_variant_names, reason = "the dictionary's words: order.placed and so on")]
pub enum EventKind {
    /// An order was placed.
    OrderPlaced,
    /// It was paid.
    OrderPaid,
    /// It was shipped.
    OrderShipped,
    /// It was delivered.
    OrderDelivered,
    /// It was cancelled.
    OrderCancelled,
}

/// Something that happened to an order.
pub struct Event(pub events::Event);

/// Something that happened to an order.
#[Object]
impl Event {
    /// Its place in the log of the sandbox: dense, growing from 1.
    async fn seq(&self) -> i32 {
        self.0.seq
    }

    /// What happened.
    async fn kind(&self) -> EventKind {
        self.0.kind.into()
    }

    /// To which order.
    async fn order_id(&self) -> ID {
        self.0.order_id.0.into()
    }

    /// Whose order it is.
    async fn user_id(&self) -> ID {
        self.0.user_id.0.into()
    }

    /// The order's status since then.
    async fn status(&self) -> OrderStatus {
        self.0.status.into()
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// A part of the log.
pub struct EventPage(pub events::EventPage);

/// A part of the log.
#[Object]
impl EventPage {
    /// The events, in ascending `seq`.
    async fn nodes(&self) -> Vec<Event> {
        self.0.items.iter().cloned().map(Event).collect()
    }

    /// Give it as `after` to get what came later; always there.
    async fn next(&self) -> i32 {
        self.0.next
    }
}
