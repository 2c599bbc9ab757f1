//! What crosses the wire right now, and who looks at it?
//!
//! While nobody looks, a read or a write costs one relaxed load ([`Tap::is_watched`]) and nothing is kept. While somebody does,
//! [`assembler`] collects the bytes of each connection's exchange at hand, [`decoder`] makes of them what can be shown, and
//! [`buffer`] holds that, for the sandboxes that somebody looks at, as long as somebody does.

mod assembler;
mod buffer;
mod decoder;

pub use buffer::{Heard, Look};
pub use decoder::{Exchange, ExchangeLine, Place, WholeExchange, place_of};

use assembler::{Gathered, Gathering};
use buffer::Kept;
use domain::observer::OperationRecord;
use domain::{Error, Sandbox};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::interval;
use wire::Adapter;

/// How often it is looked which exchanges are over.
const SWEEP_MS: u64 = 100;

/// What sees the bytes of all connections, for those who look.
pub struct Tap {
    watchers: AtomicUsize,
    gathering: Mutex<Gathering>,
    kept: Mutex<Kept>,
}

impl Tap {
    /// One that knows these styles by their paths.
    pub fn new(styles: &'static [Adapter]) -> Tap {
        Tap { watchers: AtomicUsize::new(0), gathering: Mutex::new(Gathering::new(styles)), kept: Mutex::default() }
    }

    /// Whether anybody looks.
    pub fn is_watched(&self) -> bool {
        self.watchers.load(Ordering::Relaxed) > 0
    }

    /// Looks at a sandbox from now on, unless too many look already.
    pub fn look(self: &Arc<Self>, sandbox: Sandbox) -> Result<Look, Error> {
        let receiver = locked(&self.kept).look(&sandbox)?;
        self.watchers.fetch_add(1, Ordering::SeqCst);
        Ok(Look::new(self.clone(), sandbox, receiver))
    }

    /// Looks no longer. What was gathered for the last one is thrown away.
    fn look_away(&self, sandbox: &Sandbox) {
        locked(&self.kept).look_away(sandbox);
        if self.watchers.fetch_sub(1, Ordering::SeqCst) == 1 {
            locked(&self.gathering).clear();
        }
    }

    /// An exchange of a sandbox that is still kept, whole.
    pub fn find(&self, sandbox: &Sandbox, id: u64) -> Option<WholeExchange> {
        // It is told outside the lock.
        let found = locked(&self.kept).find(sandbox, id);
        found.map(|exchange| exchange.whole())
    }

    /// These bytes came in over a connection.
    pub fn received(&self, line: u64, bytes: &[u8]) {
        self.gather(|gathering| gathering.received(line, bytes));
    }

    /// These bytes went out over it.
    pub fn sent(&self, line: u64, bytes: &[u8]) {
        self.gather(|gathering| {
            gathering.sent(line, bytes);
            None
        });
    }

    /// It has ended.
    pub fn ended(&self, line: u64) {
        self.gather(|gathering| gathering.ended(line));
    }

    /// An operation was answered at the door.
    pub fn record(&self, seen: &OperationRecord<'_>) {
        if let Some(line) = seen.meta.line {
            self.gather(|gathering| {
                gathering.record(line, seen);
                None
            });
        }
    }

    /// Publishes, again and again, the exchanges that are over though nothing has followed them.
    pub async fn sweep(self: Arc<Self>) {
        let mut tick = interval(Duration::from_millis(SWEEP_MS));
        loop {
            tick.tick().await;
            if self.is_watched() {
                let over = locked(&self.gathering).over();
                over.into_iter().for_each(|gathered| self.publish(gathered));
            }
        }
    }

    fn gather(&self, gather: impl FnOnce(&mut Gathering) -> Option<Gathered>) {
        if !self.is_watched() {
            return;
        }
        let mut gathering = locked(&self.gathering);
        // Who looked last may have looked away meanwhile: then nothing must be left behind.
        let over = if self.is_watched() { gather(&mut gathering) } else { None };
        drop(gathering);
        over.into_iter().for_each(|gathered| self.publish(gathered));
    }

    /// Shows an exchange to those who look at its sandbox.
    fn publish(&self, gathered: Gathered) {
        let looks = |sandbox: &Sandbox| locked(&self.kept).is_looked_at(sandbox);
        if let Some(exchange) = decoder::read(gathered, looks) {
            locked(&self.kept).keep(exchange);
        }
    }
}

/// What a lock holds. Nothing of ours is left half done where a thread may panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
