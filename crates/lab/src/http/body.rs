//! Reads the fields of a JSON body; finds all violations, and refuses unknown fields.

use actix_web::HttpRequest;
use domain::schema::Violation;
use domain::{Error, Value};
use std::ops::RangeInclusive;

/// Characters of a short text: an operation's name, an API key.
const TEXT_CHARS_MAX: usize = 200;

/// The fields of a body that have not been taken yet, and the violations in those that have.
pub struct Body {
    fields: Vec<(String, Value)>,
    violations: Vec<Violation>,
}

/// The call in a body.
pub struct Call {
    pub operation: String,
    pub input: Value,
    pub api_key: Option<String>,
}

impl Body {
    /// The body of a request.
    pub fn of(request: &HttpRequest) -> Result<Body, Error> {
        Body::parse(&wire::body(request)?)
    }

    fn parse(bytes: &[u8]) -> Result<Body, Error> {
        match wire::json::read(bytes)? {
            Value::Object(fields) => Ok(Body { fields, violations: Vec::new() }),
            other => Err(Error::invalid("", format!("must be an object, got {other}"))),
        }
    }

    /// Notes a violation.
    pub fn refuse(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.violations.push(Violation { pointer: pointer.into(), message: message.into() });
    }

    /// A field, if it is there and not null.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let position = self.fields.iter().position(|(key, _)| key == name)?;
        Some(self.fields.remove(position).1).filter(|value| *value != Value::Null)
    }

    /// The fields `operation`, `input` and `api_key`.
    pub fn call(&mut self) -> Call {
        let operation = self.required_text("operation");
        let input = self.take("input").unwrap_or_else(|| Value::object([]));
        Call { operation, input, api_key: self.text("api_key") }
    }

    /// A field that follows a rule, if it is there and not null.
    fn read<T>(&mut self, name: &str, rule: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.take(name)?;
        let read = read(&value);
        if read.is_none() {
            self.refuse(format!("/{name}"), format!("must be {rule}, got {value}"));
        }
        read
    }

    /// A text that a header could hold, too.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let is_short = |text: &&str| (1..=TEXT_CHARS_MAX).contains(&text.len());
        let is_visible = |text: &&str| text.bytes().all(|byte| byte.is_ascii_graphic());
        let rule = format!("1 to {TEXT_CHARS_MAX} visible ASCII characters");
        self.read(name, &rule, |value| value.as_text().filter(is_short).filter(is_visible).map(str::to_owned))
    }

    /// The same of a required field.
    pub fn required_text(&mut self, name: &str) -> String {
        let violations = self.violations.len();
        let text = self.text(name);
        if text.is_none() && self.violations.len() == violations {
            self.refuse(format!("/{name}"), "is required");
        }
        text.unwrap_or_default()
    }

    /// An integer within bounds.
    pub fn number(&mut self, name: &str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let rule = format!("an integer from {} to {}", bounds.start(), bounds.end());
        self.read(name, &rule, |value| value.int().filter(|number| bounds.contains(number)))
    }

    /// A boolean, false if it is absent.
    pub fn flag(&mut self, name: &str) -> bool {
        let flag = |value: &Value| if let Value::Bool(flag) = value { Some(*flag) } else { None };
        self.read(name, "true or false", flag).unwrap_or(false)
    }

    /// Returns all violations, an unknown field among them.
    pub fn close(mut self) -> Result<(), Error> {
        for (name, _) in std::mem::take(&mut self.fields) {
            self.refuse(format!("/{}", domain::value::shown(&name)), "is not known");
        }
        if self.violations.is_empty() { Ok(()) } else { Err(Error::violations(self.violations)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_violations_are_found_at_once() {
        let mut body = Body::parse(br#"{"name": "a b", "other": null, "n": 0, "api_key": null, "more": 1}"#).unwrap();
        assert_eq!((body.required_text("name"), body.required_text("other")), (String::new(), String::new()));
        assert_eq!((body.number("n", 1..=9), body.text("api_key"), body.number("k", 1..=2)), (None, None, None));
        let violations = body.close().unwrap_err().errors;
        let pointers: Vec<&str> = violations.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/other", "/n", "/more"]);
        assert!(Body::parse(b"[]").is_err() && Body::parse(b"{").is_err());
    }
}
