//! The JSON of REST, JSON-RPC and WebSocket: snake_case members, the resource itself,
//! a page is `{"items": [...], "next": "..."}`, nothing is `{}`.

mod read;
mod schema;
mod write;

pub use read::{duplicate_member, read, read_reply, unmarked, unreadable};
pub use schema::{definitions, described, error_definition, schema};
pub use write::{JsonEncoder, error, error_object, reply, text};

use crate::client::Refused;
use domain::Value;
use domain::schema::Violation;

/// A value as JSON text: what our client ends send.
pub fn value(value: &Value) -> String {
    let mut out = String::new();
    push_value(&mut out, value);
    out
}

fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(number) => out.push_str(itoa::Buffer::new().format(*number)),
        Value::Fraction(number) => out.push_str(number),
        Value::Text(value) | Value::RawText(value) => text(out, value),
        Value::List(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                push_value(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (position, (name, member)) in members.iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                text(out, name);
                out.push(':');
                push_value(out, member);
            }
            out.push('}');
        }
    }
}

/// An error object, as a client reads it.
pub fn refused(error: &Value) -> Refused {
    let text = |name: &str| error.get(name).and_then(Value::as_text).map(str::to_owned);
    Refused {
        code: text("reason").unwrap_or_default(),
        kind: text("kind"),
        reason: text("reason"),
        message: text("message").unwrap_or_default(),
        errors: violations(error.get("errors")),
        retry_after_ms: error.get("retry_after_ms").and_then(Value::int),
    }
}

/// The violations of an error object, as a client reads them.
pub fn violations(errors: Option<&Value>) -> Vec<Violation> {
    let member = |error: &Value, name: &str| error.get(name).and_then(Value::as_text).unwrap_or_default().to_owned();
    let errors = errors.map(Value::items).unwrap_or_default();
    errors.iter().map(|e| Violation { pointer: member(e, "pointer"), message: member(e, "message") }).collect()
}
