//! Scenario: twenty orders with their customers, and which side makes the 21 queries.

use super::batches::document;
use super::runner::{Entry, Runner, Step};
use domain::Value;
use wire::connection::Failure;

const ORDERS: i64 = 20;

/// All members that the other variants get, so that they differ in the queries alone.
const PAGE: &str = "{ orders(first: 20) { nodes { id userId status placedAt updatedAt version total { amount currency } \
                    lines { productId quantity unitPrice { amount currency } lineTotal { amount currency } } \
                    user { id name email role createdAt version } } } }";

/// The variants of the two styles in which the problem is discussed most.
pub const VARIANTS: &[Entry] = &[
    ("rest", "REST, 1 + 20 requests", |runner| Box::pin(one_by_one(runner))),
    ("rest", "REST, with ?ids=", |runner| Box::pin(by_ids(runner))),
    ("graphql", "GraphQL, without dataloader", |runner| {
        let why = "One round trip, but the field of each order asks the store for its customer: the queries have moved \
                   into the server. (The header X-Dataloader: off shows it.)";
        Box::pin(one_document(runner, why, Some(("x-dataloader", "off"))))
    }),
    ("graphql", "GraphQL, with dataloader", |runner| {
        let why =
            "A dataloader waits until all fields have requested their ids, and reads them from the store at once.";
        Box::pin(one_document(runner, why, None))
    }),
];

async fn one_by_one(runner: &mut Runner) -> Result<(), Failure> {
    let why = "The customer of each order has another address; a simple client fetches each of them.";
    for id in customers(runner).await? {
        let request = runner.request_by_id("get_user", id);
        runner.reply(Step::new(format!("Customer {id}"), "get_user", why), &request).await?;
    }
    Ok(())
}

async fn by_ids(runner: &mut Runner) -> Result<(), Failure> {
    let mut ids = customers(runner).await?;
    ids.sort_unstable();
    ids.dedup();
    let ids = Value::List(ids.into_iter().map(Value::from).collect());
    let request = runner.request("list_users", Value::object([("ids", ids), ("limit", ORDERS.into())]));
    let why = "A client that collects the ids first sends one more request instead of twenty.";
    runner.reply(Step::new("All of their customers", "list_users", why), &request).await.map(drop)
}

async fn one_document(
    runner: &mut Runner,
    why: &'static str,
    header: Option<(&'static str, &'static str)>,
) -> Result<(), Failure> {
    document(runner, Step::new("One document", "orders { nodes { user } }", why), PAGE, header).await.map(drop)
}

/// Fetches the orders; returns the id of the customer of each.
async fn customers(runner: &mut Runner) -> Result<Vec<i64>, Failure> {
    let request = runner.request("list_orders", Value::object([("limit", ORDERS.into())]));
    let step = Step::new("The orders", "list_orders", "They name their customers by ids.");
    let page = runner.reply(step, &request).await?;
    let orders = page.get("items").map(Value::items).unwrap_or_default();
    Ok(orders.iter().filter_map(|order| order.get("user_id").and_then(Value::int)).collect())
}
