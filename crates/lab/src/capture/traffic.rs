//! Receives the bytes of all connections and passes finished exchanges on to the subscribers.

use super::assembler::{Assembled, Assembler};
use super::buffer::{Delivery, Exchanges, Line, View};
use super::decoder::{Decoded, Exchange, decode};
use super::raw::StreamFrame;
use domain::observer::{OperationRecord, StreamedEvent};
use domain::{Error, Sandbox};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::interval;
use wire::Adapter;

/// How often exchanges are looked for that ended without a next one.
const SWEEP_MS: u64 = 100;

/// Captures the bytes of all connections while a sandbox is watched, or while the observer wants the exchanges of one.
pub struct TrafficCapture {
    is_watched: AtomicBool,
    current: Mutex<Assembler>,
    exchanges: Mutex<Exchanges>,
    observer: OnceLock<Arc<dyn ExchangeObserver>>,
}

/// Looks at exchanges in addition to the subscribers.
pub(crate) trait ExchangeObserver: Send + Sync {
    /// Whether it wants the exchanges of any sandbox.
    fn wants_any(&self) -> bool;
    /// Whether it wants those of this sandbox.
    fn wants(&self, sandbox: &Sandbox) -> bool;
    /// An exchange of a wanted sandbox is over.
    fn observe(&self, decoded: &Decoded);
    /// A stream delivers an event.
    fn streamed(&self, event: &StreamedEvent<'_>);
}

/// A subscriber to the exchanges of one sandbox or of all, until dropped.
pub struct Subscription {
    capture: Arc<TrafficCapture>,
    view: View,
    /// What was stored before.
    stored: VecDeque<Line>,
    receiver: Receiver<Line>,
}

impl TrafficCapture {
    /// A capture that knows these styles by their paths.
    pub fn new(styles: &'static [Adapter]) -> TrafficCapture {
        let (is_watched, current) = (AtomicBool::new(false), Mutex::new(Assembler::new(styles)));
        TrafficCapture { is_watched, current, exchanges: Mutex::default(), observer: OnceLock::new() }
    }

    /// Sets the observer. Only the first call has an effect.
    pub(crate) fn set_observer(&self, observer: Arc<dyn ExchangeObserver>) {
        let _ = self.observer.set(observer);
    }

    /// Begins to capture, as the observer wants the exchanges of a sandbox.
    pub(crate) fn begin(&self) {
        self.is_watched.store(true, Ordering::SeqCst);
    }

    fn is_watched(&self) -> bool {
        self.is_watched.load(Ordering::Relaxed)
    }

    /// Subscribes to a sandbox or to all, unless there are too many subscribers.
    pub fn subscribe(self: &Arc<Self>, view: View) -> Result<Subscription, Error> {
        let mut exchanges = self.exchanges.lock();
        let (stored, receiver) = exchanges.subscribe(&view)?;
        self.is_watched.store(true, Ordering::SeqCst);
        Ok(Subscription { capture: self.clone(), view, stored: stored.into(), receiver })
    }

    /// An exchange of a view, if it is still stored.
    pub fn find(&self, view: &View, id: u64) -> Option<Arc<Exchange>> {
        self.exchanges.lock().find(view, id)
    }

    /// Ends the capture where the last subscriber has not come back.
    fn forget_left(&self, now: Instant) {
        let mut exchanges = self.exchanges.lock();
        let is_wanted = self.observer.get().is_some_and(|observer| observer.wants_any());
        if !exchanges.forget_left(now) && !is_wanted {
            self.is_watched.store(false, Ordering::SeqCst);
            drop(exchanges);
            self.current.lock().clear();
        }
    }

    /// These bytes came in over a connection.
    pub fn received(&self, connection: u64, bytes: &[u8]) {
        self.assemble(|current| current.received(connection, bytes));
    }

    /// These bytes went out over a connection.
    pub fn sent(&self, connection: u64, bytes: &[u8]) {
        self.assemble(|current| current.sent(connection, bytes));
    }

    /// This frame of a stream came in or went out over a connection of HTTP/2.
    pub(super) fn frame(&self, connection: u64, frame: &StreamFrame<'_>) {
        self.assemble(|current| current.frame(connection, frame));
    }

