//! Is a question answered alike by its plan and by async-graphql, to the byte?

use super::*;
use crate::documents::prepare;
use crate::messages::Asked;
use async_graphql::Variables;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use domain::operations::{OPERATIONS, OperationKind};
use domain::{Error, Reason, Reply, Sandbox};
use serde_json::json;
use std::collections::HashMap;
use wire::testing::{replies, shop};

/// What needs a look-up of its own, or is to be asked for no more: fields that have no plan. An order that is asked for by itself has
/// its user and its products.
const NOT_PLAIN: &[&str] = &["User.orders", "Order.user", "OrderLine.product", "Product.priceCents"];

fn prepared(query: &str, variables: serde_json::Value, reply: Result<Reply, Error>) -> Prepared {
    let asked = Asked { query: query.to_owned(), variables: Variables::from_json(variables), ..Asked::default() };
    prepare(asked, &shop(reply), &Meta::new("graphql", Sandbox::main())).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

/// What async-graphql answers and then the plan, if there is one.
async fn both(query: &str, variables: serde_json::Value, reply: Result<Reply, Error>) -> (String, Option<String>) {
    let by_graph = prepared(query, variables.clone(), reply.clone()).by_graph().await;
    let by_plan = prepared(query, variables, reply).by_plan().await;
    (by_graph.unwrap_or_else(|refusal| panic!("{query}: {refusal:?}")), by_plan)
}

async fn assert_alike(query: &str, variables: serde_json::Value, reply: Result<Reply, Error>) {
    let (by_graph, by_plan) = both(query, variables, reply).await;
    assert_eq!(by_plan.as_deref(), Some(by_graph.as_str()), "{query}");
}

/// The fields of the types of the graph, and which type each is of.
type Types = HashMap<String, Vec<(String, String)>>;

fn types() -> Types {
    let named = |text: String| text.replace(['[', ']', '!'], "");
    let definitions = parse_schema(schema::graph().sdl()).unwrap().definitions.into_iter();
    let objects = definitions.filter_map(|definition| match definition {
        TypeSystemDefinition::Type(one) => match one.node.kind {
            TypeKind::Object(object) => Some((one.node.name.node.to_string(), object.fields)),
            _ => None,
        },
        _ => None,
    });
    let field = |field: async_graphql::parser::types::FieldDefinition| {
        (field.name.node.to_string(), named(field.ty.node.to_string()))
    };
    objects.map(|(name, fields)| (name, fields.into_iter().map(|one| field(one.node)).collect())).collect()
}

/// All fields of a type and of those below it, the last one first: in another order than the shop tells them.
fn everything(types: &Types, name: &str, left_out: &[&str]) -> String {
    let Some(fields) = types.get(name) else { return String::new() };
    let plain = fields.iter().rev().filter(|(field, _)| !left_out.contains(&format!("{name}.{field}").as_str()));
    let selected = plain.map(|(field, below)| format!("{field} {} ", everything(types, below, left_out)));
    format!("{{ {} __typename }}", selected.collect::<String>())
}

#[actix_web::test]
async fn everything_in_every_reply_is_told_alike() {
    let types = types();
    let mut told = 0;
    for operation in OPERATIONS.iter().filter(|operation| operation.kind == OperationKind::Query) {
        let field = schema::field_of(operation);
        let (_, below) = types["Query"].iter().find(|(name, _)| *name == field).unwrap();
        let left_out: Vec<&str> = match operation.name {
            "get_order_details" => NOT_PLAIN.iter().copied().filter(|one| !one.starts_with("Order")).collect(),
            _ => NOT_PLAIN.to_vec(),
        };
        let given = match operation.input.members.iter().find(|member| member.required).map(|member| member.name) {
            Some(member) => format!("({}: 1)", wire::names::camel(member)),
            None => String::new(),
        };
        let selected = everything(&types, below, &left_out);
        for (place, reply) in replies(operation.reply_name).into_iter().enumerate() {
            let query = format!("# {} {place}\n{{ {field}{given} {selected} }}", operation.name);
            assert_alike(&query, json!({}), Ok(reply)).await;
            told += 1;
        }
    }
    assert!(told > 20, "{told}");
}

#[actix_web::test]
async fn every_mistake_is_told_alike() {
    for reason in Reason::ALL {
        let error = Error { retry_after_ms: Some(1_000), ..Error::new(*reason, "not \"now\", 1 > 0") };
        let query =
            format!("{{ a: user(id: 1) {{ id }}\n me {{ proof }}\n b: users {{ nodes {{ {reason:?}: id }} }} }}");
        assert_alike(&query, json!({}), Err(error)).await;
    }
    // What the shop has against an input.
    assert_alike("{ users(first: 0, ids: [0, \"x\"], after: \"x\") { nodes { id } } }", json!({}), user()).await;
}

fn user() -> Result<Reply, Error> {
    Ok(replies("user").remove(0))
}

#[actix_web::test]
async fn however_it_is_asked() {
    for query in [
        "{ user(id: 1) { id } }",
        "query($id: ID!) { a: user(id: $id) { n: name name again: name } b: user(id: \"2\") { id } }",
        "query($id: ID! = 1) { user(id: $id) { version } }",
        "{ user(id: 1) { ...f ... on User { role } ... { email } } } fragment f on User { t: __typename id ...g }
            fragment g on User { name id }",
        "{ user(id: 1) { id } user(id: 1) { name id } }",
        "{ ...q } fragment q on Query { user(id: 1) { id name } }",
        "{ user(id: 1) { name } } # one more",
    ] {
        assert_alike(query, json!({"id": 1}), user()).await;
    }
    let one = "query($id: ID) { users(ids: $id) { nodes { id } } }";
    for id in [json!(1), json!("x"), json!(null)] {
        assert_alike(&format!("{one} # {id}"), json!({"id": id}), Ok(replies("users").remove(1))).await;
    }
    let order = || Ok(replies("order_details").remove(0));
    for query in [
        "{ order(id: 1) { lines { quantity } total { amount } lines { product { name } } t: total { currency } total { currency } } }",
        "{ order(id: 1) { user { name } } }",
        "{ order(id: 1) { lines { product { price { amount } } } } }",
    ] {
        assert_alike(query, json!({}), order()).await;
    }
    let query = "query($status: OrderStatus, $ids: [ID!], $first: Int = 5, $after: String) {
        orders(userId: 1, status: $status, ids: $ids, first: $first, after: $after) {
            pageInfo { hasPreviousPage endCursor } edges { cursor } nodes { id } } }";
    let given = json!({"status": "PLACED", "ids": ["1", 2], "first": 3, "after": null});
    assert_alike(query, given, Ok(replies("orders").remove(0))).await;
}

