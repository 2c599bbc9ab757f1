//! Patches of async-graphql and apollo-compiler: one gap per file, each with its upstream issue.

pub mod collect_fields;
pub mod input_fields;
pub mod introspection;
pub mod null_defaults;
pub mod response_order;
pub mod subscription_root;
