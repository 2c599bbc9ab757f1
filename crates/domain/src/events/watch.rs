//! A stream of events from a cursor, until the listener drops it.

use super::rules::page;
use super::signal::Listener;
use super::{Event, EventPage};
use crate::access::{Caller, Credentials};
use crate::error::Error;
use crate::limits::WATCH_EVENTS_MAX;
use crate::long_poll::Pending;
use crate::request::RequestContext;
use crate::sandbox::Exercises;
use crate::services::Services;
use crate::store::Records;
use crate::users::UserId;
use futures_core::Stream;
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

/// An item of the stream.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamItem {
    /// An event.
    Event(Event),
    /// No event for this listener up to this `seq`: it can resume from there. So the cursor of a listener with few events does
    /// not expire.
    Bookmark(i32),
}

impl StreamItem {
    /// The cursor to resume from after this item.
    pub fn cursor(&self) -> i32 {
        match self {
            StreamItem::Event(event) => event.seq,
            StreamItem::Bookmark(seq) => *seq,
        }
    }
}

/// A stream of events in order, without gap or repetition, read from the log.
pub struct Watch {
    services: Services,
    request: RequestContext,
    caller: Caller,
    listener: Listener,
    user: Option<UserId>,
    /// The newest event that was delivered or skipped.
    after: i32,
    /// How far the log has been read.
    upto: i32,
    read: VecDeque<Event>,
    reading: Option<Pending<EventPage>>,
    ended: bool,
    /// Whether the sandbox has its exercises on.
    is_observed: bool,
    hooks: WatchHooks,
}

/// What a stream calls.
pub(crate) struct WatchHooks {
    /// Called with each event, in a sandbox that has its exercises on.
    pub on_event: Box<dyn Fn(&Event) + Send>,
    /// Called when the stream is dropped.
    pub on_end: Box<dyn Fn() + Send>,
}

impl Watch {
    /// Watches the log after a sequence number. The listener must be older than that number.
    pub(crate) fn new(
        services: Services,
        request: &RequestContext,
        caller: Caller,
        listener: Listener,
        after: i32,
        user: Option<UserId>,
        hooks: WatchHooks,
    ) -> Self {
        let (request, upto, read, reading) = (request.another(), after, VecDeque::new(), None);
        let (ended, is_observed) = (false, false);
        Watch { services, request, caller, listener, user, after, upto, read, reading, ended, is_observed, hooks }
    }

    /// The newest event that was delivered or skipped: where to resume.
    pub fn cursor(&self) -> i32 {
        self.after
    }

    /// Starts to read the next page, if the caller still has access.
    fn start_reading(&mut self) -> Result<(), Error> {
        self.ensure_access()?;
        if let Some(others) = self.listener.page_of_others(self.after) {
            self.take(&others.events, others.upto);
            return Ok(());
        }
        let after = self.after;
        let rule = move |shop: &dyn Records| page(shop, Some(after), None, WATCH_EVENTS_MAX);
        self.reading = Some(self.services.store.query(&self.request.sandbox, rule));
        Ok(())
    }

    /// A sandbox that was locked meanwhile sends nothing more to anonymous callers, and no sandbox does to a caller whose token
    /// has expired.
    fn ensure_access(&mut self) -> Result<(), Error> {
        let settings = self.services.settings(&self.request);
        self.is_observed = settings.exercises == Exercises::On;
        self.caller.ensure_still_known(settings)?;
        match &self.request.credentials {
            Credentials::Token(token) => {
                let now = (self.services.config.clock)();
                self.services.authenticator.read(token, &self.request.sandbox, now).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Takes the events of a page that this stream delivers.
    fn take(&mut self, events: &[Event], upto: i32) {
        // A full page may not be the end of the log: read again before waiting.
        if events.len() == WATCH_EVENTS_MAX as usize {
            self.listener.read_again();
        }
        let (after, user) = (self.after, self.user);
        let is_delivered = |event: &&Event| event.seq > after && user.is_none_or(|user| user == event.user_id);
        self.read.extend(events.iter().filter(is_delivered).cloned());
        self.upto = upto;
    }

    /// The next item: an event, or a bookmark after events that were skipped.
    fn next_item(&mut self) -> Option<StreamItem> {
        let item = match self.read.pop_front() {
            Some(event) => StreamItem::Event(event),
            None if self.upto > self.after => StreamItem::Bookmark(self.upto),
            None => return None,
        };
        self.after = item.cursor();
        if self.is_observed
            && let StreamItem::Event(event) = &item
        {
            (self.hooks.on_event)(event);
        }
        Some(item)
    }

    /// One step: reads a page, or waits for the signal and starts to read.
    fn poll_step(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Some(reading) = self.reading.as_mut() else {
            return self.listener.poll_notified(task).map(|notified| notified.and_then(|()| self.start_reading()));
        };
        let Poll::Ready(read) = reading.as_mut().poll(task) else { return Poll::Pending };
        self.reading = None;
        Poll::Ready(read.map(|page| {
            self.listener.share(self.after, page.next, &page.items);
            self.take(&page.items, page.next);
        }))
    }
}

impl Stream for Watch {
    type Item = Result<StreamItem, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while !this.ended {
            if let Some(item) = this.next_item() {
                return Poll::Ready(Some(Ok(item)));
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
        (self.hooks.on_end)();
    }
}
