//! Follows one order through its four statuses on many channels, while one style changes it.

use super::channel::{Channel, Subject, Timing};
use super::listener::{Update, UpdateKind, Usage};
use super::scoreboard::Delays;
use super::watcher::{Watcher, newest};
use crate::call::reply;
use crate::sandboxes::TemporarySandboxes;
use domain::Value;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use wire::client::CallOptions;
use wire::connection::{Connection, Failure, broken};
use wire::{Adapter, Address, CallRequest};

/// The statuses of the order.
pub const STATUSES: [&str; 4] = ["placed", "paid", "shipped", "delivered"];

/// How long before each change nothing happens, in milliseconds. No pause is a multiple of the polling interval: the changes fall on
/// one, five, three and seven eighths of it. So the mean delay of a poll is half an interval, as for changes at any time.
pub const PAUSES_MS: [u64; STATUSES.len()] = [2_125, 3_500, 2_750, 3_500];
/// How often the state so far is shown, at least: often enough to see which channels poll.
const SHOW_EVERY_MS: u64 = 250;
/// How long after the last change its event may still arrive.
const ARRIVAL_TIMEOUT_MS: u64 = 5_000;

/// The customer and the product of the order, in a new sandbox.
const USER_ID: i64 = 1;
const PRODUCT_ID: i64 = 1;

/// How an order is to be followed.
pub struct Follow {
    /// The channels that watch the log.
    pub of_the_log: Vec<Channel>,
    /// The channels that poll the order, as soon as it is placed.
    pub of_the_order: Vec<Channel>,
    /// The style that changes the order.
    pub by: &'static Adapter,
    /// The pauses before the changes, in milliseconds.
    pub pauses_ms: [u64; STATUSES.len()],
    /// The intervals of the channels.
    pub timing: Timing,
    /// The credentials of the channels and of the changes.
    pub options: CallOptions,
}

/// How an order was followed.
#[derive(Default)]
pub struct FollowResult {
    /// The changes that were made so far.
    pub changes: Vec<Change>,
    /// What each channel has received.
    pub channels: Vec<ChannelResult>,
}

/// A change of the order.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// When it was sent.
    pub sent: Instant,
    /// How long after that it was answered.
    pub answered: Duration,
}

/// What one channel has received.
pub struct ChannelResult {
    /// The channel.
    pub channel: Channel,
    /// Whether it polls the order itself. Then it knows the first status from the beginning.
    pub polls_the_order: bool,
    /// For each status, when its event arrived.
    pub delivered: [Option<Instant>; STATUSES.len()],
    /// What it has used.
    pub usage: Usage,
}

impl FollowResult {
    /// How long after a change was sent its event arrived.
    pub fn delay(&self, channel: &ChannelResult, status: usize) -> Option<Duration> {
        Some(channel.delivered[status]?.saturating_duration_since(self.changes.get(status)?.sent))
    }

    /// All delays of a channel that are known.
    pub fn delays(&self, channel: &ChannelResult) -> Delays {
        let mut delays = Delays::default();
        for status in 0..STATUSES.len() {
            self.delay(channel, status).into_iter().for_each(|delay| delays.add(delay));
        }
        delays.events = delays.known;
        delays
    }

    /// Whether every channel has received all that it can: a poll of the order may miss all statuses but the last.
    pub fn is_complete(&self) -> bool {
        let is_complete = |channel: &ChannelResult| match channel.polls_the_order {
            true => channel.delivered[STATUSES.len() - 1].is_some(),
            false => channel.delivered.iter().all(Option::is_some),
        };
        self.channels.iter().all(is_complete)
    }

    fn set_usage(&mut self, usage: Vec<Usage>) {
        self.channels.iter_mut().zip(usage).for_each(|(channel, usage)| channel.usage = usage);
    }

    /// A status has arrived on a channel: each once, and in their order. Returns the position of the status.
    fn record(&mut self, channel: usize, news: &Value, at: Instant) -> Result<usize, Failure> {
        let channel = &mut self.channels[channel];
        let status = news.get("status").and_then(Value::as_text).unwrap_or_default();
        let is_next = |position: &usize| {
            let (before, rest) = channel.delivered.split_at(*position);
            rest.iter().all(Option::is_none) && (channel.polls_the_order || before.iter().all(Option::is_some))
        };
        let position = STATUSES.iter().position(|known| *known == status).filter(is_next);
        let name = channel.channel.name;
        let position =
            position.ok_or_else(|| broken(format!("{name} received the status \"{status}\" out of order")))?;
        channel.delivered[position] = Some(at);
        Ok(position)
    }
}

impl Follow {
    /// Follows an order in a temporary sandbox of the server until it is delivered, or until `stop`. Shows the state so far again
    /// and again.
    pub async fn run(
        self,
        server: &Address,
        show: impl FnMut(&FollowResult),
        stop: impl Future,
    ) -> Result<FollowResult, Failure> {
        let sandboxes = TemporarySandboxes::delayed(server, "watch", 1, 0).await?;
        let sandbox = sandboxes.address(0);
        let result = tokio::select! {
            result = self.run_in(&sandbox, show) => result,
            _ = stop => Err(broken("stopped before the order was delivered")),
        };
        sandboxes.delete().await;
        result
    }

