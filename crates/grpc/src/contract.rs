//! The contract: the `.proto` file, and the same as a descriptor set, which reflection serves.
//!
//! The file is committed, because its numbers are what clients were compiled with. The tests write it anew from the table of operations, and
//! compare. `UPDATE=1 cargo test -p grpc` writes the files after a change of the table.

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use domain::operations::OPERATIONS;
use domain::schema::{Enum, Schema};
use wire::names::{snake, upper};
use wire::refusal::only;

/// The address of the `.proto` file.
pub const PROTO_PATH: &str = "/grpc/shop.proto";
/// The address of the descriptor set.
const DESCRIPTORS_PATH: &str = "/grpc/descriptors.binpb";

/// The `.proto` file.
pub const PROTO: &str = include_str!("../proto/parlance/shop/v1/shop.proto");
/// The descriptor set of all `.proto` files: a `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!("../proto/descriptors.binpb");

/// Adds the route of the descriptor set.
pub fn mount(config: &mut ServiceConfig) {
    let serve = || async { HttpResponse::Ok().content_type("application/protobuf").body(DESCRIPTORS) };
    let resource = web::resource(DESCRIPTORS_PATH).route(web::get().to(serve)).route(web::head().to(serve));
    config.service(resource.default_service(only("GET, HEAD")));
}

/// The name of an enum's value: `ORDER_STATUS_PLACED`. Values of all enums of a file share one namespace.
pub fn value_name(words: &Enum, word: &str) -> String {
    format!("{}_{}", prefix(words), upper(word))
}

/// What the names of an enum's values begin with: `ORDER_STATUS`.
pub fn prefix(words: &Enum) -> String {
    upper(&snake(words.name))
}

/// The value that an error message names by its word. Among inputs, no two enums share a word.
pub fn enum_value(word: &str) -> String {
    let enums =
        OPERATIONS.iter().flat_map(|operation| operation.input.members).filter_map(|field| match field.schema {
            Schema::Enum(words) => Some(words),
            _ => None,
        });
    let of_it = enums.into_iter().find(|words| words.words.contains(&word));
    of_it.map_or_else(|| word.to_owned(), |words| value_name(words, word))
}

#[cfg(test)]
mod tests;
