//! How is news heard side by side? In several ways at once, each on a connection of its own whose every byte is counted.
//!
//! A *way* is a style and how one hears news in it: it is pushed, or one asks again and again. A *lane* is one way at work. It
//! resumes by its cursor when its connection breaks, and says so.

mod board;
mod follow;
mod lane;
mod maker;
mod poll;
pub mod ways;

pub use board::{Board, Delays, Row};
pub use follow::{Follow, Followed, Follower, PLACED_AFTER_MS, Pauses, STATUSES};

use domain::Value;
use domain::limits::PAGE_ITEMS_MAX;
use lane::Lane;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use wire::client::CallOptions;
use wire::connection::{Connection, Failure, broken};
use wire::{Adapter, Address, CallRequest, Outcome, Refused};

/// How often those ask who do not wait: what most who poll do.
pub const POLL_MS: u64 = 1_000;
/// How long those wait who ask the server to hold its answer back until there is news; it allows 30.
pub const LONG_POLL_SECONDS: i32 = 20;
/// How long a lane whose connection broke waits before it comes again.
pub const RETRY_MS: u64 = 1_000;
/// Things that lanes have told and nobody has taken yet. A lane that wants to tell more waits.
const UNTAKEN_MAX: usize = 1_024;
/// How long a lane may take to count its last bytes and hang up.
const HANG_UP_TIMEOUT_MS: u64 = 2_000;

/// A style, and how one hears news in it.
#[derive(Clone, Copy)]
pub struct Way {
    /// What it is called on the command line.
    pub name: &'static str,
    /// The style.
    pub style: &'static Adapter,
    /// How.
    pub by: By,
}

/// How one hears news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// It is pushed: `watch_events`.
    Push,
    /// One asks at every beat.
    Poll,
    /// The same, saying by `If-None-Match` what one has seen (RFC 9110 section 13.1.2).
    ConditionalPoll,
    /// One asks and says by `Prefer` (RFC 7240 section 4.3) that one would wait.
    Prefer,
    /// One asks and says by `wait_seconds` that one would wait.
    Wait,
}

/// What one looks at to hear news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The log, after this event.
    Log(i64),
    /// One order: its id, and the status that it was seen in.
    Order(i64, String),
}

/// How often it is asked, and when it is tried again.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// From one question to the next, for those who do not wait.
    pub poll_ms: u64,
    /// Before one comes again after a break.
    pub retry_ms: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { poll_ms: POLL_MS, retry_ms: RETRY_MS }
    }
}

/// What a lane tells.
#[derive(Debug)]
pub struct Told {
    /// Which one, counted from 0.
    pub lane: usize,
    /// What.
    pub what: What,
}

/// What there is to tell.
#[derive(Debug)]
pub enum What {
    /// It is connected and listens.
    Listens,
    /// News: an event, or the order as it is now; and the message that told it.
    News(Value, Instant, String),
    /// Its connection broke for this reason. It comes again, and resumes where it was.
    Broke(String, Subject),
    /// It was refused, and comes no more.
    Refused(Refused),
}

/// What a lane has spent. Bytes are those that crossed the wire; opening WebSockets is counted apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Connections that were opened.
    pub connections: u32,
    /// Requests of HTTP or messages of a WebSocket that were sent.
    pub requests: u32,
    /// Bytes that were sent.
    pub sent: u64,
    /// Bytes that were received.
    pub received: u64,
    /// Bytes that were sent to open WebSockets.
    pub handshake_sent: u64,
    /// Bytes that were received in opening them.
    pub handshake_received: u64,
}

/// Lanes at work.
pub struct Watching {
    server: Address,
    options: CallOptions,
    pace: Pace,
    /// Those who look at the log beat to one clock: they ask at the same moment.
    begun: Instant,
    teller: mpsc::Sender<Told>,
    told: mpsc::Receiver<Told>,
    /// Dropped, it stops the lanes.
    stop: watch::Sender<()>,
    lanes: Vec<(JoinHandle<()>, Arc<Mutex<Spent>>)>,
}

