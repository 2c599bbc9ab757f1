//! Untyped values: an input before it is decoded, and a reply that a client has read.

pub use crate::characters::shown;
use crate::encoder::Encoder;
use crate::time::Timestamp;
use std::fmt;

/// A tree of plain values, the same for every format.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// An explicit null.
    Null,
    /// True or false. No field of the shop has this type, so it is always a violation; its message needs the value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number that is not an integer, as the caller wrote it.
    Fraction(String),
    /// A text.
    Text(String),
    /// Characters of a format without types, such as markup or a query string: the field's schema decides what they mean.
    RawText(String),
    /// An ordered list.
    List(Vec<Value>),
    /// Named values in the order of the input; a name that is given twice is here twice.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// Makes an object.
    pub fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
        Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Makes a text.
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    /// Returns a field's value; `None` if this is not an object or has no such field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Object(fields) => fields.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the value at a path of field names and list positions: `"lines/0/quantity"`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        path.split('/').try_fold(self, |value, step| match value {
            Value::List(items) => items.get(step.parse::<usize>().ok()?),
            _ => value.get(step),
        })
    }

    /// The integer, if this is one.
    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::RawText(text) => Some(text),
            _ => None,
        }
    }

    /// The items of this list; empty if this is not a list.
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

/// As error messages show a value: texts in quotes and cut by [`shown`], lists and objects by their size.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Fraction(number) => f.write_str(&shown(number)),
            Value::Text(text) | Value::RawText(text) => write!(f, "\"{}\"", shown(text)),
            Value::List(items) => write!(f, "a list of {}", items.len()),
            Value::Object(fields) => write!(f, "an object of {}", fields.len()),
        }
    }
}

/// An [`Encoder`] that builds a [`Value`].
#[derive(Default)]
pub struct ValueEncoder {
    open: Vec<Value>,
    names: Vec<&'static str>,
    done: Option<Value>,
}

impl ValueEncoder {
    /// Returns the value that was written.
    pub fn finish(self) -> Value {
        self.done.unwrap_or(Value::Null)
    }

    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            Some(Value::List(items)) => items.push(value),
            Some(Value::Object(fields)) => {
                let name = self.names.last().copied().unwrap_or_default();
                fields.push((name.to_owned(), value));
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
