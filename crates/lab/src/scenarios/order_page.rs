//! Scenario: an order with its customer and the names of its products.

use super::batches::{at_once, document};
use super::runner::{Entry, Runner, Step};
use domain::Value;
use wire::CallRequest;
use wire::connection::{Failure, broken};

/// The first order of a new shop, which has three lines.
const ORDER_ID: i64 = 1;

const PAGE: &str = "{ order(id: 1) { id status placedAt total { amount currency } user { name email } \
                    lines { quantity unitPrice { amount } product { name } } } }";

/// The usual variant of each style, and one more of REST.
pub const VARIANTS: &[Entry] = &[
    ("rest", "REST, one request per resource", |runner| Box::pin(one_by_one(runner))),
    ("rest", "REST, with ?include=", |runner| {
        let why = "The server offers to embed what belongs to an order. Its designers had to foresee that a client would \
                   want it.";
        Box::pin(whole(runner, "GET the order and what belongs to it", why))
    }),
    ("soap", "SOAP, one coarse operation", |runner| {
        let why =
            "The contract has an operation for just this page: contract-first design thinks of round trips first.";
        Box::pin(whole(runner, "GetOrderDetails", why))
    }),
    ("jsonrpc", "JSON-RPC, with a batch", |runner| {
        let why = "All calls that do not depend on each other go into one batch. None can use the result of another, so \
                   the order had to come first.";
        Box::pin(together(runner, Step::new("A batch: the customer and all products", "batch", why)))
    }),
    ("xmlrpc", "XML-RPC, with system.multicall", |runner| {
        let why =
            "The same idea, older: a method that calls methods. Calls that depend on a result have to wait here, too.";
        let title = "system.multicall: the customer and all products";
        Box::pin(together(runner, Step::new(title, "system.multicall", why)))
    }),
    ("websocket", "WebSocket, without waiting", |runner| {
        let why = "Messages need not wait for each other: all requests leave at once, and each reply carries the id of its \
                   request.";
        let title = "The customer and all products, sent at once";
        Box::pin(together(runner, Step::new(title, "get_user, get_product", why)))
    }),
    ("graphql", "GraphQL, one document", |runner| Box::pin(one_document(runner))),
    ("grpc", "gRPC, one coarse method", |runner| {
        let why = "Like SOAP, the contract comes first and has a method for just this page. Fields have numbers instead of names, so the \
                   same answer is smaller.";
        Box::pin(whole(runner, "GetOrderDetails", why))
    }),
];

async fn one_by_one(runner: &mut Runner) -> Result<(), Failure> {
    for request in related(runner).await? {
        let title = format!("{} {}", request.operation, wire::json::value(&request.input));
        let why = "Every resource has an address of its own, and the order holds only ids. A connection takes one request at a \
                   time, so each waits for the one before.";
        runner.reply(Step::new(title, request.operation.clone(), why), &request).await?;
    }
    Ok(())
}

async fn whole(runner: &mut Runner, title: &str, why: &'static str) -> Result<(), Failure> {
    let request = runner.request_by_id("get_order_details", ORDER_ID);
    runner.reply(Step::new(title, "get_order_details", why), &request).await.map(drop)
}

async fn together(runner: &mut Runner, step: Step) -> Result<(), Failure> {
    let requests = related(runner).await?;
    at_once(runner, step, &requests).await.map(drop)
}

async fn one_document(runner: &mut Runner) -> Result<(), Failure> {
    let why = "The client names what the page shows, across all resources, and gets just that.";
    let step = Step::new("One document", "order { user lines { product } }", why);
    match document(runner, step, PAGE, None).await?.at("data/order") {
        Some(Value::Object(_)) => Ok(()),
        _ => Err(broken("the reply has no order")),
    }
}

/// Fetches the order; returns the requests for the customer and the products that it names.
async fn related(runner: &mut Runner) -> Result<Vec<CallRequest>, Failure> {
    let request = runner.request_by_id("get_order", ORDER_ID);
    let step = Step::new("The order", "get_order", "The page knows the order's id and nothing else.");
    let order = runner.reply(step, &request).await?;
    let user = order.get("user_id").and_then(Value::int).map(|id| runner.request_by_id("get_user", id));
    let lines = order.get("lines").map(Value::items).unwrap_or_default();
    let products = lines.iter().filter_map(|line| line.get("product_id").and_then(Value::int));
    Ok(user.into_iter().chain(products.map(|id| runner.request_by_id("get_product", id))).collect())
}
