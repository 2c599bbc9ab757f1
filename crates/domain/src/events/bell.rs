//! What wakes those who wait for news? A bell for each sandbox, and what was read of the log when it last rang.

use crate::error::{Error, Reason};
use crate::events::Event;
use crate::meta::locked;
use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// What rings when a sandbox has news. It carries no news itself: who is woken reads the log after the own cursor. As all of
/// those who were at the log's end would then read the same, the first of them leaves it here for the others.
#[derive(Default)]
pub struct Bell(Mutex<Rope>);

#[derive(Default)]
struct Rope {
    rung: u64,
    removed: bool,
    next_listener: u64,
    listeners: HashMap<u64, Waker>,
    read: Option<Arc<Read>>,
}

/// What somebody has read of the log.
pub struct Read {
    /// How often the bell had rung before.
    pub rung: u64,
    /// After which event it begins.
    pub after: i32,
    /// With which event it ends.
    pub upto: i32,
    /// The events, everybody's.
    pub events: Vec<Event>,
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
            let mut rope = locked(&self.0);
            change(&mut rope);
            std::mem::take(&mut rope.listeners)
        };
        listeners.into_values().for_each(Waker::wake);
    }
}

/// Somebody who listens to a bell.
pub struct Listener {
    bell: Arc<Bell>,
    number: u64,
    /// How often the bell had rung before the log was last read to its end.
    heard: Option<u64>,
}

impl Listener {
    /// Listens from now on, and takes the bell to have rung.
    pub fn new(bell: Arc<Bell>) -> Self {
        let number = {
            let mut rope = locked(&bell.0);
            rope.next_listener += 1;
            rope.next_listener
        };
        Listener { bell, number, heard: None }
    }

    /// Takes note of how often the bell has rung: from now on only a further ring is news.
    pub fn listen(&mut self) {
        self.heard = Some(locked(&self.bell.0).rung);
    }

    /// Forgets that: the log may not have been read to its end.
    pub fn look_again(&mut self) {
        self.heard = None;
    }

    /// Waits for the bell to ring again.
    pub async fn rung(&mut self) -> Result<(), Error> {
        poll_fn(|task| self.poll_rung(task)).await
    }

    /// Ready as soon as the bell has rung since the log was last read to its end.
    pub fn poll_rung(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let mut rope = locked(&self.bell.0);
        if rope.removed {
            let message = "the sandbox was reset: its events are gone";
            return Poll::Ready(Err(Error::new(Reason::CursorExpired, message)));
        }
        if self.heard == Some(rope.rung) {
            rope.listeners.insert(self.number, task.waker().clone());
            return Poll::Pending;
        }
        self.heard = Some(rope.rung);
        Poll::Ready(Ok(()))
    }

    /// What somebody else has read since the bell rang that this one has heard, if it continues after that event.
    pub fn read_by_others(&self, after: i32) -> Option<Arc<Read>> {
        let rope = locked(&self.bell.0);
        let read = rope.read.as_ref().filter(|read| Some(read.rung) >= self.heard)?;
        (read.after <= after && after < read.upto).then(|| read.clone())
    }

    /// Leaves what was read for the others, unless they have something newer.
    pub fn leave(&self, after: i32, upto: i32, events: &[Event]) {
        let Some(rung) = self.heard.filter(|_| !events.is_empty()) else { return };
        let mut rope = locked(&self.bell.0);
        if rope.read.as_ref().is_none_or(|read| read.rung <= rung) {
            rope.read = Some(Arc::new(Read { rung, after, upto, events: events.to_vec() }));
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        locked(&self.bell.0).listeners.remove(&self.number);
    }
}
