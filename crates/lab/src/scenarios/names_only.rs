//! What comes along when somebody wants the names of 50 products?

use super::played::Stop;
use super::several::document;
use super::stage::{Lane, Stage, Way, lanes_of, words};
use domain::Value;
use wire::Adapter;
use wire::client::WireRequest;
use wire::connection::broken;

/// How many products.
const PRODUCTS: i64 = 50;

const NAMES: &str = "{ products(first: 50) { nodes { name } } }";

/// Each style's own way.
pub(super) fn lanes(styles: &[&'static Adapter]) -> Vec<Lane> {
    let ways: &[Way] = &[
        ("rest", "REST, whole", |stage| Box::pin(whole(stage))),
        ("rest", "REST, with ?fields=", |stage| Box::pin(with_fields(stage))),
        ("soap", "SOAP, whole", |stage| Box::pin(whole(stage))),
        ("jsonrpc", "JSON-RPC, whole", |stage| Box::pin(whole(stage))),
        ("xmlrpc", "XML-RPC, whole", |stage| Box::pin(whole(stage))),
        ("websocket", "WebSocket, whole", |stage| Box::pin(whole(stage))),
        ("graphql", "GraphQL, a selection", |stage| Box::pin(selected(stage))),
    ];
    lanes_of(styles, ways)
}

async fn whole(stage: &mut Stage) -> Result<(), Stop> {
    let ask = stage.question("search_products", Value::object([("limit", PRODUCTS.into())]));
    let why = "The operation answers with whole products, so descriptions, prices and stock come along.";
    stage.answer(words("All of each product", "search_products", why), &ask).await.map(drop)
}

async fn with_fields(stage: &mut Stage) -> Result<(), Stop> {
    let ask = stage.question("search_products", Value::object([("limit", PRODUCTS.into())]));
    let WireRequest::Http(mut request) = stage.style.client.encode(&ask) else {
        return Err(broken("REST asks by requests").into());
    };
    let target = format!("{}&fields=name", request.uri());
    *request.uri_mut() = target.parse().map_err(broken)?;
    let why = "The server offers to leave members out. No standard says how that is asked for.";
    let response = stage.fetch(words("The names", "search_products", why), request).await?;
    if response.status().is_success() { Ok(()) } else { Err(broken(response.status()).into()) }
}

async fn selected(stage: &mut Stage) -> Result<(), Stop> {
    let why = "Whoever asks always says which fields; leaving some out is the style's first idea.";
    let answer = document(stage, words("The names", "products { nodes { name } }", why), NAMES, &[]).await?;
    match answer.at("data/products/nodes") {
        Some(Value::List(_)) => Ok(()),
        _ => Err(broken("the names did not come").into()),
    }
}
