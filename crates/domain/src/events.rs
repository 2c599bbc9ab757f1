//! Events: the news of the shop, as a log and a bell. The log is the truth, the bell only wakes.
//!
//! An event is a row, written in the transaction of the change that it tells of. Whoever follows reads the log after a cursor of
//! the own, tells what is there, and waits for the bell: so nobody misses an event or hears one twice, however slow, and after a
//! break one goes on where one was.

mod bell;
mod watch;

pub use bell::{Bell, Listener};
pub use watch::{News, Watch};

use crate::access::Caller;
use crate::error::{Error, Reason};
use crate::limits::{
    EVENTS_KEPT_MIN, EVENTS_KEPT_SECONDS, EVENTS_SWEEP_EVERY, INTEGER_MAX, PAGE_ITEMS_DEFAULT, WAIT_SECONDS_MAX,
};
use crate::meta::Meta;
use crate::orders::{Order, OrderId, OrderStatus};
use crate::page::Limit;
use crate::shape::Int;
use crate::shop::{Context, Shop};
use crate::store::{Changes, Numbered, Records};
use crate::time::Timestamp;
use crate::users::UserId;
use crate::waiting::either;
use crate::{input, output, words};

words! {
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

/// list_events: a page of the log; where it would be empty, after a wait for the first event.
pub async fn list(shop: &Shop, meta: &Meta, context: Context, input: ListEvents) -> Result<EventPage, Error> {
    let wait_ms = input.wait_seconds.map_or(0, Int::get).unsigned_abs() * 1_000;
    if wait_ms == 0 {
        return read_page(shop, meta, &context, &input).await;
    }
    // The bell first: what rings between here and the reading of the log is heard.
    let mut listener = Listener::new(shop.store().bell(&meta.sandbox));
    listener.listen();
    let page = read_page(shop, meta, &context, &input).await?;
    if !page.items.is_empty() {
        return Ok(page);
    }
    let Some(_waiting) = shop.wait_once(meta)? else { return Ok(page) };
    let mut time_is_up = shop.timer().after(wait_ms);
    while either(&mut time_is_up, listener.rung()).await.is_some_and(|rung| rung.is_ok()) {
        context.caller.ensure_still_known(shop.settings(meta))?;
        let page = read_page(shop, meta, &context, &input).await?;
        if !page.items.is_empty() {
            return Ok(page);
        }
    }
    // Once more: after a reset of the sandbox the cursor may have expired.
    read_page(shop, meta, &context, &input).await
}

async fn read_page(shop: &Shop, meta: &Meta, context: &Context, input: &ListEvents) -> Result<EventPage, Error> {
    let (after, limit) =
        (input.after.map(Int::get), input.limit.map_or(PAGE_ITEMS_DEFAULT, |limit| limit.get() as u32));
    let only = context.caller.only();
    shop.look(meta, move |records| page(records, after, only, limit)).await
}

/// Writes to the log what happened to an order.
pub fn append(shop: &mut dyn Changes, context: &Context, kind: EventKind, order: &Order) -> Result<(), Error> {
    let seq = shop.next(Numbered::Events)?;
    let (order_id, user_id, status) = (order.id, order.user_id, order.status);
    let event = Event { seq, kind, order_id, user_id, status, at: context.now };
    shop.append_event(&event)?;
    crate::webhooks::enqueue(shop, context, &event)?;
    if seq % EVENTS_SWEEP_EVERY == 0 {
        shop.forget_events(seq - EVENTS_KEPT_MIN, Timestamp(context.now.0 - EVENTS_KEPT_SECONDS))?;
    }
    Ok(())
}

/// Whose events a caller is told of who wants those of that user, or all that there are.
pub fn seen_by(caller: &Caller, wanted: Option<UserId>) -> Result<Option<UserId>, Error> {
    wanted.map_or(Ok(()), |user| caller.must_be(user))?;
    Ok(wanted.or(caller.only()))
}

/// Where a watcher begins, which is after the newest event unless it says.
pub fn start(shop: &dyn Records, input: &WatchEvents) -> Result<i32, Error> {
    if let Some(user_id) = input.user_id {
        crate::users::existing(shop, user_id)?;
    }
    let newest = shop.last_seq()?;
    input.after.map_or(Ok(newest), |after| ensure_kept(shop, after.get(), newest).map(|()| after.get()))
}

/// A part of the log after a cursor, or from the oldest event on. Its `next` is how far the log has been read: where events of
/// others were passed over, that is beyond the last of the items.
fn page(shop: &dyn Records, after: Option<i32>, user: Option<UserId>, limit: u32) -> Result<EventPage, Error> {
    let newest = shop.last_seq()?;
    after.map_or(Ok(()), |after| ensure_kept(shop, after, newest))?;
    let items = shop.events(after.unwrap_or(0), user, limit)?;
    let is_full = items.len() == limit as usize;
    let next = items.last().filter(|_| is_full).map_or(newest, |event| event.seq);
    Ok(EventPage { items, next })
}

/// Refuses a cursor whose next event is no longer kept, and one that this log has never given out.
fn ensure_kept(shop: &dyn Records, after: i32, newest: i32) -> Result<(), Error> {
    if after > newest {
        let message = format!("there are {newest} events, so none after {after}: the sandbox was reset since");
        return Err(Error::new(Reason::CursorExpired, message));
    }
    // Too few events for any to have been forgotten: the usual case, which costs no look.
    if newest <= EVENTS_KEPT_MIN {
        return Ok(());
    }
    match shop.first_seq()? {
        Some(oldest) if after < oldest - 1 => {
            let message = format!("events before {oldest} are no longer kept, and the cursor is {after}");
            Err(Error::new(Reason::CursorExpired, message))
        }
        _ => Ok(()),
    }
}
