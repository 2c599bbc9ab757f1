//! Efficiency: fewer round trips, fewer bytes, fewer connections.

use super::super::exercise::{Exercise, Path, Verdict, counted, done, listed, near};
use super::super::history::History;
use super::super::step::{Call, Trip};
use Verdict::NotYet;
use std::collections::BTreeSet;

/// Bytes of a round trip that reads an order, its heads included.
const BUDGET_BYTES: u64 = 400;
/// Users in one response, and calls on one connection.
const USERS_AT_ONCE: usize = 20;
const CALLS_ON_CONNECTION: usize = 50;

/// The path.
pub const PATH: Path = Path {
    name: "efficiency",
    title: "Efficiency",
    exercises: &[
        Exercise {
            name: "order-page",
            title: "The order page in one round trip",
            task: "Get an order with its user and its products in one round trip.",
            why: "On a slow network a page takes as long as its round trips, not as its bytes.",
            styles: &[],
            lesson: "D3",
            hints: [
                "There are several ways: a coarse operation, an embedded resource, a selection.",
                "REST: ?include=user,products; GraphQL: order(id: 1) { user { name } lines { product { name } } }; the others: get_order_details.",
            ],
            solution: r#"curl -s "$SHOP/rest/orders/1?include=user,products""#,
            near_miss: r#"user=$(curl -s $SHOP/rest/orders/1 | sed 's/.*"user_id":\([0-9]*\).*/\1/')
curl -s $SHOP/rest/users/$user"#,
            rule: order_page,
            answer: None,
        },
        Exercise {
            name: "twenty-users",
            title: "Twenty users in one request, in three styles",
            task: "Read twenty users in one round trip. Do it in three styles.",
            why: "Every style has a way to ask for many things at once: a list, a batch, an alias.",
            styles: &[],
            lesson: "D11",
            hints: [
                "list_users has a limit, and takes ids.",
                "REST: GET /rest/users?limit=20; GraphQL: users(first: 20); JSON-RPC, XML-RPC and WebSocket: list_users.",
            ],
            solution: r#"curl -s "$SHOP/rest/users?limit=20"
curl -s $SHOP/jsonrpc -H 'Content-Type: application/json' -d '{"jsonrpc": "2.0", "id": 1, "method": "list_users", "params": {"limit": 20}}'
curl -s $SHOP/graphql -H 'Content-Type: application/json' -d '{"query": "{ users(first: 20) { nodes { name } } }"}'"#,
            near_miss: r#"for id in $(seq 1 20); do curl -s $SHOP/rest/users/$id; done"#,
            rule: twenty_users,
            answer: None,
        },
        Exercise {
            name: "not-modified",
            title: "Read again for less: 304",
            task: "Read something over REST twice. The second response must have no body.",
            why: "What has not changed need not be sent again (RFC 9110 section 13.1.2).",
            styles: &["rest"],
            lesson: "D9",
            hints: ["The first response has an ETag.", "Send it back as If-None-Match."],
            solution: r#"etag=$(curl -s -o /dev/null -D - $SHOP/rest/products/1 | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
curl -s $SHOP/rest/products/1 -H "If-None-Match: $etag""#,
            near_miss: r#"curl -s $SHOP/rest/products/1
curl -s $SHOP/rest/products/1"#,
            rule: not_modified,
            answer: None,
        },
        Exercise {
            name: "names-only",
            title: "Only the names",
            task: "Get a list of users with their names and nothing else.",
            why: "A list for a menu needs no email addresses.",
            styles: &["rest", "graphql"],
            lesson: "D4",
            hints: [
                "REST has a parameter that names the fields; GraphQL always selects.",
                "GET /rest/users?fields=name, or { users { nodes { name } } }",
            ],
            solution: r#"curl -s "$SHOP/rest/users?fields=name""#,
            near_miss: "curl -s $SHOP/rest/users",
            rule: names_only,
            answer: None,
        },
        Exercise {
            name: "compressed",
            title: "The same list, compressed",
            task: "Get a list with gzip.",
            why: "Compression takes most of what a wordy envelope adds on long lists.",
            styles: &[],
            lesson: "D2",
            hints: ["The client says what it can read in Accept-Encoding.", "curl --compressed"],
            solution: r#"curl -s --compressed "$SHOP/rest/users?limit=50""#,
            near_miss: r#"curl -s "$SHOP/rest/users?limit=50""#,
            rule: compressed,
            answer: None,
        },
        Exercise {
            name: "byte-budget",
            title: "An order's status for 400 bytes",
            task: "Read an order with at most 400 bytes in both directions, heads included.",
            why: "On a small budget every header counts.",
            styles: &[],
            lesson: "D1",
            hints: [
                "Headers count, too: send none that you do not need. Most of an order is its lines.",
                "GraphQL selects only the status; curl -H 'User-Agent:' leaves that header out.",
            ],
            solution: r#"curl -s $SHOP/graphql -H 'User-Agent:' -H 'Accept:' -H 'Content-Type: application/json' -d '{"query":"{order(id:1){status}}"}'"#,
            near_miss: "curl -s $SHOP/rest/orders/1 -H 'X-Comment: this header is of no use to anybody'",
            rule: byte_budget,
            answer: None,
        },
        Exercise {
            name: "one-connection",
            title: "Fifty calls on one connection",
            task: "Make fifty calls on one connection.",
            why: "A new connection costs a round trip before the first byte, and more with TLS.",
            styles: &[],
            lesson: "D6",
            hints: [
                "Every HTTP/1.1 client can keep a connection open, if you let it: one session, one agent, one curl command.",
                "curl takes many addresses: curl \"$SHOP/rest/users/[1-50]\"",
            ],
            solution: r#"curl -s "$SHOP/rest/users/[1-50]""#,
            near_miss: "for id in $(seq 1 50); do curl -s $SHOP/rest/users/$id; done",
            rule: one_connection,
            answer: None,
        },
        Exercise {
            name: "http2-shared",
            title: "Two styles on one HTTP/2 connection",
            task: "Call the shop in two styles on the same connection, over HTTP/2.",
            why: "gRPC needs HTTP/2, but HTTP/2 is not gRPC: every style can have it.",
            styles: &["rest", "soap", "jsonrpc", "xmlrpc", "graphql", "grpc"],
            lesson: "D17",
            hints: [
                "curl --http2-prior-knowledge and nghttp speak HTTP/2 without TLS.",
                "nghttp takes several addresses, and GraphQL takes a query by GET: /graphql?query=...",
            ],
            solution: r#"nghttp "$SHOP/rest/users/1" "$SHOP/graphql?query=%7Buser(id:1)%7Bname%7D%7D""#,
            near_miss: r#"curl -s --http2-prior-knowledge $SHOP/rest/users/1
curl -s --http2-prior-knowledge $SHOP/jsonrpc -H 'Content-Type: application/json' -d '{"jsonrpc": "2.0", "id": 1, "method": "get_user", "params": {"id": 1}}'"#,
            rule: http2_shared,
            answer: None,
        },
        Exercise {
            name: "all-pages",
            title: "All orders, while others write",
            task: "Read all orders page by page, and place an order after the first page. No order may be missing.",
            why: "A cursor stays where it is when rows are added; an offset slips.",
            styles: &[],
            lesson: "D15",
            hints: [
                "Each page has next; send it as after. The last page has none.",
                "limit=100 makes three pages of the 200 orders and yours.",
            ],
            solution: r#"page=$(curl -s "$SHOP/rest/orders?limit=100")
curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}'
while next=$(echo "$page" | sed -n 's/.*"next":"\([^"]*\)".*/\1/p'); [ -n "$next" ]; do
  page=$(curl -s "$SHOP/rest/orders?limit=100&after=$next")
done"#,
            near_miss: r#"page=$(curl -s "$SHOP/rest/orders?limit=100")
while next=$(echo "$page" | sed -n 's/.*"next":"\([^"]*\)".*/\1/p'); [ -n "$next" ]; do
  page=$(curl -s "$SHOP/rest/orders?limit=100&after=$next")
done"#,
            rule: all_pages,
            answer: None,
        },
    ],
};

