//! Runs many channels, and counts what each of them uses.

use super::channel::{Channel, Subject, Timing};
use super::listener::{Listener, Update, UpdateKind, Usage};
use crate::call::reply;
use domain::Value;
use domain::limits::PAGE_ITEMS_MAX;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use wire::client::CallOptions;
use wire::connection::{Connection, Failure, broken};
use wire::{Adapter, Address, CallRequest};

/// Updates that wait to be taken. A channel with one more waits.
const UPDATES_MAX: usize = 1_024;
/// How long a channel may take to count its last bytes and close its connection.
const CLOSE_TIMEOUT_MS: u64 = 2_000;

/// Running channels.
pub struct Watcher {
    server: Address,
    options: CallOptions,
    timing: Timing,
    /// Channels that watch the log poll at multiples of the interval after this.
    pub(super) begun: Instant,
    sender: mpsc::Sender<Update>,
    updates: mpsc::Receiver<Update>,
    /// Dropped, it stops the channels.
    stop: watch::Sender<()>,
    channels: Vec<(JoinHandle<()>, Arc<Mutex<Usage>>)>,
}

impl Watcher {
    /// A watcher without channels.
    pub fn new(server: &Address, options: CallOptions, timing: Timing) -> Watcher {
        let (sender, updates) = mpsc::channel(UPDATES_MAX);
        let (server, stop) = (server.clone(), watch::Sender::new(()));
        Watcher { server, options, timing, begun: Instant::now(), sender, updates, stop, channels: Vec::new() }
    }

    /// Adds a channel.
    pub fn add(&mut self, channel: Channel, subject: Subject) {
        let usage = Arc::new(Mutex::new(Usage::default()));
        let listener = Listener {
            number: self.channels.len(),
            channel,
            begun: match subject {
                Subject::Log(_) => self.begun,
                // The status that the order has now is known.
                Subject::Order(..) => Instant::now(),
            },
            subject,
            server: self.server.clone(),
            options: self.options.clone(),
            timing: self.timing,
            updates: self.sender.clone(),
            connection: None,
            usage: usage.clone(),
        };
        self.channels.push((tokio::spawn(listener.run(self.stop.subscribe())), usage));
    }

    /// Waits for the next update.
    pub async fn next(&mut self) -> Result<Update, Failure> {
        // It has a sender of its own, so the queue is never closed.
        self.updates.recv().await.ok_or_else(|| broken("all channels have ended"))
    }

    /// Waits until every channel listens, or was refused; returns all updates until then.
    pub async fn ready(&mut self) -> Result<Vec<Update>, Failure> {
        let (mut ready, mut early) = (vec![false; self.channels.len()], Vec::new());
        while ready.contains(&false) {
            let update = self.next().await?;
            ready[update.channel] |= matches!(update.kind, UpdateKind::Listening | UpdateKind::Refused(_));
            early.push(update);
        }
        Ok(early)
    }

    /// What each channel has used so far.
    pub fn usage(&self) -> Vec<Usage> {
        self.channels.iter().map(|(_, usage)| *usage.lock()).collect()
    }

    /// Stops all channels; returns what each has used, to the last byte.
    pub async fn end(mut self) -> Vec<Usage> {
        self.stop = watch::Sender::new(());
        self.updates.close();
        for (channel, _) in &mut self.channels {
            // Its bytes are counted before it closes the connection, which need not be waited for.
            let _ = timeout(Duration::from_millis(CLOSE_TIMEOUT_MS), channel).await;
        }
        self.usage()
    }
}

/// The number of the newest event of the log.
pub async fn newest(server: &Address, style: &Adapter, options: &CallOptions) -> Result<i64, Failure> {
    let call = |input| CallRequest::with_options("list_events", input, options.clone());
    // Without a cursor the log begins with the oldest events that are stored.
    let mut request = call(Value::object([]));
    let mut connection = Connection::open(server, &style.client.encode(&request)).await?;
    let mut after = None;
    loop {
        let page = reply(connection.call(style.client, &request, &style.client.encode(&request)).await?)?;
        let next = page.get("next").and_then(Value::int).ok_or_else(|| broken("list_events has no next"))?;
        if after == Some(next) {
            connection.close().await;
            return Ok(next);
        }
        after = Some(next);
        request = call(Value::object([("after", next.into()), ("limit", i64::from(PAGE_ITEMS_MAX).into())]));
    }
}
