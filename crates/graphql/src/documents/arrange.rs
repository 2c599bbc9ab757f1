//! In which order do the members of an answer stand? In that of the question (GraphQL section 7.2.2), also where some were found
//! later than others: whoever waits for a batch is overtaken by those who need not.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Value};

/// Puts the members of an answer in order.
pub fn arrange(answer: &mut Value, document: &ExecutableDocument, asked: &SelectionSet) {
    let mut order = Members::default();
    order.collect(document, asked);
    order.apply(answer);
}

/// The members of a thing, in order, and those of what each holds.
#[derive(Default)]
struct Members(Vec<(Name, Members)>);

impl Members {
    /// GraphQL section 6.3.2: what is selected several times under one name is one member, where it stood first.
    fn collect(&mut self, document: &ExecutableDocument, asked: &SelectionSet) {
        for selection in &asked.items {
            match &selection.node {
                Selection::Field(field) => {
                    let below = &field.node.selection_set.node;
                    self.member(&field.node.response_key().node).collect(document, below);
                }
                Selection::InlineFragment(fragment) => self.collect(document, &fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.collect(document, &fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn member(&mut self, name: &Name) -> &mut Members {
        let place = self.place(name).unwrap_or_else(|| {
            self.0.push((name.clone(), Members::default()));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }

    fn place(&self, name: &Name) -> Option<usize> {
        self.0.iter().position(|(known, _)| known == name)
    }

    fn apply(&self, answer: &mut Value) {
        match answer {
            Value::List(items) => items.iter_mut().for_each(|item| self.apply(item)),
            Value::Object(members) => {
                members.sort_by_cached_key(|name, _| self.place(name));
                for (name, below) in &self.0 {
                    members.get_mut(name).into_iter().for_each(|value| below.apply(value));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    #[test]
    fn members_stand_where_they_were_asked_for() {
        let query = "{ b: x { d ...f c { e } } a } fragment f on X { c { g } h }";
        let document = parse_query(query).unwrap();
        let operation = document.operations.iter().next().unwrap().1;
        let answer = r#"{"a":1,"b":[{"h":1,"c":{"e":1,"g":2},"d":1},null]}"#;
        let mut answer: Value = serde_json::from_str(answer).unwrap();
        arrange(&mut answer, &document, &operation.node.selection_set.node);
        assert_eq!(serde_json::to_string(&answer).unwrap(), r#"{"b":[{"d":1,"c":{"g":2,"e":1},"h":1},null],"a":1}"#);
    }
}
