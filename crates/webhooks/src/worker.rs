//! The worker that delivers webhooks: it sends each delivery when it is due, repeats failed ones, and stops in an orderly way.
//!
//! The store holds the pending deliveries, so none is lost when the process ends. If the process ends between an attempt and the
//! write of its outcome, the delivery is sent again with the same id: delivery is at least once.

use crate::concurrency::{ATTEMPTS_PER_WEBHOOK_MAX, ConcurrencyLimit};
use crate::message::{id, message};
use crate::outcome::{Outcome, record};
use crate::send::Sender;
use domain::events::Listener;
use domain::store::{WriteJob, boxed};
use domain::time::Timestamp;
use domain::webhooks::{DueDelivery, Endpoint, WebhookStatus};
use domain::{Error, Shop};
use std::collections::HashMap;
use std::time::Duration;
use tokio::task::{Id, JoinError, JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};
use wire::shutdown::Shutdown;

/// The longest time between two queries for due deliveries. The worker does not rely on its timer alone: the clock may be set, and
/// the machine may sleep.
const IDLE_MS_MAX: u64 = 60_000;
/// The same while attempts are running, and the pause after a query or a write that failed.
const RETRY_MS: u64 = 1_000;
/// After a query the worker pauses for this many times the query's duration (about 10 ms for 5,000 webhooks), even if there are
/// new deliveries: so queries use at most a fifth of one thread.
const PAUSE_FACTOR: u32 = 4;
/// Time that running attempts have to end at shutdown; shorter than the server gives to requests in flight.
pub const SHUTDOWN_MS: u64 = 5_000;

/// Delivers webhooks until it is stopped.
pub struct Worker {
    shutdown: Shutdown,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts the worker as a task of the current Tokio runtime.
    pub fn start(shop: Shop, sender: Sender) -> Worker {
        let shutdown = Shutdown::default();
        let (limit, running, attempts) = (ConcurrencyLimit::default(), HashMap::new(), JoinSet::new());
        let deliveries = DeliveryLoop { shop, sender, limit, running, attempts };
        Worker { task: tokio::spawn(deliveries.run(shutdown.clone())), shutdown }
    }