    async fn run_in(self, sandbox: &Address, mut show: impl FnMut(&FollowResult)) -> Result<FollowResult, Failure> {
        let after = newest(sandbox, self.by, &self.options).await?;
        let watcher = Watcher::new(sandbox, self.options.clone(), self.timing);
        let mut following = Following { watcher, result: FollowResult::default(), events: Default::default() };
        self.of_the_log.iter().for_each(|channel| following.add(*channel, Subject::Log(after)));
        for update in following.watcher.ready().await? {
            following.take(update)?;
        }
        let mut moment = following.watcher.begun;
        let mut order_id = 0;
        for (status, pause_ms) in STATUSES.iter().zip(self.pauses_ms) {
            moment += Duration::from_millis(pause_ms);
            following.listen_until(moment, &mut show).await?;
            let change = self.change(sandbox, status, &mut order_id).await?;
            following.result.changes.push(change);
            if following.result.changes.len() == 1 {
                let subject = Subject::Order(order_id, (*status).to_owned());
                self.of_the_order.iter().for_each(|channel| following.add(*channel, subject.clone()));
            }
            show(&following.result);
        }
        let too_late = Instant::now() + Duration::from_millis(ARRIVAL_TIMEOUT_MS);
        following.listen_until(too_late, &mut show).await?;
        let Following { watcher, mut result, .. } = following;
        result.set_usage(watcher.end().await);
        Ok(result)
    }

    /// Brings the order to this status, the first of which places it. The connection is opened before the change is timed, and
    /// closed after it: until the next one a server would close it.
    async fn change(&self, sandbox: &Address, status: &str, order_id: &mut i64) -> Result<Change, Failure> {
        let (operation, input) = if status == STATUSES[0] {
            let line = Value::object([("product_id", PRODUCT_ID.into()), ("quantity", 1.into())]);
            ("place_order", Value::object([("user_id", USER_ID.into()), ("lines", Value::List(vec![line]))]))
        } else {
            ("set_order_status", Value::object([("id", (*order_id).into()), ("status", status.into())]))
        };
        let call = CallRequest::with_options(operation, input, self.options.clone());
        let request = self.by.client.encode(&call);
        let mut connection = Connection::open(sandbox, &request).await?;
        let sent = Instant::now();
        let outcome = connection.call(self.by.client, &call, &request).await?;
        let answered = sent.elapsed();
        connection.close().await;
        *order_id = reply(outcome)?.get("id").and_then(Value::int).unwrap_or(*order_id);
        Ok(Change { sent, answered })
    }
}

/// The running channels, and what they have received.
struct Following {
    watcher: Watcher,
    result: FollowResult,
    /// The event of each status, from the first channel that received it.
    events: [Option<Value>; STATUSES.len()],
}

impl Following {
    fn add(&mut self, channel: Channel, subject: Subject) {
        let polls_the_order = matches!(subject, Subject::Order(..));
        let (delivered, usage) = ([None; STATUSES.len()], Usage::default());
        self.result.channels.push(ChannelResult { channel, polls_the_order, delivered, usage });
        self.watcher.add(channel, subject);
    }

    fn take(&mut self, Update { channel, kind }: Update) -> Result<(), Failure> {
        match kind {
            UpdateKind::News(news, at, _) => {
                let status = self.result.record(channel, &news, at)?;
                self.ensure_equal(channel, status, news)
            }
            UpdateKind::Refused(refused) => {
                Err(broken(format!("{} was refused: {refused}", self.result.channels[channel].channel.name)))
            }
            // It resumes where it was; the count of its connections shows how often.
            UpdateKind::Interrupted(..) | UpdateKind::Listening => Ok(()),
        }
    }

    /// Delays are comparable only if all channels of the log bring the same event.
    fn ensure_equal(&mut self, channel: usize, status: usize, news: Value) -> Result<(), Failure> {
        let channel = &self.result.channels[channel];
        if channel.polls_the_order {
            return Ok(());
        }
        let first = self.events[status].get_or_insert_with(|| news.clone());
        if *first == news {
            return Ok(());
        }
        let (first, other) = (wire::json::value(first), wire::json::value(&news));
        Err(broken(format!("{} received {other}, and others {first}", channel.channel.name)))
    }

    /// Takes updates until this moment, or until there is nothing left to receive.
    async fn listen_until(&mut self, moment: Instant, show: &mut impl FnMut(&FollowResult)) -> Result<(), Failure> {
        let is_over = |result: &FollowResult| result.changes.len() == STATUSES.len() && result.is_complete();
        while Instant::now() < moment && !is_over(&self.result) {
            // Polls without news are shown, too.
            let show_at = Instant::now() + Duration::from_millis(SHOW_EVERY_MS);
            if let Ok(update) = timeout_at(moment.min(show_at), self.watcher.next()).await {
                self.take(update?)?;
            }
            self.show(show);
        }
        Ok(())
    }

    fn show(&mut self, show: &mut impl FnMut(&FollowResult)) {
        self.result.set_usage(self.watcher.usage());
        show(&self.result);
    }
}
