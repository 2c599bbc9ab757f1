//! In which ways can one hear the news?

use super::By::{ConditionalPoll, Poll, Prefer, Push, Wait};
use super::{By, LONG_POLL_SECONDS, POLL_MS, Way};
use wire::Adapter;

/// Every way that looks at the log: its name, its style, and how. Those that are pushed come first, those that ask most last.
const OF_THE_LOG: &[(&str, &str, By)] = &[
    ("ws", "websocket", Push),
    ("sse", "rest", Push),
    ("graphql", "graphql", Push),
    ("jsonrpc", "jsonrpc", Push),
    ("long-poll", "rest", Prefer),
    ("soap", "soap", Wait),
    ("xmlrpc", "xmlrpc", Wait),
    ("poll", "rest", Poll),
    ("conditional-poll", "rest", ConditionalPoll),
];

/// Those that look at an order again and again, as one who knows of no log would.
const OF_THE_ORDER: &[(&str, &str, By)] = &[
    ("poll-order", "rest", Poll), //
    ("conditional-order", "rest", ConditionalPoll),
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

fn all(styles: &'static [Adapter], rows: &[(&'static str, &str, By)]) -> Vec<Way> {
    let way = |(name, of, by): &(&'static str, &str, By)| {
        let style = styles.iter().find(|style| style.name == *of)?;
        Some(Way { name, style, by: *by })
    };
    rows.iter().filter_map(way).collect()
}

impl Way {
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
