//! apollo-compiler 2.0.0-beta.2 does not check that a field of an input object is given once (GraphQL section 5.6.3); of definitions it
//! does: <https://github.com/apollographql/apollo-rs/issues/247>.

use apollo_compiler::ast::Value;
use apollo_compiler::{Name, Node};
use std::collections::HashSet;

/// The name of a field that is given twice.
pub fn duplicate_member(value: &Node<Value>) -> Option<&Name> {
    match &**value {
        Value::List(items) => items.iter().find_map(duplicate_member),
        Value::Object(members) => {
            let mut known = HashSet::new();
            let twice = members.iter().map(|(name, _)| name).find(|name| !known.insert(name.as_str()));
            twice.or_else(|| members.iter().find_map(|(_, value)| duplicate_member(value)))
        }
        _ => None,
    }
}
