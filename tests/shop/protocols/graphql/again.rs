//! A document that was sent before is answered as it was the first time, although its validation is cached.

use crate::protocols::one_style::serve;
use auth::{LocalAuthenticator, demo};
use bytes::Bytes;
use domain::Shop;
use domain::users::UserId;
use serde_json::json;
use server::seed::{SeedSize, seed};
use std::sync::Arc;
use store::{Location, Sqlite};
use wire::connection::Connection;
use wire::shutdown::Shutdown;
use wire::{Address, WireRequest};

async_tests!(a_repeated_document_is_answered_alike, whatever_the_caller_and_the_loaders,);

/// What each root field returns, in another order than the shop's.
const QUERIES: &[&str] = &[
    "{ users(first: 30, after: null) { pageInfo { endCursor hasNextPage } edges { node { version name id role } cursor } } }",
    "{ user(id: 2) { createdAt email ...who } } fragment who on User { __typename name email }",
    "{ products(query: \"LAP\", first: 5) { nodes { stock price { currency amount } description name } __typename } }",
    "{ product(id: 3) { cents: price { amount } id } }",
    "{ cart(userId: 1) { total { amount } lines { quantity productId } userId } }",
    "{ orders(status: PAID, first: 3) { nodes { placedAt lines { lineTotal { amount } quantity } status id } } }",
    "{ order(id: 1) { version lines { product { name price { amount } } unitPrice { amount } } user { email } total { amount } } }",
    "{ order(id: 1) { updatedAt userId status } }",
    "{ events(first: 10) { next nodes { at kind orderId seq status userId __typename } } }",
    "{ me { sandbox proof role name userId } }",
    "{ webhooks { nodes { id } pageInfo { startCursor hasPreviousPage } } }",
    "{ webhook(id: 1) { url } deliveries { nodes { id } } }",
    "{ deliveries(webhookId: 1) { nodes { id } } me { role } }",
    "{ users(first: 0) { nodes { id } } no: user(id: 999999) { id } order(id: \"x\") { id } yes: user(id: 1) { id } }",
    "{ users(after: \"bad\") { nodes { id } } }",
];

fn full_server() -> Address {
    let store = Arc::new(Sqlite::open(Location::Temporary, seed(SeedSize::default())).unwrap());
    serve(
        "graphql",
        Shop::new(store)
            .with_authenticator(Arc::new(LocalAuthenticator::new(&LocalAuthenticator::new_seed()).unwrap())),
        Shutdown::default(),
    )
}

/// The response, as it was sent.
async fn answer(address: &Address, headers: &[(&str, &str)], query: &str) -> Bytes {
    let mut request = http::Request::post("/graphql").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Bytes::from(json!({"query": query}).to_string())).unwrap();
    let mut line = Connection::open(address, &WireRequest::Http(http::Request::default())).await.unwrap();
    let response = line.fetch(request).await.unwrap();
    assert_eq!(response.status(), 200, "{query}");
    response.body().clone()
}

async fn a_repeated_document_is_answered_alike() {
    let address = full_server();
    for query in QUERIES {
        let first = answer(&address, &[], query).await;
        assert!(first.len() > 100, "{query}: {first:?}");
        for _ in 0..2 {
            assert_eq!(answer(&address, &[], query).await, first, "{query}");
        }
    }
}

async fn whatever_the_caller_and_the_loaders() {
    let address = full_server();
    let key = demo::api_key(UserId(2)).reveal().to_owned();
    for headers in [[("x-api-key", key.as_str())], [("x-api-key", "x")], [("x-dataloader", "off")]] {
        for (place, query) in QUERIES.iter().enumerate() {
            // Another text is another document.
            let query = format!("# {place} {headers:?}\n{query}");
            let first = answer(&address, &headers, &query).await;
            assert_eq!(answer(&address, &headers, &query).await, first, "{query}");
        }
    }
}
