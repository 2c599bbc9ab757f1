//! Inputs of tests, and access to the values of replies.

use domain::Value;
use wire::CallRequest;

/// A call, its input written as JSON. The members are put in the order of the table: JSON in a program has none.
pub fn call_request(operation: &str, input: &serde_json::Value) -> CallRequest {
    let mut call_request = CallRequest::new(operation, given(input));
    if let (Some(row), Value::Object(members)) = (call_request.row(), &mut call_request.input) {
        members.sort_by_key(|(name, _)| row.input.members.iter().position(|member| member.name == name));
    }
    call_request
}

/// An input, written as JSON.
pub fn given(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Fraction(number.to_string()),
        },
        serde_json::Value::String(text) => Value::text(text),
        serde_json::Value::Array(items) => Value::List(items.iter().map(given).collect()),
        serde_json::Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), given(value))).collect())
        }
    }
}

/// Short access to values. A missing one fails the test, with its path.
pub trait ValueAccess {
    /// The value at a path: `lines/0/quantity`.
    fn value_at(&self, path: &str) -> &Value;
    /// The integer at a path.
    fn number(&self, path: &str) -> i64;
    /// The text at a path.
    fn words(&self, path: &str) -> &str;
    /// The integers of that name in the items of a page.
    fn column(&self, name: &str) -> Vec<i64>;
}

impl ValueAccess for Value {
    fn value_at(&self, path: &str) -> &Value {
        self.at(path).unwrap_or_else(|| panic!("nothing at {path} in {}", wire::json::value(self)))
    }

    fn number(&self, path: &str) -> i64 {
        self.value_at(path).int().unwrap_or_else(|| panic!("no number at {path} in {}", wire::json::value(self)))
    }

    fn words(&self, path: &str) -> &str {
        self.value_at(path).as_text().unwrap_or_else(|| panic!("no text at {path} in {}", wire::json::value(self)))
    }

    fn column(&self, name: &str) -> Vec<i64> {
        self.value_at("items").items().iter().map(|item| item.number(name)).collect()
    }
}
