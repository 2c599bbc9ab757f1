//! When are two answers the same, whatever style they came by?

use domain::operations::OperationKind;
use domain::schema::Schema;
use domain::{Operation, Value};
use wire::{Outcome, Refused};

/// What is made anew each time: members of these names, and what they are shown as.
const MADE_ANEW: &[(&str, &str)] = &[("secret", "(a secret)"), ("token", "(a token)")];

/// Where what was heard in two styles differs; nothing, if it is the same.
pub fn disagreements(operation: Option<&Operation>, one: &Outcome, other: &Outcome) -> Vec<String> {
    match (one, other) {
        (Outcome::Refused(one), Outcome::Refused(other)) => refusals(one, other),
        (Outcome::Refused(_), _) => vec!["it is not refused".to_owned()],
        (_, Outcome::Refused(refused)) => vec![format!("it is refused: {refused}")],
        _ => differences(&normalized(operation, one), &normalized(operation, other)),
    }
}

/// An answer as it is compared. Of a command's answer the moments, tokens and secrets are masked: no two calls run at the same
/// moment, and no two tokens are alike.
pub fn normalized(operation: Option<&Operation>, heard: &Outcome) -> Value {
    match heard {
        Outcome::Reply(value) | Outcome::Event(value) => match operation {
            Some(operation) if operation.kind == OperationKind::Command => masked(&operation.reply, value),
            _ => value.clone(),
        },
        Outcome::Refused(_) | Outcome::Started | Outcome::Ended | Outcome::Control => Value::Null,
    }
}

/// Two refusals are the same if reason, kind and violations are. Not every style has room for all of them: where a style does
/// not say the kind, its reason implies it, and where it says neither kind nor violations, it has no room for those.
fn refusals(one: &Refused, other: &Refused) -> Vec<String> {
    let mut found = Vec::new();
    let mut differ = |what: &str, one: String, other: String| {
        if one != other {
            found.push(format!("/{what} is {other}, not {one}"));
        }
    };
    let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    differ("reason", said(&one.reason), said(&other.reason));
    if one.kind.is_some() && other.kind.is_some() {
        differ("kind", said(&one.kind), said(&other.kind));
    }
    let has_room = |refused: &Refused| refused.kind.is_some() || !refused.errors.is_empty();
    if has_room(one) && has_room(other) {
        let listed = |refused: &Refused| {
            let places: Vec<String> =
                refused.errors.iter().map(|error| format!("{} {}", error.place(), error.message)).collect();
            format!("[{}]", places.join("; "))
        };
        differ("errors", listed(one), listed(other));
    }
    found
}

fn masked(shape: &Schema, value: &Value) -> Value {
    match (shape, value) {
        (Schema::Time, _) => Value::text("(a moment)"),
        (Schema::List { item, .. }, Value::List(items)) => {
            Value::List(items.iter().map(|value| masked(item, value)).collect())
        }
        (Schema::Object(record), Value::Object(members)) => {
            let masked = members.iter().map(|(name, value)| {
                if let Some((_, shown)) = MADE_ANEW.iter().find(|(known, _)| known == name) {
                    return (name.clone(), Value::text(*shown));
                }
                let value = record.member(name).map_or_else(|| value.clone(), |member| masked(&member.schema, value));
                (name.clone(), value)
            });
            Value::Object(masked.collect())
        }
        _ => value.clone(),
    }
}

/// Where two answers differ: each place with what one has and what the other has.
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
            let names = |members: &[(String, Value)]| members.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
            if found.is_empty() && names(ours) != names(theirs) {
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

/// The bytes of the values themselves, as text: what any envelope is around.
pub fn value_bytes(value: &Value) -> u64 {
    match value {
        Value::Null => 0,
        Value::Bool(value) => value.to_string().len() as u64,
        Value::Int(number) => number.to_string().len() as u64,
        Value::Fraction(text) | Value::Text(text) | Value::RawText(text) => text.len() as u64,
        Value::List(items) => items.iter().map(value_bytes).sum(),
        Value::Object(members) => members.iter().map(|(_, value)| value_bytes(value)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::schema::Violation;

    #[test]
    fn differences_say_the_place() {
        let one = Value::object([("id", 1.into()), ("lines", Value::List(vec![Value::object([("q", 2.into())])]))]);
        let other = Value::object([("id", 1.into()), ("lines", Value::List(vec![Value::object([("q", 3.into())])]))]);
        assert_eq!(differences(&one, &other), ["/lines/0/q is 3, not 2"]);
        assert!(differences(&one, &one).is_empty());
        assert_eq!(differences(&one, &Value::object([("id", 1.into())])), ["/lines is missing"]);
        assert_eq!(value_bytes(&one), 2);
    }

    #[test]
    fn refusals_are_compared_by_what_both_have_room_for() {
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
        let differ = |other: Outcome| disagreements(None, &whole, &other).len();
        assert_eq!(differ(whole.clone()), 0);
        assert_eq!(differ(refused("invalid_input", None, &["/id"])), 0, "as GraphQL says it");
        assert_eq!(differ(refused("invalid_input", None, &[])), 0, "as XML-RPC says it");
        assert_eq!(differ(refused("invalid_input", Some("invalid"), &[])), 1);
        assert_eq!(differ(refused("invalid_input", None, &["/name"])), 1);
        assert_eq!(differ(refused("user_not_found", Some("not_found"), &["/id"])), 2);
        assert_eq!(differ(Outcome::Reply(Value::Null)), 1);
    }

    #[test]
    fn moments_of_a_command_are_masked() {
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
