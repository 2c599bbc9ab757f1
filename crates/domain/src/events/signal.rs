//! What wakes those who wait for news? A bell for each sandbox, and what was read of the log when it last rang.

use crate::error::{Error, Reason};
use crate::events::Event;
use crate::request::locked;
use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// What rings when a sandbox has news. It carries no news itself: who is woken reads the log after the own cursor. As all of
/// those who were at the log's end would then read the same, the first of them leaves it here for the others.
#[derive(Default)]
pub struct EventSignal(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    notified: u64,
    removed: bool,
    next_listener: u64,
    listeners: HashMap<u64, Waker>,
    read: Option<Arc<Read>>,
}

/// What somebody has read of the log.
pub struct Read {
    /// How often the bell had rung before.
    pub notified: u64,
    /// After which event it begins.
    pub after: i32,
    /// With which event it ends.
    pub upto: i32,
    /// The events, everybody's.
    pub events: Vec<Event>,
}

impl EventSignal {
    /// Wakes everyone who listens.
    pub fn notify(&self) {
        self.pull(|inner| inner.notified += 1);
    }

    /// The log is gone (its sandbox was reset or forgotten): wakes everyone for the last time.
    pub fn remove(&self) {
        self.pull(|inner| inner.removed = true);
    }

    fn pull(&self, change: impl FnOnce(&mut Inner)) {
        let listeners = {
            let mut inner = locked(&self.0);
            change(&mut inner);
            std::mem::take(&mut inner.listeners)
        };
        listeners.into_values().for_each(Waker::wake);
    }
}

/// Somebody who listens to a bell.
pub struct Listener {
    signal: Arc<EventSignal>,
    number: u64,
    /// How often the bell had rung before the log was last read to its end.
    heard: Option<u64>,
}

impl Listener {
    /// Listens from now on, and takes the bell to have rung.
    pub fn new(signal: Arc<EventSignal>) -> Self {
        let number = {
            let mut inner = locked(&signal.0);
            inner.next_listener += 1;
            inner.next_listener
        };
        Listener { signal, number, heard: None }
    }

    /// Takes note of how often the bell has rung: from now on only a further ring is news.
    pub fn listen(&mut self) {
        self.heard = Some(locked(&self.signal.0).notified);
    }

    /// Forgets that: the log may not have been read to its end.
    pub fn look_again(&mut self) {
        self.heard = None;
    }

    /// Waits for the bell to ring again.
    pub async fn notified(&mut self) -> Result<(), Error> {
        poll_fn(|task| self.poll_notified(task)).await
    }

    /// Ready as soon as the bell has rung since the log was last read to its end.
    pub fn poll_notified(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let mut inner = locked(&self.signal.0);
        if inner.removed {
            let message = "the sandbox was reset: its events are gone";
            return Poll::Ready(Err(Error::new(Reason::CursorExpired, message)));
        }
        if self.heard == Some(inner.notified) {
            inner.listeners.insert(self.number, task.waker().clone());
            return Poll::Pending;
        }
        self.heard = Some(inner.notified);
        Poll::Ready(Ok(()))
    }

    /// What somebody else has read since the bell rang that this one has heard, if it continues after that event.
    pub fn read_by_others(&self, after: i32) -> Option<Arc<Read>> {
        let inner = locked(&self.signal.0);
        let read = inner.read.as_ref().filter(|read| Some(read.notified) >= self.heard)?;
        (read.after <= after && after < read.upto).then(|| read.clone())
    }

    /// Leaves what was read for the others, unless they have something newer.
    pub fn leave(&self, after: i32, upto: i32, events: &[Event]) {
        let Some(notified) = self.heard.filter(|_| !events.is_empty()) else { return };
        let mut inner = locked(&self.signal.0);
        if inner.read.as_ref().is_none_or(|read| read.notified <= notified) {
            inner.read = Some(Arc::new(Read { notified, after, upto, events: events.to_vec() }));
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        locked(&self.signal.0).listeners.remove(&self.number);
    }
}
