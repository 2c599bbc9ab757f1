//! `__schema` and `__type` (GraphQL section 4.1) are answered from the published schema: async-graphql 7.2.1 has a fixed text for the
//! description of a schema, <https://github.com/async-graphql/async-graphql/pull/1489>, and no place for ours.

use crate::documents::validation::SCHEMA;
use crate::errors::Refusal;
use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use apollo_compiler::introspection::{check_max_depth, partial_execute};
use apollo_compiler::request::RequestError;
use apollo_compiler::response::JsonMap;
use apollo_compiler::response::serde_json_bytes::from_value;
use apollo_compiler::validation::Valid;
use async_graphql::parser::types::{OperationDefinition, Selection};
use async_graphql::{Name, Value};
use domain::{Error, Reason};

/// Whether a root field is introspection.
pub fn is_about_schema(selection: &Selection) -> bool {
    matches!(selection, Selection::Field(field) if matches!(field.node.name.node.as_str(), "__schema" | "__type"))
}

/// The members of a response that are introspection.
pub fn answer(
    document: &Valid<ExecutableDocument>,
    parsed: &Operation,
    operation: &OperationDefinition,
    variables: &Valid<JsonMap>,
) -> Result<Vec<(Name, Value)>, Refusal> {
    if !operation.selection_set.node.items.iter().any(|item| is_about_schema(&item.node)) {
        return Ok(Vec::new());
    }
    let too_deep = |error: RequestError| Refusal::from(Error::new(Reason::TooLarge, error.message().to_string()));
    check_max_depth(document, parsed).map_err(too_deep)?;
    let implementers = SCHEMA.implementers_map();
    let response = partial_execute(&SCHEMA, &implementers, document, parsed, variables).map_err(too_deep)?;
    let members = response.data.unwrap_or_default().into_iter();
    // async-graphql reads JSON, so this can't fail.
    Ok(members.map(|(name, value)| (Name::new(name.as_str()), from_value(value).unwrap_or_default())).collect())
}
