//! Events: what happened to orders, as a log and a signal. The log is the truth; the signal only wakes listeners.
//!
//! An event is a row, written in the transaction of the change that it reports. A listener reads the log after its own
//! cursor, delivers what is there, and waits for the signal. So no event is lost or delivered twice, however slow the
//! listener is, and after a broken connection it resumes at its cursor.

mod rules;
mod signal;
mod watch;

pub use rules::{append, list, seen_by, start};
pub use signal::{EventSignal, Listener};
pub(crate) use watch::WatchHooks;
pub use watch::{StreamItem, Watch};

use crate::limits::{INTEGER_MAX, WAIT_SECONDS_MAX};
use crate::orders::{OrderId, OrderStatus};
use crate::page::Limit;
use crate::schema::Int;
use crate::time::Timestamp;
use crate::users::UserId;
use crate::{enumeration, input, output};

enumeration! {
    /// What happened to the order.
    EventKind {
        /// The order was placed.
        OrderPlaced = "order.placed",
        /// The order was paid.
        OrderPaid = "order.paid",
        /// The order was shipped.
        OrderShipped = "order.shipped",
        /// The order was delivered.
        OrderDelivered = "order.delivered",
        /// The order was cancelled.
        OrderCancelled = "order.cancelled",
    }
}

impl EventKind {
    /// The kind of event for an order's new status.
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
        /// The position in the sandbox's log: 1, 2, 3, ... without gaps.
        seq: i32,
        /// What happened.
        kind: EventKind,
        /// The id of the order.
        order_id: OrderId,
        /// The id of the buyer.
        user_id: UserId,
        /// The status of the order after the event.
        status: OrderStatus,
        /// When it happened.
        at: Timestamp,
    }
}

output! {
    /// A page of the event log.
    pub struct EventPage {
        /// The events, by ascending `seq`.
        items: Vec<Event>,
        /// The cursor: pass it as `after` to get later events. Always present.
        next: i32,
    }
}

/// A sequence number after which to start.
pub type AfterSeq = Int<0, INTEGER_MAX>;

input! {
    /// Which page of the event log.
    pub struct ListEvents {
        /// Only events after this `seq`; from the oldest if absent.
        after: Option<AfterSeq>,
        /// The maximum number of items; 20 if absent.
        limit: Option<Limit>,
        /// How many seconds to wait for an event if there is none yet (long polling); 0 if absent. The response is sent at the first event.
        wait_seconds: Option<Int<0, WAIT_SECONDS_MAX>>,
    }
}

input! {
    /// Which events to stream.
    pub struct WatchEvents {
        /// First the events after this `seq`, then new ones; only new ones if absent.
        after: Option<AfterSeq>,
        /// Only events of this user's orders.
        user_id: Option<UserId>,
    }
}
