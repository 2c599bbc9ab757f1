//! Reliability: what a client does when an answer is lost, or another client was faster.

use super::super::exercise::{Exercise, Path, Verdict, done, near};
use super::super::history::History;
use super::super::step::{Call, Streamed, Trip};
use Verdict::NotYet;
use domain::Reason;

/// The path.
pub const PATH: Path = Path {
    name: "reliability",
    title: "Reliability",
    exercises: &[
        Exercise {
            name: "one-order-three-tries",
            title: "One order from three tries",
            task: "Place an order three times, as a client does that got no answer. There must be one order.",
            why: "A client can't know whether a lost answer was a lost request. With a key it can simply try again.",
            styles: &[],
            lesson: "D8",
            hints: [
                "Send the same idempotency key each time: over HTTP in the header Idempotency-Key.",
                "The second and third response say Idempotency-Replayed: true.",
            ],
            solution: r#"for try in 1 2 3; do
  curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -H 'Idempotency-Key: click-1' \
    -d '{"user_id": 1, "lines": [{"product_id": 7, "quantity": 1}]}'
done"#,
            near_miss: r#"for try in 1 2 3; do
  curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -H "Idempotency-Key: click-$try" \
    -d '{"user_id": 1, "lines": [{"product_id": 7, "quantity": 1}]}'
done"#,
            rule: one_order_three_tries,
            answer: None,
        },
        Exercise {
            name: "retry-over-another-style",
            title: "The retry over another style",
            task: "Place an order with a key in one style, and try it again in another. There must be one order.",
            why: "The key belongs to the command, not to the connection or the envelope.",
            styles: &[],
            lesson: "D8",
            hints: [
                "The header Idempotency-Key is the same in every style over HTTP.",
                "First POST /rest/orders, then place_order over JSON-RPC with the same header.",
            ],
            solution: r#"curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -H 'Idempotency-Key: click-2' \
  -d '{"user_id": 1, "lines": [{"product_id": 7, "quantity": 1}]}'
curl -s $SHOP/jsonrpc -H 'Content-Type: application/json' -H 'Idempotency-Key: click-2' \
  -d '{"jsonrpc": "2.0", "id": 1, "method": "place_order", "params": {"user_id": 1, "lines": [{"product_id": 7, "quantity": 1}]}}'"#,
            near_miss: r#"for try in 1 2; do
  curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -H 'Idempotency-Key: click-2' \
    -d '{"user_id": 1, "lines": [{"product_id": 7, "quantity": 1}]}'
done"#,
            rule: retry_over_another_style,
            answer: None,
        },
        Exercise {
            name: "key-reused",
            title: "A key that was used for something else",
            task: "Use an idempotency key again for a different order, and be refused.",
            why: "A key that named two commands would hide one of them.",
            styles: &[],
            lesson: "D8",
            hints: ["Change the quantity, and keep the key.", "The refusal is idempotency_key_reused."],
            solution: r#"for quantity in 1 2; do
  curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -H 'Idempotency-Key: click-3' \
    -d '{"user_id": 1, "lines": [{"product_id": 7, "quantity": '$quantity'}]}'
done"#,
            near_miss: r#"for quantity in 1 1; do
  curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -H 'Idempotency-Key: click-3' \
    -d '{"user_id": 1, "lines": [{"product_id": 7, "quantity": '$quantity'}]}'
done"#,
            rule: key_reused,
            answer: None,
        },
        Exercise {
            name: "stale-version",
            title: "Another client was faster",
            task: "Update with a version that is out of date and be refused; read again; update with the new version.",
            why: "Without a version, the second of two writers deletes the work of the first and does not notice.",
            styles: &[],
            lesson: "D9",
            hints: [
                "update_user and update_product take an expected_version; REST takes it as If-Match with the ETag.",
                r#"PATCH /rest/users/3 with {"name": "..."} and If-Match: "1" twice: the second is refused. GET it, and use the new ETag."#,
            ],
            solution: r#"patch() { curl -s -X PATCH $SHOP/rest/users/3 -H 'Content-Type: application/json' -H "If-Match: $1" -d '{"name": "'$2'"}'; }
etag() { curl -s -o /dev/null -D - $SHOP/rest/users/3 | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p'; }
old=$(etag)
patch "$old" Barbara
patch "$old" Liskov
patch "$(etag)" Liskov"#,
            near_miss: r#"patch() { curl -s -X PATCH $SHOP/rest/users/3 -H 'Content-Type: application/json' -d '{"name": "'$1'"}'; }
patch Barbara
patch Liskov"#,
            rule: stale_version,
            answer: None,
        },
        Exercise {
            name: "cancelled",
            title: "Undo an order",
            task: "Place an order, cancel it, and see that the stock has returned.",
            why: "Cancelling is an operation of its own, as an order that was placed stays in the books.",
            styles: &[],
            lesson: "D10",
            hints: [
                "cancel_order takes the id of the order.",
                "In REST: POST /rest/orders/{id}/cancel, then GET /rest/products/{id} for a product of it.",
            ],
            solution: r#"id=$(curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}' \
  | sed 's/{"id":\([0-9]*\).*/\1/')
curl -s -X POST $SHOP/rest/orders/$id/cancel
curl -s $SHOP/rest/products/9"#,
            near_miss: r#"id=$(curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}' \
  | sed 's/{"id":\([0-9]*\).*/\1/')
curl -s $SHOP/rest/products/9"#,
            rule: cancelled,
            answer: None,
        },
        Exercise {
            name: "stream-resumed",
            title: "A stream that was cut, and missed nothing",
            task: "Follow the events over a stream, end the connection, let something happen, and follow on after the last event that you received.",
            why: "A connection ends sooner or later. A cursor makes that harmless.",
            styles: &["rest", "jsonrpc", "websocket", "graphql", "grpc"],
            lesson: "D10",
            hints: [
                "The id of each server-sent event is its cursor; a browser sends the last one as Last-Event-ID when it connects again.",
                "curl -N -H 'Accept: text/event-stream' -H 'Last-Event-ID: 641' $SHOP/rest/events",
            ],
            solution: r#"order() { curl -s -o /dev/null $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}'; }
(sleep 0.5; order) &
last=$(curl -s -N --max-time 1.5 $SHOP/rest/events -H 'Accept: text/event-stream' | sed -n 's/^id: //p' | tail -n 1)
order
curl -s -N --max-time 1 $SHOP/rest/events -H 'Accept: text/event-stream' -H "Last-Event-ID: $last"; true"#,
            near_miss: r#"order() { curl -s -o /dev/null $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}'; }
(sleep 0.5; order) &
curl -s -N --max-time 1.5 $SHOP/rest/events -H 'Accept: text/event-stream'
order
(sleep 0.5; order) &
curl -s -N --max-time 1.5 $SHOP/rest/events -H 'Accept: text/event-stream'; true"#,
            rule: stream_resumed,
            answer: None,
        },
    ],
};

