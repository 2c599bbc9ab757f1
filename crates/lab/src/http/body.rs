//! What does the page say in a body? Members of one record, each looked at once; what nobody asks for is refused.

use domain::Error;
use domain::Value;
use domain::schema::Violation;
use std::ops::RangeInclusive;

/// Characters of a text that the page says: an operation's name, an API key.
const TEXT_CHARS_MAX: usize = 200;

/// The members of a body that have not been taken yet, and what was wrong with those that have.
pub struct Body {
    members: Vec<(String, Value)>,
    wrong: Vec<Violation>,
}

impl Body {
    /// Reads a body of JSON.
    pub fn read(bytes: &[u8]) -> Result<Body, Error> {
        match wire::json::read(bytes)? {
            Value::Object(members) => Ok(Body { members, wrong: Vec::new() }),
            other => Err(Error::invalid("", format!("must be a record, was {other}"))),
        }
    }

    /// What is wrong with a member.
    pub fn refuse(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.wrong.push(Violation { pointer: pointer.into(), message: message.into() });
    }

    /// A member, if it is there; null is as good as absent.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let position = self.members.iter().position(|(key, _)| key == name)?;
        Some(self.members.remove(position).1).filter(|value| *value != Value::Null)
    }

    /// A text that a header could say too.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::Text(text)
                if (1..=TEXT_CHARS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) =>
            {
                Some(text)
            }
            other => {
                self.refuse(
                    format!("/{name}"),
                    format!("must be 1 to {TEXT_CHARS_MAX} visible characters of ASCII, was {other}"),
                );
                None
            }
        }
    }

    /// The same of a member that must be there.
    pub fn needed_text(&mut self, name: &str) -> String {
        let wrong_before = self.wrong.len();
        let text = self.text(name);
        if text.is_none() && self.wrong.len() == wrong_before {
            self.refuse(format!("/{name}"), "is required");
        }
        text.unwrap_or_default()
    }

    /// A whole number within bounds.
    pub fn number(&mut self, name: &str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let value = self.take(name)?;
        if let Some(number) = value.int().filter(|number| bounds.contains(number)) {
            return Some(number);
        }
        let (least, most) = (bounds.start(), bounds.end());
        self.refuse(format!("/{name}"), format!("must be a whole number from {least} to {most}, was {value}"));
        None
    }

    /// Whether something is wanted; not, if it is not said.
    pub fn flag(&mut self, name: &str) -> bool {
        match self.take(name) {
            None => false,
            Some(Value::Bool(wanted)) => wanted,
            Some(other) => {
                self.refuse(format!("/{name}"), format!("must be true or false, was {other}"));
                false
            }
        }
    }

    /// Ends the looking: all that is wrong, and what nobody has asked for.
    pub fn close(mut self) -> Result<(), Error> {
        for (name, _) in std::mem::take(&mut self.members) {
            self.refuse(format!("/{}", domain::value::shown(&name)), "is not known");
        }
        if self.wrong.is_empty() { Ok(()) } else { Err(Error::violations(self.wrong)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let mut body = Body::read(br#"{"name": "a b", "other": null, "n": 0, "api_key": null, "more": 1}"#).unwrap();
        assert_eq!((body.needed_text("name"), body.needed_text("other")), (String::new(), String::new()));
        assert_eq!((body.number("n", 1..=9), body.text("api_key"), body.number("k", 1..=2)), (None, None, None));
        let wrong = body.close().unwrap_err().errors;
        let pointers: Vec<&str> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/other", "/n", "/more"]);
        assert!(Body::read(b"[]").is_err() && Body::read(b"{").is_err());
    }
}
