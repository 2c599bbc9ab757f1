//! What is wrong with an input, and where in it?

use crate::characters::shown;
use crate::limits::VIOLATIONS_MAX;
use std::fmt;

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where: a pointer by RFC 6901 into the operation's input; empty for the whole of it.
    pub pointer: String,
    /// What, saying the value: `must be 1 to 99, was 0`.
    pub message: String,
}

impl Violation {
    /// The place as a sentence begins with it.
    pub fn place(&self) -> &str {
        self.pointer.strip_prefix('/').unwrap_or("the input")
    }
}

/// All that is wrong with an input, up to [`VIOLATIONS_MAX`].
#[derive(Debug, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Adds one. Gives `None`, so that a reader can end with it.
    pub fn add<T>(&mut self, at: &Path, message: impl Into<String>) -> Option<T> {
        if self.0.len() < VIOLATIONS_MAX {
            self.0.push(Violation { pointer: at.to_string(), message: message.into() });
        }
        None
    }

    /// The list, in the order of the members.
    pub fn into_list(self) -> Vec<Violation> {
        self.0
    }
}

/// The place in an input that is being read; written out as a pointer (RFC 6901) only when something is wrong there.
pub enum Path<'a> {
    /// The whole input.
    Root,
    /// A member of a record.
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
