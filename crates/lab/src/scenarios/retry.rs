//! How many orders are made, when the answer is lost and the client tries again?

use super::played::{Stop, answered};
use super::stage::{Lane, Script, Stage, words};
use crate::watch::newest;
use domain::Value;
use domain::limits::PAGE_ITEMS_MAX;
use wire::connection::Connection;
use wire::{Adapter, CallRequest};

/// The key under which the order happens once.
const KEY: &str = "click-1";
/// What is wished of the server: to do what is asked, and to lose the answer.
const LOST: &str = "drop";

const LOST_WHY: &str = "The shop has done it; the connection broke before the answer arrived. The client can't tell that from an \
                        order that was never placed.";

/// Three ways in each style: to hope, to say a key, and to say it again elsewhere.
pub(super) fn lanes(styles: &[&'static Adapter]) -> Vec<Lane> {
    let mut lanes = Vec::new();
    for (position, style) in styles.iter().enumerate() {
        // The next one; the last changes over to the first.
        let other = styles[(position + 1) % styles.len()];
        let mut add = |title: String, script: Script| {
            lanes.push(Lane { style, title, other: Some(other), script });
        };
        add(format!("{}, without a key", style.title), |stage| Box::pin(without_a_key(stage)));
        add(format!("{}, with a key", style.title), |stage| Box::pin(with_a_key(stage)));
        add(format!("{}, with a key, then {}", style.title, other.title), |stage| Box::pin(then_elsewhere(stage)));
    }
    lanes
}

async fn without_a_key(stage: &mut Stage) -> Result<(), Stop> {
    let why = "This answer arrives. The client believes that it has placed one order.";
    click_three_times(stage, None, why, false).await
}

async fn with_a_key(stage: &mut Stage) -> Result<(), Stop> {
    let why = "The shop knows the key: it answers with the order that it has made, says that it is an answer again, and makes none.";
    click_three_times(stage, Some(KEY), why, false).await
}

async fn then_elsewhere(stage: &mut Stage) -> Result<(), Stop> {
    let why =
        "Another style, the same shop and the same key: it answers with the order that it has made over the first.";
    click_three_times(stage, Some(KEY), why, true).await
}

async fn click_three_times(
    stage: &mut Stage,
    key: Option<&str>,
    why: &'static str,
    elsewhere: bool,
) -> Result<(), Stop> {
    let before = newest(&stage.address, stage.style, &stage.options).await?;
    let click = |stage: &Stage, fault: Option<&str>| {
        let line = Value::object([("product_id", 1.into()), ("quantity", 1.into())]);
        let input = Value::object([("user_id", 1.into()), ("lines", Value::List(vec![line]))]);
        let mut ask = stage.question("place_order", input);
        (ask.options.idempotency_key, ask.options.fault) = (key.map(str::to_owned), fault.map(str::to_owned));
        ask
    };
    for title in ["The first click: its answer is lost", "The second click: lost again"] {
        let ask = click(stage, Some(LOST));
        stage.lose(words(title, "place_order", LOST_WHY), &ask).await?;
    }
    if elsewhere {
        stage.style = stage.other;
    }
    let ask = click(stage, None);
    let title =
        if elsewhere { format!("The third click, over {}", stage.style.title) } else { "The third click".to_owned() };
    stage.answer(words(title, "place_order", why), &ask).await?;
    stage.made = Some(made_since(stage, before).await?);
    Ok(())
}

/// Orders that were placed after that event: asked on a connection that nobody counts.
async fn made_since(stage: &Stage, seq: i64) -> Result<i64, Stop> {
    let input = Value::object([("after", seq.into()), ("limit", i64::from(PAGE_ITEMS_MAX).into())]);
    let ask: CallRequest = stage.question("list_events", input);
    let outgoing = stage.style.client.encode(&ask);
    let mut line = Connection::open(&stage.address, &outgoing).await?;
    let page = answered(line.call(stage.style.client, &ask, &outgoing).await?)?;
    line.close().await;
    let events = page.get("items").map(Value::items).unwrap_or_default();
    let is_placed = |event: &&Value| event.get("kind").and_then(Value::as_text) == Some("order.placed");
    Ok(events.iter().filter(is_placed).count() as i64)
}
