//! Patches of async-graphql 7.2.1 and apollo-compiler 2.0.0-beta.2, each with its upstream issue; the largest is [`collect_fields`].

pub mod collect_fields;

use crate::contract::SCHEMA;
use crate::errors::Refusal;
use apollo_compiler::ast::{Definition, Document, Value as ParsedValue, VariableDefinition};
use apollo_compiler::executable::Operation;
use apollo_compiler::introspection::{check_max_depth, partial_execute};
use apollo_compiler::request::RequestError;
use apollo_compiler::response::JsonMap;
use apollo_compiler::response::serde_json_bytes::from_value;
use apollo_compiler::validation::{DiagnosticList, Valid, WithErrors};
use apollo_compiler::{ExecutableDocument, Name as ParsedName, Node};
use async_graphql::parser::types::{OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Value};
use collect_fields::{PLACEHOLDER, fields};
use domain::{Error, Reason};
use std::collections::HashSet;

/// The document without null as a default: apollo-compiler takes it for one that lets a variable stand where null may not (GraphQL
/// section 5.8.5, IsVariableUsageAllowed), and for a nullable variable it is the same as none.
/// <https://github.com/graphql/graphql-js/pull/1274> says why it must not. No issue of apollo-rs is known.
pub fn without_null_defaults(document: &Document) -> Document {
    let is_null = |variable: &Node<VariableDefinition>| {
        !variable.ty.is_non_null() && variable.default_value.as_ref().is_some_and(|default| default.is_null())
    };
    let mut document = document.clone();
    for definition in &mut document.definitions {
        if let Definition::OperationDefinition(operation) = definition
            && operation.variables.iter().any(is_null)
        {
            let variables = operation.make_mut().variables.iter_mut().filter(|variable| is_null(variable));
            variables.for_each(|variable| variable.make_mut().default_value = None);
        }
    }
    document
}

/// The document, if its only error is that of a subscription with one field that is selected twice. apollo-compiler counts the
/// selections at the root, where GraphQL section 5.2.4.1 counts names. No issue of apollo-rs is known; its code is
/// <https://github.com/apollographql/apollo-rs/blob/main/crates/apollo-compiler/src/validation/operation.rs>.
pub fn with_one_subscription(
    with: WithErrors<ExecutableDocument>,
) -> Result<Valid<ExecutableDocument>, DiagnosticList> {
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

/// The name of a field that is given twice in an input object (GraphQL section 5.6.3). apollo-compiler checks that only in
/// definitions: <https://github.com/apollographql/apollo-rs/issues/247>.
pub fn duplicate_member(document: &ExecutableDocument) -> Option<&ParsedName> {
    document.operations.iter().find_map(|operation| {
        let defaults = operation.variables.iter().filter_map(|variable| variable.default_value.as_ref());
        let arguments = operation.all_fields(document).flat_map(|field| &field.arguments);
        defaults.chain(arguments.map(|argument| &argument.value)).find_map(twice)
    })
}

fn twice(value: &Node<ParsedValue>) -> Option<&ParsedName> {
    match &**value {
        ParsedValue::List(items) => items.iter().find_map(twice),
        ParsedValue::Object(members) => {
            let mut known = HashSet::new();
            let twice_here = members.iter().map(|(name, _)| name).find(|name| !known.insert(name.as_str()));
            twice_here.or_else(|| members.iter().find_map(|(_, value)| twice(value)))
        }
        _ => None,
    }
}

/// Whether a root field is `__schema` or `__type` (GraphQL section 4.1). They are answered from the published schema: async-graphql has
/// a fixed text for the description of a schema, and no place for ours, <https://github.com/async-graphql/async-graphql/pull/1489>.
pub fn is_introspection(selection: &Selection) -> bool {
    matches!(selection, Selection::Field(field) if matches!(field.node.name.node.as_str(), "__schema" | "__type"))
}

/// The members of a response that are introspection.
pub fn introspect(
    document: &Valid<ExecutableDocument>,
    parsed: &Operation,
    operation: &OperationDefinition,
    variables: &Valid<JsonMap>,
) -> Result<Vec<(Name, Value)>, Refusal> {
    if !operation.selection_set.node.items.iter().any(|item| is_introspection(&item.node)) {
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

/// Puts the members of a response in the order of the query (GraphQL section 7.2.2), in which each name occurs once. async-graphql
/// orders them by when they were resolved, so a field that waits for a batch comes last:
/// <https://github.com/async-graphql/async-graphql/issues/612>.
pub fn put_in_order(answer: &mut Value, selection: &SelectionSet) {
    match answer {
        Value::List(items) => items.iter_mut().for_each(|item| put_in_order(item, selection)),
        Value::Object(members) => {
            // It is only selected where nothing else is.
            if members.len() == 1 {
                members.shift_remove(PLACEHOLDER);
            }
            let is_in_order = members.keys().eq(fields(selection).map(|field| &field.response_key().node));
            if !is_in_order {
                let place = |name: &Name| fields(selection).position(|field| field.response_key().node == *name);
                members.sort_by_cached_key(|name, _| place(name));
            }
            for field in fields(selection).filter(|field| !field.selection_set.node.items.is_empty()) {
                if let Some(value) = members.get_mut(&field.response_key().node) {
                    put_in_order(value, &field.selection_set.node);
                }
            }
        }
        _ => {}
    }
}