impl Watching {
    /// Nobody listens yet.
    pub fn new(server: &Address, options: CallOptions, pace: Pace) -> Watching {
        let (teller, told) = mpsc::channel(UNTAKEN_MAX);
        let (server, stop) = (server.clone(), watch::Sender::new(()));
        Watching { server, options, pace, begun: Instant::now(), teller, told, stop, lanes: Vec::new() }
    }

    /// When it began, from which the beats are counted.
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// One more lane; gives its number.
    pub fn add(&mut self, way: Way, subject: Subject) -> usize {
        let (number, spent) = (self.lanes.len(), Arc::new(Mutex::new(Spent::default())));
        let lane = Lane {
            number,
            way,
            begun: match subject {
                Subject::Log(_) => self.begun,
                // What it is now is known to whoever looks at it from now on.
                Subject::Order(..) => Instant::now(),
            },
            subject,
            server: self.server.clone(),
            options: self.options.clone(),
            pace: self.pace,
            teller: self.teller.clone(),
            line: None,
            spent: spent.clone(),
        };
        self.lanes.push((tokio::spawn(lane.run(self.stop.subscribe())), spent));
        number
    }

    /// The next thing that a lane tells; waits for it.
    pub async fn next(&mut self) -> Result<Told, Failure> {
        // One of those who could tell is ours, so there always is one.
        self.told.recv().await.ok_or_else(|| broken("no lane tells anything any more"))
    }

    /// Waits until every lane listens, or was refused; gives all that they have told until then.
    pub async fn all_listen(&mut self) -> Result<Vec<Told>, Failure> {
        let (mut settled, mut early) = (vec![false; self.lanes.len()], Vec::new());
        while settled.contains(&false) {
            let told = self.next().await?;
            if matches!(told.what, What::Listens | What::Refused(_)) {
                settled[told.lane] = true;
            }
            early.push(told);
        }
        Ok(early)
    }

    /// What each lane has spent so far.
    pub fn spent(&self) -> Vec<Spent> {
        self.lanes.iter().map(|(_, spent)| *spent.lock().unwrap_or_else(PoisonError::into_inner)).collect()
    }

    /// Stops all lanes; gives what each has spent, to the last byte.
    pub async fn end(mut self) -> Vec<Spent> {
        self.stop = watch::Sender::new(());
        self.told.close();
        for (lane, _) in &mut self.lanes {
            // What it has spent is counted before it says good-bye, for which nobody has to wait long.
            let _ = timeout(Duration::from_millis(HANG_UP_TIMEOUT_MS), lane).await;
        }
        self.spent()
    }
}

/// The newest event of the log, asked for in that style.
pub async fn newest(server: &Address, style: &Adapter, options: &CallOptions) -> Result<i64, Failure> {
    let ask_after = |after: i64| {
        let input = Value::object([("after", after.into()), ("limit", i64::from(PAGE_ITEMS_MAX).into())]);
        CallRequest { options: options.clone(), ..CallRequest::new("list_events", input) }
    };
    // Without a cursor one gets the oldest events that are kept.
    let mut ask = CallRequest { options: options.clone(), ..CallRequest::new("list_events", Value::object([])) };
    let mut line = Connection::open(server, &style.client.encode(&ask)).await?;
    let mut after = None;
    loop {
        let next = match line.call(style.client, &ask, &style.client.encode(&ask)).await? {
            Outcome::Reply(page) => page.get("next").and_then(Value::int),
            Outcome::Refused(refused) => return Err(Failure::Refused(Box::new(refused))),
            Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => None,
        };
        let next = next.ok_or_else(|| broken("list_events has no next"))?;
        if after == Some(next) {
            line.close().await;
            return Ok(next);
        }
        (after, ask) = (Some(next), ask_after(next));
    }
}
