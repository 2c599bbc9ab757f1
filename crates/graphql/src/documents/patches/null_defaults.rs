//! apollo-compiler 2.0.0-beta.2 takes null as a default for one that lets a variable stand where null may not (GraphQL section 5.8.5,
//! IsVariableUsageAllowed): <https://github.com/graphql/graphql-js/pull/1274> says why it must not. No issue of apollo-rs is known.

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, VariableDefinition};

/// The document without such defaults: for a nullable variable they are the same as none.
pub fn removed(document: &Document) -> Document {
    let mut document = document.clone();
    for definition in &mut document.definitions {
        let Definition::OperationDefinition(operation) = definition else { continue };
        let is_null = |variable: &Node<VariableDefinition>| {
            !variable.ty.is_non_null() && variable.default_value.as_ref().is_some_and(|default| default.is_null())
        };
        if operation.variables.iter().any(is_null) {
            let variables = operation.make_mut().variables.iter_mut();
            variables
                .filter(|variable| is_null(variable))
                .for_each(|variable| variable.make_mut().default_value = None);
        }
    }
    document
}
