//! Choose: a decision in writing, with evidence from the learner's own calls.

use super::super::exercise::{Exercise, Path, Verdict, done, listed, near};
use super::super::history::History;
use Verdict::NotYet;
use std::collections::BTreeSet;

/// Characters of an answer: a sentence is no reason.
const CHARS_MIN: usize = 200;
/// Styles that were called before one is chosen.
const STYLES_MIN: usize = 3;
/// The names of the styles as people write them, in lower case without hyphens, and as the table has them.
/// They are whole words: a restaurant names no style.
const NAMES: &[(&str, &str)] = &[
    ("rest", "rest"),
    ("restful", "rest"),
    ("soap", "soap"),
    ("jsonrpc", "jsonrpc"),
    ("xmlrpc", "xmlrpc"),
    ("websocket", "websocket"),
    ("graphql", "graphql"),
    ("grpc", "grpc"),
    ("grpcweb", "grpc"),
];

/// The path.
pub const PATH: Path = Path {
    name: "choose",
    title: "Choose and defend",
    exercises: &[
        Exercise {
            name: "compare-three",
            title: "The same call, three sizes",
            task: "Read the same order in three styles, each on a connection that is open already.",
            why: "A fair comparison has the same operation, the same data, and warm connections.",
            styles: &[],
            lesson: "D16",
            hints: [
                "On a warm connection the handshake is not counted again.",
                "`parlance call get_order id=1 --over STYLE` uses a new connection each time; a program, or curl with --next, keeps one.",
            ],
            solution: r#"json='Content-Type: application/json'
rpc='{"jsonrpc": "2.0", "id": 1, "method": "get_order", "params": {"id": 1}}'
query='{"query": "{ order(id: 1) { id status } }"}'
curl -s $SHOP/rest/orders/1 --next -s $SHOP/rest/orders/1 --next -s $SHOP/jsonrpc -H "$json" -d "$rpc" --next -s $SHOP/graphql -H "$json" -d "$query""#,
            near_miss: r#"for style in rest jsonrpc graphql; do $PARLANCE call get_order id=1 --over $style --url $SHOP; done"#,
            rule: compare_three,
            answer: None,
        },
        Exercise {
            name: "defend",
            title: "Defend your choice",
            task: "Choose a style for a case of your own. Write why, in 200 characters or more: name the style, and give a number of bytes from your own traffic.",
            why: "A choice without a number is a taste; a number without a case is trivia.",
            styles: &[],
            lesson: "D16",
            hints: [
                "Traffic shows the bytes of each of your calls; add what was sent and received.",
                "Call at least three styles before you choose.",
            ],
            solution: r#"for style in rest soap; do $PARLANCE call get_order id=1 --over $style --url $SHOP; done
sizes='%{size_request} + %{size_header} + %{size_download}'
bytes=$(( $(curl -s -o /dev/null -w "$sizes" "$SHOP/graphql?query=%7Border(id:1)%7Bstatus%7D%7D") ))
sleep 1.5
curl -s $SHOP/progress/defend/answer -H 'Content-Type: application/json' -d '{"answer": "Our mobile page shows the status of an order and nothing else, on a slow network. GraphQL took '$bytes' bytes for it; REST and SOAP took more, as they send lines and prices that the page does not show. So we choose GraphQL, although caches help it less."}'"#,
            near_miss: r#"for style in rest soap graphql; do $PARLANCE call get_order id=1 --over $style --url $SHOP; done
sleep 1.5
curl -s $SHOP/progress/defend/answer -H 'Content-Type: application/json' -d '{"answer": "Our mobile page shows the status of an order and nothing else, on a slow network. GraphQL took 17 bytes for it; REST and SOAP took more, as they send lines and prices that the page does not show. So we choose GraphQL, although caches help it less."}'"#,
            rule: |_| NotYet,
            answer: Some(defend),
        },
    ],
};

fn compare_three(history: &History) -> Verdict {
    let Some(order) = history.last().and_then(|trip| trip.done("get_order").find_map(|call| call.input("id"))) else {
        return NotYet;
    };
    let mut connections = BTreeSet::new();
    let (mut warm, mut all) = (BTreeSet::new(), BTreeSet::new());
    for trip in history.trips() {
        let is_warm = !connections.insert(trip.connection);
        if trip.done("get_order").any(|call| call.input("id") == Some(order)) {
            all.insert(trip.style);
            if is_warm {
                warm.insert(trip.style);
            }
        }
    }
    match (warm.len(), all.len()) {
        (3.., _) => done(format!("order {order}, warm, over {}", listed(&warm))),
        (_, 3..) => near(format!("{} styles, but only {} on a connection that was open before", all.len(), warm.len())),
        _ => NotYet,
    }
}

fn defend(history: &History, text: &str) -> Verdict {
    let plain = text.to_lowercase().replace('-', "");
    if text.chars().count() < CHARS_MIN {
        return near(format!("{} characters: write at least {CHARS_MIN}", text.chars().count()));
    }
    let called = history.styles(|_, _| true);
    if called.len() < STYLES_MIN {
        return near(format!("you have called {} of {STYLES_MIN} styles", called.len()));
    }
    let words: BTreeSet<&str> =
        plain.split(|c: char| !c.is_alphanumeric()).map(|word| word.trim_end_matches('s')).collect();
    let named: BTreeSet<&str> =
        NAMES.iter().filter(|(written, _)| words.contains(written)).map(|(_, style)| *style).collect();
    if named.is_empty() {
        return near("your answer names no style");
    }
    let numbers: BTreeSet<u64> =
        plain.replace(',', "").split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect();
    let measured = history.trips().filter(|trip| named.contains(trip.style)).find(|trip| numbers.contains(&trip.bytes));
    match measured {
        Some(trip) => done(format!("{} bytes over {}: that is in your traffic", trip.bytes, trip.style)),
        None => near("no number in your answer is that of a call of yours, sent and received together"),
    }
}
