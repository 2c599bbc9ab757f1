//! What async-graphql and apollo-compiler lack, one gap a file, each with what is known of it upstream.

pub mod collect_fields;
pub mod input_fields;
pub mod introspection;
pub mod null_defaults;
pub mod response_order;
pub mod subscription_root;
