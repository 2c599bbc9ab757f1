//! In which ways can one hear the news?

use super::super::{Problem, style};
use lab::watch::By::{ConditionalPoll, Poll, Prefer, Push, Wait};
use lab::watch::{By, LONG_POLL_SECONDS, POLL_MS, Way};

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
pub fn of_the_log(names: &[String]) -> Result<Vec<Way>, Problem> {
    if names.is_empty() {
        return all(OF_THE_LOG);
    }
    let known: Vec<&str> = OF_THE_LOG.iter().map(|(name, ..)| *name).collect();
    let one = |name: &String| {
        let row = OF_THE_LOG.iter().find(|(known, ..)| known == name);
        row.map(way).unwrap_or_else(|| Err(format!("no way is called {name}; there are {}", known.join(", ")).into()))
    };
    names.iter().map(one).collect()
}

/// The ways of looking at an order.
pub fn of_the_order() -> Result<Vec<Way>, Problem> {
    all(OF_THE_ORDER)
}

fn all(rows: &[(&'static str, &'static str, By)]) -> Result<Vec<Way>, Problem> {
    rows.iter().map(way).collect()
}

fn way((name, of, by): &(&'static str, &'static str, By)) -> Result<Way, Problem> {
    Ok(Way { name, style: style(of)?, by: *by })
}

/// How it hears, in few words.
pub fn how(way: &Way) -> String {
    let seconds = POLL_MS / 1_000;
    match way.by {
        Push => "pushed".to_owned(),
        Poll => format!("every {seconds} s"),
        ConditionalPoll => format!("{seconds} s, ETag"),
        Prefer | Wait => format!("waits {LONG_POLL_SECONDS} s"),
    }
}
