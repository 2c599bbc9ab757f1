//! The graph: its three root types, by a field for each operation of the shop.

pub mod loaders;
pub mod mutation;
pub mod query;
pub mod subscription;

use async_graphql::{Schema, ValidationMode};
use mutation::Mutation;
use query::Query;
use std::sync::LazyLock;
use subscription::Subscription;

/// The type of the graph.
pub type Graph = Schema<Query, Mutation, Subscription>;

/// The graph. It has no shop: each request brings its own. Documents are validated before.
pub fn graph() -> &'static Graph {
    static GRAPH: LazyLock<Graph> =
        LazyLock::new(|| Schema::build(Query, Mutation, Subscription).validation_mode(ValidationMode::Fast).finish());
    &GRAPH
}
