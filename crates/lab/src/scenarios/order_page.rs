//! What does it take to show an order with its customer and the names of its products?

use super::played::Stop;
use super::several::{batch, document, multicall, pipelined};
use super::stage::{Lane, Stage, Way, lanes_of, words};
use domain::Value;
use wire::{Adapter, CallRequest};

/// The first order of a new shop, which has three lines.
const ORDER_ID: i64 = 1;

const PAGE: &str = "{ order(id: 1) { id status placedAt total { amount currency } user { name email } \
                    lines { quantity unitPrice { amount } product { name } } } }";

/// Each style's own way.
pub(super) fn lanes(styles: &[&'static Adapter]) -> Vec<Lane> {
    let ways: &[Way] = &[
        ("rest", "REST, thing by thing", |stage| Box::pin(thing_by_thing(stage))),
        ("rest", "REST, with ?include=", |stage| Box::pin(with_include(stage))),
        ("soap", "SOAP, one coarse operation", |stage| Box::pin(coarse(stage))),
        ("jsonrpc", "JSON-RPC, with a batch", |stage| Box::pin(with_a_batch(stage))),
        ("xmlrpc", "XML-RPC, with system.multicall", |stage| Box::pin(with_a_multicall(stage))),
        ("websocket", "WebSocket, without waiting", |stage| Box::pin(without_waiting(stage))),
        ("graphql", "GraphQL, one document", |stage| Box::pin(one_document(stage))),
    ];
    lanes_of(styles, ways)
}

async fn thing_by_thing(stage: &mut Stage) -> Result<(), Stop> {
    let order = first_the_order(stage).await?;
    for ask in parts_of(stage, &order) {
        let title = format!("{} {}", ask.operation, wire::json::value(&ask.input));
        let why = "Every thing has an address of its own, and the order names only ids. One connection takes one request at a \
                   time, so each waits for the one before.";
        stage.answer(words(title, ask.operation.clone(), why), &ask).await?;
    }
    Ok(())
}

async fn with_include(stage: &mut Stage) -> Result<(), Stop> {
    let why = "The server offers to put what belongs to an order into its answer. It had to foresee that somebody would want it.";
    whole(stage, "GET the order and what belongs to it", why).await
}

async fn coarse(stage: &mut Stage) -> Result<(), Stop> {
    let why = "The contract has an operation for just this page: contracts first means that round trips are thought of first.";
    whole(stage, "GetOrderDetails", why).await
}

async fn whole(stage: &mut Stage, title: &str, why: &'static str) -> Result<(), Stop> {
    let ask = stage.question("get_order_details", Value::object([("id", ORDER_ID.into())]));
    stage.answer(words(title, "get_order_details", why), &ask).await.map(drop)
}

async fn with_a_batch(stage: &mut Stage) -> Result<(), Stop> {
    let order = first_the_order(stage).await?;
    let asks = parts_of(stage, &order);
    let why = "All that does not depend on each other goes into one batch. It can't use what one of its own calls answers, so the \
               order had to come first.";
    batch(stage, words("A batch: the customer and all products", "batch", why), &asks).await.map(drop)
}

async fn with_a_multicall(stage: &mut Stage) -> Result<(), Stop> {
    let order = first_the_order(stage).await?;
    let asks = parts_of(stage, &order);
    let why =
        "The same idea, older: a method that calls methods. What depends on an answer has to wait for it here, too.";
    multicall(stage, words("system.multicall: the customer and all products", "system.multicall", why), &asks)
        .await
        .map(drop)
}

async fn without_waiting(stage: &mut Stage) -> Result<(), Stop> {
    let order = first_the_order(stage).await?;
    let asks = parts_of(stage, &order);
    let why = "Messages need not wait for each other: all questions leave at once, and each answer says by its id which it is for.";
    pipelined(stage, words("The customer and all products, sent at once", "get_user, get_product", why), &asks)
        .await
        .map(drop)
}

async fn one_document(stage: &mut Stage) -> Result<(), Stop> {
    let why = "The client says what the page shows, across all things, and gets just that.";
    let answer = document(stage, words("One document", "order { user lines { product } }", why), PAGE, &[]).await?;
    match answer.at("data/order") {
        Some(Value::Object(_)) => Ok(()),
        _ => Err(wire::connection::broken("the order did not come").into()),
    }
}

async fn first_the_order(stage: &mut Stage) -> Result<Value, Stop> {
    let ask = stage.question("get_order", Value::object([("id", ORDER_ID.into())]));
    let why = "The page knows the order's id and nothing else.";
    stage.answer(words("The order", "get_order", why), &ask).await
}

/// The questions for the customer and the products that an order names.
fn parts_of(stage: &Stage, order: &Value) -> Vec<CallRequest> {
    let by_id = |operation, id: i64| stage.question(operation, Value::object([("id", id.into())]));
    let user = order.get("user_id").and_then(Value::int).map(|id| by_id("get_user", id));
    let lines = order.get("lines").map(Value::items).unwrap_or_default();
    let products = lines.iter().filter_map(|line| line.get("product_id").and_then(Value::int));
    user.into_iter().chain(products.map(|id| by_id("get_product", id))).collect()
}
