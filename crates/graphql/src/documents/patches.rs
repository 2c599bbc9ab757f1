//! What async-graphql lacks, one gap a file.

pub mod collect_fields;
pub mod introspection;
pub mod response_order;
