//! Events: the news of the shop, as a log and a bell. The log is the truth, the bell only wakes.
//!
//! An event is a row, written in the transaction of the change that it tells of. Whoever follows reads the log after a cursor of
//! the own, tells what is there, and waits for the bell: so nobody misses an event or hears one twice, however slow, and after a
//! break one goes on where one was.

mod rules;
mod signal;
mod watch;

pub use rules::{append, list, seen_by, start};
pub use signal::{EventSignal, Listener};
pub use watch::{StreamItem, Watch};

use crate::limits::{INTEGER_MAX, WAIT_SECONDS_MAX};
use crate::orders::{OrderId, OrderStatus};
use crate::page::Limit;
use crate::schema::Int;
use crate::time::Timestamp;
use crate::users::UserId;
use crate::{enumeration, input, output};

enumeration! {
    /// What happened.
    EventKind {
        /// An order was placed.
        OrderPlaced = "order.placed",
        /// It was paid.
        OrderPaid = "order.paid",
        /// It was shipped.
        OrderShipped = "order.shipped",
        /// It was delivered.
        OrderDelivered = "order.delivered",
        /// It was cancelled.
        OrderCancelled = "order.cancelled",
    }
}

impl EventKind {
    /// What happened when an order came to this status.
    pub fn of(status: OrderStatus) -> Self {
        match status {
            OrderStatus::Placed => EventKind::OrderPlaced,
            OrderStatus::Paid => EventKind::OrderPaid,
            OrderStatus::Shipped => EventKind::OrderShipped,
            OrderStatus::Delivered => EventKind::OrderDelivered,
            OrderStatus::Cancelled => EventKind::OrderCancelled,
        }
    }
}

output! {
    /// Something that happened to an order.
    pub struct Event {
        /// Its place in the log of the sandbox: dense, growing from 1.
        seq: i32,
        /// What happened.
        kind: EventKind,
        /// To which order.
        order_id: OrderId,
        /// Whose order it is.
        user_id: UserId,
        /// The order's status since then.
        status: OrderStatus,
        /// When it happened.
        at: Timestamp,
    }
}

output! {
    /// A part of the log.
    pub struct EventPage {
        /// The events, in ascending `seq`.
        items: Vec<Event>,
        /// Give it as `after` to get what came later; always there.
        next: i32,
    }
}

/// A sequence number to start after.
pub type AfterSeq = Int<0, INTEGER_MAX>;

input! {
    /// Which part of the log.
    pub struct ListEvents {
        /// Only events after this `seq`; from the oldest if absent.
        after: Option<AfterSeq>,
        /// The most items of the page; 20 if absent.
        limit: Option<Limit>,
        /// How many seconds to wait for an event, if there is none yet; no time if absent. The answer comes with the first.
        wait_seconds: Option<Int<0, WAIT_SECONDS_MAX>>,
    }
}

input! {
    /// Which news to be told.
    pub struct WatchEvents {
        /// Events after this `seq`, then whatever comes; from now on if absent.
        after: Option<AfterSeq>,
        /// Only events of this user's orders.
        user_id: Option<UserId>,
    }
}
