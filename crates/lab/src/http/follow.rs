//! How does somebody follow the news in every way at once? As server-sent events: what each lane has heard
//! when, and what it has spent so far. The lanes are the server's own clients, each on a connection whose every byte counts.

use super::stream::{Blocks, event, stream};
use super::{Lab, NAME, broken_off, by_the_clock, options, refused};
use crate::watch::ways::of_the_log;
use crate::watch::{By, Pace, Spent, Subject, Told, Watching, Way, What, newest};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Reason, Value};
use serde::Serialize;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, interval};
#[cfg(test)]
use ts_rs::TS;
use wire::limits::SSE_RETRY_MS;
use wire::shutdown::Shutdown;
use wire::socket::SocketConfig;

/// Those who may follow at once: each has a connection for every way.
pub const FOLLOWERS_MAX: usize = 64;
/// How often it is looked what the lanes have spent: often enough to see who asks.
const SPENT_EVERY_MS: u64 = 250;
/// The header in which a browser says where it was (HTML standard, section 9.2.4).
const LAST_EVENT_ID: &str = "last-event-id";

/// A way of hearing.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct LaneName {
    name: &'static str,
    title: &'static str,
    /// In which words it is asked.
    how: &'static str,
}

/// That a lane listens from now on, or why it does not.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct LaneState {
    lane: &'static str,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// That a lane has heard of something that happened to an order.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct LaneNews {
    lane: &'static str,
    seq: i64,
    order_id: i64,
    status: String,
    /// When, by the server's clock.
    at_us: f64,
    /// The message that told it.
    raw: String,
}

/// What a lane has spent so far, on all of its connections.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct LaneSpent {
    lane: &'static str,
    /// Requests of HTTP, or messages on an open socket.
    requests: u32,
    /// Bytes that it sent, a handshake with them.
    sent: u64,
    /// Bytes that it received.
    received: u64,
}

/// `GET /lab/follow`
pub async fn follow(request: HttpRequest, lab: Data<Lab>, drain: Data<Shutdown>) -> HttpResponse {
    let following = Following::begin(&request, &lab, drain.get_ref().clone()).await;
    following.map_or_else(|error| refused(&request, &error), stream)
}

/// Somebody who follows.
struct Following {
    watching: Watching,
    ways: Vec<Way>,
    /// Where the log stood when it began. A browser whose connection breaks begins there again, and knows what it has heard.
    after: i64,
    spent: Vec<Spent>,
    ticks: Interval,
    /// How long nothing may be said.
    quiet: Duration,
    said: Instant,
    drain: Shutdown,
    _room: OwnedSemaphorePermit,
}

impl Following {
    async fn begin(request: &HttpRequest, lab: &Lab, drain: Shutdown) -> Result<Following, Error> {
        let room = lab.followers.clone().try_acquire_owned();
        let room = room.map_err(|_| Error::overloaded(format!("{FOLLOWERS_MAX} follow the news already")))?;
        wire::request_context(request, NAME)?;
        let (address, options) = (lab.address_for(request), options(request, None)?);
        let mut ways = of_the_log(lab.setting.styles, &[]).unwrap_or_default();
        // One way of polling tells what polling is; `parlance watch` has both.
        ways.retain(|way| way.by != By::ConditionalPoll);
        let first = ways.first().ok_or_else(Error::internal)?;
        let after = match last_heard(request) {
            Some(after) => after,
            None => newest(&address, first.style, &options).await.map_err(broken_off)?,
        };
        let mut watching = Watching::new(&address, options, Pace::default());
        for way in &ways {
            watching.add(*way, Subject::Log(after));
        }
        let quiet = Duration::from_millis(SocketConfig::of(request).heartbeat_ms.max(1));
        let (spent, ticks) = (watching.spent(), interval(Duration::from_millis(SPENT_EVERY_MS)));
        Ok(Following { watching, ways, after, spent, ticks, quiet, said: Instant::now(), drain, _room: room })
    }

    fn told(&self, Told { lane, what }: Told) -> String {
        let lane = self.ways[lane].name;
        match what {
            What::Listens => event("lane", &LaneState { lane, why: None }),
            What::Broke(problem, _) => event("lane", &LaneState { lane, why: Some(problem) }),
            What::Refused(refused) => event("lane", &LaneState { lane, why: Some(refused.message) }),
            What::News(thing, at, raw) => {
                let number = |name: &str| thing.get(name).and_then(Value::int).unwrap_or_default();
                let status = thing.get("status").and_then(Value::as_text).unwrap_or_default().to_owned();
                let (seq, order_id, at_us) = (number("seq"), number("order_id"), by_the_clock(at.into_std()));
                event("news", &LaneNews { lane, seq, order_id, status, at_us, raw })
            }
        }
    }

    fn spent(&self) -> String {
        let spent = |(way, spent): (&Way, &Spent)| LaneSpent {
            lane: way.name,
            requests: spent.requests,
            sent: spent.sent + spent.handshake_sent,
            received: spent.received + spent.handshake_received,
        };
        event("spent", &self.ways.iter().zip(&self.spent).map(spent).collect::<Vec<_>>())
    }
}

impl Blocks for Following {
    fn first(&mut self) -> String {
        let name = |way: &Way| {
            let (title, how) = way.described();
            LaneName { name: way.name, title, how }
        };
        let lanes: Vec<LaneName> = self.ways.iter().map(name).collect();
        format!("retry: {SSE_RETRY_MS}\nid: {}\n{}", self.after, event("lanes", &lanes))
    }

    async fn next(&mut self) -> Option<Result<String, Error>> {
        let block = loop {
            tokio::select! {
                biased;
                () = self.drain.begun() => return Some(Err(Error::new(Reason::Draining, "the server is shutting down"))),
                told = self.watching.next() => break self.told(told.ok()?),
                _ = self.ticks.tick() => {
                    let spent = self.watching.spent();
                    if spent != self.spent {
                        self.spent = spent;
                        break self.spent();
                    }
                    if self.said.elapsed() >= self.quiet {
                        break ": still here\n\n".to_owned();
                    }
                }
            }
        };
        self.said = Instant::now();
        Some(Ok(block))
    }
}

/// Where a browser was that comes again.
fn last_heard(request: &HttpRequest) -> Option<i64> {
    request.headers().get(LAST_EVENT_ID)?.to_str().ok()?.parse().ok()
}
