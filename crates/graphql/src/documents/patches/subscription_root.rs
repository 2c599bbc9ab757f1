//! apollo-compiler 2.0.0-beta.2 counts the selections at a subscription's root, where GraphQL section 5.2.4.1 counts names: two
//! selections under one name are one field. No issue of apollo-rs is known; its code is
//! <https://github.com/apollographql/apollo-rs/blob/main/crates/apollo-compiler/src/validation/operation.rs>.

use apollo_compiler::executable::Operation;
use apollo_compiler::validation::{DiagnosticList, Valid, WithErrors};
use apollo_compiler::{ExecutableDocument, Node};

/// The document, if this is its only error.
pub fn accept(with: WithErrors<ExecutableDocument>) -> Result<Valid<ExecutableDocument>, DiagnosticList> {
    let is_counted = |name: Option<&str>| name == Some("SubscriptionUsesMultipleFields");
    let has_one = |operation: &Node<Operation>| {
        let mut names = operation.root_fields(&with.partial).map(|field| field.response_name());
        let first = names.next();
        !operation.is_subscription() || names.all(|name| Some(name) == first)
    };
    let is_valid = with.errors.iter().all(|error| is_counted(error.error.unstable_error_name()))
        && with.partial.operations.iter().all(has_one);
    if is_valid { Ok(Valid::assume_valid(with.partial)) } else { Err(with.errors) }
}
