//! The rules of events: appending to the log, and reading it page by page.

use super::signal::Listener;
use super::{Event, EventKind, EventPage, ListEvents, WatchEvents};
use crate::access::Caller;
use crate::context::Context;
use crate::error::{Error, Reason};
use crate::limits::{EVENTS_KEPT_MIN, EVENTS_KEPT_SECONDS, EVENTS_SWEEP_EVERY, PAGE_ITEMS_DEFAULT};
use crate::long_poll::either;
use crate::orders::Order;
use crate::request::RequestContext;
use crate::schema::Int;
use crate::services::Services;
use crate::store::{Records, Sequence, Transaction};
use crate::time::Timestamp;
use crate::users::{self, UserId};
use crate::webhooks;

/// list_events: a page of the log. Where it would be empty, the call waits for the first event if asked to.
pub async fn list(
    services: &Services,
    request: &RequestContext,
    context: Context,
    input: ListEvents,
) -> Result<EventPage, Error> {
    let reset_ms = input.wait_seconds.map_or(0, Int::get).unsigned_abs() * 1_000;
    if reset_ms == 0 {
        return read_page(services, request, &context, &input).await;
    }
    // Listen first, then read: an event in between is not missed.
    let mut listener = Listener::new(services.store.event_signal(&request.sandbox));
    listener.listen();
    let page = read_page(services, request, &context, &input).await?;
    if !page.items.is_empty() {
        return Ok(page);
    }
    let Some(_waiting) = services.wait_once(request)? else { return Ok(page) };
    let mut time_is_up = services.timer.after(reset_ms);
    while either(&mut time_is_up, listener.notified()).await.is_some_and(|notified| notified.is_ok()) {
        context.caller.ensure_still_known(services.settings(request))?;
        let page = read_page(services, request, &context, &input).await?;
        if !page.items.is_empty() {
            return Ok(page);
        }
    }
    // Check again: if the sandbox was reset meanwhile, the cursor has expired.
    read_page(services, request, &context, &input).await
}

async fn read_page(
    services: &Services,
    request: &RequestContext,
    context: &Context,
    input: &ListEvents,
) -> Result<EventPage, Error> {
    let (after, limit) =
        (input.after.map(Int::get), input.limit.map_or(PAGE_ITEMS_DEFAULT, |limit| limit.get() as u32));
    let only = context.caller.only();
    services.query(request, move |records| page(records, after, only, limit)).await
}

/// Appends what happened to an order to the log.
pub fn append(shop: &mut dyn Transaction, context: &Context, kind: EventKind, order: &Order) -> Result<(), Error> {
    let seq = shop.next(Sequence::Events)?;
    let (order_id, user_id, status) = (order.id, order.user_id, order.status);
    let event = Event { seq, kind, order_id, user_id, status, at: context.now };
    shop.append_event(&event)?;
    webhooks::enqueue(shop, context, &event)?;
    if seq % EVENTS_SWEEP_EVERY == 0 {
        shop.delete_events(seq - EVENTS_KEPT_MIN, Timestamp(context.now.0 - EVENTS_KEPT_SECONDS))?;
    }
    Ok(())
}

/// The user whose events the caller sees, who asked for those of `wanted` or for all.
pub fn seen_by(caller: &Caller, wanted: Option<UserId>) -> Result<Option<UserId>, Error> {
    wanted.map_or(Ok(()), |user| caller.require_owner_or_staff(user))?;
    Ok(wanted.or(caller.only()))
}

/// Where a watcher starts: after `input.after`, or after the newest event.
pub fn start(shop: &dyn Records, input: &WatchEvents) -> Result<i32, Error> {
    if let Some(user_id) = input.user_id {
        users::existing(shop, user_id)?;
    }
    let newest = shop.last_seq()?;
    input.after.map_or(Ok(newest), |after| ensure_kept(shop, after.get(), newest).map(|()| after.get()))
}

/// A page of the log after a cursor, or from the oldest event. Its `next` is how far the log was read; that is beyond the
/// last item where events of other users were skipped.
pub(super) fn page(
    shop: &dyn Records,
    after: Option<i32>,
    user: Option<UserId>,
    limit: u32,
) -> Result<EventPage, Error> {
    let newest = shop.last_seq()?;
    after.map_or(Ok(()), |after| ensure_kept(shop, after, newest))?;
    let items = shop.events(after.unwrap_or(0), user, limit)?;
    let is_full = items.len() == limit as usize;
    let next = items.last().filter(|_| is_full).map_or(newest, |event| event.seq);
    Ok(EventPage { items, next })
}

/// Refuses a cursor whose next event is no longer kept, and a cursor that this log never issued.
fn ensure_kept(shop: &dyn Records, after: i32, newest: i32) -> Result<(), Error> {
    if after > newest {
        let message =
            format!("the newest event is {newest}, so {after} is no cursor of this log: the sandbox was reset");
        return Err(Error::new(Reason::CursorExpired, message));
    }
    // With so few events none has been deleted yet: the usual case, without a query.
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
