//! What do neither parser nor validation of async-graphql see, though GraphQL forbids it? It is looked for here, once for each
//! document.

use crate::errors::Refusal;
use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Pos, Positioned, Value};
use domain::{Error, Reason};

/// Refuses what is not to be.
pub fn check(document: &ExecutableDocument) -> Result<(), Refusal> {
    for (_, operation) in document.operations.iter() {
        check_root(&operation.node)?;
        check_selections(&operation.node.selection_set.node)?;
    }
    document.fragments.values().try_for_each(|fragment| check_selections(&fragment.node.selection_set.node))
}

/// GraphQL section 5.2.3.1: a subscription has one root field. async-graphql would open a stream for each, and none for those
/// of a fragment.
fn check_root(operation: &OperationDefinition) -> Result<(), Refusal> {
    let selections = operation.selection_set.node.items.iter().map(|selection| &selection.node);
    let is_one = matches!(selections.collect::<Vec<_>>().as_slice(), [Selection::Field(_)]);
    if operation.ty != OperationType::Subscription || is_one {
        return Ok(());
    }
    refuse("a subscription has one field, and not in a fragment", operation.selection_set.pos)
}

fn check_selections(selections: &SelectionSet) -> Result<(), Refusal> {
    selections.items.iter().try_for_each(|selection| match &selection.node {
        Selection::Field(field) if field.node.name.node == "__typename" => check_typename(field),
        Selection::Field(field) => check_selections(&field.node.selection_set.node),
        Selection::InlineFragment(fragment) => check_selections(&fragment.node.selection_set.node),
        Selection::FragmentSpread(_) => Ok(()),
    })
}

/// async-graphql passes over this field: section 5.3.3, that a name has no fields; 5.4.1, that it takes no arguments; 5.7, which
/// directives there are.
fn check_typename(field: &Positioned<Field>) -> Result<(), Refusal> {
    if !field.node.selection_set.node.items.is_empty() || !field.node.arguments.is_empty() {
        return refuse("__typename has neither fields nor arguments", field.pos);
    }
    let directives = &field.node.directives;
    for (place, directive) in directives.iter().enumerate() {
        let name = &directive.node.name.node;
        if directives.iter().take(place).any(|earlier| earlier.node.name.node == *name) {
            return refuse(&format!("duplicate directive \"{name}\""), directive.pos);
        }
        check_directive(directive)?;
    }
    Ok(())
}

fn check_directive(directive: &Positioned<Directive>) -> Result<(), Refusal> {
    let Directive { name, arguments } = &directive.node;
    if !matches!(name.node.as_str(), "skip" | "include") {
        return refuse(&format!("unknown directive \"{}\"", name.node), directive.pos);
    }
    let is_condition = match arguments.as_slice() {
        [(argument, value)] if argument.node == "if" => {
            // What a variable stands for is looked at where it is declared.
            let known = value.node.clone().into_const();
            known.is_none_or(|value| matches!(value, Value::Boolean(_)))
        }
        _ => false,
    };
    if is_condition { Ok(()) } else { refuse(&format!("@{} takes if: Boolean!", name.node), directive.pos) }
}

fn refuse(message: &str, at: Pos) -> Result<(), Refusal> {
    Err(Refusal::at(&Error::new(Reason::UnknownOperation, message.to_owned()), vec![at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;
    use domain::Kind;

    fn refused(query: &str) -> Option<Kind> {
        check(&parse_query(query).unwrap()).err().map(|refusal| refusal.kind)
    }

    #[test]
    fn a_subscription_has_one_field() {
        assert_eq!(refused("subscription { a }"), None);
        for bad in ["subscription { a b }", "subscription { ...f } fragment f on Subscription { a }"] {
            assert_eq!(refused(bad), Some(Kind::UnknownOperation), "{bad}");
        }
    }

    #[test]
    fn a_typename_is_a_field_like_others() {
        for good in ["{ __typename }", "query($a: Boolean!) { a: __typename @skip(if: $a) @include(if: true) b }"] {
            assert_eq!(refused(good), None, "{good}");
        }
        for bad in [
            "{ __typename { a } }",
            "{ a { __typename(b: 1) } }",
            "{ ... { __typename @b } }",
            "{ ...f } fragment f on Query { __typename @skip }",
            "{ __typename @skip(if: 1) }",
            "{ __typename @skip(if: true) @skip(if: true) }",
        ] {
            assert_eq!(refused(bad), Some(Kind::UnknownOperation), "{bad}");
        }
    }
}
