//! The signal that wakes listeners of a sandbox's events, and the page that the first of them read.

use crate::error::{Error, Reason};
use crate::events::Event;
use crate::request::locked;
use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// Notifies listeners that a sandbox has new events. The signal carries no events: a listener reads the log after its own
/// cursor. All listeners at the end of the log would read the same page, so the first leaves it here for the others.
#[derive(Default)]
pub struct EventSignal(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    notified: u64,
    removed: bool,
    next_listener: u64,
    listeners: HashMap<u64, Waker>,
    read: Option<Arc<SharedPage>>,
}

/// A page of the log that a listener has read.
pub struct SharedPage {
    /// The number of notifications before the page was read.
    pub notified: u64,
    /// The sequence number before the first event.
    pub after: i32,
    /// The sequence number of the last event.
    pub upto: i32,
    /// The events of all users.
    pub events: Vec<Event>,
}

impl EventSignal {
    /// Wakes all listeners.
    pub fn notify(&self) {
        self.update(|inner| inner.notified += 1);
    }

    /// The log is gone, because its sandbox was reset or deleted: wakes all listeners for the last time.
    pub fn remove(&self) {
        self.update(|inner| inner.removed = true);
    }

    fn update(&self, change: impl FnOnce(&mut Inner)) {
        let listeners = {
            let mut inner = locked(&self.0);
            change(&mut inner);
            std::mem::take(&mut inner.listeners)
        };
        listeners.into_values().for_each(Waker::wake);
    }
}

/// A listener of a signal.
pub struct Listener {
    signal: Arc<EventSignal>,
    number: u64,
    /// The number of notifications when the log was last read to its end; `None` if it may have more.
    seen: Option<u64>,
}

impl Listener {
    /// Starts to listen; the first poll is ready at once.
    pub fn new(signal: Arc<EventSignal>) -> Self {
        let number = {
            let mut inner = locked(&signal.0);
            inner.next_listener += 1;
            inner.next_listener
        };
        Listener { signal, number, seen: None }
    }

    /// Remembers the number of notifications: only a later one wakes this listener.
    pub fn listen(&mut self) {
        self.seen = Some(locked(&self.signal.0).notified);
    }

    /// The log may not have been read to its end: the next poll is ready at once.
    pub fn read_again(&mut self) {
        self.seen = None;
    }

    /// Waits for the next notification.
    pub async fn notified(&mut self) -> Result<(), Error> {
        poll_fn(|task| self.poll_notified(task)).await
    }

    /// Ready if there was a notification since the log was last read to its end.
    pub fn poll_notified(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let mut inner = locked(&self.signal.0);
        if inner.removed {
            let message = "the sandbox was reset: its events are gone";
            return Poll::Ready(Err(Error::new(Reason::CursorExpired, message)));
        }
        if self.seen == Some(inner.notified) {
            inner.listeners.insert(self.number, task.waker().clone());
            return Poll::Pending;
        }
        self.seen = Some(inner.notified);
        Poll::Ready(Ok(()))
    }

    /// The page that another listener has read since the last notification, if it continues after that event.
    pub fn page_of_others(&self, after: i32) -> Option<Arc<SharedPage>> {
        let inner = locked(&self.signal.0);
        let read = inner.read.as_ref().filter(|read| Some(read.notified) >= self.seen)?;
        (read.after <= after && after < read.upto).then(|| read.clone())
    }

    /// Leaves a page for other listeners, unless they have a newer one.
    pub fn share(&self, after: i32, upto: i32, events: &[Event]) {
        let Some(notified) = self.seen.filter(|_| !events.is_empty()) else { return };
        let mut inner = locked(&self.signal.0);
        if inner.read.as_ref().is_none_or(|read| read.notified <= notified) {
            inner.read = Some(Arc::new(SharedPage { notified, after, upto, events: events.to_vec() }));
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        locked(&self.signal.0).listeners.remove(&self.number);
    }
}
