//! The queries of documents with many fields: with data loaders and without, and persisted documents.

use super::post;
use crate::protocols::one_style::{serve, shop};
use auth::{LocalAuthenticator, demo};
use domain::access::Credentials;
use domain::products::ProductId;
use domain::users::UserId;
use domain::{Reason, RequestContext, Sandbox, Shop};
use serde_json::{Value as Json, json};
use server::seed::{SeedSize, seed};
use std::sync::Arc;
use store::{Location, Sqlite};
use wire::Address;
use wire::shutdown::Shutdown;

async_tests!(
    a_page_of_orders_takes_three_queries_or_one_for_each_field,
    a_graph_takes_one_query_for_each_level,
    orders_of_a_user_are_pages_like_those_of_the_root,
    batches_have_the_rights_of_single_calls,
    nothing_is_cached_between_fields_of_a_mutation,
    merged_mutation_fields_are_executed_once,
    responses_report_cost_and_queries,
    variables_of_a_cached_document_are_validated,
    a_persisted_document_is_called_by_its_hash,
);

/// A shop with many users, products and orders.
fn full_shop() -> Shop {
    let store = Arc::new(Sqlite::open(Location::Temporary, seed(SeedSize::default())).unwrap());
    Shop::new(store).with_authenticator(Arc::new(LocalAuthenticator::new(&LocalAuthenticator::new_seed()).unwrap()))
}

fn full_server() -> Address {
    serve("graphql", full_shop(), Shutdown::default())
}

const OFF: &[(&str, &str)] = &[("x-dataloader", "off")];

/// The data, and the number of queries.
async fn queried(address: &Address, headers: &[(&str, &str)], query: &str) -> (String, u64) {
    let (status, body, _) = post(address, headers, query).await;
    assert_eq!((status, body.get("errors")), (200, None), "{query}");
    (body["data"].to_string(), body["extensions"]["lookups"].as_u64().unwrap())
}

/// The number of values at the ends of a path; `*` is each item of a list.
fn count(data: &Json, path: &str) -> u64 {
    let Some((name, rest)) = path.split_once('/') else {
        return data[path].as_array().map_or(1, |list| list.len() as u64);
    };
    match name {
        "*" => data.as_array().unwrap().iter().map(|item| count(item, rest)).sum(),
        name => count(&data[name], rest),
    }
}

async fn a_page_of_orders_takes_three_queries_or_one_for_each_field() {
    let address = full_server();
    let query = "{ orders(first: 20) { nodes { id user { name } lines { product { name } quantity } version } } }";
    let (with, few) = queried(&address, &[], query).await;
    let (without, many) = queried(&address, OFF, query).await;
    assert_eq!(with, without);
    let data: Json = serde_json::from_str(&with).unwrap();
    let lines = count(&data, "orders/nodes/*/lines");
    assert!(count(&data, "orders/nodes") == 20 && lines > 20);
    assert_eq!((few, many), (3, 1 + 20 + lines));
}

async fn a_graph_takes_one_query_for_each_level() {
    let address = full_server();
    let query = "{ users(first: 10) { nodes { name orders(first: 5, status: DELIVERED) { nodes { status user { id }
        lines { product { name } } } pageInfo { hasNextPage endCursor } } } } }";
    let (with, few) = queried(&address, &[], query).await;
    let (without, many) = queried(&address, OFF, query).await;
    assert_eq!(with, without);
    let data: Json = serde_json::from_str(&with).unwrap();
    let (orders, lines) =
        (count(&data, "users/nodes/*/orders/nodes"), count(&data, "users/nodes/*/orders/nodes/*/lines"));
    assert!(orders > 10 && !with.contains("PAID"), "{with}");
    assert_eq!((few, many), (4, 1 + 10 + orders + lines));
}

