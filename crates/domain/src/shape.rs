//! What may a member hold, and how is it read from a [`Value`] and written to a [`Sink`]?
//!
//! A thing of the shop is declared once, with [`input!`](crate::input) or [`output!`](crate::output). From that declaration
//! come its Rust type, the [`Shape`] that contracts are generated from or checked against, its reading (which finds **all**
//! violations, not the first) and its writing (each grammar is one [`Sink`]).

mod declare;
mod members;
mod values;
mod violations;

pub use members::{Members, write_member};
pub use values::{Int, Items, read_int};
pub use violations::{Path, Violation, Violations};

use crate::time::Timestamp;
use crate::value::Value;

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A whole number between two bounds, both included.
    Int {
        /// The least.
        min: i32,
        /// The greatest.
        max: i32,
    },
    /// The id of a thing: a whole number from 1.
    Id {
        /// Of which thing: `user`, `product`, `order`.
        of: &'static str,
    },
    /// A text of 1 to so many characters.
    Text {
        /// The most characters (Unicode scalar values).
        chars_max: u32,
        /// Whether it is an email address.
        email: bool,
    },
    /// A place in a list, opaque to all but the shop.
    Cursor,
    /// One of a few words.
    Word(&'static Words),
    /// A moment: RFC 3339, UTC, whole seconds.
    Time,
    /// Values of one shape, in an order.
    List {
        /// The shape of each.
        item: &'static Shape,
        /// The fewest.
        min: u32,
        /// The most.
        max: u32,
    },
    /// Named members in an order.
    Record(&'static Record),
}

/// A closed set of words.
#[derive(Debug)]
pub struct Words {
    /// What the set is called.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// The words, in their order.
    pub words: &'static [&'static str],
}

/// A thing with named members.
#[derive(Debug)]
pub struct Record {
    /// What the thing is called.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// Its members, in the order of the dictionary.
    pub members: &'static [Member],
}

impl Record {
    /// The member of that name.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// A named member of a thing.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its name, in snake_case.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub doc: &'static str,
    /// What it may hold.
    pub shape: Shape,
    /// Whether it is always there.
    pub required: bool,
}

/// What has a shape.
pub trait Shaped {
    /// The shape.
    const SHAPE: Shape;
    /// Whether a member of this type must be there.
    const REQUIRED: bool = true;
}

/// What can be read from an input.
pub trait Readable: Shaped + Sized {
    /// The thing; or nothing, and what is wrong has been added to the violations.
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self>;

    /// What it is when the input does not say.
    fn absent(at: &Path, found: &mut Violations) -> Option<Self> {
        found.add(at, "is required")
    }
}

/// What can be written to a reply.
pub trait Writable: Shaped {
    /// Writes it.
    fn write(&self, sink: &mut impl Sink);

    /// Whether there is anything to write: an absent member is left out.
    fn is_present(&self) -> bool {
        true
    }
}

/// Where a thing is written to: each grammar is one, and all the calls that it gets are the shape of the thing.
pub trait Sink {
    /// A whole number.
    fn int(&mut self, number: i32);
    /// A text.
    fn text(&mut self, text: &str);
    /// One word of a closed set.
    fn word(&mut self, word: &'static str) {
        self.text(word);
    }
    /// A moment.
    fn time(&mut self, time: Timestamp);
    /// A record begins.
    fn open_record(&mut self);
    /// A member of the record begins; its value follows.
    fn member(&mut self, name: &'static str);
    /// The member has been written.
    fn end_member(&mut self, _name: &'static str) {}
    /// The record ends.
    fn close_record(&mut self);
    /// A list begins.
    fn open_list(&mut self);
    /// An item of the list begins; its value follows.
    fn item(&mut self) {}
    /// The item has been written.
    fn end_item(&mut self) {}
    /// The list ends.
    fn close_list(&mut self);
}
