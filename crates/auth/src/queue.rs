//! Limits how many passwords are hashed at once, and how many wait.

use crate::limits::{HASHES_MAX, HASHES_WAITING_MAX};
use domain::Error;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// A queue of work that hashes.
#[derive(Clone)]
pub struct Queue {
    /// Permits to be in the queue, waiting or running.
    places: Arc<Semaphore>,
    /// Permits to run.
    turns: Arc<Semaphore>,
}

impl Default for Queue {
    fn default() -> Self {
        let of = |count| Arc::new(Semaphore::new(count));
        Queue { places: of(HASHES_MAX + HASHES_WAITING_MAX), turns: of(HASHES_MAX) }
    }
}

impl Queue {
    /// Runs slow work on a thread of its own when its turn comes; refuses it if too many wait.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let full = |_| Error::overloaded(format!("{HASHES_WAITING_MAX} passwords wait to be hashed already"));
        let place = self.places.clone().try_acquire_owned().map_err(full)?;
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| Error::internal())?;
        // The client may be gone before the work is done: the permit is held until the work ends.
        let done = spawn_blocking(move || {
            let _held = (place, turn);
            work()
        });
        done.await.map_err(|cause| {
            tracing::error!(%cause, "a password was not hashed");
            Error::internal()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Reason;
    use std::future::{Future, poll_fn};
    use std::pin::pin;
    use std::sync::mpsc::channel;
    use std::task::Poll;

    #[test]
    fn two_at_once_and_then_a_line_that_ends() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let queue = Queue::default();
            let (begun, first) = channel();
            let mut held = Vec::new();
            let mut asked: Vec<_> = (0..HASHES_MAX + HASHES_WAITING_MAX)
                .map(|_| {
                    let (go, begun) = (channel::<()>(), begun.clone());
                    held.push(go.0);
                    Box::pin(async { queue.run(move || (begun.send(()), go.1.recv())).await.map(|_| ()) })
                })
                .collect();
            for one in &mut asked {
                assert!(poll_fn(|task| Poll::Ready(one.as_mut().poll(task).is_pending())).await);
            }
            let refused = pin!(queue.run(|| ())).await.unwrap_err();
            assert_eq!((refused.reason, refused.retry_after_ms), (Reason::Overloaded, Some(1_000)));
            (0..HASHES_MAX).for_each(|_| first.recv().unwrap());
            assert!(first.try_recv().is_err(), "no third one has begun");
            drop(held);
            for one in asked {
                one.await.unwrap();
            }
            queue.run(|| ()).await.unwrap();
        });
    }
}
