//! apollo-compiler 2.0.0-beta.2 does not check that a field of an input object is given once (GraphQL section 5.6.3); of definitions it
//! does: <https://github.com/apollographql/apollo-rs/issues/247>.

use apollo_compiler::ast::Value;
use apollo_compiler::{Name, Node};
use std::collections::HashSet;

/// The name of a field that is given twice.
pub fn given_twice(value: &Node<Value>) -> Option<&Name> {
    match &**value {
        Value::List(items) => items.iter().find_map(given_twice),
        Value::Object(members) => {
            let mut known = HashSet::new();
            let twice = members.iter().map(|(name, _)| name).find(|name| !known.insert(name.as_str()));
            twice.or_else(|| members.iter().find_map(|(_, value)| given_twice(value)))
        }
        _ => None,
    }
}