/// The order that was just placed, or found by its key.
fn last_order(history: &History) -> Option<(&Trip, &Call)> {
    let trip = history.last()?;
    trip.calls.iter().find(|call| call.places_order()).map(|call| (trip, call))
}

/// The calls with this key, oldest first.
fn tries<'h>(history: &'h History, key: &'h str) -> impl DoubleEndedIterator<Item = (&'h Trip, &'h Call)> {
    history.calls().filter(move |(_, call)| call.places_order() && call.idempotency_key.as_deref() == Some(key))
}

fn one_order_three_tries(history: &History) -> Verdict {
    let Some((_, call)) = last_order(history) else { return NotYet };
    if let Some(key) = &call.idempotency_key {
        let replayed = tries(history, key).filter(|(_, call)| call.is_replayed).count();
        if replayed >= 2 {
            return done(format!("order {}: {} tries, 1 order", call.reply("id").unwrap_or_default(), replayed + 1));
        }
        if replayed == 1 {
            return near("two tries so far: once more with the same key");
        }
    }
    let new = history.calls().filter(|(_, call)| call.places_order() && !call.is_replayed).count();
    if new > 1 { near(format!("there are {new} orders now: the tries had no key in common")) } else { NotYet }
}

fn retry_over_another_style(history: &History) -> Verdict {
    let Some((trip, call)) = last_order(history).filter(|(_, call)| call.is_replayed) else { return NotYet };
    let Some(key) = &call.idempotency_key else { return NotYet };
    let first = tries(history, key).find(|(_, call)| !call.is_replayed).map_or(trip.style, |(trip, _)| trip.style);
    if first == trip.style {
        return near(format!("both tries were over {first}"));
    }
    done(format!(
        "order {}: placed over {first}, tried again over {}",
        call.reply("id").unwrap_or_default(),
        trip.style
    ))
}

