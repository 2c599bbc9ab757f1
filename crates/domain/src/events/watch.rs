//! How is the log followed? One event after the other, from a cursor on and for as long as somebody listens.

use super::rules::page;
use super::signal::Listener;
use super::{Event, EventPage};
use crate::access::{Caller, Credentials};
use crate::error::Error;
use crate::limits::WATCH_EVENTS_MAX;
use crate::long_poll::Pending;
use crate::request::RequestContext;
use crate::services::Services;
use crate::store::Records;
use crate::users::UserId;
use futures_core::Stream;
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What a watch tells.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamItem {
    /// Something has happened.
    Event(Event),
    /// Nothing that this watch tells of has happened up to this `seq`: from there one can resume. So the cursor of somebody who
    /// is told little does not expire.
    Bookmark(i32),
}

impl StreamItem {
    /// Where somebody can resume who has been told this.
    pub fn cursor(&self) -> i32 {
        match self {
            StreamItem::Event(event) => event.seq,
            StreamItem::Bookmark(seq) => *seq,
        }
    }
}

/// The news, one after the other: ordered, without gap or repetition, from the log.
pub struct Watch {
    services: Services,
    meta: RequestContext,
    caller: Caller,
    listener: Listener,
    user: Option<UserId>,
    /// The newest event that was told, or passed over as not to be told.
    after: i32,
    /// How far the log has been read.
    upto: i32,
    read: VecDeque<Event>,
    reading: Option<Pending<EventPage>>,
    ended: bool,
    on_end: Box<dyn Fn() + Send>,
}

impl Watch {
    /// Watches the log of a sandbox after a sequence number. The listener must be older than that; `on_end` is called when nobody watches any more.
    pub(crate) fn new(
        services: Services,
        meta: &RequestContext,
        caller: Caller,
        listener: Listener,
        after: i32,
        user: Option<UserId>,
        on_end: Box<dyn Fn() + Send>,
    ) -> Self {
        let (meta, upto, read, reading) = (meta.another(), after, VecDeque::new(), None);
        Watch { services, meta, caller, listener, user, after, upto, read, reading, ended: false, on_end }
    }

    /// The newest event that was told, or passed over as not to be told: where to resume.
    pub fn cursor(&self) -> i32 {
        self.after
    }

    /// Begins to read on, for who may still hear it.
    fn start_reading(&mut self) -> Result<(), Error> {
        self.ensure_may_hear()?;
        if let Some(others) = self.listener.read_by_others(self.after) {
            self.take(&others.events, others.upto);
            return Ok(());
        }
        let after = self.after;
        let rule = move |shop: &dyn Records| page(shop, Some(after), None, WATCH_EVENTS_MAX);
        self.reading = Some(self.services.store.query(&self.meta.sandbox, rule));
        Ok(())
    }

    /// A sandbox that has been locked meanwhile has nothing more to say to those it does not know, and nobody to somebody whose
    /// token is no longer good.
    fn ensure_may_hear(&self) -> Result<(), Error> {
        self.caller.ensure_still_known(self.services.settings(&self.meta))?;
        match &self.meta.credentials {
            Credentials::Token(token) => {
                let now = (self.services.config.clock)();
                self.services.authenticator.read(token, &self.meta.sandbox, now).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Takes what was read of the log, as far as it is to be told.
    fn take(&mut self, events: &[Event], upto: i32) {
        // A full page may not be the end of the log: look again before waiting.
        if events.len() == WATCH_EVENTS_MAX as usize {
            self.listener.look_again();
        }
        let (after, user) = (self.after, self.user);
        let is_told = |event: &&Event| event.seq > after && user.is_none_or(|user| user == event.user_id);
        self.read.extend(events.iter().filter(is_told).cloned());
        self.upto = upto;
    }

    /// The next of what was read; then, if others' events were passed over, how far that was.
    fn tell(&mut self) -> Option<StreamItem> {
        let news = match self.read.pop_front() {
            Some(event) => StreamItem::Event(event),
            None if self.upto > self.after => StreamItem::Bookmark(self.upto),
            None => return None,
        };
        self.after = news.cursor();
        Some(news)
    }

    /// Goes on by one step: reads what is there, or waits for the bell and begins to read.
    fn poll_step(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Some(reading) = self.reading.as_mut() else {
            return self.listener.poll_notified(task).map(|notified| notified.and_then(|()| self.start_reading()));
        };
        let Poll::Ready(read) = reading.as_mut().poll(task) else { return Poll::Pending };
        self.reading = None;
        Poll::Ready(read.map(|page| {
            self.listener.leave(self.after, page.next, &page.items);
            self.take(&page.items, page.next);
        }))
    }
}

impl Stream for Watch {
    type Item = Result<StreamItem, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while !this.ended {
            if let Some(news) = this.tell() {
                return Poll::Ready(Some(Ok(news)));
            }
            match this.poll_step(task) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        Poll::Ready(None)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        (self.on_end)();
    }
}