#[actix_web::test]
async fn what_is_not_plain_has_no_plan() {
    for query in [
        "{ user(id: 1) { id @include(if: true) } }",
        "{ user(id: 1) { ... @skip(if: false) { id } } }",
        "{ user(id: 1) { id orders { nodes { id } } } }",
        "{ user(id: 1) { id } ... { user(id: 1) { name } } }",
        "query($id: ID!) { users(ids: [1, $id]) { nodes { id } } }",
        "{ __typename }",
        "{ __schema { queryType { name } } user(id: 1) { id } }",
        "mutation { updateUser(input: {id: 1}) { user { id } } }",
        "query A { user(id: 1) { id } } query B { me { proof } }",
    ] {
        let asked = || {
            let operation_name = query.starts_with("query A").then(|| "A".to_owned());
            let variables = Variables::from_json(json!({"id": 1}));
            Asked { query: query.to_owned(), operation_name, variables, ..Asked::default() }
        };
        let busy = || shop(Err(Error::overloaded("later")));
        let prepared = || prepare(asked(), &busy(), &Meta::new("graphql", Sandbox::main())).unwrap();
        assert!(prepared().by_graph().await.is_ok(), "{query}");
        assert_eq!(prepared().by_plan().await, None, "{query}");
    }
}

#[actix_web::test]
async fn a_null_where_none_may_be_is_worded_by_async_graphql() {
    let query = "query($id: ID = 1) { user(id: $id) { id version } }";
    let asked = |id: serde_json::Value| prepared(query, json!({"id": id}), user());
    let first = asked(json!(1)).by_graph().await.unwrap();
    assert_eq!(asked(json!(1)).by_plan().await, Some(first));
    assert_eq!(asked(json!(null)).by_plan().await, None);
    assert_eq!(asked(json!("1")).by_plan().await.map(|answer| answer.contains("\"version\":1")), Some(true));
    let (fits_not, once) = (json!(true), json!([1]));
    for value in [fits_not, once] {
        assert_eq!(asked(value).by_plan().await, None);
    }
}
