//! Events and their cost as lines for a terminal of 100 columns.

use domain::Value;
use lab::watch::{Channel, ChannelResult, Delays, FollowResult, LONG_POLL_SECONDS, POLL_MS, STATUSES, ScoreRow, Usage};
use std::time::Duration;
use wire::Adapter;

/// Characters of a channel's column.
const COLUMN_CHARS_MAX: usize = 7;

/// The head of the table of events: a column for each channel, whose name may take two lines.
pub fn heads(channels: &[Channel]) -> Vec<String> {
    let mut lines = vec![format!("{:>6} {:9} {:>5}", "event", "what", "order"), " ".repeat(22)];
    for channel in channels {
        let (upper, lower) = channel.name.split_once('-').unwrap_or((channel.name, ""));
        let cut = |word: &str| if word.len() > COLUMN_CHARS_MAX { format!("{}.", &word[..4]) } else { word.to_owned() };
        lines[0].push_str(&format!("{:>8}", cut(upper)));
        lines[1].push_str(&format!("{:>8}", cut(lower)));
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// An event, and how long after the first channel each of them received it.
pub fn row(row: &ScoreRow) -> String {
    let number = |name: &str| row.event.get(name).and_then(Value::int).unwrap_or_default();
    let kind = row.event.get("kind").and_then(Value::as_text).unwrap_or_default();
    let kind = kind.strip_prefix("order.").unwrap_or(kind);
    let delays: String = row.behind().into_iter().map(|behind| format!("{:>8}", ms(behind))).collect();
    format!("{:>6} {kind:9} {:>5}{delays}", row.seq, number("order_id"))
}

/// What each channel has received, and what it cost.
pub fn table(channels: &[Channel], delays: &[Delays], usage: &[Usage]) -> Vec<String> {
    let mut lines = vec![
        format!("{:50}{:>18}{:>11}{:>20}", "", "bytes", "handshake", "ms behind the first"),
        format!(
            "{:16} {:11}{:>7}{:>9}{:>6}{:>8}{:>10}{:>11}{:>10}{:>10}",
            "", "how", "events", "requests", "conn.", "sent", "received", "bytes", "mean", "greatest"
        ),
    ];
    for ((channel, delays), usage) in channels.iter().zip(delays).zip(usage) {
        let greatest = delays.mean().map(|_| delays.greatest);
        lines.push(format!(
            "{:16} {:11}{:>7}{:>9}{:>6}{:>8}{:>10}{:>11}{:>10}{:>10}",
            channel.name,
            channel.how(),
            delays.events,
            usage.requests,
            usage.connections,
            usage.bytes.sent,
            usage.bytes.received,
            handshake(usage),
            ms(delays.mean()),
            ms(greatest),
        ));
    }
    lines
}

/// What each channel that follows an order has received, when, and what it cost.
pub fn followed(followed: &FollowResult, by: &Adapter) -> Vec<String> {
    let delays = STATUSES.map(|status| format!("{status:>10}")).concat();
    let mut lines = vec![
        format!("{:18}{:>8}{:>15}{:>10}{:>30}", "", "", "bytes", "handshake", "ms after the change was sent"),
        format!("{:18}{:>8}{:>6}{:>9}{:>10}{delays}{:>9}", "", "requests", "sent", "received", "bytes", "mean"),
    ];
    let answered: Vec<Option<Duration>> =
        (0..STATUSES.len()).map(|status| followed.changes.get(status).map(|change| change.answered)).collect();
    let mut own = Delays::default();
    answered.iter().flatten().for_each(|answered| own.add(*answered));
    lines.push(format!("{:51}{}{:>9}", format!("({}'s own response)", by.name), cells(&answered), ms(own.mean())));
    lines.extend(followed.channels.iter().map(|channel| follower(followed, channel)));
    lines
}

fn follower(followed: &FollowResult, channel: &ChannelResult) -> String {
    let delays: Vec<_> = (0..STATUSES.len()).map(|status| followed.delay(channel, status)).collect();
    let usage = &channel.usage;
    format!(
        "{:18}{:>8}{:>6}{:>9}{:>10}{}{:>9}",
        channel.channel.name,
        usage.requests,
        usage.bytes.sent,
        usage.bytes.received,
        handshake(usage),
        cells(&delays),
        ms(followed.delays(channel).mean()),
    )
}

/// Notes that explain the table.
pub fn how_followed(by: &Adapter) -> String {
    format!(
        "{} makes the changes, in a temporary sandbox. Delays start when it sends a change, so an event may arrive\n\
         before its response. Bytes are those of the TCP stream until every channel has the last event; the\n\
         handshake of a WebSocket is counted apart. poll and conditional-poll read the log every {} s; in long-poll,\n\
         soap and xmlrpc the server waits up to {LONG_POLL_SECONDS} s for events. poll-order and conditional-order read the order\n\
         every {} s. Times are those of the loopback interface, without a network.",
        by.name,
        POLL_MS / 1_000,
        POLL_MS / 1_000,
    )
}

fn cells(delays: &[Option<Duration>]) -> String {
    delays.iter().map(|delay| format!("{:>10}", ms(*delay))).collect()
}

fn handshake(usage: &Usage) -> String {
    match (usage.handshake.sent, usage.handshake.received) {
        (0, 0) => "-".to_owned(),
        (sent, received) => format!("{sent}+{received}"),
    }
}

fn ms(time: Option<Duration>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| format!("{:.2}", time.as_secs_f64() * 1_000.0))
}
