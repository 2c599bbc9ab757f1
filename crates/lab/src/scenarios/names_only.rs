//! Scenario: the names of 50 products, and what else comes along.

use super::batches::{document, http_request};
use super::runner::{Entry, Runner, Step};
use domain::Value;
use wire::CallRequest;
use wire::connection::{Failure, broken};

const PRODUCTS: i64 = 50;

const NAMES: &str = "{ products(first: 50) { nodes { name } } }";

/// One variant of each style, and one more of REST.
pub const VARIANTS: &[Entry] = &[
    ("rest", "REST, whole", |runner| Box::pin(whole(runner))),
    ("rest", "REST, with ?fields=", |runner| Box::pin(with_fields(runner))),
    ("soap", "SOAP, whole", |runner| Box::pin(whole(runner))),
    ("jsonrpc", "JSON-RPC, whole", |runner| Box::pin(whole(runner))),
    ("xmlrpc", "XML-RPC, whole", |runner| Box::pin(whole(runner))),
    ("websocket", "WebSocket, whole", |runner| Box::pin(whole(runner))),
    ("graphql", "GraphQL, a selection", |runner| Box::pin(selected(runner))),
    ("grpc", "gRPC, whole", |runner| Box::pin(whole(runner))),
];

fn products(runner: &Runner) -> CallRequest {
    runner.request("search_products", Value::object([("limit", PRODUCTS.into())]))
}

async fn whole(runner: &mut Runner) -> Result<(), Failure> {
    let why = "The operation returns whole products, so descriptions, prices and stock come along.";
    let request = products(runner);
    runner.reply(Step::new("All of each product", "search_products", why), &request).await.map(drop)
}

async fn with_fields(runner: &mut Runner) -> Result<(), Failure> {
    let mut request = http_request(runner, &products(runner))?;
    *request.uri_mut() = format!("{}&fields=name", request.uri()).parse().map_err(broken)?;
    let why = "The server offers to leave fields out. No standard says how a client asks for that.";
    let response = runner.fetch(Step::new("The names", "search_products", why), request).await?;
    if response.status().is_success() { Ok(()) } else { Err(broken(response.status())) }
}

async fn selected(runner: &mut Runner) -> Result<(), Failure> {
    let why = "A GraphQL client always names the fields that it wants: leaving some out is the idea of the style.";
    let step = Step::new("The names", "products { nodes { name } }", why);
    match document(runner, step, NAMES, None).await?.at("data/products/nodes") {
        Some(Value::List(_)) => Ok(()),
        _ => Err(broken("the reply has no names")),
    }
}
