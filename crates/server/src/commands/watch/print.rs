//! How are news and what they cost printed? In lines that a terminal of 100 columns holds, or as JSON.

use domain::Value;
use lab::watch::{Channel, ChannelResult, Delays, FollowResult, LONG_POLL_SECONDS, POLL_MS, STATUSES, ScoreRow, Usage};
use serde_json::json;
use std::time::Duration;
use wire::Adapter;

/// Characters of a lane's column beside the others.
const LANE_CHARS_MAX: usize = 7;

/// The lines above the events: a column for each lane, whose name may take two lines.
pub fn heads(ways: &[Channel]) -> Vec<String> {
    let mut lines = vec![format!("{:>6} {:9} {:>5}", "event", "what", "order"), " ".repeat(22)];
    for way in ways {
        let (upper, lower) = way.name.split_once('-').unwrap_or((way.name, ""));
        let cut = |word: &str| if word.len() > LANE_CHARS_MAX { format!("{}.", &word[..4]) } else { word.to_owned() };
        lines[0].push_str(&format!("{:>8}", cut(upper)));
        lines[1].push_str(&format!("{:>8}", cut(lower)));
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// An event, and how far behind the first each lane heard it.
pub fn row(row: &ScoreRow) -> String {
    let number = |name: &str| row.event.get(name).and_then(Value::int).unwrap_or_default();
    let kind = row.event.get("kind").and_then(Value::as_text).unwrap_or_default();
    let kind = kind.strip_prefix("order.").unwrap_or(kind);
    let lanes: String = row.behind().into_iter().map(|behind| format!("{:>8}", ms(behind))).collect();
    format!("{:>6} {kind:9} {:>5}{lanes}", row.seq, number("order_id"))
}

/// The state of a lane.
pub fn word(way: &Channel, word: &str, as_json: bool) -> String {
    if as_json { json!({"lane": way.name, "word": word}).to_string() } else { format!("{}: {word}", way.name) }
}

/// What each lane has received, and what it cost.
pub fn table(ways: &[Channel], delays: &[Delays], spent: &[Usage]) -> Vec<String> {
    let mut lines = vec![
        format!("{:50}{:>18}{:>11}{:>20}", "", "bytes", "handshake", "ms behind the first"),
        format!(
            "{:16} {:11}{:>7}{:>9}{:>6}{:>8}{:>10}{:>11}{:>10}{:>10}",
            "", "how", "events", "requests", "conn.", "sent", "received", "bytes", "mean", "greatest"
        ),
    ];
    for ((way, delays), spent) in ways.iter().zip(delays).zip(spent) {
        let greatest = delays.mean().map(|_| delays.greatest);
        lines.push(format!(
            "{:16} {:11}{:>7}{:>9}{:>6}{:>8}{:>10}{:>11}{:>10}{:>10}",
            way.name,
            way.how(),
            delays.events,
            spent.requests,
            spent.connections,
            spent.sent,
            spent.received,
            handshake(spent),
            ms(delays.mean()),
            ms(greatest),
        ));
    }
    lines
}

/// What each lane that follows an order has received, when, and what it cost.
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
    lines.push(format!("{:51}{}{:>9}", format!("({}'s own answer)", by.name), cells(&answered), ms(own.mean())));
    lines.extend(followed.channels.iter().map(|lane| follower(followed, lane)));
    lines
}

fn follower(followed: &FollowResult, lane: &ChannelResult) -> String {
    let delays: Vec<_> = (0..STATUSES.len()).map(|status| followed.delay(lane, status)).collect();
    let spent = &lane.usage;
    format!(
        "{:18}{:>8}{:>6}{:>9}{:>10}{}{:>9}",
        lane.channel.name,
        spent.requests,
        spent.sent,
        spent.received,
        handshake(spent),
        cells(&delays),
        ms(followed.delays(lane).mean()),
    )
}

/// Notes that explain the table.
pub fn how_followed(by: &Adapter) -> String {
    format!(
        "{} makes the changes, in a throw-away sandbox. Delays count from when it sends one: a push may be\n\
         there before its answer. Bytes are those of the TCP stream until all have received the last one; a\n\
         WebSocket's handshake is apart. poll and conditional-poll ask for the log every {} s; long-poll, soap\n\
         and xmlrpc let the server wait for news up to {LONG_POLL_SECONDS} s. poll-order and conditional-order look at the\n\
         order every {} s, from when it is placed on. Times are of the loopback: no network's.",
        by.name,
        POLL_MS / 1_000,
        POLL_MS / 1_000,
    )
}

fn cells(delays: &[Option<Duration>]) -> String {
    delays.iter().map(|delay| format!("{:>10}", ms(*delay))).collect()
}

fn handshake(spent: &Usage) -> String {
    match (spent.handshake_sent, spent.handshake_received) {
        (0, 0) => "-".to_owned(),
        (sent, received) => format!("{sent}+{received}"),
    }
}

fn ms(time: Option<Duration>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| format!("{:.2}", time.as_secs_f64() * 1_000.0))
}

/// An event as JSON.
pub fn row_as_json(row: &ScoreRow, ways: &[Channel]) -> serde_json::Value {
    let event: serde_json::Value = serde_json::from_str(&wire::json::value(&row.event)).unwrap_or_default();
    let behind = ways.iter().zip(row.behind()).map(|(way, behind)| (way.name.to_owned(), json!(behind.map(in_ms))));
    json!({"event": event, "behind_ms": behind.collect::<serde_json::Map<_, _>>()})
}

/// What each lane has received and what it cost, as JSON.
pub fn table_as_json(ways: &[Channel], delays: &[Delays], spent: &[Usage]) -> serde_json::Value {
    let lanes = ways.iter().zip(delays).zip(spent);
    let lanes: Vec<_> = lanes.map(|((way, delays), spent)| lane_as_json(way, delays, spent)).collect();
    json!({"lanes": lanes})
}

/// The same of those that followed an order.
pub fn followed_as_json(followed: &FollowResult, by: &Adapter) -> serde_json::Value {
    let changes = STATUSES.iter().zip(&followed.changes);
    let changes = changes.map(|(status, change)| json!({"status": status, "answered_ms": in_ms(change.answered)}));
    let lanes = followed.channels.iter().map(|lane| {
        let mut shown = lane_as_json(&lane.channel, &followed.delays(lane), &lane.usage);
        let delays: Vec<_> = (0..STATUSES.len()).map(|status| followed.delay(lane, status).map(in_ms)).collect();
        shown["delays_ms"] = json!(delays);
        shown["looks_at_the_order"] = json!(lane.polls_the_order);
        shown
    });
    json!({"by": by.name, "changes": changes.collect::<Vec<_>>(), "lanes": lanes.collect::<Vec<_>>()})
}

fn lane_as_json(way: &Channel, delays: &Delays, spent: &Usage) -> serde_json::Value {
    json!({
        "lane": way.name,
        "how": way.how(),
        "events": delays.events,
        "requests": spent.requests,
        "connections": spent.connections,
        "bytes": {"sent": spent.sent, "received": spent.received},
        "handshake": {"sent": spent.handshake_sent, "received": spent.handshake_received},
        "mean_ms": delays.mean().map(in_ms),
        "greatest_ms": delays.mean().map(|_| in_ms(delays.greatest)),
    })
}

fn in_ms(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1_000_000.0
}
