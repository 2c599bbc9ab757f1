//! The sandboxes that have their exercises on: applies the rules to each step, and stores what was done.

use super::activity::Activity;
use super::exercise::{Exercise, Verdict};
use super::history::History;
use super::paths::PATHS;
use super::step::{Step, Streamed, Trip};

use crate::capture::{Decoded, ExchangeObserver, TrafficCapture};
use domain::observer::StreamedEvent;
use domain::progress::ExerciseProgress;
use domain::sandbox::Exercises;
use domain::time::Timestamp;
use domain::{Error, Sandbox, Shop};
use parking_lot::{Mutex, RwLock};
use std::collections::{HashMap, HashSet};
use std::mem;
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};
use tokio::sync::broadcast;
use tokio::time::{interval, sleep};

/// How long a step waits for others that began before it: an exchange may be over before the capture knows.
const ORDER_MS: u64 = 750;
/// How often the rules are applied to the steps that have waited long enough.
const APPLY_MS: u64 = 100;
/// Steps of one sandbox that wait; further ones are dropped. A learner makes fewer.
const WAITING_MAX: usize = 300;
/// Notices that a page may not have been sent yet; a slower one reads all of the progress again.
const UNSENT_MAX: usize = 64;

/// What was recognised in an exercise of a sandbox.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The sandbox.
    pub sandbox: Sandbox,
    /// The exercise.
    pub exercise: &'static str,
    /// How it was done, or what is missing.
    pub text: String,
    /// Whether it was done.
    pub is_done: bool,
}

/// What the pages of learners are sent.
#[derive(Clone, Debug)]
pub enum Notice {
    /// To those of one sandbox.
    Outcome(Outcome),
    /// The instructor's message, to all; empty if there is none any more.
    Message(String),
}

/// The sandboxes that have their exercises on.
pub struct Learners {
    all: RwLock<HashMap<Sandbox, Mutex<Learner>>>,
    /// It holds the learners, too.
    capture: Weak<TrafficCapture>,
    message: RwLock<String>,
    notices: broadcast::Sender<Notice>,
}

/// What is known of one sandbox since the server has started.
#[derive(Default)]
struct Learner {
    /// Steps to which the rules have not been applied yet.
    waiting: Vec<Step>,
    /// When the lab made calls of its own: those that began then are not the learner's.
    of_lab: Vec<Arc<Span>>,
    history: History,
    /// Exercises whose rules are not applied any more.
    done: HashSet<&'static str>,
    near: HashMap<&'static str, String>,
    activity: Activity,
}

/// A time in which the lab makes calls, until it is dropped.
pub struct OfLab(Arc<Span>);

struct Span {
    from: Instant,
    until: OnceLock<Instant>,
}

impl Drop for OfLab {
    fn drop(&mut self) {
        let _ = self.0.until.set(Instant::now());
    }
}

impl Span {
    fn has(&self, at: Instant) -> bool {
        self.from <= at && self.until.get().is_none_or(|until| at <= *until)
    }

    /// Whether no step from this time can come any more.
    fn is_past(&self, now: Instant) -> bool {
        let span = Duration::from_millis(2 * ORDER_MS);
        self.until.get().is_some_and(|until| now.saturating_duration_since(*until) > span)
    }
}

impl Learners {
    /// Learners whose steps come from this capture.
    pub fn new(capture: &Arc<TrafficCapture>) -> Arc<Learners> {
        let (notices, _) = broadcast::channel(UNSENT_MAX);
        let (all, message, of_capture) = (RwLock::default(), RwLock::default(), Arc::downgrade(capture));
        let learners = Arc::new(Learners { all, capture: of_capture, message, notices });
        capture.set_observer(learners.clone());
        learners
    }

    /// Applies the rules, and stores what is recognised, as long as the server runs.
    pub async fn run(self: Arc<Self>, shop: Shop) {
        for (sandbox, settings) in shop.store().sandboxes() {
            self.switch(&sandbox, settings.exercises);
        }
        let mut tick = interval(Duration::from_millis(APPLY_MS));
        loop {
            tick.tick().await;
            for outcome in self.apply(Instant::now(), (shop.config().clock)()) {
                self.publish(&shop, outcome).await;
            }
        }
    }

    /// Stores an outcome, and sends it to the pages.
    async fn publish(&self, shop: &Shop, outcome: Outcome) {
        if let Err(error) = store(shop, &outcome).await {
            tracing::error!("an exercise could not be stored: {error:?}");
        }
        // It fails without a page that shows them.
        let _ = self.notices.send(Notice::Outcome(outcome));
    }

    /// The exercises of a sandbox have been switched on or off.
    pub fn switch(&self, sandbox: &Sandbox, exercises: Exercises) {
        match exercises {
            Exercises::On => {
                self.all.write().entry(sandbox.clone()).or_default();
                self.capture.upgrade().inspect(|capture| capture.begin());
            }
            Exercises::Off => drop(self.all.write().remove(sandbox)),
        }
    }

    /// The lab makes calls in a sandbox, as long as the result is there. They are not the learner's.
    pub fn call_of_lab(&self, sandbox: &Sandbox) -> Option<OfLab> {
        let span = Arc::new(Span { from: Instant::now(), until: OnceLock::new() });
        self.all.read().get(sandbox)?.lock().of_lab.push(span.clone());
        Some(OfLab(span))
    }

    /// Forgets the steps of a sandbox: it was reset, or an exercise is to be done again.
    pub fn forget(&self, sandbox: &Sandbox) {
        if let Some(learner) = self.all.read().get(sandbox) {
            learner.lock().forget();
        }
    }

