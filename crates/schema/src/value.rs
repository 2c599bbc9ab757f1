//! What is an input before any rule has looked at it, and a reply once it has been read back? A [`Value`].

pub use crate::characters::shown;
use crate::encoder::Encoder;
use crate::time::Timestamp;
use std::fmt;

/// A tree of plain values, as every grammar can say it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Said to be nothing: null, nil.
    Null,
    /// True or false. No member of the shop is one yet, so it is always of the wrong type, but it must be readable.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number that is not whole, as it was written.
    Fraction(String),
    /// A text.
    Text(String),
    /// Characters of a grammar that has no types: they become whatever the member wants.
    RawText(String),
    /// Values in an order.
    List(Vec<Value>),
    /// Named values, in the order in which they came; a name that came twice is still there twice.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// A record of these members.
    pub fn object<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
        Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// A text.
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    /// The member of that name, if this is a record and has one.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value at a path of member names and list positions: `"lines/0/quantity"`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        path.split('/').try_fold(self, |value, step| match value {
            Value::List(items) => items.get(step.parse::<usize>().ok()?),
            _ => value.get(step),
        })
    }

    /// The whole number that this is, if it is one.
    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The text that this is, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::RawText(text) => Some(text),
            _ => None,
        }
    }

    /// The values of this list, or none if it is no list.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            _ => &[],
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

/// As a message shows it: texts in quotes, long ones cut, lists and records by their size.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Fraction(number) => f.write_str(&shown(number)),
            Value::Text(text) | Value::RawText(text) => write!(f, "\"{}\"", shown(text)),
            Value::List(items) => write!(f, "a list of {}", items.len()),
            Value::Object(members) => write!(f, "a record of {}", members.len()),
        }
    }
}

/// Makes a [`Value`] of anything that can write itself to a [`Encoder`].
#[derive(Default)]
pub struct ValueEncoder {
    open: Vec<Value>,
    names: Vec<&'static str>,
    done: Option<Value>,
}

impl ValueEncoder {
    /// The tree, once the thing has been written.
    pub fn finish(self) -> Value {
        self.done.unwrap_or(Value::Null)
    }

    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            Some(Value::List(items)) => items.push(value),
            Some(Value::Object(members)) => {
                let name = self.names.last().copied().unwrap_or_default();
                members.push((name.to_owned(), value));
            }
            _ => self.done = Some(value),
        }
    }

    fn close(&mut self) {
        if let Some(value) = self.open.pop() {
            self.put(value);
        }
    }
}

impl Encoder for ValueEncoder {
    fn int(&mut self, number: i32) {
        self.put(Value::Int(number.into()));
    }
    fn text(&mut self, text: &str) {
        self.put(Value::text(text));
    }
    fn time(&mut self, time: Timestamp) {
        self.put(Value::text(time.to_string()));
    }
    fn begin_object(&mut self) {
        self.open.push(Value::Object(Vec::new()));
    }
    fn field(&mut self, name: &'static str) {
        self.names.push(name);
    }
    fn end_field(&mut self, _: &'static str) {
        self.names.pop();
    }
    fn end_object(&mut self) {
        self.close();
    }
    fn begin_list(&mut self) {
        self.open.push(Value::List(Vec::new()));
    }
    fn end_list(&mut self) {
        self.close();
    }
}