/// The trip that was just made, if its calls succeeded.
fn last(history: &History) -> Option<&Trip> {
    history.last().filter(|trip| !trip.calls.is_empty() && trip.calls.iter().all(|call| call.refused.is_none()))
}

fn order_page(history: &History) -> Verdict {
    let Some(trip) = last(history) else { return NotYet };
    let has = |field: &str| trip.fields.iter().any(|one| one == field);
    let is_whole = trip.style != "graphql" || has("user.name") && has("product.name");
    if is_whole && trip.done("get_order_details").next().is_some() || is_batch_of_page(trip) {
        return done(format!("one round trip over {}, {} bytes", trip.style, trip.bytes));
    }
    let parts = ["get_order", "get_user", "get_product"];
    let trips: Vec<&str> =
        history.calls().map(|(_, call)| call.operation).filter(|name| parts.contains(name)).collect();
    match trips.iter().rposition(|name| *name == "get_order") {
        Some(first) if trips.len() - first > 1 && !trip.done("get_order").any(|_| true) => {
            near(format!("you used {} round trips: {}", trips.len() - first, trips[first..].join(", ")))
        }
        _ => NotYet,
    }
}

/// Whether a batch has an order, its user and its products.
fn is_batch_of_page(trip: &Trip) -> bool {
    trip.done("get_order").any(|order| {
        let ids = |operation| -> Vec<i64> { trip.done(operation).filter_map(|call| call.input("id")).collect() };
        let (users, products) = (ids("get_user"), ids("get_product"));
        let has_user = order.reply("user_id").is_some_and(|user| users.contains(&user));
        has_user && order.each("lines", "product_id").iter().all(|product| products.contains(product))
    })
}

