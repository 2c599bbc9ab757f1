//! Violations: what is wrong with an input, and at which path.

use crate::characters::shown;
use crate::limits::VIOLATIONS_MAX;
use crate::names::Names;
use std::fmt;

/// One way in which an input breaks its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// A pointer (RFC 6901) into the operation's input; empty for the whole input.
    pub pointer: String,
    /// The rule and the value, for example `must be 1 to 99, got 0`.
    pub message: String,
}

impl Violation {
    /// The path without its first slash, or `the input`: the beginning of a sentence that ends with the message.
    pub fn place(&self) -> &str {
        self.pointer.strip_prefix('/').unwrap_or("the input")
    }
}

/// The violations of an input, up to [`VIOLATIONS_MAX`].
#[derive(Debug)]
pub struct Violations {
    list: Vec<Violation>,
    names: &'static Names,
}

impl Violations {
    /// None yet; messages spell names like this.
    pub fn new(names: &'static Names) -> Self {
        Violations { list: Vec::new(), names }
    }

    /// How messages spell names.
    pub fn names(&self) -> &'static Names {
        self.names
    }

    /// Adds a violation. Returns `None`, so that a decoder can end with this call.
    pub fn add<T>(&mut self, path: &Path, message: impl Into<String>) -> Option<T> {
        if self.list.len() < VIOLATIONS_MAX {
            self.list.push(Violation { pointer: path.to_string(), message: message.into() });
        }
        None
    }

    /// The violations, in the order in which they were added.
    pub fn into_list(self) -> Vec<Violation> {
        self.list
    }
}

/// The path of the value that is being decoded. It becomes a pointer (RFC 6901) only when there is a violation.
pub enum Path<'a> {
    /// The whole input.
    Root,
    /// A field of an object.
    Field(&'a Path<'a>, &'a str),
    /// An item of a list, from 0.
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            // RFC 6901 section 3: "~" is written "~0", and "/" is written "~1".
            Path::Field(parent, name) => {
                write!(f, "{parent}/{}", shown(name).replace('~', "~0").replace('/', "~1"))
            }
            Path::Item(parent, position) => write!(f, "{parent}/{position}"),
        }
    }
}
