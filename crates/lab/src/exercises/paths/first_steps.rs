//! First steps: reading and ordering, in one style and then in others.

use super::super::exercise::{Exercise, Path, Verdict, done, listed, near};
use super::super::history::History;
use super::super::step::{Call, Trip};
use Verdict::NotYet;

/// The path.
pub const PATH: Path = Path {
    name: "first-steps",
    title: "First steps",
    exercises: &[
        Exercise {
            name: "read-a-user",
            title: "Read a user",
            task: "Read user 1, in the style that you like.",
            why: "Every style can do this; how much you write for it differs.",
            styles: &[],
            lesson: "D1",
            hints: [
                "The page of each style (/rest, /soap, ...) has an example that runs.",
                "In REST: GET /rest/users/1, with the path of your sandbox before it.",
            ],
            solution: "curl -s $SHOP/rest/users/1",
            near_miss: "curl -s $SHOP/rest/users/999",
            rule: read_a_user,
            answer: None,
        },
        Exercise {
            name: "three-styles",
            title: "The same user in three styles",
            task: "Read user 1 in three styles.",
            why: "The data is the same in each style. Only the envelope changes.",
            styles: &[],
            lesson: "D1",
            hints: [
                "JSON-RPC, GraphQL and gRPC's JSON are a POST with a short JSON body.",
                r#"JSON-RPC: POST /jsonrpc with {"jsonrpc": "2.0", "id": 1, "method": "get_user", "params": {"id": 1}}."#,
            ],
            solution: r#"curl -s $SHOP/rest/users/1
curl -s $SHOP/jsonrpc -H 'Content-Type: application/json' -d '{"jsonrpc": "2.0", "id": 1, "method": "get_user", "params": {"id": 1}}'
curl -s $SHOP/graphql -H 'Content-Type: application/json' -d '{"query": "{ user(id: 1) { name } }"}'"#,
            near_miss: "curl -s $SHOP/rest/users/1
curl -s $SHOP/rest/users/1
curl -s $SHOP/rest/users/1",
            rule: three_styles,
            answer: None,
        },
        Exercise {
            name: "every-style",
            title: "The same user in every style",
            task: "Read user 1 in all seven styles: REST, SOAP, JSON-RPC, XML-RPC, WebSocket, GraphQL and gRPC.",
            why: "After this you have seen every envelope with the same content in it.",
            styles: &[],
            lesson: "D1",
            hints: [
                "`parlance call get_user id=1 --over STYLE --url ADDRESS` makes the call in each style; --wire shows its bytes.",
                "docs/first-calls.md has a call of each style that runs as it stands.",
            ],
            solution: r#"for style in rest soap jsonrpc xmlrpc websocket graphql grpc; do
  $PARLANCE call get_user id=1 --over $style --url $SHOP
done"#,
            near_miss: r#"for style in rest soap jsonrpc xmlrpc websocket graphql; do
  $PARLANCE call get_user id=1 --over $style --url $SHOP
done"#,
            rule: every_style,
            answer: None,
        },
        Exercise {
            name: "find-a-product",
            title: "Find a product",
            task: "Search for a laptop, then read one of the products that were found.",
            why: "A list gives ids; a second call gives the thing. Most clients begin like this.",
            styles: &[],
            lesson: "D4",
            hints: [
                "search_products takes a query, get_product an id.",
                "In REST: GET /rest/products?query=laptop, then GET /rest/products/{id} with an id from the list.",
            ],
            solution: r#"id=$(curl -s "$SHOP/rest/products?query=laptop" | sed 's/.*"items":\[{"id":\([0-9]*\).*/\1/')
curl -s $SHOP/rest/products/$id"#,
            near_miss: r#"curl -s "$SHOP/rest/products?query=laptop"
curl -s $SHOP/rest/products/100"#,
            rule: find_a_product,
            answer: None,
        },
        Exercise {
            name: "stock-falls",
            title: "Place an order and see the stock fall",
            task: "Place an order, then read a product of it.",
            why: "An order reserves its stock in the same transaction: both are there, or neither.",
            styles: &[],
            lesson: "D8",
            hints: [
                "place_order takes a user_id and lines, each with a product_id and a quantity.",
                r#"In REST: POST /rest/orders with {"user_id": 1, "lines": [{"product_id": 7, "quantity": 1}]}, then GET /rest/products/7."#,
            ],
            solution: r#"curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 7, "quantity": 1}]}'
curl -s $SHOP/rest/products/7"#,
            near_miss: r#"curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 7, "quantity": 1}]}'
curl -s $SHOP/rest/products/8"#,
            rule: stock_falls,
            answer: None,
        },
        Exercise {
            name: "write-here-read-there",
            title: "Write in one style, read in another",
            task: "Change the name of a user in one style, and read the user in another.",
            why: "One shop stands behind all styles: a style is a way in, not a copy of the data.",
            styles: &[],
            lesson: "D1",
            hints: [
                "update_user takes an id and a name.",
                r#"In REST: PATCH /rest/users/2 with {"name": "..."}; then read user 2 by JSON-RPC or GraphQL."#,
            ],
            solution: r#"curl -s -X PATCH $SHOP/rest/users/2 -H 'Content-Type: application/json' -d '{"name": "Grace Brewster"}'
curl -s $SHOP/graphql -H 'Content-Type: application/json' -d '{"query": "{ user(id: 2) { name } }"}'"#,
            near_miss: r#"curl -s -X PATCH $SHOP/rest/users/2 -H 'Content-Type: application/json' -d '{"name": "Grace Brewster"}'
curl -s $SHOP/rest/users/2"#,
            rule: write_here_read_there,
            answer: None,
        },
    ],
};