/// The users that a trip has read.
fn users(trip: &Trip) -> BTreeSet<i64> {
    let of = |call: &Call| {
        let one = call.is_done("get_user").then(|| call.input("id")).flatten();
        let many = if call.is_done("list_users") { call.each("items", "id") } else { Vec::new() };
        one.into_iter().chain(many).collect::<Vec<_>>()
    };
    trip.calls.iter().flat_map(of).collect()
}

fn twenty_users(history: &History) -> Verdict {
    let Some(trip) = last(history) else { return NotYet };
    let count = users(trip).len();
    if count < USERS_AT_ONCE {
        let singles = history.trips().rev().take_while(|trip| users(trip).len() == 1).count();
        return match singles {
            singles if singles >= USERS_AT_ONCE => near(format!("you used {singles} round trips")),
            _ if count > 1 => near(format!("{count} users in that round trip")),
            _ => NotYet,
        };
    }
    let styles: BTreeSet<_> =
        history.trips().filter(|trip| users(trip).len() >= USERS_AT_ONCE).map(|trip| trip.style).collect();
    match styles.len() {
        0..3 => near(format!("{} of 3 styles so far: {}", styles.len(), listed(&styles))),
        _ => done(format!("{USERS_AT_ONCE} users at once over {}", listed(&styles))),
    }
}

fn not_modified(history: &History) -> Verdict {
    let Some(trip) = history.last().filter(|trip| trip.style == "rest" && trip.line.starts_with("GET ")) else {
        return NotYet;
    };
    let first = |other: &&Trip| other.line == trip.line && other.status == 200;
    match (trip.status, history.earlier().rfind(first)) {
        (304, Some(first)) => done(format!("{} bytes the first time, {} the second", first.bytes, trip.bytes)),
        (200, Some(_)) if !trip.asks("if-none-match", "") => near("you have read the same again without If-None-Match"),
        (200, Some(_)) => near("it was sent again: If-None-Match had another ETag"),
        _ => NotYet,
    }
}

