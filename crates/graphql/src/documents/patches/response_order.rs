//! The members of a response are in the order of the query (GraphQL section 7.2.2). async-graphql 7.2.1 orders them by when they
//! were resolved, so a field that waits for a batch comes last: <https://github.com/async-graphql/async-graphql/issues/612>.

use super::collect_fields::PLACEHOLDER;
use async_graphql::parser::types::{Selection, SelectionSet};
use async_graphql::{Name, Value};

/// Orders the members of a response as the query, in which each name occurs once.
pub fn arrange(answer: &mut Value, selection: &SelectionSet) {
    match answer {
        Value::List(items) => items.iter_mut().for_each(|item| arrange(item, selection)),
        Value::Object(members) => {
            members.shift_remove(PLACEHOLDER);
            let order: Vec<(&Name, &SelectionSet)> = selection
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
