//! What does it cost to follow one order through its four changes, in each way? One style changes it, and all lanes listen.

use super::maker::Maker;
use super::{Pace, Spent, Subject, Told, Watching, Way, What, newest};
use crate::sandbox::{Sandboxes, throw_away_names};
use domain::Value;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use wire::client::CallOptions;
use wire::connection::{Failure, broken};
use wire::{Adapter, Address};

/// The statuses that the order comes to.
pub const STATUSES: [&str; 4] = ["placed", "paid", "shipped", "delivered"];

// The pauses are no multiples of the polling beat, and the changes fall on an eighth, three, five and seven eighths of it: so
// the mean delay of those who poll is that of changes which come whenever they like, half a beat.

/// How long after the beginning the order is placed: in the third second, at an eighth of the beat.
pub const PLACED_AFTER_MS: u64 = 2_125;
/// How long after that it is paid.
pub const PAID_AFTER_MS: u64 = 3_500;
/// How long after that it is shipped.
pub const SHIPPED_AFTER_MS: u64 = 2_750;
/// How long after that it is delivered.
pub const DELIVERED_AFTER_MS: u64 = 3_500;
/// How often it is shown how things stand, at least: often enough to see who asks.
const SHOWN_EVERY_MS: u64 = 250;
/// How long after the last change lanes may still hear of it.
const HEARD_TIMEOUT_MS: u64 = 5_000;

/// The pauses before the changes, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Pauses(pub [u64; STATUSES.len()]);

impl Default for Pauses {
    fn default() -> Self {
        Pauses([PLACED_AFTER_MS, PAID_AFTER_MS, SHIPPED_AFTER_MS, DELIVERED_AFTER_MS])
    }
}

/// How an order is to be followed.
pub struct Follow {
    /// The ways that look at the log.
    pub of_the_log: Vec<Way>,
    /// The ways that look at the order itself, from when it is placed on.
    pub of_the_order: Vec<Way>,
    /// The style that changes the order.
    pub by: &'static Adapter,
    /// The pauses before the changes.
    pub pauses: Pauses,
    /// The beat.
    pub pace: Pace,
    /// Who follows and changes it.
    pub options: CallOptions,
}

/// How an order was followed.
#[derive(Default)]
pub struct Followed {
    /// The changes that were made so far.
    pub changes: Vec<Change>,
    /// What came of it in each way.
    pub lanes: Vec<Follower>,
}

/// A change of the order.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// When it was sent.
    pub sent: Instant,
    /// How long after that it was answered.
    pub answered: Duration,
}

/// One way of following.
pub struct Follower {
    /// Which one.
    pub way: Way,
    /// Whether it looks at the order itself. Then it knows the first status from the beginning.
    pub looks_at_the_order: bool,
    /// For each status, when it heard of it.
    pub heard: [Option<Instant>; STATUSES.len()],
    /// What it has spent.
    pub spent: Spent,
}

impl Followed {
    /// How long after a change was sent a lane heard of it.
    pub fn delay(&self, lane: &Follower, status: usize) -> Option<Duration> {
        Some(lane.heard[status]?.saturating_duration_since(self.changes.get(status)?.sent))
    }

    /// All delays of a lane that are known.
    pub fn delays(&self, lane: &Follower) -> super::Delays {
        let mut delays = super::Delays::default();
        for status in 0..STATUSES.len() {
            self.delay(lane, status).into_iter().for_each(|delay| delays.add(delay));
        }
        delays.events = delays.known;
        delays
    }

    /// Whether every lane has heard what there was to hear. Who looks at the order sees only what it is now.
    pub fn is_whole(&self) -> bool {
        let last = STATUSES.len() - 1;
        let is_whole = |lane: &Follower| match lane.looks_at_the_order {
            true => lane.heard[last].is_some(),
            false => lane.heard.iter().all(Option::is_some),
        };
        self.lanes.iter().all(is_whole)
    }

    /// A lane has heard of a status; of each once, and in their order. Gives the place of the status.
    fn hear(&mut self, lane: usize, thing: &Value, at: Instant) -> Result<usize, Failure> {
        let lane = &mut self.lanes[lane];
        let status = thing.get("status").and_then(Value::as_text).unwrap_or_default();
        let place = STATUSES.iter().position(|known| *known == status);
        let place = place.filter(|place| lane.heard[*place..].iter().all(Option::is_none));
        let is_next = |place: &usize| lane.looks_at_the_order || lane.heard[..*place].iter().all(Option::is_some);
        let place = place
            .filter(is_next)
            .ok_or_else(|| broken(format!("{} heard of the status \"{status}\" when it could not", lane.way.name)))?;
        lane.heard[place] = Some(at);
        Ok(place)
    }
}