fn names_only(history: &History) -> Verdict {
    let Some(trip) = last(history).filter(|trip| trip.done("list_users").next().is_some()) else { return NotYet };
    let selects = trip.style == "graphql"
        && !trip.fields.is_empty()
        && trip.fields.iter().all(|field| {
            ["users", "nodes", "edges", "node", "name"].contains(&field.rsplit('.').next().unwrap_or_default())
        });
    if trip.line.split(['?', '&']).any(|pair| pair == "fields=name") || selects {
        return done(format!("the names in {} bytes", trip.bytes));
    }
    near(format!("that list had more than names: {} bytes", trip.bytes))
}

fn compressed(history: &History) -> Verdict {
    let lists = |call: &Call| call.items().len() > 1;
    let Some(trip) = last(history).filter(|trip| trip.calls.iter().any(lists)) else { return NotYet };
    match trip.answer("content-encoding").or_else(|| trip.answer("grpc-encoding")) {
        Some(coding) if coding != "identity" => done(format!("{coding} over {}, {} bytes", trip.style, trip.bytes)),
        _ => near(format!("that list was not compressed: {} bytes", trip.bytes)),
    }
}

fn byte_budget(history: &History) -> Verdict {
    let Some(trip) = last(history).filter(|trip| trip.done("get_order").next().is_some()) else { return NotYet };
    match trip.bytes {
        0..=BUDGET_BYTES => done(format!("{} bytes over {}", trip.bytes, trip.style)),
        bytes => near(format!("{bytes} bytes over {}: {} too many", trip.style, bytes - BUDGET_BYTES)),
    }
}

fn one_connection(history: &History) -> Verdict {
    let Some(trip) = last(history) else { return NotYet };
    let on_this = history.calls().filter(|(other, _)| other.connection == trip.connection).count();
    if on_this >= CALLS_ON_CONNECTION {
        return done(format!("{} on one connection", counted(on_this, "call")));
    }
    let lately: Vec<&Trip> = history.calls().rev().take(CALLS_ON_CONNECTION).map(|(trip, _)| trip).collect();
    let connections: BTreeSet<u64> = lately.iter().map(|trip| trip.connection).collect();
    match lately.len() {
        CALLS_ON_CONNECTION => {
            near(format!("your last {CALLS_ON_CONNECTION} calls took {} connections", connections.len()))
        }
        _ => NotYet,
    }
}

fn http2_shared(history: &History) -> Verdict {
    let Some(trip) = last(history).filter(|trip| trip.is_http2) else { return NotYet };
    let on_this = |other: &Trip, _: &Call| other.connection == trip.connection;
    let styles = history.styles(on_this);
    let all = history.styles(|other, _| other.is_http2);
    match (styles.len(), all.len()) {
        (2.., _) => done(format!("{} on one connection", listed(&styles))),
        (_, 2..) => near(format!("{} over HTTP/2, but each on a connection of its own", listed(&all))),
        _ => NotYet,
    }
}

fn all_pages(history: &History) -> Verdict {
    let Some(page) = last(history).and_then(|trip| trip.done("list_orders").next()) else { return NotYet };
    if page.reply_text("next").is_some() || !page.has_input("after") {
        return NotYet;
    }
    if ["user_id", "status", "ids"].iter().any(|filter| page.has_input(filter)) {
        return near("that list had a filter, so it has not all orders");
    }
    // Back from the last page to the first: each began where the one before it ended.
    let (mut wanted, mut pages, mut placed) = (page.input_text("after"), 1, 0);
    for (_, call) in history.calls().rev().skip_while(|(_, call)| !std::ptr::eq(*call, page)).skip(1) {
        if call.places_order() {
            placed += 1;
        } else if call.is_done("list_orders") && call.reply_text("next") == wanted {
            pages += 1;
            wanted = call.input_text("after");
            if wanted.is_none() {
                return match placed {
                    0 => near(format!("{pages} pages, but nothing was written between them")),
                    _ => done(format!(
                        "{pages} pages without a gap, while {} placed",
                        if placed == 1 { "1 order was".to_owned() } else { format!("{placed} orders were") }
                    )),
                };
            }
        } else if call.is_done("list_orders") {
            return near("a page did not begin where the one before it ended: send next as after");
        }
    }
    NotYet
}
