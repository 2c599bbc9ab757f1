//! What if a field of the root is asked for twice under one name? Then it is one field, with what both select (GraphQL section 6.3.2):
//! async-graphql would execute it twice, and a mutation would place two orders and tell of one.

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, InlineFragment, OperationDefinition,
    OperationType, Selection, SelectionSet, TypeCondition,
};
use async_graphql::{Name, Positioned, Value};
use std::collections::{HashMap, HashSet};

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// Makes such fields one. What stands under directives stays as it is.
pub fn merge(document: &mut ExecutableDocument) {
    let ExecutableDocument { operations, fragments } = document;
    match operations {
        DocumentOperations::Single(operation) => merge_operation(&mut operation.node, fragments),
        DocumentOperations::Multiple(operations) => {
            operations.values_mut().for_each(|operation| merge_operation(&mut operation.node, fragments));
        }
    }
}

/// A query that asks twice is only slow. So what stands in fragments is looked at in a mutation alone, and left where it stands if
/// nothing there is asked for twice.
fn merge_operation(operation: &mut OperationDefinition, fragments: &Fragments) {
    let root = &mut operation.selection_set.node;
    if operation.ty == OperationType::Mutation && root.items.iter().any(|one| !matches!(one.node, Selection::Field(_)))
    {
        let mut flat = SelectionSet::default();
        collect(&root.items, fragments, &mut HashSet::new(), &mut flat);
        let before = flat.items.len();
        merge_fields(&mut flat);
        if flat.items.len() < before {
            *root = flat;
        }
    }
    merge_fields(root);
}

/// GraphQL section 6.3.2, CollectFields: the fields of the fragments of a mutation's root, each fragment once. It is still named
/// where it stood, to be skipped: one that is not used would be a mistake.
fn collect<'d>(
    items: &'d [Positioned<Selection>],
    fragments: &'d Fragments,
    visited: &mut HashSet<&'d str>,
    flat: &mut SelectionSet,
) {
    for item in items {
        match &item.node {
            Selection::InlineFragment(within) if is_whole(&within.node) => {
                collect(&within.node.selection_set.node.items, fragments, visited, flat);
            }
            Selection::FragmentSpread(spread) if spread.node.directives.is_empty() => {
                let found = fragments.get(&spread.node.fragment_name.node);
                let Some(fragment) = found.map(|found| &found.node).filter(|found| is_plain(found)) else {
                    flat.items.push(item.clone());
                    continue;
                };
                if visited.insert(spread.node.fragment_name.node.as_str()) {
                    let mut skipped = spread.clone();
                    skipped.node.directives.push(skip(item));
                    flat.items.push(Positioned::new(Selection::FragmentSpread(skipped), item.pos));
                    collect(&fragment.selection_set.node.items, fragments, visited, flat);
                }
            }
            _ => flat.items.push(item.clone()),
        }
    }
}

/// Whether all of it is of the root, whatever else is asked.
fn is_whole(within: &InlineFragment) -> bool {
    within.directives.is_empty() && within.type_condition.as_ref().is_none_or(|condition| is_of_root(&condition.node))
}

fn is_plain(fragment: &FragmentDefinition) -> bool {
    fragment.directives.is_empty() && is_of_root(&fragment.type_condition.node)
}

fn is_of_root(condition: &TypeCondition) -> bool {
    condition.on.node == "Mutation"
}

/// `@skip(if: true)`
fn skip(at: &Positioned<Selection>) -> Positioned<Directive> {
    let here = |name| Positioned::new(Name::new(name), at.pos);
    let arguments = vec![(here("if"), Positioned::new(Value::Boolean(true).into_value(), at.pos))];
    Positioned::new(Directive { name: here("skip"), arguments }, at.pos)
}

fn merge_fields(root: &mut SelectionSet) {
    for selection in std::mem::take(&mut root.items) {
        match (&selection.node, root.items.iter_mut().find_map(|earlier| same(earlier, &selection))) {
            (Selection::Field(field), Some(earlier)) => {
                earlier.selection_set.node.items.extend(field.node.selection_set.node.items.iter().cloned());
            }
            _ => root.items.push(selection),
        }
    }
}

/// The earlier field, if it is the same. Whether two of one name may differ is for the validation to say.
fn same<'e>(earlier: &'e mut Positioned<Selection>, later: &Positioned<Selection>) -> Option<&'e mut Field> {
    let (Selection::Field(earlier), Selection::Field(later)) = (&mut earlier.node, &later.node) else { return None };
    let (one, other) = (&earlier.node, &later.node);
    let is_same = one.response_key().node == other.response_key().node
        && one.name.node == other.name.node
        && one.arguments == other.arguments
        && one.directives.is_empty()
        && other.directives.is_empty();
    is_same.then_some(&mut earlier.node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    /// The names of the root's fields, and how many each selects.
    fn roots(query: &str) -> Vec<(String, usize)> {
        let mut document = parse_query(query).unwrap();
        merge(&mut document);
        let (_, operation) = document.operations.iter().next().unwrap();
        let fields = operation.node.selection_set.node.items.iter().filter_map(|one| match &one.node {
            Selection::Field(field) => Some(&field.node),
            _ => None,
        });
        fields.map(|one| (one.response_key().node.to_string(), one.selection_set.node.items.len())).collect()
    }

    #[test]
    fn what_is_the_same_is_one_field() {
        let one = |name: &str, count| (name.to_owned(), count);
        assert_eq!(roots("mutation { a(n: 1) { b } c { d } a(n: 1) { b e { f } } }"), [one("a", 3), one("c", 1)]);
        let of = |fragment: &str| format!("fragment F on Mutation {{ {fragment} }}");
        for once in ["a { b } ...F", "...F ... { a { b } }", "... on Mutation { a { b } } ...F ...F", "...F a { b }"] {
            assert_eq!(roots(&format!("mutation {{ {once} }} {}", of("a { c } ...F"))), [one("a", 2)], "{once}");
        }
        let names = |query: String| roots(&query).into_iter().map(|(name, _)| name).collect::<String>();
        for (apart, fields) in
            [("a { b } ...F", "a"), ("a { b } ... on Query { a }", "a"), ("a { b } ... @skip(if: true) { a }", "a")]
        {
            assert_eq!(names(format!("mutation {{ {apart} }} {}", of("c"))), fields, "{apart}: left where it stands");
        }
        for apart in
            ["{ a { b } x: a { b } }", "{ a(n: 1) { b } a(n: 2) { b } }", "{ a { b } a @skip(if: true) { b } }"]
        {
            assert_eq!(roots(apart).len(), 2, "{apart}");
        }
    }
}