impl Follow {
    /// Follows an order in a throw-away sandbox of the server, unless it is told to stop before. What is known so far is shown
    /// again and again.
    pub async fn run(
        self,
        server: &Address,
        show: impl FnMut(&Followed),
        stop: impl Future,
    ) -> Result<Followed, Failure> {
        let mut sandboxes = Sandboxes::open(server).await?;
        let name = throw_away_names("watch", 1).remove(0);
        sandboxes.reset(&name).await?;
        let sandbox = server.in_sandbox(&name);
        let followed = tokio::select! {
            followed = self.run_in(&sandbox, show) => followed,
            _ = stop => Err(broken("stopped before the order was delivered")),
        };
        let forgotten = sandboxes.forget(&name).await;
        let followed = followed?;
        forgotten?;
        Ok(followed)
    }

    async fn run_in(self, sandbox: &Address, mut show: impl FnMut(&Followed)) -> Result<Followed, Failure> {
        let after = newest(sandbox, self.by, &self.options).await?;
        let mut maker = Maker { sandbox, style: self.by, options: &self.options, order_id: 0 };
        let watching = Watching::new(sandbox, self.options.clone(), self.pace);
        let mut stage = Stage { watching, followed: Followed::default(), events: Default::default() };
        self.of_the_log.iter().for_each(|way| stage.add(*way, Subject::Log(after)));
        for told in stage.watching.all_listen().await? {
            stage.take(told)?;
        }
        let mut moment = stage.watching.begun();
        for (status, pause_ms) in STATUSES.iter().zip(self.pauses.0) {
            moment += Duration::from_millis(pause_ms);
            stage.listen_until(moment, &mut show).await?;
            let change = maker.make(status).await?;
            stage.followed.changes.push(change);
            if stage.followed.changes.len() == 1 {
                let subject = Subject::Order(maker.order_id, (*status).to_owned());
                self.of_the_order.iter().for_each(|way| stage.add(*way, subject.clone()));
            }
            show(&stage.followed);
        }
        stage.listen_to_the_end(&mut show).await?;
        Ok(stage.end().await)
    }
}

/// Lanes at work, and what they have told.
struct Stage {
    watching: Watching,
    followed: Followed,
    /// The events, as the first who heard each was told it.
    events: [Option<Value>; STATUSES.len()],
}

impl Stage {
    fn add(&mut self, way: Way, subject: Subject) {
        let looks_at_the_order = matches!(subject, Subject::Order(..));
        let (heard, spent) = ([None; STATUSES.len()], Spent::default());
        self.followed.lanes.push(Follower { way, looks_at_the_order, heard, spent });
        self.watching.add(way, subject);
    }

    fn take(&mut self, told: Told) -> Result<(), Failure> {
        match told.what {
            What::News(thing, at, _) => {
                let status = self.followed.hear(told.lane, &thing, at)?;
                self.ensure_equal(told.lane, status, thing)
            }
            What::Refused(refused) => {
                let name = self.followed.lanes[told.lane].way.name;
                Err(broken(format!("{name} was refused: {refused}")))
            }
            // It resumes where it was; how often, its connections tell.
            What::Broke(..) | What::Listens => Ok(()),
        }
    }

    /// First all must have been told the same, and only then there are numbers. Who looks at the order is told of that.
    fn ensure_equal(&mut self, lane: usize, status: usize, thing: Value) -> Result<(), Failure> {
        let lane = &self.followed.lanes[lane];
        if lane.looks_at_the_order {
            return Ok(());
        }
        let first = self.events[status].get_or_insert_with(|| thing.clone());
        if *first == thing {
            return Ok(());
        }
        let (first, other) = (wire::json::value(first), wire::json::value(&thing));
        Err(broken(format!("{} was told {other}, and others {first}", lane.way.name)))
    }

    async fn listen_until(&mut self, moment: Instant, show: &mut impl FnMut(&Followed)) -> Result<(), Failure> {
        while Instant::now() < moment {
            let shown_again = Instant::now() + Duration::from_millis(SHOWN_EVERY_MS);
            // Though nothing is told, requests are made: so what is shown is renewed.
            if let Ok(told) = timeout_at(moment.min(shown_again), self.watching.next()).await {
                self.take(told?)?;
            }
            self.show(show);
        }
        Ok(())
    }

    async fn listen_to_the_end(&mut self, show: &mut impl FnMut(&Followed)) -> Result<(), Failure> {
        let too_late = Instant::now() + Duration::from_millis(HEARD_TIMEOUT_MS);
        while !self.followed.is_whole()
            && let Ok(told) = timeout_at(too_late, self.watching.next()).await
        {
            self.take(told?)?;
            self.show(show);
        }
        Ok(())
    }

    fn show(&mut self, show: &mut impl FnMut(&Followed)) {
        let spent = self.watching.spent();
        self.followed.lanes.iter_mut().zip(spent).for_each(|(lane, spent)| lane.spent = spent);
        show(&self.followed);
    }

    async fn end(self) -> Followed {
        let Stage { watching, mut followed, .. } = self;
        let spent = watching.end().await;
        followed.lanes.iter_mut().zip(spent).for_each(|(lane, spent)| lane.spent = spent);
        followed
    }
}
