//! Hints for unknown fields: the most similar name of the same type.

use super::validation::SCHEMA;
use crate::errors::Refusal;
use apollo_compiler::ast::{Definition, Document, Selection};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::ExtendedType;
use async_graphql::Pos;
use strsim::normalized_damerau_levenshtein;

/// The least similarity of two names, 1 for equal ones: one or two letters of five may differ.
const LIKENESS_MIN: f64 = 0.5;

/// Adds hints to the errors of a document.
pub fn add(document: &Document, refusal: &mut Refusal) {
    for (place, meant) in of(document) {
        let at = place.line_column(&document.sources).map(|at| Pos { line: at.line, column: at.column });
        let misnamed =
            refusal.errors.iter_mut().find(|error| at.is_some_and(|at| error.locations.first() == Some(&at)));
        misnamed.into_iter().for_each(|error| error.message.push_str(&format!(". Did you mean `{meant}`?")));
    }
}

/// The places of unknown fields, and the suggested names.
fn of(document: &Document) -> Vec<(SourceSpan, String)> {
    let mut hints = Vec::new();
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                let root = SCHEMA.root_operation(operation.operation_type);
                root.into_iter().for_each(|root| query(root, &operation.selection_set, &mut hints));
            }
            Definition::FragmentDefinition(fragment) => {
                query(&fragment.type_condition, &fragment.selection_set, &mut hints);
            }
            _ => {}
        }
    }
    hints
}

fn query(name: &str, selections: &[Selection], hints: &mut Vec<(SourceSpan, String)>) {
    let Some(ExtendedType::Object(object)) = SCHEMA.types.get(name) else { return };
    for selection in selections {
        match selection {
            Selection::Field(field) => match (object.fields.get(&field.name), field.name.location()) {
                (Some(known), _) => {
                    let below = field.selection_set.as_deref().unwrap_or_default();
                    query(known.ty.inner_named_type(), below, hints);
                }
                (None, Some(place)) => {
                    let like = |known: &str| normalized_damerau_levenshtein(known, &field.name);
                    let known = object.fields.keys().map(|known| (like(known), known));
                    let best = known.max_by(|(one, _), (other, _)| one.total_cmp(other));
                    let meant = best.filter(|(likeness, _)| *likeness >= LIKENESS_MIN);
                    hints.extend(meant.map(|(_, meant)| (place, meant.to_string())));
                }
                (None, None) => {}
            },
            Selection::InlineFragment(fragment) => {
                let narrower = fragment.type_condition.as_ref().map_or(name, |condition| condition.as_str());
                query(narrower, &fragment.selection_set, hints);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}
