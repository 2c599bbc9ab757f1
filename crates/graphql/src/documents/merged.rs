//! What if a field of the root is asked for twice under one name? Then it is one field, with what both select (GraphQL section 6.3.2):
//! async-graphql would execute it twice, and a mutation would place two orders and tell of one.

use async_graphql::Positioned;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet};

/// Makes such fields one. What stands in fragments or under directives stays as it is.
pub fn merge(document: &mut ExecutableDocument) {
    match &mut document.operations {
        DocumentOperations::Single(operation) => merge_fields(&mut operation.node.selection_set.node),
        DocumentOperations::Multiple(operations) => {
            operations.values_mut().for_each(|operation| merge_fields(&mut operation.node.selection_set.node));
        }
    }
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
        for apart in
            ["{ a { b } x: a { b } }", "{ a(n: 1) { b } a(n: 2) { b } }", "{ a { b } a @skip(if: true) { b } }"]
        {
            assert_eq!(roots(apart).len(), 2, "{apart}");
        }
    }
}
