//! Who goes, and when? As soon as something is due; again when it is due again; and at the end, those who are under way may return.
//!
//! What is due stands in the store. So whatever happens to this process, nothing is forgotten; and what was taken without us
//! having written that down is brought again, under the same name: at least once.

use crate::message::{id, message};
use crate::note::{Outcome, note};
use crate::places::{AT_ONCE_EACH_MAX, ConcurrencyLimit};
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

/// How long nobody looks what is due, where nothing rings: clocks are set, and machines sleep.
const PAUSE_MS_MAX: u64 = 60_000;
/// The same while somebody is under way, or after a look or a note that failed.
const SOON_MS: u64 = 1_000;
/// A look takes the longer the more webhooks there are, some 10 ms for 5,000. So many times as long nobody looks again, however
/// often it rings: looking is no more than a part of one thread's work.
const REST_TIMES: u32 = 4;
/// How long those under way may take to return once it is over: less than the server gives to requests in flight.
pub const RETURN_MS: u64 = 5_000;

/// Carries what is due, until it is told to stop.
pub struct Worker {
    drain: Shutdown,
    rounds: JoinHandle<()>,
}

impl Worker {
    /// Begins.
    pub fn start(shop: Shop, sender: Sender) -> Worker {
        let drain = Shutdown::default();
        let rounds =
            Rounds { shop, sender, places: ConcurrencyLimit::default(), gone: HashMap::new(), tries: JoinSet::new() };
        Worker { rounds: tokio::spawn(rounds.run(drain.clone())), drain }
    }

    /// Ends: nobody goes any more, and who is under way may return, for a while. What is left is brought after the next start.
    pub async fn stop(mut self) {
        self.drain.begin();
        if let Err(problem) = (&mut self.rounds).await {
            tracing::error!(%problem, "who carries to webhooks has failed");
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.rounds.abort();
    }
}

/// Who is under way, and all that one takes along.
struct Rounds {
    shop: Shop,
    sender: Sender,
    places: ConcurrencyLimit,
    gone: HashMap<Id, Gone>,
    tries: JoinSet<Option<bool>>,
}

/// Somebody under way.
struct Gone {
    /// With what: nothing is carried twice at once.
    id: String,
    /// Where to.
    end: Endpoint,
}

impl Rounds {
    async fn run(mut self, drain: Shutdown) {
        let mut listener = Listener::new(self.shop.store().webhook_signal());
        while !drain.has_begun() {
            // The bell first: what rings between here and the look is heard.
            listener.listen();
            let begun = Instant::now();
            let pause = self.look();
            sleep(begun.elapsed() * REST_TIMES).await;
            tokio::select! {
                // This bell is never taken away.
                _ = listener.notified() => {}
                Some(back) = self.tries.join_next_with_id() => self.welcome(back),
                () = sleep(pause) => {}
                () = drain.begun() => {}
            }
            // Whoever else has come back meanwhile makes room before the next look.
            while let Some(back) = self.tries.try_join_next_with_id() {
                self.welcome(back);
            }
        }
        let all_back = async { while self.tries.join_next().await.is_some() {} };
        let _ = timeout(Duration::from_millis(RETURN_MS), all_back).await;
    }

    /// Sends out whoever there is room for; gives how long it is until the next look.
    fn look(&mut self) -> Duration {
        let now = (self.shop.config().clock)();
        let next = self.send_out(now).unwrap_or_else(|error| {
            tracing::error!(reason = error.reason.word(), "what is due to webhooks could not be read");
            Some(now)
        });
        if !self.tries.is_empty() {
            return Duration::from_millis(SOON_MS);
        }
        let wait = next.map_or(u64::MAX, |next| u64::try_from(next.0 - now.0).unwrap_or_default());
        Duration::from_millis(wait.saturating_mul(1_000).clamp(SOON_MS, PAUSE_MS_MAX))
    }

    /// Gives when the next is due.
    fn send_out(&mut self, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        for (end, first) in self.shop.store().endpoints()? {
            if first > now {
                return Ok(Some(first));
            }
            if self.places.room(&end) == 0 {
                continue;
            }
            // Those under way are among the first of these: there are never more of them.
            for due in self.shop.store().due_deliveries(&end, now, AT_ONCE_EACH_MAX as u32)? {
                if self.places.room(&end) > 0 && !self.is_gone(&due) {
                    self.go(due, &end);
                }
            }
        }
        Ok(None)
    }

    fn is_gone(&self, due: &DueDelivery) -> bool {
        let id = id(due);
        self.gone.values().any(|gone| gone.id == id)
    }

    fn go(&mut self, due: DueDelivery, end: &Endpoint) {
        let id = id(&due);
        let task = self.tries.spawn(carry(self.shop.clone(), self.sender.clone(), due, end.clone()));
        self.places.take(end);
        self.gone.insert(task.id(), Gone { id, end: end.clone() });
    }

    fn welcome(&mut self, back: Result<(Id, Option<bool>), JoinError>) {
        let (task, was_brisk) = match back {
            Ok(back) => back,
            Err(problem) => {
                tracing::error!(%problem, "a try to call a webhook has failed");
                (problem.id(), None)
            }
        };
        if let Some(gone) = self.gone.remove(&task) {
            self.places.leave(&gone.end, was_brisk);
        }
    }
}

/// One try, until what came of it is written down; gives whether the answer was brisk, if anybody went.
async fn carry(shop: Shop, sender: Sender, due: DueDelivery, end: Endpoint) -> Option<bool> {
    let outcome = try_once(&shop, &sender, &due).await;
    tracing::debug!(sandbox = %end.sandbox, webhook = end.webhook_id.0, delivery = due.delivery.id.0, ?outcome, "called");
    let was_brisk = (!matches!(outcome, Outcome::Hopeless(_))).then(|| outcome.is_brisk());
    // Until it is written down it is not over: else it would be brought again at once.
    while let Err(error) = shop.store().update_if_exists(&end.sandbox, job(&shop, &due, &outcome)).await {
        tracing::warn!(reason = error.reason.word(), "what came of a call to a webhook could not be written down yet");
        sleep(Duration::from_millis(SOON_MS)).await;
    }
    was_brisk
}

async fn try_once(shop: &Shop, sender: &Sender, due: &DueDelivery) -> Outcome {
    if due.registration.webhook.status == WebhookStatus::Ended {
        return Outcome::Hopeless("the webhook has ended");
    }
    match message(due, (shop.config().clock)()) {
        Ok(message) => sender.send(&message).await,
        Err(why) => Outcome::Hopeless(why),
    }
}

fn job(shop: &Shop, due: &DueDelivery, outcome: &Outcome) -> WriteJob {
    let (due, outcome, now) = (due.clone(), outcome.clone(), (shop.config().clock)());
    Box::new(move |shop| note(shop, &due, &outcome, now).map(boxed))
}
