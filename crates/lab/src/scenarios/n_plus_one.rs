//! Who asks the 21 questions, when twenty orders are to be shown with their customers?

use super::played::Stop;
use super::several::document;
use super::stage::{Lane, Stage, Way, lanes_of, words};
use domain::Value;
use wire::Adapter;

/// How many orders.
const ORDERS: i64 = 20;

const PAGE: &str = "{ orders(first: 20) { nodes { id status user { name } } } }";

/// The ways of the two styles whose people talk about it most.
pub(super) fn lanes(styles: &[&'static Adapter]) -> Vec<Lane> {
    let ways: &[Way] = &[
        ("rest", "REST, 1 + 20 requests", |stage| Box::pin(each(stage))),
        ("rest", "REST, with ?ids=", |stage| Box::pin(by_ids(stage))),
        ("graphql", "GraphQL, without dataloader", |stage| Box::pin(without_dataloader(stage))),
        ("graphql", "GraphQL, with dataloader", |stage| Box::pin(with_dataloader(stage))),
    ];
    lanes_of(styles, ways)
}

async fn each(stage: &mut Stage) -> Result<(), Stop> {
    let why =
        "What is to be shown of each order's customer stands at another address; a simple client goes there each time.";
    for id in customers(stage).await? {
        let ask = stage.question("get_user", Value::object([("id", id.into())]));
        stage.answer(words(format!("Customer {id}"), "get_user", why), &ask).await?;
    }
    Ok(())
}

async fn by_ids(stage: &mut Stage) -> Result<(), Stop> {
    let mut ids = customers(stage).await?;
    ids.sort_unstable();
    ids.dedup();
    let ids = Value::List(ids.into_iter().map(Value::from).collect());
    let ask = stage.question("list_users", Value::object([("ids", ids), ("limit", ORDERS.into())]));
    let why = "A client that collects the ids first asks once more, and not twenty times.";
    stage.answer(words("All of their customers", "list_users", why), &ask).await.map(drop)
}

async fn without_dataloader(stage: &mut Stage) -> Result<(), Stop> {
    let why = "One round trip, but each order's field asks the store for its customer by itself: the questions have moved into the \
               server. (The header X-Dataloader: off shows it.)";
    one_document(stage, why, &[("x-dataloader", "off")]).await
}

async fn with_dataloader(stage: &mut Stage) -> Result<(), Stop> {
    let why = "A dataloader waits until all fields have said what they need, and asks the store once for all of them.";
    one_document(stage, why, &[]).await
}

async fn one_document(
    stage: &mut Stage,
    why: &'static str,
    headers: &[(&'static str, &'static str)],
) -> Result<(), Stop> {
    document(stage, words("One document", "orders { nodes { user } }", why), PAGE, headers).await.map(drop)
}

/// The orders, first; their customers, each as often as named.
async fn customers(stage: &mut Stage) -> Result<Vec<i64>, Stop> {
    let ask = stage.question("list_orders", Value::object([("limit", ORDERS.into())]));
    let page = stage.answer(words("The orders", "list_orders", "They name their customers by ids."), &ask).await?;
    let orders = page.get("items").map(Value::items).unwrap_or_default();
    Ok(orders.iter().filter_map(|order| order.get("user_id").and_then(Value::int)).collect())
}
