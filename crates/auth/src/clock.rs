//! How much time has passed? By a clock that only goes forward, and that tests can move.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A clock: how long ago some moment was that stays the same. Cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Duration + Send + Sync>);

impl Clock {
    /// A clock that goes as this says.
    pub fn new(now: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Clock(Arc::new(now))
    }

    /// The machine's own clock that only goes forward.
    pub fn steady() -> Self {
        let begun = Instant::now();
        Clock::new(move || begun.elapsed())
    }

    /// What it shows.
    pub fn now(&self) -> Duration {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({:?})", self.now())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// What moves a clock that stands still otherwise.
    pub struct Hand(Arc<AtomicU64>);

    impl Hand {
        pub fn clock() -> (Clock, Hand) {
            let ms = Arc::new(AtomicU64::new(0));
            let shown = ms.clone();
            (Clock::new(move || Duration::from_millis(shown.load(Ordering::SeqCst))), Hand(ms))
        }

        pub fn pass(&self, ms: u64) {
            self.0.fetch_add(ms, Ordering::SeqCst);
        }
    }
}
