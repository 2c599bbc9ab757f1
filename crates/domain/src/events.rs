//! Events: the news of the shop, as a log and a bell. The log is the truth, the bell only wakes.

use crate::access::{Caller, Who};
use crate::error::{Error, Reason};
use crate::limits::{INTEGER_MAX, PAGE_ITEMS_DEFAULT, WATCH_EVENTS_MAX};
use crate::meta::Meta;
use crate::operations::Reply;
use crate::orders::{Order, OrderId, OrderStatus};
use crate::page::Limit;
use crate::sandbox::{Access, Sandbox};
use crate::shape::Int;
use crate::shop::{Context, Shop};
use crate::store::{Changes, Numbered, Pending, Records};
use crate::time::Timestamp;
use crate::users::UserId;
use crate::{input, output, words};
use futures_core::Stream;
use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context as Task, Poll, Waker};

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

/// list_events
pub fn list(shop: &dyn Records, context: &Context, input: ListEvents) -> Result<EventPage, Error> {
    let after = input.after.map_or(0, Int::get);
    page(shop, after, context.caller.only(), input.limit.map_or(PAGE_ITEMS_DEFAULT, |limit| limit.get() as u32))
}

/// Writes to the log what happened to an order.
pub fn append(shop: &mut dyn Changes, context: &Context, kind: EventKind, order: &Order) -> Result<(), Error> {
    let seq = shop.next(Numbered::Events)?;
    let (order_id, user_id, status) = (order.id, order.user_id, order.status);
    shop.append_event(&Event { seq, kind, order_id, user_id, status, at: context.now })
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
    input.after.map_or_else(|| shop.last_seq(), |after| Ok(after.get()))
}

fn page(shop: &dyn Records, after: i32, user: Option<UserId>, limit: u32) -> Result<EventPage, Error> {
    let items = shop.events(after, user, limit)?;
    let next = items.last().map_or(after, |event| event.seq);
    Ok(EventPage { items, next })
}

/// What rings when a sandbox has news. It carries no news itself: who is woken reads the log after the own cursor.
#[derive(Default)]
pub struct Bell(Mutex<Rope>);

#[derive(Default)]
struct Rope {
    rung: u64,
    removed: bool,
    next_listener: u64,
    listeners: HashMap<u64, Waker>,
}

impl Bell {
    /// Wakes everyone who listens.
    pub fn ring(&self) {
        self.pull(|rope| rope.rung += 1);
    }

    /// The log is gone (its sandbox was reset or forgotten): wakes everyone for the last time.
    pub fn remove(&self) {
        self.pull(|rope| rope.removed = true);
    }

    fn pull(&self, change: impl FnOnce(&mut Rope)) {
        let listeners = {
            let mut rope = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut rope);
            std::mem::take(&mut rope.listeners)
        };
        listeners.into_values().for_each(Waker::wake);
    }

    fn with<T>(&self, look: impl FnOnce(&mut Rope) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The news, one after the other: ordered, without gap or repetition, from the log.
pub struct Watch {
    shop: Shop,
    protocol: &'static str,
    sandbox: Sandbox,
    caller: Caller,
    bell: Arc<Bell>,
    listener: u64,
    /// How often the bell had rung before the log was last read to its end.
    heard: Option<u64>,
    user: Option<UserId>,
    after: i32,
    read: VecDeque<Event>,
    reading: Option<Pending<Reply>>,
    ended: bool,
}

impl Watch {
    /// Watches the log of a sandbox after a sequence number.
    pub(crate) fn new(
        shop: Shop,
        meta: &Meta,
        caller: Caller,
        bell: Arc<Bell>,
        after: i32,
        user: Option<UserId>,
    ) -> Self {
        shop.witness().stream_begun(meta.protocol);
        let listener = bell.with(|rope| {
            rope.next_listener += 1;
            rope.next_listener
        });
        let (read, reading) = (VecDeque::new(), None);
        let (protocol, sandbox, heard, ended) = (meta.protocol, meta.sandbox.clone(), None, false);
        Watch { shop, protocol, sandbox, caller, bell, listener, heard, user, after, read, reading, ended }
    }

    /// The sequence number of the last event that was given out: where to resume.
    pub fn cursor(&self) -> i32 {
        self.after
    }

    /// Begins to read on. A sandbox that has been locked meanwhile has nothing more to say to those it does not know.
    fn start_reading(&mut self) -> Result<(), Error> {
        let locked = self.shop.store().settings(&self.sandbox).access == Access::Locked;
        if locked && self.caller.user_id.is_none() {
            return Who::SelfOrStaff.check(&Caller::nobody(self.sandbox.clone()));
        }
        let (after, user) = (self.after, self.user);
        let job = move |shop: &dyn Records| page(shop, after, user, WATCH_EVENTS_MAX).map(Reply::from);
        self.reading = Some(self.shop.store().read(&self.sandbox, Box::new(job)));
        Ok(())
    }

    /// Waits for the bell to ring again. Ready as soon as it has, since the log was last read to its end.
    fn poll_bell(&mut self, task: &mut Task<'_>) -> Poll<Result<(), Error>> {
        let (heard, listener) = (self.heard, self.listener);
        let rung = self.bell.with(|rope| {
            if rope.removed {
                let message = "the sandbox was reset: its events are gone";
                return Poll::Ready(Err(Error::new(Reason::CursorExpired, message)));
            }
            if heard == Some(rope.rung) {
                rope.listeners.insert(listener, task.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(Ok(rope.rung))
        });
        rung.map_ok(|rung| self.heard = Some(rung))
    }
}

impl Stream for Watch {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while !this.ended {
            if let Some(event) = this.read.pop_front() {
                this.after = event.seq;
                return Poll::Ready(Some(Ok(event)));
            }
            let step = match this.reading.as_mut() {
                Some(reading) => match reading.as_mut().poll(task) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(read) => {
                        this.reading = None;
                        read.map(|reply| match reply {
                            Reply::Events(page) => {
                                // A full page may not be the end of the log: look again before waiting.
                                if page.items.len() == WATCH_EVENTS_MAX as usize {
                                    this.heard = None;
                                }
                                this.read.extend(page.items);
                            }
                            _ => unreachable!("the job gives events"),
                        })
                    }
                },
                None => match this.poll_bell(task) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(rung) => rung.and_then(|()| this.start_reading()),
                },
            };
            if let Err(error) = step {
                this.ended = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
        Poll::Ready(None)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.bell.with(|rope| rope.listeners.remove(&self.listener));
        self.shop.witness().stream_ended(self.protocol);
    }
}
