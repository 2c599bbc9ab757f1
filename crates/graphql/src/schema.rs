//! Which field is each operation, and how does a field become a call?

pub mod loaders;
mod mutation;
mod query;

pub use mutation::Mutation;
pub use query::Query;

use crate::errors::of_field;
use crate::events::Subscription;
use crate::messages::input::Given;
use async_graphql::parser::types::OperationType;
use async_graphql::{Context, Schema, ValidationMode};
use domain::operations::{Input, OPERATIONS, OperationKind};
use domain::{Operation, RequestContext, Shop};
use std::sync::LazyLock;

/// The graph. It holds no shop: each request brings its own.
pub type Graph = Schema<Query, Mutation, Subscription>;

/// The graph, built once. Documents come to it validated.
pub fn graph() -> &'static Graph {
    static GRAPH: LazyLock<Graph> =
        LazyLock::new(|| Schema::build(Query, Mutation, Subscription).validation_mode(ValidationMode::Fast).finish());
    &GRAPH
}

/// What a field gives that may fail: GraphQL section 6.4.4 makes a failed field null, if it may be, so that its error stays
/// where it happened. async-graphql leaves a field out of its object when the resolver itself fails; a `Result` inside of an
/// `Option` is what it makes null.
pub type Maybe<T> = Option<Result<T, async_graphql::Error>>;

/// Lets the door see who asks, before the fields of a document all ask at once: so a password is tried once, and not by each
/// of them. What came of it is noted on the request, and each field is answered by that.
pub async fn introduce(shop: &Shop, meta: &RequestContext) {
    // A refusal is said by the fields, which are the operations.
    let _ = shop.authenticate(meta).await;
}

/// Asks the shop with the arguments of a field.
pub async fn ask<I: Input>(ctx: &Context<'_>, given: async_graphql::Value) -> Result<I::Reply, async_graphql::Error> {
    call(ctx, Given::<I>::read(given)).await
}

/// Asks the shop with the input of a field.
pub async fn call<I: Input>(ctx: &Context<'_>, input: Given<I>) -> Result<I::Reply, async_graphql::Error> {
    let reply = ctx.data::<Shop>()?.decode_and_call::<I>(ctx.data::<RequestContext>()?, input.value).await;
    reply.map_err(|error| of_field(&error))
}

/// The root type on which an operation is a field.
pub fn root_of(operation: &Operation) -> OperationType {
    match operation.kind {
        OperationKind::Query => OperationType::Query,
        OperationKind::Command => OperationType::Mutation,
        OperationKind::Stream => OperationType::Subscription,
    }
}

/// The field that an operation is: a query is called by what it gives, a mutation by what it does. The two operations that
/// tell an order are one field, as the selection says which is meant.
pub fn field_of(operation: &Operation) -> String {
    match (operation.kind, operation.name) {
        (OperationKind::Stream, _) => "orderEvents".to_owned(),
        (_, "get_order_details") => "order".to_owned(),
        (_, "who_am_i") => "me".to_owned(),
        (OperationKind::Query, _) => wire::names::camel(operation.reply_name),
        (OperationKind::Command, name) => wire::names::camel(name),
    }
}

/// The operation that a field of a root type is.
pub fn operation_of(root: OperationType, field: &str) -> Option<&'static Operation> {
    operations_of(root, field).next()
}

/// The operations that a field of a root type can be, the plainest first.
pub fn operations_of(root: OperationType, field: &str) -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().copied().filter(move |operation| root_of(operation) == root && field_of(operation) == field)
}
