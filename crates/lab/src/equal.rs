//! Compares outcomes from different styles.

use domain::operations::OperationKind;
use domain::schema::Schema;
use domain::{Operation, Value};
use wire::{Outcome, Refused};

/// Fields whose values are new in each call, and what stands for them.
const GENERATED: &[(&str, &str)] = &[("secret", "(a secret)"), ("token", "(a token)")];

/// Where two outcomes differ; empty if they are equal.
pub fn outcome_differences(operation: Option<&Operation>, one: &Outcome, other: &Outcome) -> Vec<String> {
    match (one, other) {
        (Outcome::Refused(one), Outcome::Refused(other)) => between_refusals(one, other),
        (Outcome::Refused(_), _) => vec!["it is not refused".to_owned()],
        (_, Outcome::Refused(refused)) => vec![format!("it is refused: {refused}")],
        _ => differences(&normalized(operation, one), &normalized(operation, other)),
    }
}

/// A reply as it is compared. Of a command's reply the times, tokens and secrets are replaced: they differ from call to call.
pub fn normalized(operation: Option<&Operation>, outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Reply(value) | Outcome::Event(value) => match operation {
            Some(operation) if operation.kind == OperationKind::Command => without_generated(&operation.reply, value),
            _ => value.clone(),
        },
        Outcome::Refused(_) | Outcome::Started | Outcome::Ended | Outcome::Control => Value::Null,
    }
}

/// Refusals are equal if reason, kind and the places of violations are; the messages spell names as each style does. Some styles leave
/// out the kind, which follows from the reason.
fn between_refusals(one: &Refused, other: &Refused) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, one: String, other: String| {
        if one != other {
            found.push(format!("/{what} is {other}, not {one}"));
        }
    };
    let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    compare("reason", shown(&one.reason), shown(&other.reason));
    if one.kind.is_some() && other.kind.is_some() {
        compare("kind", shown(&one.kind), shown(&other.kind));
    }
    let places = |refused: &Refused| {
        let all = refused.errors.iter().map(|error| error.place().to_owned());
        format!("[{}]", all.collect::<Vec<_>>().join("; "))
    };
    compare("errors", places(one), places(other));
    found
}

fn without_generated(schema: &Schema, value: &Value) -> Value {
    match (schema, value) {
        (Schema::Time, _) => Value::text("(a moment)"),
        (Schema::List { item, .. }, Value::List(items)) => {
            Value::List(items.iter().map(|value| without_generated(item, value)).collect())
        }
        (Schema::Object(object), Value::Object(fields)) => {
            let field = |(name, value): &(String, Value)| {
                let generated = GENERATED.iter().find(|(known, _)| known == name).map(|(_, shown)| Value::text(*shown));
                let value = generated.unwrap_or_else(|| match object.member(name) {
                    Some(field) => without_generated(&field.schema, value),
                    None => value.clone(),
                });
                (name.clone(), value)
            };
            Value::Object(fields.iter().map(field).collect())
        }
        _ => value.clone(),
    }
}

/// Where two values differ: each place with both values.
pub fn differences(one: &Value, other: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk("", one, other, &mut found);
    found
}

fn walk(place: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (name, value) in ours {
                match other.get(name) {
                    Some(their) => walk(&format!("{place}/{name}"), value, their, found),
                    None => found.push(format!("{place}/{name} is missing")),
                }
            }
            let unknown = theirs.iter().filter(|(name, _)| one.get(name).is_none());
            found.extend(unknown.map(|(name, _)| format!("{place}/{name} is there too")));
            let same_order = ours.iter().map(|(name, _)| name).eq(theirs.iter().map(|(name, _)| name));
            if found.is_empty() && !same_order {
                found.push(format!("{place}: the members come in another order"));
            }
        }
        (Value::List(ours), Value::List(theirs)) if ours.len() == theirs.len() => {
            for (position, (one, other)) in ours.iter().zip(theirs).enumerate() {
                walk(&format!("{place}/{position}"), one, other, found);
            }
        }
        _ if one == other => {}
        _ => found.push(format!("{place} is {other}, not {one}")),
    }
}

/// The bytes of the values themselves, as text, without any envelope.
pub fn value_bytes(value: &Value) -> u64 {
    match value {
        Value::Null => 0,
        Value::Bool(value) => value.to_string().len() as u64,
        Value::Int(number) => number.to_string().len() as u64,
        Value::Fraction(text) | Value::Text(text) | Value::RawText(text) => text.len() as u64,
        Value::List(items) => items.iter().map(value_bytes).sum(),
        Value::Object(fields) => fields.iter().map(|(_, value)| value_bytes(value)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::schema::Violation;

    #[test]
    fn differences_name_the_place() {
        let one = Value::object([("id", 1.into()), ("lines", Value::List(vec![Value::object([("q", 2.into())])]))]);
        let other = Value::object([("id", 1.into()), ("lines", Value::List(vec![Value::object([("q", 3.into())])]))]);
        assert_eq!(differences(&one, &other), ["/lines/0/q is 3, not 2"]);
        assert!(differences(&one, &one).is_empty());
        assert_eq!(differences(&one, &Value::object([("id", 1.into())])), ["/lines is missing"]);
        assert_eq!(value_bytes(&one), 2);
    }

    #[test]
    fn refusals_are_compared_by_what_both_contain() {
        let refused = |reason: &str, kind: Option<&str>, errors: &[&str]| {
            let violation = |place: &&str| Violation { pointer: (*place).to_owned(), message: "is wrong".to_owned() };
            let (reason, kind) = (Some(reason.to_owned()), kind.map(str::to_owned));
            Outcome::Refused(Refused {
                reason,
                kind,
                errors: errors.iter().map(violation).collect(),
                ..Refused::default()
            })
        };
        let whole = refused("invalid_input", Some("invalid"), &["/id"]);
        let differ = |other: Outcome| outcome_differences(None, &whole, &other).len();
        assert_eq!(differ(whole.clone()), 0);
        assert_eq!(differ(refused("invalid_input", None, &["/id"])), 0, "as in GraphQL");
        assert_eq!(differ(refused("invalid_input", Some("invalid"), &[])), 1);
        assert_eq!(differ(refused("invalid_input", None, &["/name"])), 1);
        assert_eq!(differ(refused("user_not_found", Some("not_found"), &["/id"])), 2);
        assert_eq!(differ(Outcome::Reply(Value::Null)), 1);
    }

    #[test]
    fn times_in_the_reply_of_a_command_are_not_compared() {
        let order = |at: &str| Outcome::Reply(Value::object([("id", 1.into()), ("placed_at", at.into())]));
        let place = Operation::find("place_order");
        assert_eq!(
            normalized(place, &order("2026-01-01T00:00:00Z")),
            normalized(place, &order("2026-01-01T00:00:01Z"))
        );
        let get = Operation::find("get_order");
        assert_ne!(normalized(get, &order("2026-01-01T00:00:00Z")), normalized(get, &order("2026-01-01T00:00:01Z")));
    }
}
