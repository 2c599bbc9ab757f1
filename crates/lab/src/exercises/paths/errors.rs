//! Errors: the same mistake in several grammars, and what a client can do about it.

use super::super::exercise::{Exercise, Path, Verdict, counted, done, listed, near};
use super::super::history::History;
use super::super::step::{Call, Trip};
use Verdict::NotYet;
use domain::Reason;
use std::collections::BTreeSet;

/// The path.
pub const PATH: Path = Path {
    name: "errors",
    title: "Errors",
    exercises: &[
        Exercise {
            name: "not-found-or-invalid",
            title: "Not found, or not valid?",
            task: "In one style, read a user that does not exist, and one whose id is not a number.",
            why: "The first may be right tomorrow, the second never: a client should tell them apart.",
            styles: &[],
            lesson: "D7",
            hints: ["Try the ids 999 and abc.", "In REST: GET /rest/users/999 and GET /rest/users/abc."],
            solution: "curl -s $SHOP/rest/users/999
curl -s $SHOP/rest/users/abc",
            near_miss: "curl -s $SHOP/rest/users/999
curl -s $SHOP/rest/users/998",
            rule: not_found_or_invalid,
            answer: None,
        },
        Exercise {
            name: "three-violations",
            title: "Three violations at once",
            task: "Send an input with at least three mistakes, and get all of them reported together.",
            why: "A form that reports one mistake at a time is sent three times.",
            styles: &[],
            lesson: "D7",
            hints: [
                "place_order has a user_id, and lines with a product_id and a quantity from 1 to 99.",
                r#"{"user_id": 0, "lines": [{"product_id": 0, "quantity": 0}]} has three mistakes."#,
            ],
            solution: r#"curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 0, "lines": [{"product_id": 0, "quantity": 0}]}'"#,
            near_miss: r#"curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 1, "quantity": 0}]}'"#,
            rule: three_violations,
            answer: None,
        },
        Exercise {
            name: "out-of-stock",
            title: "Valid, and refused all the same",
            task: "Place an order that is valid but larger than the stock.",
            why: "A rule of the shop is not a mistake in the request: the same request may succeed later.",
            styles: &[],
            lesson: "D7",
            hints: [
                "A quantity over 99 is not valid. So the stock must be small.",
                r#"update_product sets the stock: PATCH /rest/products/7 with {"stock": 1}; then order two pieces."#,
            ],
            solution: r#"curl -s -X PATCH $SHOP/rest/products/7 -H 'Content-Type: application/json' -d '{"stock": 1}'
curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 7, "quantity": 2}]}'"#,
            near_miss: r#"curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 7, "quantity": 100}]}'"#,
            rule: out_of_stock,
            answer: None,
        },
        Exercise {
            name: "misspelled",
            title: "Misspell it, and read the hint",
            task: "Call an operation with a misspelled name; then call it as the error suggests.",
            why: "A good error says what to do next.",
            styles: &["soap", "jsonrpc", "xmlrpc", "websocket", "graphql", "grpc", "rest"],
            lesson: "D7",
            hints: ["JSON-RPC: the method get_usr.", "The message of the error ends with the name that was meant."],
            solution: r#"call() { curl -s $SHOP/jsonrpc -H 'Content-Type: application/json' -d '{"jsonrpc": "2.0", "id": 1, "method": "'$1'", "params": {"id": 1}}'; }
call get_usr
call get_user"#,
            near_miss: r#"curl -s $SHOP/jsonrpc -H 'Content-Type: application/json' -d '{"jsonrpc": "2.0", "id": 1, "method": "get_usr", "params": {"id": 1}}'
curl -s $SHOP/rest/users/1"#,
            rule: misspelled,
            answer: None,
        },
        Exercise {
            name: "failure-with-200",
            title: "A failure with status 200",
            task: "Get a refusal whose HTTP status is 200.",
            why: "A monitor that counts only statuses misses these failures.",
            styles: &["jsonrpc", "xmlrpc", "graphql", "grpc"],
            lesson: "D7",
            hints: ["JSON-RPC, XML-RPC and GraphQL report errors in the body.", "Read user 999 over JSON-RPC."],
            solution: r#"curl -s $SHOP/jsonrpc -H 'Content-Type: application/json' -d '{"jsonrpc": "2.0", "id": 1, "method": "get_user", "params": {"id": 999}}'"#,
            near_miss: "curl -s $SHOP/rest/users/999",
            rule: failure_with_200,
            answer: None,
        },
        Exercise {
            name: "four-grammars",
            title: "One mistake in four grammars",
            task: "Make the same mistake in four styles.",
            why: "The reason is one word in every style; where it stands in the message differs.",
            styles: &[],
            lesson: "D7",
            hints: [
                "A user that does not exist is enough: user_not_found.",
                "`parlance call get_user id=999 --over STYLE --url ADDRESS` does it in each style.",
            ],
            solution: r#"for style in rest soap jsonrpc graphql; do
  $PARLANCE call get_user id=999 --over $style --url $SHOP
done; true"#,
            near_miss: r#"$PARLANCE call get_user id=999 --over rest --url $SHOP
$PARLANCE call get_user id=999 --over soap --url $SHOP
$PARLANCE call get_user id=999 --over jsonrpc --url $SHOP
$PARLANCE call get_product id=999 --over graphql --url $SHOP; true"#,
            rule: four_grammars,
            answer: None,
        },
    ],
};

