//! The order of an answer's members is that of the question (GraphQL section 7.2.2). async-graphql 7.2.1 has the order in which they
//! were found, so a field that waits for a batch comes last: <https://github.com/async-graphql/async-graphql/issues/612>.

use super::collect_fields::PLACEHOLDER;
use async_graphql::parser::types::{Selection, SelectionSet};
use async_graphql::{Name, Value};

/// Puts the members of an answer in the order of what was asked, of which each name is there once.
pub fn arrange(answer: &mut Value, asked: &SelectionSet) {
    match answer {
        Value::List(items) => items.iter_mut().for_each(|item| arrange(item, asked)),
        Value::Object(members) => {
            members.shift_remove(PLACEHOLDER);
            let order: Vec<(&Name, &SelectionSet)> = asked
                .items
                .iter()
                .filter_map(|item| match &item.node {
                    Selection::Field(field) => Some((&field.node.response_key().node, &field.node.selection_set.node)),
                    Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
                })
                .collect();
            let is_in_order =
                members.len() == order.len() && members.keys().zip(&order).all(|(is, (name, _))| is == *name);
            if !is_in_order {
                members.sort_by_cached_key(|name, _| order.iter().position(|(known, _)| *known == name));
            }
            for (name, below) in order {
                if let Some(value) = members.get_mut(name).filter(|_| !below.items.is_empty()) {
                    arrange(value, below);
                }
            }
        }
        _ => {}
    }
}