async fn orders_of_a_user_are_pages_like_those_of_the_root() {
    let address = full_server();
    let within = |arguments: &str| {
        format!("{{ user(id: 1) {{ orders({arguments}) {{ nodes {{ id }} pageInfo {{ endCursor }} }} }} }}")
    };
    let (first, _) = queried(&address, &[], &within("first: 2")).await;
    let first: Json = serde_json::from_str(&first).unwrap();
    let cursor = first["user"]["orders"]["pageInfo"]["endCursor"].as_str().unwrap();
    let (second, _) = queried(&address, &[], &within(&format!("first: 1, after: \"{cursor}\""))).await;
    let root = "{ orders(userId: 1, first: 3) { nodes { id } } }";
    let root: Json = serde_json::from_str(&queried(&address, &[], root).await.0).unwrap();
    let second: Json = serde_json::from_str(&second).unwrap();
    assert_eq!(second["user"]["orders"]["nodes"][0], root["orders"]["nodes"][2]);
    // An error about one of them has its path, and the rest is answered.
    let bad = "{ users(first: 2) { nodes { id orders(first: 0, after: \"x\") { nodes { id } } } } }";
    let (status, body, _) = post(&address, &[], bad).await;
    assert_eq!((status, &body["data"]["users"]["nodes"][1]), (200, &json!({"id": "2", "orders": null})));
    assert_eq!(body["errors"][1]["path"], json!(["users", "nodes", 1, "orders"]));
    assert_eq!(body["errors"][1]["extensions"]["errors"][0]["pointer"], "/first");
}

async fn batches_have_the_rights_of_single_calls() {
    let shop = full_shop();
    let key = Credentials::ApiKey(demo::api_key(UserId(1)));
    let context = RequestContext { credentials: key, ..RequestContext::new("graphql", Sandbox::main()) }.within();
    let users = shop.get_users(&context, vec![UserId(2), UserId(1), UserId(1), UserId(999_999)]).await.unwrap();
    let found: Vec<_> = users.iter().map(|user| user.as_ref().map(|user| user.id.0).map_err(|e| e.reason)).collect();
    assert_eq!(found, [Err(Reason::NotAllowed), Ok(1), Ok(1), Err(Reason::NotAllowed)]);
    let products = shop.get_products(&context, vec![ProductId(2), ProductId(999_999), ProductId(1)]).await.unwrap();
    let found: Vec<_> = products.iter().map(|found| found.as_ref().map(|one| one.id.0).map_err(|e| e.reason)).collect();
    assert_eq!(found, [Ok(2), Err(Reason::ProductNotFound), Ok(1)]);
    assert_eq!(context.response.lookups(), 3, "one to learn who it is, and one for each");
    let wrong =
        RequestContext { credentials: Credentials::Unusable("no"), ..RequestContext::new("graphql", Sandbox::main()) };
    assert_eq!(shop.get_users(&wrong, vec![UserId(1)]).await.unwrap_err().reason, Reason::CredentialsWrong);
}

async fn nothing_is_cached_between_fields_of_a_mutation() {
    let address = full_server();
    let place = "placeOrder(input: {userId: 1, lines: [{productId: 1, quantity: 1}]}) { order { user { name } } }";
    let rename = "updateUser(input: {id: 1, name: \"Augusta\"}) { user { id } }";
    let (data, _) = queried(&address, &[], &format!("mutation {{ a: {place} b: {rename} c: {place} }}")).await;
    let data: Json = serde_json::from_str(&data).unwrap();
    let name = |field: &str| data[field]["order"]["user"]["name"].as_str().map(str::to_owned);
    assert_eq!((name("a"), name("c")), (Some("Ada Lovelace".to_owned()), Some("Augusta".to_owned())));
}

async fn merged_mutation_fields_are_executed_once() {
    let address = full_server();
    let place = |select: &str| {
        format!("placeOrder(input: {{userId: 1, lines: [{{productId: 1, quantity: 1}}]}}) {{ order {{ {select} }} }}")
    };
    let (data, _) = queried(&address, &[], &format!("mutation {{ {} }}", place("id"))).await;
    let before: Json = serde_json::from_str(&data).unwrap();
    let twice = format!("mutation {{ {} {} }}", place("id"), place("id status"));
    let (data, lookups) = queried(&address, &[], &twice).await;
    let after: Json = serde_json::from_str(&data).unwrap();
    let id = |data: &Json| data["placeOrder"]["order"]["id"].as_str().unwrap().parse::<i32>().unwrap();
    assert_eq!((id(&after), lookups), (id(&before) + 1, 1));
    assert_eq!(&after["placeOrder"]["order"]["status"], &json!("PLACED"));
    // The same where the two stand in fragments.
    let (one, other) = (place("id"), place("status"));
    let apart = format!("mutation {{ ...F ... {{ {one} }} }} fragment F on Mutation {{ {other} }}");
    let (data, lookups) = queried(&address, &[], &apart).await;
    let apart: Json = serde_json::from_str(&data).unwrap();
    assert_eq!((id(&apart), lookups), (id(&after) + 1, 1));
    assert_eq!(&apart["placeOrder"]["order"]["status"], &json!("PLACED"));
    let (data, _) = queried(&address, &[], &format!("mutation {{ {} }}", place("id"))).await;
    let last: Json = serde_json::from_str(&data).unwrap();
    assert_eq!(id(&last), id(&apart) + 1);
}

