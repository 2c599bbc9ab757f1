//! Schemas: what a value may be. Contracts are generated from them, or tests check contracts against them.

use crate::names::{Names, did_you_mean, similar};
use crate::value::Value;

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Schema {
    /// An integer from `min` to `max`, both included.
    Int {
        /// The smallest value.
        min: i32,
        /// The largest value.
        max: i32,
    },
    /// The id of a resource: an integer from 1.
    Id {
        /// The resource: `User`, `Product`, `Order`.
        of: &'static str,
    },
    /// A text of 1 to `chars_max` characters.
    Text {
        /// The most characters (Unicode scalar values).
        chars_max: u32,
        /// Whether it is an email address.
        email: bool,
    },
    /// A position in a paged list. Only the shop interprets it.
    Cursor,
    /// One word of an enum.
    Enum(&'static Enum),
    /// A point in time: RFC 3339, UTC, whole seconds.
    Time,
    /// An ordered list.
    List {
        /// The schema of each item.
        item: &'static Schema,
        /// The fewest items.
        min: u32,
        /// The most items.
        max: u32,
    },
    /// An object with named fields.
    Object(&'static Object),
}

impl Schema {
    /// What it is, as a message says it.
    pub fn noun(&self) -> &'static str {
        match self {
            Schema::Int { .. } | Schema::Id { .. } => "an integer",
            Schema::Text { email: false, .. } => "a text",
            Schema::Text { email: true, .. } => "an email address",
            Schema::Cursor => "a cursor",
            Schema::Enum(_) => "a word",
            Schema::Time => "a time",
            Schema::List { .. } => "a list",
            Schema::Object(_) => "an object",
        }
    }
}

/// A closed set of words.
#[derive(Debug)]
pub struct Enum {
    /// The name of its type.
    pub name: &'static str,
    /// Its description, one sentence.
    pub doc: &'static str,
    /// Its words, in the order of their declaration.
    pub words: &'static [&'static str],
}

impl Enum {
    /// Why a value is none of the words.
    pub fn refusal(&self, value: &Value, names: &Names) -> String {
        let words: Vec<String> = self.words.iter().map(|word| (names.word)(word)).collect();
        let meant = did_you_mean(similar(&value.to_string(), &words));
        format!("must be one of {}, got {value}{meant}", words.join(", "))
    }
}

/// An object with named fields.
#[derive(Debug)]
pub struct Object {
    /// The name of its type.
    pub name: &'static str,
    /// Its description, one sentence.
    pub doc: &'static str,
    /// Its fields, in the order of their declaration.
    pub members: &'static [Field],
}

impl Object {
    /// Returns the field with this name.
    pub fn member(&self, name: &str) -> Option<&'static Field> {
        self.members.iter().find(|field| field.name == name)
    }
}

/// A named field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name, in snake_case.
    pub name: &'static str,
    /// Its description, one sentence.
    pub doc: &'static str,
    /// What its value may be.
    pub schema: Schema,
    /// Whether it is always present.
    pub required: bool,
}
