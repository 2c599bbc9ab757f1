//! Example inputs of every operation, for every contract, page and form: `examples.json` in this crate's folder.
//!
//! Ids, statuses, the cart and the password in it are those of the standard shop.

use crate::json;
use domain::{Operation, Reason, Value};
use std::sync::OnceLock;

const EXAMPLES: &str = include_str!("../examples.json");

/// The public email and password of user 1.
pub const ADA: (&str, &str) = ("ada@example.com", "parlance");

/// An example call.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Its title.
    pub name: String,
    /// Its input.
    pub input: Value,
    /// The state of the shop: new, but with one webhook for examples about webhooks.
    pub refused: Option<Reason>,
}

/// The examples of an operation; the first one succeeds.
pub fn of(operation: &Operation) -> &'static [Example] {
    let found = all().iter().find(|(name, _)| name == operation.name);
    found.map(|(_, examples)| examples.as_slice()).unwrap_or_default()
}

/// The input of the first one; an empty object if there is none, which a test refuses.
pub fn input(operation: &Operation) -> Value {
    of(operation).first().map_or_else(|| Value::object([]), |example| example.input.clone())
}

/// A broken document has no examples, which a test refuses.
fn all() -> &'static [(String, Vec<Example>)] {
    static ALL: OnceLock<Vec<(String, Vec<Example>)>> = OnceLock::new();
    ALL.get_or_init(|| match json::read(EXAMPLES.as_bytes()) {
        Ok(Value::Object(operations)) => {
            operations.into_iter().map(|(name, listed)| (name, listed.items().iter().map(example).collect())).collect()
        }
        _ => Vec::new(),
    })
}

fn example(headers_in: &Value) -> Example {
    let text = |name: &str| headers_in.get(name).and_then(Value::as_text);
    Example {
        name: text("name").unwrap_or_default().to_owned(),
        input: headers_in.get("input").cloned().unwrap_or(Value::Null),
        refused: text("refused").and_then(Reason::find),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::operations::OPERATIONS;

    #[test]
    fn every_operation_has_one_that_is_read() {
        let named: Vec<&str> = all().iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(named, OPERATIONS.iter().map(|operation| operation.name).collect::<Vec<_>>(), "the table's order");
        for operation in OPERATIONS {
            let examples = of(operation);
            assert_eq!(examples.first().map(|first| first.refused), Some(None), "{}: the first", operation.name);
            for Example { name, input, refused } in examples {
                let place = examples.iter().position(|other| other.name == *name);
                assert!(
                    place.is_some_and(|place| examples[place].input == *input),
                    "{}: {name}, twice",
                    operation.name
                );
                if *refused != Some(Reason::InvalidInput) {
                    let read = (operation.settle)(input.clone(), &domain::spelling::PLAIN);
                    assert!(read.is_ok(), "{}, {name}: {read:?}", operation.name);
                }
                if let Some(reason) = refused {
                    assert!(operation.reasons().any(|other| other == *reason), "{}: {reason:?}", operation.name);
                }
            }
        }
    }

    #[test]
    fn every_reason_in_it_is_one() {
        let refused = all().iter().flat_map(|(_, examples)| examples).filter(|example| example.refused.is_some());
        assert_eq!(refused.count(), EXAMPLES.matches("\"refused\":").count());
    }
}