    /// What the last step that came close to an exercise has missed.
    pub fn near(&self, sandbox: &Sandbox, exercise: &str) -> Option<String> {
        self.all.read().get(sandbox)?.lock().near.get(exercise).cloned()
    }

    /// What the clients of a sandbox have done.
    pub fn activity(&self, sandbox: &Sandbox) -> Activity {
        self.all.read().get(sandbox).map(|learner| learner.lock().activity.clone()).unwrap_or_default()
    }

    /// The notices to all sandboxes, from now on.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// The instructor's message to all learners; empty if there is none.
    pub fn message(&self) -> String {
        self.message.read().clone()
    }

    /// Shows a message to all learners, until the server stops; an empty one removes it.
    pub fn set_message(&self, text: &str) {
        text.clone_into(&mut self.message.write());
        let _ = self.notices.send(Notice::Message(text.to_owned()));
    }

    /// What an answer in writing comes to; `None` if the exercise takes none, or the sandbox has its exercises off.
    pub async fn answer(
        &self,
        shop: &Shop,
        sandbox: &Sandbox,
        exercise: &'static Exercise,
        text: &str,
    ) -> Option<Outcome> {
        // The calls that the answer is about may be steps that still wait.
        sleep(Duration::from_millis(ORDER_MS + APPLY_MS)).await;
        let outcome = {
            let (all, rule) = (self.all.read(), exercise.answer?);
            let mut learner = all.get(sandbox)?.lock();
            let verdict = rule(&learner.history, text);
            learner.take(sandbox, exercise, verdict)?
        };
        self.publish(shop, outcome.clone()).await;
        Some(outcome)
    }

    fn add(&self, sandbox: &Sandbox, step: Step) {
        if let Some(learner) = self.all.read().get(sandbox) {
            let waiting = &mut learner.lock().waiting;
            if waiting.len() < WAITING_MAX {
                waiting.push(step);
            }
        }
    }

    /// Applies the rules to the steps that have waited long enough, in the order in which they began.
    fn apply(&self, now: Instant, time: Timestamp) -> Vec<Outcome> {
        let all = self.all.read();
        all.iter().flat_map(|(sandbox, learner)| learner.lock().apply(sandbox, now, time)).collect()
    }
}

impl Learner {
    /// What was done stays known.
    fn forget(&mut self) {
        let mut activity = mem::take(&mut self.activity);
        activity.go_on();
        *self = Learner { activity, ..Learner::default() };
    }

    fn apply(&mut self, sandbox: &Sandbox, now: Instant, time: Timestamp) -> Vec<Outcome> {
        let is_due = |step: &mut Step| now.saturating_duration_since(step.span().1) >= Duration::from_millis(ORDER_MS);
        let mut due: Vec<Step> = self.waiting.extract_if(.., is_due).collect();
        due.sort_by_key(|step| step.span().0);
        due.retain(|step| !self.of_lab.iter().any(|span| span.has(step.span().0)));
        self.of_lab.retain(|span| !span.is_past(now));
        let mut outcomes = Vec::new();
        for step in due {
            if let Step::Trip(trip) = &step {
                self.activity.add(trip, time);
            }
            self.history.add(step);
            for exercise in PATHS.iter().flat_map(|path| path.exercises) {
                if !self.done.contains(exercise.name) {
                    let verdict = (exercise.rule)(&self.history);
                    outcomes.extend(self.take(sandbox, exercise, verdict));
                }
            }
        }
        outcomes
    }

    fn take(&mut self, sandbox: &Sandbox, exercise: &'static Exercise, verdict: Verdict) -> Option<Outcome> {
        let (text, is_done) = match verdict {
            Verdict::NotYet => return None,
            Verdict::Near(text) => {
                self.activity.missed(exercise.name, &text, Instant::now());
                self.near.insert(exercise.name, text.clone());
                (text, false)
            }
            Verdict::Done(text) => {
                self.activity.go_on();
                self.near.remove(exercise.name);
                self.done.insert(exercise.name);
                (text, true)
            }
        };
        Some(Outcome { sandbox: sandbox.clone(), exercise: exercise.name, text, is_done })
    }
}

impl ExchangeObserver for Learners {
    fn wants_any(&self) -> bool {
        !self.all.read().is_empty()
    }

    fn wants(&self, sandbox: &Sandbox) -> bool {
        self.all.read().contains_key(sandbox)
    }

    fn observe(&self, decoded: &Decoded) {
        self.add(&decoded.exchange.sandbox, Step::Trip(Trip::of(decoded)));
    }

    fn streamed(&self, event: &StreamedEvent<'_>) {
        self.add(&event.request.sandbox, Step::Event(Streamed::of(event)));
    }
}

/// Stores that an exercise was done, unless it was before.
async fn store(shop: &Shop, outcome: &Outcome) -> Result<(), Error> {
    if !outcome.is_done {
        return Ok(());
    }
    let (now, Outcome { sandbox, exercise, text, .. }) = ((shop.config().clock)(), outcome.clone());
    let job = shop.store().transact(&sandbox, move |changes| {
        let known = changes.progress()?.into_iter().find(|progress| progress.exercise == exercise);
        if known.as_ref().is_some_and(|known| known.done_at.is_some()) {
            return Ok(());
        }
        let known = known.unwrap_or_else(|| ExerciseProgress::none(exercise));
        changes.set_progress(&ExerciseProgress { done_at: Some(now), evidence: text, ..known })
    });
    job.await
}
