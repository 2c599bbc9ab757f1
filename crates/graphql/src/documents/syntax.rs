//! Parses a document within limits, which apply before any work that is not linear in the text.

use super::limits::{self, too_large};
use crate::errors::Refusal;
use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, Field, OperationDefinition, Selection};
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::DiagnosticList;
use async_graphql::{Pos, ServerError};
use domain::{Error, Reason};
use std::collections::HashSet;

/// Bytes of a document. The largest sensible one, a tool's introspection, needs about 2 KiB.
const DOCUMENT_BYTES_MAX: usize = 32 * 1024;
/// Tokens of a document: names, numbers, strings, punctuation and white space.
const TOKENS_MAX: usize = 4_000;
/// Nested brackets: the parser is recursive.
const BRACKETS_DEPTH_MAX: usize = 50;
/// Errors reported for a document, and locations of each.
const ERRORS_MAX: usize = 20;

/// The parsed document, within all limits. Its fields and types are checked by the validation.
pub fn parse(query: &str) -> Result<Document, Refusal> {
    if query.len() > DOCUMENT_BYTES_MAX {
        return Err(too_large("bytes", query.len(), DOCUMENT_BYTES_MAX));
    }
    let mut parser = Parser::new().token_limit(TOKENS_MAX).recursion_limit(BRACKETS_DEPTH_MAX);
    let parsed = parser.parse_ast(query, "");
    if parser.tokens_reached() > TOKENS_MAX {
        return Err(too_large("tokens", parser.tokens_reached(), TOKENS_MAX));
    }
    if parser.recursion_reached() > BRACKETS_DEPTH_MAX {
        return Err(too_large("brackets inside each other", parser.recursion_reached(), BRACKETS_DEPTH_MAX));
    }
    let document = parsed.map_err(|with| refusal(Reason::Unreadable, &with.errors))?;
    if document.definitions.is_empty() {
        return Err(Error::unreadable("the document is empty").into());
    }
    limits::check(&document)?;
    Ok(document)
}

/// GraphQL section 6.1, GetOperation: the operation with that name, or the only one.
pub fn operation<'d>(document: &'d Document, name: Option<&str>) -> Option<&'d OperationDefinition> {
    let operations = document.definitions.iter().filter_map(|definition| match definition {
        Definition::OperationDefinition(operation) => Some(&**operation),
        _ => None,
    });
    let mut fitting =
        operations.filter(|operation| name.is_none() || operation.name.as_ref().map(|own| own.as_str()) == name);
    fitting.next().filter(|_| fitting.next().is_none())
}

/// The errors of a document: the same message at several locations is one error.
pub fn refusal(reason: Reason, errors: &DiagnosticList) -> Refusal {
    let mut merged: Vec<ServerError> = Vec::new();
    for diagnostic in errors.iter() {
        let error = diagnostic.to_json();
        let mut places = error.locations.iter().map(|at| Pos { line: at.line, column: at.column });
        if let Some(earlier) = merged.iter_mut().find(|earlier| earlier.message == error.message) {
            earlier.locations.extend(places.next().filter(|_| earlier.locations.len() < ERRORS_MAX));
        } else if merged.len() < ERRORS_MAX {
            let mut error = ServerError::new(error.message, None);
            error.locations = places.collect();
            error.extensions = Some(crate::errors::extensions(&Error::new(reason, String::new())));
            merged.push(error);
        }
    }
    Refusal { kind: reason.kind(), errors: merged }
}

/// The fields of selections, including those of their fragments.
pub fn fields<'d>(document: &'d Document, selections: &'d [Selection]) -> Vec<&'d Node<Field>> {
    let (mut found, mut visited) = (Vec::new(), HashSet::new());
    collect(document, selections, &mut visited, &mut found);
    found
}

fn collect<'d>(
    document: &'d Document,
    selections: &'d [Selection],
    visited: &mut HashSet<&'d str>,
    found: &mut Vec<&'d Node<Field>>,
) {
    for selection in selections {
        match selection {
            Selection::Field(field) => found.push(field),
            Selection::InlineFragment(fragment) => collect(document, &fragment.selection_set, visited, found),
            Selection::FragmentSpread(spread) => {
                let mut fragments = document.definitions.iter().filter_map(Definition::as_fragment_definition);
                let fragment = fragments.find(|fragment| fragment.name == spread.fragment_name);
                if let Some(fragment) = fragment.filter(|fragment| visited.insert(fragment.name.as_str())) {
                    collect(document, &fragment.selection_set, visited, found);
                }
            }
        }
    }
}
