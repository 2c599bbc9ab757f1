//! Long polls: operations that wait for an event, on a timer and without blocking other operations.

use crate::error::Error;
use crate::limits::WAITING_MAX;
use std::future::{Future, poll_fn, ready};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

/// A future of the store or of another port.
pub type Pending<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// The port for a timer; the domain has no clock of its own.
pub trait Timer: Send + Sync {
    /// Ready after so many milliseconds, or earlier when the server shuts down.
    fn after(&self, ms: u32) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// A timer that is ready at once; the default.
pub struct NoTimer;

impl Timer for NoTimer {
    fn after(&self, _: u32) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(ready(()))
    }
}

/// The result of the second future, if it was ready before the first.
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

/// Counts the operations that wait. They are in flight but do no work.
#[derive(Clone, Default)]
pub(crate) struct LongPollSlots(Arc<AtomicUsize>);

impl LongPollSlots {
    /// The number of operations that wait.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes a slot until it is dropped.
    pub fn begin(&self) -> Result<LongPollSlot, Error> {
        let waiter = LongPollSlot(self.0.clone());
        let before = waiter.0.fetch_add(1, Ordering::Relaxed);
        if before >= WAITING_MAX {
            return Err(Error::overloaded(format!("{WAITING_MAX} calls already wait for events")));
        }
        Ok(waiter)
    }
}

/// A slot of an operation that waits.
pub(crate) struct LongPollSlot(Arc<AtomicUsize>);

impl Drop for LongPollSlot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
