//! `GET /lab/follow`: the shop's events on all channels at once, and what each channel has used, as server-sent events.

use super::lab::{Lab, NAME, clock_us, error_of, options, refuse};
use crate::snippets;
use crate::watch::{Channel, Mode, Subject, Timing, Update, UpdateKind, Usage, Watcher, channels_of_the_log, newest};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Value};
use serde::Serialize;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Interval, interval};
use wire::Address;
use wire::client::CallOptions;
use wire::event_stream::{Blocks, event_stream};

/// How often the usage of the channels is compared with what was sent: often enough to see which of them poll.
const USAGE_EVERY_MS: u64 = 250;
/// The header in which a browser names the last event that it received (HTML standard, section 9.2.4).
const LAST_EVENT_ID: &str = "last-event-id";

/// A channel.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "LaneName"))]
pub struct ChannelName {
    name: &'static str,
    title: &'static str,
    /// The words by which a client subscribes or polls.
    how: &'static str,
    /// `push`, `poll`, or `wait` for a long poll.
    mode: &'static str,
    /// Its first request, as it sends it.
    request: String,
}

/// A channel listens from now on, or why it does not.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "LaneState"))]
pub struct ChannelState {
    #[serde(rename = "lane")]
    channel: &'static str,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// A channel has received an event of an order.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "LaneNews"))]
pub struct ChannelNews {
    #[serde(rename = "lane")]
    channel: &'static str,
    seq: i64,
    order_id: i64,
    status: String,
    /// When, by the server's clock.
    at_us: f64,
    /// The message that brought it.
    raw: String,
}

/// What a channel has used so far, on all of its connections.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "LaneSpent"))]
pub struct ChannelUsage {
    #[serde(rename = "lane")]
    channel: &'static str,
    /// Requests of HTTP, or messages on an open socket.
    requests: u32,
    /// Bytes that it sent, with the handshake.
    sent: u64,
    /// Bytes that it received, with the handshake.
    received: u64,
}

pub async fn follow(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    match Following::begin(&request, &lab).await {
        Ok(following) => event_stream(&request, following),
        Err(error) => refuse(&request, &error),
    }
}

struct Following {
    watcher: Watcher,
    address: Address,
    channels: Vec<Channel>,
    /// The newest event when it began. A browser that reconnects begins there again, and skips what it has received.
    after: i64,
    usage: Vec<Usage>,
    ticks: Interval,
    _permit: OwnedSemaphorePermit,
}

impl Following {
    async fn begin(request: &HttpRequest, lab: &Lab) -> Result<Following, Error> {
        let permit = lab.follower_permit()?;
        wire::request_context(request, NAME)?;
        let (address, options) = (lab.address_for(request), options(request, None)?);
        let mut channels = channels_of_the_log(lab.config.styles, &[]).unwrap_or_default();
        // The page shows one way of polling; `parlance watch` has both.
        channels.retain(|channel| channel.mode != Mode::ConditionalPoll);
        let first = channels.first().ok_or_else(Error::internal)?;
        let last_event_id = request.headers().get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()?.parse().ok());
        let after = match last_event_id {
            Some(after) => after,
            None => newest(&address, first.style, &options).await.map_err(error_of)?,
        };
        let mut watcher = Watcher::new(&address, options, Timing::default());
        for channel in &channels {
            watcher.add(*channel, Subject::Log(after));
        }
        let (usage, ticks) = (watcher.usage(), interval(Duration::from_millis(USAGE_EVERY_MS)));
        Ok(Following { watcher, address, channels, after, usage, ticks, _permit: permit })
    }

    fn update(&self, Update { channel, kind }: Update) -> String {
        let channel = self.channels[channel].name;
        let why = match kind {
            UpdateKind::Listening => None,
            UpdateKind::Interrupted(problem, _) => Some(problem),
            UpdateKind::Refused(refused) => Some(refused.message),
            UpdateKind::News(news, at, raw) => {
                let number = |name: &str| news.get(name).and_then(Value::int).unwrap_or_default();
                let status = news.get("status").and_then(Value::as_text).unwrap_or_default().to_owned();
                let (seq, order_id, at_us) = (number("seq"), number("order_id"), clock_us(at.into_std()));
                return event("news", &ChannelNews { channel, seq, order_id, status, at_us, raw });
            }
        };
        event("lane", &ChannelState { channel, why })
    }

    fn usage(&self) -> String {
        let used = |(channel, usage): (&Channel, &Usage)| ChannelUsage {
            channel: channel.name,
            requests: usage.requests,
            sent: usage.bytes.sent + usage.handshake.sent,
            received: usage.bytes.received + usage.handshake.received,
        };
        event("spent", &self.channels.iter().zip(&self.usage).map(used).collect::<Vec<_>>())
    }
}

impl Blocks for Following {
    fn first(&self) -> String {
        let name = |channel: &Channel| {
            let (title, how) = channel.described();
            let mode = match channel.mode {
                Mode::Push => "push",
                Mode::Poll | Mode::ConditionalPoll => "poll",
                Mode::Prefer | Mode::Wait => "wait",
            };
            let call = channel.call(self.after, &CallOptions::default());
            let request = snippets::raw(&channel.encode_by_hand(&call), &self.address);
            ChannelName { name: channel.name, title, how, mode, request }
        };
        let names: Vec<ChannelName> = self.channels.iter().map(name).collect();
        format!("id: {}\n{}", self.after, event("lanes", &names))
    }

    async fn next(&mut self) -> Option<Result<String, Error>> {
        loop {
            tokio::select! {
                biased;
                update = self.watcher.next() => return Some(Ok(self.update(update.ok()?))),
                _ = self.ticks.tick() => {
                    let usage = self.watcher.usage();
                    if usage != self.usage {
                        self.usage = usage;
                        return Some(Ok(self.usage()));
                    }
                }
            }
        }
    }
}

/// One event.
fn event(name: &str, data: &impl Serialize) -> String {
    format!("event: {name}\ndata: {}\n\n", serde_json::to_string(data).unwrap_or_default())
}
