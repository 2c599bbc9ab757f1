//! How does an operation wait? On a timer that is not ours, and without taking the room of those that work.

use crate::error::Error;
use crate::limits::WAITING_MAX;
use std::future::{Future, poll_fn, ready};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

/// A reply that may take a while.
pub type Pending<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// What rings after a while. Behind this port, as the domain has no clock that rings.
pub trait Timer: Send + Sync {
    /// Ready after so many milliseconds; sooner, if nobody is to be kept waiting any more.
    fn after(&self, ms: u32) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// Keeps nobody waiting: what a shop has that was given no other timer.
pub struct NoTimer;

impl Timer for NoTimer {
    fn after(&self, _: u32) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(ready(()))
    }
}

/// What the second came to, if it was there before the first.
pub(crate) async fn either<T>(
    first: &mut (impl Future<Output = ()> + Unpin),
    second: impl Future<Output = T>,
) -> Option<T> {
    let mut second = pin!(second);
    poll_fn(|task| match second.as_mut().poll(task) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => Pin::new(&mut *first).poll(task).map(|()| None),
    })
    .await
}

/// Those who wait. They are in flight, but not in work.
#[derive(Clone, Default)]
pub(crate) struct LongPollSlots(Arc<AtomicUsize>);

impl LongPollSlots {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Lets one more wait, until what is given is dropped.
    pub fn begin(&self) -> Result<LongPollSlot, Error> {
        let waiter = LongPollSlot(self.0.clone());
        let before = waiter.0.fetch_add(1, Ordering::Relaxed);
        if before >= WAITING_MAX {
            return Err(Error::overloaded(format!("{WAITING_MAX} requests wait for news already")));
        }
        Ok(waiter)
    }
}

/// One of those who wait.
pub(crate) struct LongPollSlot(Arc<AtomicUsize>);

impl Drop for LongPollSlot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