fn key_reused(history: &History) -> Verdict {
    let Some(trip) = history.last() else { return NotYet };
    if trip.calls.iter().any(|call| call.refused == Some(Reason::IdempotencyKeyReused)) {
        return done(format!("refused over {}", trip.style));
    }
    match last_order(history) {
        Some((_, call)) if call.is_replayed => {
            near("it was the same order, so it was answered again: change something in it")
        }
        _ => NotYet,
    }
}

fn stale_version(history: &History) -> Verdict {
    let Some(trip) = history.last() else { return NotYet };
    let writes = ["update_user", "update_product", "set_order_status"];
    let Some(call) = trip.calls.iter().find(|call| call.refused.is_none() && writes.contains(&call.operation)) else {
        return NotYet;
    };
    let is_same = |other: &Call| other.operation == call.operation && other.input("id") == call.input("id");
    let mut before = history.calls().filter(|(one, _)| !std::ptr::eq(*one, trip)).map(|(_, call)| call);
    let was_stale = before.any(|other| is_same(other) && other.refused == Some(Reason::StaleVersion));
    let has_read = before.any(|other| other.operation.starts_with("get_") && other.input("id") == call.input("id"));
    match (was_stale, has_read, call.has_input("expected_version")) {
        (true, true, true) => {
            done(format!("refused, read again, and updated to version {}", call.reply("version").unwrap_or_default()))
        }
        (true, false, _) => near("after the refusal, read it again before you update"),
        (true, true, false) => near("you updated without a version: a change of another client would be lost"),
        (false, ..) if !call.has_input("expected_version") => {
            near("that update had no version, so it would overwrite any change")
        }
        (false, ..) => NotYet,
    }
}

fn cancelled(history: &History) -> Verdict {
    let Some(read) = history.last().and_then(|trip| trip.done("get_product").next()) else { return NotYet };
    let product = read.input("id").unwrap_or_default();
    let of_product = |call: &Call| call.each("lines", "product_id").contains(&product);
    let calls: Vec<&Call> = history.calls().map(|(_, call)| call).collect();
    let is_cancelled = |call: &Call| {
        call.is_done("cancel_order")
            || call.is_done("set_order_status") && call.reply_text("status") == Some("cancelled")
    };
    if calls.iter().any(|call| is_cancelled(call) && of_product(call)) {
        return done(format!("product {product} has {} pieces again", read.reply("stock").unwrap_or_default()));
    }
    let is_ordered = calls.iter().any(|call| call.places_order() && of_product(call));
    if is_ordered { near("the order has not been cancelled yet") } else { NotYet }
}

fn stream_resumed(history: &History) -> Verdict {
    let Some(event) = history.last_event() else { return NotYet };
    let is_other = |other: &&Streamed| (other.connection, other.began_after) != (event.connection, event.began_after);
    let mut of_others = history.events().filter(is_other);
    let before = event.began_after;
    match (of_others.find(|other| other.seq == before).is_some(), event.is_resumed) {
        (true, true) if event.seq == before + 1 => done(format!(
            "a stream ended with event {before}, another began with event {} over {}",
            event.seq, event.style
        )),
        (_, false) if history.events().any(|other| is_other(&other) && other.began_after < before) => {
            near("the second stream began with new events, not after the last one that you had received")
        }
        _ => NotYet,
    }
}
