//! Receives the bytes of all connections and passes finished exchanges on to the subscribers.

use super::assembler::{Assembled, Assembler};
use super::buffer::{Delivery, Exchanges};
use super::decoder::{Exchange, decode};
use domain::observer::OperationRecord;
use domain::{Error, Sandbox};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::interval;
use wire::Adapter;

/// How often exchanges are looked for that ended without a next one.
const SWEEP_MS: u64 = 100;

/// Captures the bytes of all connections while there are subscribers.
pub struct TrafficCapture {
    subscribers: AtomicUsize,
    assembler: Mutex<Assembler>,
    exchanges: Mutex<Exchanges>,
}

/// A subscriber to the exchanges of one sandbox, until dropped.
pub struct Subscription {
    capture: Arc<TrafficCapture>,
    sandbox: Sandbox,
    receiver: Receiver<Arc<str>>,
}

impl TrafficCapture {
    /// A capture that knows these styles by their paths.
    pub fn new(styles: &'static [Adapter]) -> TrafficCapture {
        let (assembler, exchanges) = (Mutex::new(Assembler::new(styles)), Mutex::default());
        TrafficCapture { subscribers: AtomicUsize::new(0), assembler, exchanges }
    }

    fn is_watched(&self) -> bool {
        self.subscribers.load(Ordering::Relaxed) > 0
    }

    /// Subscribes to a sandbox, unless there are too many subscribers.
    pub fn subscribe(self: &Arc<Self>, sandbox: Sandbox) -> Result<Subscription, Error> {
        let receiver = self.exchanges.lock().subscribe(&sandbox)?;
        self.subscribers.fetch_add(1, Ordering::SeqCst);
        Ok(Subscription { capture: self.clone(), sandbox, receiver })
    }

    /// An exchange of a sandbox, if it is still stored.
    pub fn find(&self, sandbox: &Sandbox, id: u64) -> Option<Arc<Exchange>> {
        self.exchanges.lock().find(sandbox, id)
    }

    /// These bytes came in over a connection.
    pub fn received(&self, connection: u64, bytes: &[u8]) {
        self.assemble(|assembler| assembler.received(connection, bytes));
    }

    /// These bytes went out over a connection.
    pub fn sent(&self, connection: u64, bytes: &[u8]) {
        self.assemble(|assembler| assembler.sent(connection, bytes));
    }

    /// A connection has ended.
    pub fn ended(&self, connection: u64) {
        self.assemble(|assembler| assembler.ended(connection));
    }

    /// An operation has run, or was refused.
    pub fn record(&self, record: &OperationRecord<'_>) {
        if let Some(connection) = record.request.connection_id {
            self.assemble(|assembler| assembler.record(connection, record));
        }
    }

    /// Publishes, again and again, the exchanges that are over though nothing has followed them.
    pub async fn sweep(self: Arc<Self>) {
        let mut tick = interval(Duration::from_millis(SWEEP_MS));
        loop {
            tick.tick().await;
            if self.is_watched() {
                let over = self.assembler.lock().take_quiet();
                over.into_iter().for_each(|assembled| self.publish(assembled));
            }
        }
    }

    fn assemble(&self, assemble: impl FnOnce(&mut Assembler) -> Option<Assembled>) {
        if !self.is_watched() {
            return;
        }
        let mut assembler = self.assembler.lock();
        // If the last subscriber has gone meanwhile, nothing may be left behind.
        let over = if self.is_watched() { assemble(&mut assembler) } else { None };
        drop(assembler);
        over.into_iter().for_each(|assembled| self.publish(assembled));
    }

    fn publish(&self, assembled: Assembled) {
        let is_watched = |sandbox: &Sandbox| self.exchanges.lock().is_watched(sandbox);
        if let Some(exchange) = decode(assembled, is_watched) {
            self.exchanges.lock().add(exchange);
        }
    }
}

impl Subscription {
    /// Waits for the next exchange; `None` when there will be none.
    pub async fn next(&mut self) -> Option<Delivery> {
        match self.receiver.recv().await {
            Ok(exchange) => Some(Delivery::Exchange(exchange)),
            Err(RecvError::Lagged(missed)) => Some(Delivery::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.capture.exchanges.lock().unsubscribe(&self.sandbox);
        if self.capture.subscribers.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.capture.assembler.lock().clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::buffer::{SUBSCRIBERS_MAX, UNSENT_MAX};
    use super::*;

    #[tokio::test]
    async fn a_slow_subscriber_hears_how_many_it_missed() {
        let (capture, main) = (Arc::new(TrafficCapture::new(&[])), Sandbox::main());
        let mut subscription = capture.subscribe(main.clone()).unwrap();
        for _ in 0..UNSENT_MAX + 3 {
            capture.exchanges.lock().add(Exchange::of_bytes(&main, 1));
        }
        assert!(matches!(subscription.next().await, Some(Delivery::Missed(3))));
        assert!(matches!(subscription.next().await, Some(Delivery::Exchange(_))));
    }

    #[test]
    fn the_number_of_subscribers_is_limited() {
        let (capture, other) = (Arc::new(TrafficCapture::new(&[])), Sandbox::parse("another").unwrap());
        let mut all: Vec<_> = (0..SUBSCRIBERS_MAX).map(|_| capture.subscribe(Sandbox::main()).unwrap()).collect();
        assert!(capture.subscribe(other.clone()).is_err());
        all.pop();
        assert!(capture.subscribe(other).is_ok());
        all.clear();
        assert!(!capture.is_watched());
    }
}
