//! From an operation to its field, and from a field to the call.

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

/// The graph. It has no shop: each request brings its own.
pub type Graph = Schema<Query, Mutation, Subscription>;

/// The graph, built once. Documents are validated before.
pub fn graph() -> &'static Graph {
    static GRAPH: LazyLock<Graph> =
        LazyLock::new(|| Schema::build(Query, Mutation, Subscription).validation_mode(ValidationMode::Fast).finish());
    &GRAPH
}

/// The result of a field that may fail: GraphQL section 6.4.4 makes a failed field null, if it is nullable, so that its error stays
/// there. async-graphql omits a field when the resolver itself fails; a `Result` inside an
/// `Option` becomes null.
pub type Maybe<T> = Option<Result<T, async_graphql::Error>>;

/// Authenticates before the fields of a document are resolved concurrently, so that a password is verified once and not by each
/// of them. The result is recorded in the request, and each field uses it.
pub async fn introduce(shop: &Shop, context: &RequestContext) {
    // The fields report a refusal: they are the operations.
    let _ = shop.authenticate(context).await;
}

/// Calls the shop with the arguments of a field.
pub async fn call_request<I: Input>(
    ctx: &Context<'_>,
    given: async_graphql::Value,
) -> Result<I::Reply, async_graphql::Error> {
    call(ctx, Given::<I>::read(given)).await
}

/// Calls the shop with the input of a field.
pub async fn call<I: Input>(ctx: &Context<'_>, input: Given<I>) -> Result<I::Reply, async_graphql::Error> {
    let reply = ctx.data::<Shop>()?.decode_and_call::<I>(ctx.data::<RequestContext>()?, input.value).await;
    reply.map_err(|error| of_field(&error))
}

/// The root type with the field of an operation.
pub fn root_of(operation: &Operation) -> OperationType {
    match operation.kind {
        OperationKind::Query => OperationType::Query,
        OperationKind::Command => OperationType::Mutation,
        OperationKind::Stream => OperationType::Subscription,
    }
}

/// The field of an operation: a query is named by what it returns, a mutation by what it does. The two operations that
/// return an order are one field, because the selection decides between them.
pub fn field_of(operation: &Operation) -> String {
    match (operation.kind, operation.name) {
        (OperationKind::Stream, _) => "orderEvents".to_owned(),
        (_, "get_order_details") => "order".to_owned(),
        (_, "who_am_i") => "me".to_owned(),
        (OperationKind::Query, _) => wire::names::camel(operation.reply_name),
        (OperationKind::Command, name) => wire::names::camel(name),
    }
}

/// The operation of a field of a root type.
pub fn operation_of(root: OperationType, field: &str) -> Option<&'static Operation> {
    operations_of(root, field).next()
}

/// The operations of a field of a root type, the plainest first.
pub fn operations_of(root: OperationType, field: &str) -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().copied().filter(move |operation| root_of(operation) == root && field_of(operation) == field)
}