/// The call that was just refused, with its trip.
fn refused(history: &History) -> Option<(&Trip, &Call, Reason)> {
    let trip = history.last()?;
    trip.calls.iter().find_map(|call| Some((trip, call, call.refused?)))
}

fn not_found_or_invalid(history: &History) -> Verdict {
    let Some((trip, _, reason)) = refused(history).filter(|(_, call, _)| call.operation == "get_user") else {
        return NotYet;
    };
    let other = match reason {
        Reason::UserNotFound => Reason::InvalidInput,
        Reason::InvalidInput => Reason::UserNotFound,
        _ => return NotYet,
    };
    let styles = history.styles(|_, call| call.operation == "get_user" && call.refused == Some(other));
    if styles.contains(trip.style) {
        return done(format!(
            "over {}: {} and {}",
            trip.style,
            Reason::UserNotFound.word(),
            Reason::InvalidInput.word()
        ));
    }
    near(format!("that was {}; now get {} in the same style", reason.word(), other.word()))
}

fn three_violations(history: &History) -> Verdict {
    match refused(history) {
        Some((trip, call, Reason::InvalidInput)) if call.violations >= 3 => {
            done(format!("{} violations in one response over {}", call.violations, trip.style))
        }
        Some((_, call, Reason::InvalidInput)) => near(format!("{} reported", counted(call.violations, "violation"))),
        _ => NotYet,
    }
}

fn out_of_stock(history: &History) -> Verdict {
    match refused(history).filter(|(_, call, _)| ["place_order", "check_out"].contains(&call.operation)) {
        Some((trip, _, Reason::OutOfStock)) => done(format!("{}, over {}", Reason::OutOfStock.word(), trip.style)),
        Some((_, _, reason)) => near(format!("that was {}, not {}", reason.word(), Reason::OutOfStock.word())),
        None => NotYet,
    }
}

fn misspelled(history: &History) -> Verdict {
    let Some(trip) = history.last() else { return NotYet };
    let Some(call) = trip.calls.iter().find(|call| call.refused.is_none()) else { return NotYet };
    match history.earlier().next_back() {
        Some(before) if before.calls.iter().any(|call| call.refused == Some(Reason::UnknownOperation)) => {
            if before.style == trip.style {
                done(format!("over {}: refused, then {}", trip.style, call.operation))
            } else {
                near(format!("the misspelled call was over {}: use the same style again", before.style))
            }
        }
        _ => NotYet,
    }
}

fn failure_with_200(history: &History) -> Verdict {
    match refused(history) {
        Some((trip, _, reason)) if trip.status == 200 => done(format!("{}, over {}", reason.word(), trip.style)),
        Some((trip, ..)) if trip.status > 0 => near(format!("{} answered with status {}", trip.style, trip.status)),
        _ => NotYet,
    }
}

fn four_grammars(history: &History) -> Verdict {
    let Some((_, _, reason)) = refused(history) else { return NotYet };
    let styles = history.styles(|_, call| call.refused == Some(reason));
    if styles.len() >= 4 {
        return done(format!("{}, over {}", reason.word(), listed(&styles)));
    }
    let reasons: BTreeSet<&str> = history.calls().filter_map(|(_, call)| call.refused).map(Reason::word).collect();
    let others =
        if reasons.len() > 1 { format!("; your mistakes differ: {}", listed(&reasons)) } else { String::new() };
    near(format!("{} of 4 styles with {}: {}{others}", styles.len(), reason.word(), listed(&styles)))
}