async fn responses_report_cost_and_queries() {
    let address = serve("graphql", shop(), Shutdown::default());
    let (_, body, _) = post(&address, &[], "{ order(id: 1) { user { name } lines { product { name } } } }").await;
    assert_eq!(body["extensions"], json!({"cost": 2 + 1 + 1 + 20 * 2, "costMax": 50_000, "lookups": 1}));
    // An error of a field belongs to an executed document; a request error does not.
    let (_, body, _) = post(&address, &[], "{ user(id: 9) { name } }").await;
    assert_eq!(body["extensions"], json!({"cost": 2, "costMax": 50_000, "lookups": 1}));
    let (_, body, _) = post(&address, &[], "{ nothing }").await;
    assert_eq!(body.get("extensions"), None);
    let key = [("x-api-key", demo::api_key(UserId(1)).reveal().to_owned())];
    let key = key.each_ref().map(|(name, value)| (*name, value.as_str()));
    let (_, body, _) = post(&address, &key, "{ me { name } user(id: 1) { name } }").await;
    assert_eq!(body["extensions"]["lookups"], 2, "one to learn who it is, and one for the user");
}

async fn variables_of_a_cached_document_are_validated() {
    let address = full_server();
    let query = "query($first: Int, $status: OrderStatus) { orders(first: $first, status: $status) { nodes { id } } }";
    let call_request = async |variables: Json| {
        let (_, body, _) = super::send(&address, &[], json!({"query": query, "variables": variables})).await;
        body
    };
    let fits = json!({"first": 1, "status": "PAID"});
    let first = call_request(fits.clone()).await;
    assert_eq!((count(&first["data"], "orders/nodes"), call_request(fits).await), (1, first));
    for does_not in [json!({"first": "x", "status": "PAID"}), json!({"first": 1, "status": "paid"})] {
        let body = call_request(does_not.clone()).await;
        let error = &body["errors"][0]["extensions"];
        assert_eq!(
            (body.get("data"), &error["code"], &error["reason"]),
            (None, &json!("INVALID"), &json!("invalid_input"))
        );
    }
    assert_eq!(count(&call_request(json!({})).await["data"], "orders/nodes"), 20);
}

/// SHA-256 of `{ me { proof } }`.
const NAME: &str = "a0dcd7c64305a464d2409de8536f0bb7df95dc82a2aacb1add62e138a7865a3f";

async fn a_persisted_document_is_called_by_its_hash() {
    let address = serve("graphql", shop(), Shutdown::default());
    let persisted = |name: &str| json!({"persistedQuery": {"version": 1, "sha256Hash": name}});
    let call_request = |body: Json| super::send(&address, &[], body);
    let me = json!({"me": {"proof": "NONE"}});
    let (status, body, _) = call_request(json!({"extensions": persisted(NAME)})).await;
    let unknown = json!({"code": "PERSISTED_QUERY_NOT_FOUND", "reason": "unknown_operation"});
    assert_eq!((status, &body["errors"][0]["extensions"]), (200, &unknown));
    assert_eq!(body["errors"][0]["message"], "PersistedQueryNotFound");
    let (_, body, _) = call_request(json!({"query": "{ me { role } }", "extensions": persisted(NAME)})).await;
    assert_eq!(body["errors"][0]["extensions"]["reason"], "unreadable", "that is another document");
    let (_, body, _) = call_request(json!({"query": "{ me { proof } }", "extensions": persisted(NAME)})).await;
    assert_eq!(body["data"], me);
    for known in [json!({"extensions": persisted(NAME)}), json!({"documentId": format!("sha256:{NAME}")})] {
        let (_, body, _) = call_request(known).await;
        assert_eq!(body["data"], me);
    }
}
