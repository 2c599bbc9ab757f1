//! Scenario: a reply is lost and the client retries, with and without an idempotency key.

use super::runner::{Runner, Script, Step, Variant};
use crate::call::call_once;
use crate::watch::newest;
use domain::Value;
use domain::limits::PAGE_ITEMS_MAX;
use wire::Adapter;
use wire::connection::Failure;

const KEY: &str = "click-1";
/// The fault that executes the request and loses its reply.
const LOST: &str = "drop";

/// Three variants in each style: no key, a key, and the same key over the next style.
pub fn variants(styles: &[&'static Adapter]) -> Vec<Variant> {
    let mut variants = Vec::new();
    for (position, style) in styles.iter().enumerate() {
        let other = styles[(position + 1) % styles.len()];
        let mut add = |title: String, script: Script| {
            variants.push(Variant { style, title, other: Some(other), script });
        };
        add(format!("{}, without a key", style.title), |runner| {
            let why = "This reply arrives. The client believes that it has placed one order.";
            Box::pin(click_three_times(runner, None, why, false))
        });
        add(format!("{}, with a key", style.title), |runner| {
            let why = "The shop knows the key: it returns the order that it has already placed, says that this is a replay, and \
                       places none.";
            Box::pin(click_three_times(runner, Some(KEY), why, false))
        });
        add(format!("{}, with a key, then {}", style.title, other.title), |runner| {
            let why = "Another style, the same shop and the same key: it returns the order that it placed over the first style.";
            Box::pin(click_three_times(runner, Some(KEY), why, true))
        });
    }
    variants
}

async fn click_three_times(
    runner: &mut Runner,
    key: Option<&str>,
    why: &'static str,
    elsewhere: bool,
) -> Result<(), Failure> {
    let before = newest(&runner.address, runner.style, &runner.options).await?;
    let line = Value::object([("product_id", 1.into()), ("quantity", 1.into())]);
    let input = Value::object([("user_id", 1.into()), ("lines", Value::List(vec![line]))]);
    let mut request = runner.request("place_order", input);
    request.options.idempotency_key = key.map(str::to_owned);
    request.options.fault = Some(LOST.to_owned());
    for title in ["The first click: its reply is lost", "The second click: lost again"] {
        let why = "The shop has placed the order; the connection broke before the reply arrived. The client can't distinguish that from \
                   an order that was never placed.";
        runner.lose(Step::new(title, "place_order", why), &request).await?;
    }
    request.options.fault = None;
    let mut title = "The third click".to_owned();
    if elsewhere {
        runner.style = runner.other;
        title = format!("The third click, over {}", runner.style.title);
    }
    runner.reply(Step::new(title, "place_order", why), &request).await?;
    runner.run.made = Some(orders_placed_after(runner, before).await?);
    Ok(())
}

/// Counts the orders that were placed after this event, on a connection that is not measured.
async fn orders_placed_after(runner: &Runner, seq: i64) -> Result<i64, Failure> {
    let input = Value::object([("after", seq.into()), ("limit", i64::from(PAGE_ITEMS_MAX).into())]);
    let page = call_once(&runner.address, runner.style, &runner.request("list_events", input)).await?;
    let events = page.get("items").map(Value::items).unwrap_or_default();
    let is_placed = |event: &&Value| event.get("kind").and_then(Value::as_text) == Some("order.placed");
    Ok(events.iter().filter(is_placed).count() as i64)
}