    /// A connection has ended.
    pub fn ended(&self, connection: u64) {
        self.assemble(|current| current.ended(connection));
    }

    /// An operation has run, or was refused.
    pub fn record(&self, record: &OperationRecord<'_>) {
        if let Some(connection) = record.request.connection_id {
            self.assemble(|current| current.record(connection, record));
        }
    }

    /// A stream delivers an event.
    pub fn streamed(&self, event: &StreamedEvent<'_>) {
        self.observer
            .get()
            .filter(|observer| observer.wants(&event.request.sandbox))
            .inspect(|observer| observer.streamed(event));
    }

    /// Publishes, again and again, the exchanges that are over though nothing has followed them.
    pub async fn sweep(self: Arc<Self>) {
        let mut tick = interval(Duration::from_millis(SWEEP_MS));
        loop {
            tick.tick().await;
            if self.is_watched() {
                let over = self.current.lock().take_quiet();
                over.into_iter().for_each(|assembled| self.publish(assembled));
                self.forget_left(Instant::now());
            }
        }
    }

    fn assemble<O>(&self, assemble: impl FnOnce(&mut Assembler) -> O)
    where
        O: IntoIterator<Item = Assembled> + Default,
    {
        if !self.is_watched() {
            return;
        }
        let mut current = self.current.lock();
        // If the last subscriber has gone meanwhile, nothing may be left behind.
        let over = if self.is_watched() { assemble(&mut current) } else { O::default() };
        drop(current);
        over.into_iter().for_each(|assembled| self.publish(assembled));
    }

    fn publish(&self, assembled: Assembled) {
        let observer = |sandbox: &Sandbox| self.observer.get().filter(|observer| observer.wants(sandbox));
        let is_wanted = |sandbox: &Sandbox| self.exchanges.lock().is_watched(sandbox) || observer(sandbox).is_some();
        let Some(decoded) = decode(assembled, is_wanted) else { return };
        if let Some(observer) = observer(&decoded.exchange.sandbox) {
            observer.observe(&decoded);
        }
        if decoded.is_call {
            self.exchanges.lock().add(decoded.exchange);
        }
    }
}

impl Subscription {
    /// Waits for the next exchange; `None` when there will be none.
    pub async fn next(&mut self) -> Option<Delivery> {
        if let Some(exchange) = self.stored.pop_front() {
            return Some(Delivery::Exchange(exchange));
        }
        match self.receiver.recv().await {
            Ok(exchange) => Some(Delivery::Exchange(exchange)),
            Err(RecvError::Lagged(missed)) => Some(Delivery::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.capture.exchanges.lock().unsubscribe(&self.view);
    }
}

#[cfg(test)]
mod tests {
    use super::super::buffer::{SUBSCRIBERS_MAX, UNSENT_MAX};
    use super::*;

    #[tokio::test]
    async fn a_slow_subscriber_hears_how_many_it_missed() {
        let (capture, main) = (Arc::new(TrafficCapture::new(&[])), Sandbox::main());
        let mut subscription = capture.subscribe(Some(main.clone())).unwrap();
        for _ in 0..UNSENT_MAX + 3 {
            capture.exchanges.lock().add(Exchange::of_bytes(&main, 1));
        }
        assert!(matches!(subscription.next().await, Some(Delivery::Missed(3))));
        assert!(matches!(subscription.next().await, Some(Delivery::Exchange(_))));
    }

    #[test]
    fn the_number_of_subscribers_is_limited() {
        let capture = Arc::new(TrafficCapture::new(&[]));
        let mut all: Vec<_> = (0..SUBSCRIBERS_MAX).map(|_| capture.subscribe(Some(Sandbox::main())).unwrap()).collect();
        assert!(capture.subscribe(None).is_err());
        all.pop();
        assert!(capture.subscribe(None).is_ok());
        all.clear();
        assert!(capture.is_watched(), "a subscriber may come back");
        capture.forget_left(Instant::now() + Duration::from_secs(60));
        assert!(!capture.is_watched());
    }
}