    /// Starts no more attempts and waits up to [`SHUTDOWN_MS`] for the running ones. The next start sends what is still pending.
    pub async fn stop(mut self) {
        self.shutdown.start();
        if let Err(problem) = (&mut self.task).await {
            tracing::error!(%problem, "the webhook worker failed");
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The state of the worker's task.
struct DeliveryLoop {
    shop: Shop,
    sender: Sender,
    limit: ConcurrencyLimit,
    running: HashMap<Id, RunningAttempt>,
    /// The result of an attempt is whether the webhook is responsive; `None` if no request was sent.
    attempts: JoinSet<Option<bool>>,
}

struct RunningAttempt {
    /// The message id, so that no delivery runs twice at the same time.
    id: String,
    endpoint: Endpoint,
}

impl DeliveryLoop {
    async fn run(mut self, shutdown: Shutdown) {
        let mut listener = Listener::new(self.shop.store().webhook_signal());
        while !shutdown.has_started() {
            // Listens before the query, so that a delivery that is added in between is not missed.
            listener.listen();
            let begun = Instant::now();
            let pause = self.start_due();
            sleep(begun.elapsed() * PAUSE_FACTOR).await;
            tokio::select! {
                // The result does not matter: the store never removes this signal.
                _ = listener.notified() => {}
                Some(ended) = self.attempts.join_next_with_id() => self.finish(ended),
                () = sleep(pause) => {}
                () = shutdown.started() => {}
            }
            // The other attempts that have ended make room before the next query.
            while let Some(ended) = self.attempts.try_join_next_with_id() {
                self.finish(ended);
            }
        }
        let all_ended = async { while self.attempts.join_next().await.is_some() {} };
        let _ = timeout(Duration::from_millis(SHUTDOWN_MS), all_ended).await;
    }

    /// Starts the due attempts that the limit allows. Returns the time until the next query.
    fn start_due(&mut self) -> Duration {
        let now = (self.shop.config().clock)();
        let next = self.start_due_at(now).unwrap_or_else(|error| {
            tracing::error!(reason = error.reason.word(), "due webhook deliveries could not be read");
            Some(now)
        });
        if !self.attempts.is_empty() {
            return Duration::from_millis(RETRY_MS);
        }
        let wait = next.map_or(u64::MAX, |next| u64::try_from(next.0 - now.0).unwrap_or_default());
        Duration::from_millis(wait.saturating_mul(1_000).clamp(RETRY_MS, IDLE_MS_MAX))
    }

    /// Returns the time of the next delivery that is not due yet.
    fn start_due_at(&mut self, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        for (endpoint, first) in self.shop.store().endpoints()? {
            if first > now {
                return Ok(Some(first));
            }
            if self.limit.available(&endpoint) == 0 {
                continue;
            }
            // The query returns running deliveries too; there are never more of them than it returns.
            for due in self.shop.store().due_deliveries(&endpoint, now, ATTEMPTS_PER_WEBHOOK_MAX as u32)? {
                if self.limit.available(&endpoint) > 0 && !self.is_running(&due) {
                    self.start(due, &endpoint);
                }
            }
        }
        Ok(None)
    }

    fn is_running(&self, due: &DueDelivery) -> bool {
        let id = id(due);
        self.running.values().any(|attempt| attempt.id == id)
    }

    fn start(&mut self, due: DueDelivery, endpoint: &Endpoint) {
        let id = id(&due);
        let task = self.attempts.spawn(deliver(self.shop.clone(), self.sender.clone(), due, endpoint.clone()));
        self.limit.acquire(endpoint);
        self.running.insert(task.id(), RunningAttempt { id, endpoint: endpoint.clone() });
    }

    fn finish(&mut self, ended: Result<(Id, Option<bool>), JoinError>) {
        let (task, is_responsive) = ended.unwrap_or_else(|problem| {
            tracing::error!(%problem, "a webhook delivery attempt failed");
            (problem.id(), None)
        });
        if let Some(attempt) = self.running.remove(&task) {
            self.limit.release(&attempt.endpoint, is_responsive);
        }
    }
}

/// Makes one attempt and stores its outcome. Returns whether the webhook is responsive; `None` if no request was sent.
async fn deliver(shop: Shop, sender: Sender, due: DueDelivery, endpoint: Endpoint) -> Option<bool> {
    let outcome = attempt(&shop, &sender, &due).await;
    let (webhook, delivery) = (endpoint.webhook_id.0, due.delivery.id.0);
    tracing::debug!(sandbox = %endpoint.sandbox, webhook, delivery, ?outcome, "webhook delivery attempted");
    let is_responsive = (!matches!(outcome, Outcome::Abandoned(_))).then(|| outcome.is_responsive());
    // Until its outcome is stored, the delivery is still due, and counts as running.
    while let Err(error) = shop.store().update_if_exists(&endpoint.sandbox, record_job(&shop, &due, &outcome)).await {
        tracing::warn!(reason = error.reason.word(), "the outcome of a webhook delivery could not be stored yet");
        sleep(Duration::from_millis(RETRY_MS)).await;
    }
    is_responsive
}

async fn attempt(shop: &Shop, sender: &Sender, due: &DueDelivery) -> Outcome {
    if due.registration.webhook.status == WebhookStatus::Ended {
        return Outcome::Abandoned("the webhook has ended");
    }
    match message(due, (shop.config().clock)()) {
        Ok(message) => sender.send(&message).await,
        Err(problem) => Outcome::Abandoned(problem),
    }
}

fn record_job(shop: &Shop, due: &DueDelivery, outcome: &Outcome) -> WriteJob {
    let (due, outcome, now) = (due.clone(), outcome.clone(), (shop.config().clock)());
    Box::new(move |shop| record(shop, &due, &outcome, now).map(boxed))
}
