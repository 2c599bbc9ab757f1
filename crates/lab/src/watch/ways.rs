//! In which ways can one hear the news?

use super::By::{ConditionalPoll, Poll, Prefer, Push, Wait};
use super::{By, LONG_POLL_SECONDS, POLL_MS, Way};
use wire::Adapter;

/// A way, before it is known where its style is, and at the end what it is called in a table and in which words it is asked.
type Named = (&'static str, &'static str, By, &'static str, &'static str);

/// Every way that looks at the log. Those that are pushed come first, those that ask most last.
const OF_THE_LOG: &[Named] = &[
    ("ws", "websocket", Push, "WebSocket", "watch_events"),
    ("sse", "rest", Push, "REST, pushed", "server-sent events"),
    ("graphql", "graphql", Push, "GraphQL", "subscription orderEvents"),
    ("jsonrpc", "jsonrpc", Push, "JSON-RPC", "watch_events over a WebSocket"),
    ("long-poll", "rest", Prefer, "REST, long poll", "Prefer: wait=20"),
    ("soap", "soap", Wait, "SOAP", "ListEvents, waitSeconds 20"),
    ("xmlrpc", "xmlrpc", Wait, "XML-RPC", "list_events, wait_seconds 20"),
    ("poll", "rest", Poll, "REST, poll", "asked every second"),
    ("conditional-poll", "rest", ConditionalPoll, "REST, conditional poll", "If-None-Match, every second"),
];

/// Those that look at an order again and again, as one who knows of no log would.
const OF_THE_ORDER: &[Named] = &[
    ("poll-order", "rest", Poll, "REST, the order", "asked every second"),
    ("conditional-order", "rest", ConditionalPoll, "REST, the order", "If-None-Match, every second"),
];

/// The ways of those names; all of them, if none is named.
pub fn of_the_log(styles: &'static [Adapter], names: &[String]) -> Result<Vec<Way>, String> {
    let all = all(styles, OF_THE_LOG);
    if names.is_empty() {
        return Ok(all);
    }
    let one = |name: &String| {
        let way = all.iter().find(|way| way.name == name).copied();
        let known: Vec<&str> = all.iter().map(|way| way.name).collect();
        way.ok_or_else(|| format!("no way is called {name}; there are {}", known.join(", ")))
    };
    names.iter().map(one).collect()
}

/// The ways of looking at an order.
pub fn of_the_order(styles: &'static [Adapter]) -> Vec<Way> {
    all(styles, OF_THE_ORDER)
}

fn all(styles: &'static [Adapter], rows: &[Named]) -> Vec<Way> {
    let way = |(name, of, by, ..): &Named| {
        let style = styles.iter().find(|style| style.name == *of)?;
        Some(Way { name, style, by: *by })
    };
    rows.iter().filter_map(way).collect()
}

impl Way {
    /// What it is called in a table, and in which words it is asked.
    pub fn described(&self) -> (&'static str, &'static str) {
        let known = OF_THE_LOG.iter().chain(OF_THE_ORDER).find(|(name, ..)| *name == self.name);
        known.map_or((self.name, ""), |(.., title, words)| (title, words))
    }

    /// How it hears, in few words.
    pub fn how(&self) -> String {
        let seconds = POLL_MS / 1_000;
        match self.by {
            Push => "pushed".to_owned(),
            Poll => format!("every {seconds} s"),
            ConditionalPoll => format!("{seconds} s, ETag"),
            Prefer | Wait => format!("waits {LONG_POLL_SECONDS} s"),
        }
    }
}