fn reads_user_1(call: &Call) -> bool {
    call.is_done("get_user") && call.input("id") == Some(1)
}

fn read_a_user(history: &History) -> Verdict {
    let Some(trip) = history.last() else { return NotYet };
    let Some(call) = trip.calls.iter().find(|call| call.operation == "get_user") else { return NotYet };
    match (call.refused, call.input("id")) {
        (Some(reason), _) => near(format!("the shop refused it: {}", reason.word())),
        (None, Some(1)) => done(format!("user 1, over {}", trip.style)),
        (None, id) => near(format!("you have read user {}, not user 1", id.unwrap_or_default())),
    }
}

fn three_styles(history: &History) -> Verdict {
    in_styles(history, 3)
}

fn every_style(history: &History) -> Verdict {
    in_styles(history, 7)
}

fn in_styles(history: &History, wanted: usize) -> Verdict {
    if !history.last().is_some_and(|trip| trip.calls.iter().any(reads_user_1)) {
        return NotYet;
    }
    let styles = history.styles(|_, call| reads_user_1(call));
    match styles.len() {
        count if count >= wanted => done(format!("user 1, over {}", listed(&styles))),
        count => near(format!("{count} of {wanted} styles so far: {}", listed(&styles))),
    }
}

fn find_a_product(history: &History) -> Verdict {
    let Some(trip) = history.last() else { return NotYet };
    let Some(id) = trip.done("get_product").find_map(|call| call.input("id")) else { return NotYet };
    let search = |call: &&Call| call.is_done("search_products") && call.has_input("query");
    let found: Vec<_> = history.calls().map(|(_, call)| call).filter(search).collect();
    match found.last() {
        None => near("read a product that a search has found: search first, with a query"),
        Some(_) if found.iter().any(|call| call.each("items", "id").contains(&id)) => {
            done(format!("product {id} was found and read"))
        }
        Some(_) => near(format!("product {id} was not among those that your search has found")),
    }
}

fn stock_falls(history: &History) -> Verdict {
    let Some(trip) = history.last() else { return NotYet };
    let Some(read) = trip.done("get_product").next() else { return NotYet };
    let ordered = history.calls().filter(|(_, call)| call.places_order() && !call.is_replayed);
    let products: Vec<i64> = ordered.flat_map(|(_, call)| call.each("lines", "product_id")).collect();
    match read.input("id") {
        Some(id) if products.contains(&id) => {
            done(format!("product {id} has {} pieces left", read.reply("stock").unwrap_or_default()))
        }
        Some(id) if !products.is_empty() => near(format!("product {id} is not in your order")),
        _ => NotYet,
    }
}

fn write_here_read_there(history: &History) -> Verdict {
    let Some(trip) = history.last() else { return NotYet };
    let Some(id) = trip.done("get_user").find_map(|call| call.input("id")) else { return NotYet };
    let writes =
        |trip: &&Trip| trip.done("update_user").any(|call| call.input("id") == Some(id) && call.has_input("name"));
    match history.earlier().rfind(writes) {
        Some(write) if write.style != trip.style => {
            done(format!("user {id}: written over {}, read over {}", write.style, trip.style))
        }
        Some(write) => near(format!("you have written and read user {id} over {} both times", write.style)),
        None => NotYet,
    }
}
