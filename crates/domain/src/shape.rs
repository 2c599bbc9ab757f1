//! What may a member hold, and how is it read from a [`Value`] and written to a [`Sink`]?
//!
//! A thing of the shop is declared once, with [`input!`](crate::input) or [`output!`](crate::output). From that declaration
//! come its Rust type, the [`Shape`] that contracts are generated from or checked against, its reading (which finds **all**
//! violations, not the first) and its writing (each grammar is one [`Sink`]).

use crate::limits::{INTEGER_MAX, PAGE_ITEMS_MAX, VIOLATIONS_MAX};
use crate::time::Timestamp;
use crate::value::Value;
use std::fmt;

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
    Member(&'a Path<'a>, &'a str),
    /// An item of a list, from 0.
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            // RFC 6901 section 3: "~" is written "~0", and "/" is written "~1".
            Path::Member(parent, name) => {
                write!(f, "{parent}/{}", crate::value::shown(name).replace('~', "~0").replace('/', "~1"))
            }
            Path::Item(parent, position) => write!(f, "{parent}/{position}"),
        }
    }
}

/// The members of a record while it is read: each may be taken once, and none may be left.
pub struct Members(Vec<(String, Value)>);

impl Members {
    /// The members, if the value is a record. A member that came twice is a violation.
    pub fn open(value: Value, record: &Record, at: &Path, found: &mut Violations) -> Option<Self> {
        let Value::Record(members) = value else {
            return found.add(at, format!("must be a record of {}, was {value}", names_of(record)));
        };
        for (position, (name, _)) in members.iter().enumerate() {
            if members[..position].iter().any(|(earlier, _)| earlier == name) {
                found.add::<()>(&Path::Member(at, name), "was given twice");
            }
        }
        Some(Members(members))
    }

    /// Takes and reads one member.
    pub fn take<T: Readable>(&mut self, name: &'static str, at: &Path, found: &mut Violations) -> Option<T> {
        let place = Path::Member(at, name);
        match self.0.iter().position(|(key, _)| key == name) {
            Some(position) => T::read(self.0.swap_remove(position).1, &place, found),
            None => T::absent(&place, found),
        }
    }

    /// What was not taken is not a member of the thing.
    pub fn close(self, record: &Record, at: &Path, found: &mut Violations) -> Option<()> {
        let unknown = self.0.iter().filter(|(name, _)| record.member(name).is_none());
        let mut unknown: Vec<&String> = unknown.map(|(name, _)| name).collect();
        unknown.sort();
        for name in &unknown {
            let known = names_of(record);
            found.add::<()>(&Path::Member(at, name), format!("is not a member of {}, which has {known}", record.name));
        }
        unknown.is_empty().then_some(())
    }
}

fn names_of(record: &Record) -> String {
    if record.members.is_empty() {
        return "no members".to_owned();
    }
    record.members.iter().map(|member| member.name).collect::<Vec<_>>().join(", ")
}

/// Reads a whole number within bounds.
pub fn read_int(value: Value, min: i32, max: i32, at: &Path, found: &mut Violations) -> Option<i32> {
    let number = match &value {
        Value::Int(number) => *number,
        // XML Schema part 2, section 4.3.6: white space around a number is collapsed.
        Value::Untyped(text) => match text.trim_matches([' ', '\t', '\n', '\r']).parse::<i64>() {
            Ok(number) => number,
            Err(_) => return found.add(at, format!("must be a whole number, was {value}")),
        },
        other => return found.add(at, format!("must be a whole number, was {other}")),
    };
    match i32::try_from(number) {
        Ok(number) if (min..=max).contains(&number) => Some(number),
        _ => found.add(at, format!("must be {min} to {max}, was {number}")),
    }
}

impl<T: Shaped> Shaped for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const REQUIRED: bool = false;
}

/// Null means absent where absent is allowed.
impl<T: Readable> Readable for Option<T> {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        if value == Value::Null { Some(None) } else { T::read(value, at, found).map(Some) }
    }
    fn absent(_: &Path, _: &mut Violations) -> Option<Self> {
        Some(None)
    }
}

impl<T: Writable> Writable for Option<T> {
    fn write(&self, sink: &mut impl Sink) {
        if let Some(value) = self {
            value.write(sink);
        }
    }
    fn is_present(&self) -> bool {
        self.is_some()
    }
}

/// A whole number between two bounds, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int<const MIN: i32, const MAX: i32>(i32);

impl<const MIN: i32, const MAX: i32> Int<MIN, MAX> {
    /// The number, if it is within the bounds.
    pub fn new(number: i32) -> Option<Self> {
        (MIN..=MAX).contains(&number).then_some(Int(number))
    }

    /// The number.
    pub fn get(self) -> i32 {
        self.0
    }
}

impl<const MIN: i32, const MAX: i32> Shaped for Int<MIN, MAX> {
    const SHAPE: Shape = Shape::Int { min: MIN, max: MAX };
}

impl<const MIN: i32, const MAX: i32> Readable for Int<MIN, MAX> {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        read_int(value, MIN, MAX, at, found).map(Int)
    }
}

/// A whole number of a reply: a version, a count, a sequence number.
impl Shaped for i32 {
    const SHAPE: Shape = Shape::Int { min: 0, max: INTEGER_MAX };
}

impl Writable for i32 {
    fn write(&self, sink: &mut impl Sink) {
        sink.int(*self);
    }
}

/// A list of an input, with its fewest and most items.
#[derive(Clone, Debug, PartialEq)]
pub struct Items<T, const MIN: u32, const MAX: u32>(Vec<T>);

impl<T, const MIN: u32, const MAX: u32> Items<T, MIN, MAX> {
    /// The items.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T: Shaped, const MIN: u32, const MAX: u32> Shaped for Items<T, MIN, MAX> {
    const SHAPE: Shape = Shape::List { item: &T::SHAPE, min: MIN, max: MAX };
}

impl<T: Readable, const MIN: u32, const MAX: u32> Readable for Items<T, MIN, MAX> {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        let Value::List(values) = value else {
            return found.add(at, format!("must be a list, was {value}"));
        };
        if values.len() < MIN as usize || values.len() > MAX as usize {
            return found.add(at, format!("must hold {MIN} to {MAX} items, was {}", values.len()));
        }
        let count = values.len();
        let read = values.into_iter().enumerate();
        let items: Vec<T> = read.filter_map(|(i, value)| T::read(value, &Path::Item(at, i), found)).collect();
        (items.len() == count).then_some(Items(items))
    }
}

impl<T: Shaped> Shaped for Vec<T> {
    const SHAPE: Shape = Shape::List { item: &T::SHAPE, min: 0, max: PAGE_ITEMS_MAX };
}

impl<T: Writable> Writable for Vec<T> {
    fn write(&self, sink: &mut impl Sink) {
        sink.open_list();
        for item in self {
            sink.item();
            item.write(sink);
            sink.end_item();
        }
        sink.close_list();
    }
}

/// Declares the id of a thing: a whole number from 1, never used again in its sandbox.
#[macro_export]
macro_rules! id {
    ($(#[doc = $doc:literal])+ $name:ident, $of:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i32);

        impl $crate::shape::Shaped for $name {
            const SHAPE: $crate::shape::Shape = $crate::shape::Shape::Id { of: $of };
        }

        impl $crate::shape::Readable for $name {
            fn read(
                value: $crate::Value,
                at: &$crate::shape::Path,
                found: &mut $crate::shape::Violations,
            ) -> Option<Self> {
                $crate::shape::read_int(value, 1, $crate::limits::INTEGER_MAX, at, found).map($name)
            }
        }

        impl $crate::shape::Writable for $name {
            fn write(&self, sink: &mut impl $crate::shape::Sink) {
                sink.int(self.0);
            }
        }
    };
}

/// Declares a closed set of words.
#[macro_export]
macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $word_doc:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $word_doc])+ $variant),+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            const WORDS: &'static $crate::shape::Words = &$crate::shape::Words {
                name: stringify!($name),
                doc: concat!($($doc),+).trim_ascii(),
                words: &[$($word),+],
            };

            /// The word as it stands on every wire.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The one with that word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl $crate::shape::Shaped for $name {
            const SHAPE: $crate::shape::Shape = $crate::shape::Shape::Word($name::WORDS);
        }

        impl $crate::shape::Readable for $name {
            fn read(
                value: $crate::Value,
                at: &$crate::shape::Path,
                found: &mut $crate::shape::Violations,
            ) -> Option<Self> {
                match value.as_text().and_then(Self::from_word) {
                    Some(word) => Some(word),
                    None => found.add(at, format!("must be one of {}, was {value}", Self::WORDS.words.join(", "))),
                }
            }
        }

        impl $crate::shape::Writable for $name {
            fn write(&self, sink: &mut impl $crate::shape::Sink) {
                sink.word(self.word());
            }
        }
    };
}

/// Declares a thing that is part of an input: its type, its shape and its reading.
#[macro_export]
macro_rules! input {
    ($(#[doc = $doc:literal])+ pub struct $name:ident {
        $($(#[doc = $member_doc:literal])+ $member:ident: $type:ty,)*
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $($(#[doc = $member_doc])+ pub $member: $type),* }

        $crate::record_shape! { $name [$($doc)+] $($member [$($member_doc)+] $type,)* }

        impl $crate::shape::Readable for $name {
            #[allow(unused_mut)]
            fn read(
                value: $crate::Value,
                at: &$crate::shape::Path,
                found: &mut $crate::shape::Violations,
            ) -> Option<Self> {
                let mut members = $crate::shape::Members::open(value, $name::RECORD, at, found)?;
                $(let $member = members.take::<$type>(stringify!($member), at, found);)*
                members.close($name::RECORD, at, found)?;
                Some($name { $($member: $member?),* })
            }
        }
    };
}

/// Declares a thing that is part of a reply: its type, its shape and its writing.
#[macro_export]
macro_rules! output {
    ($(#[doc = $doc:literal])+ pub struct $name:ident {
        $($(#[doc = $member_doc:literal])+ $member:ident: $type:ty,)*
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $($(#[doc = $member_doc])+ pub $member: $type),* }

        $crate::record_shape! { $name [$($doc)+] $($member [$($member_doc)+] $type,)* }

        impl $name {
            /// Writes the members, without the record around them.
            pub fn write_members(&self, sink: &mut impl $crate::shape::Sink) {
                let _ = &sink;
                $($crate::shape::write_member(stringify!($member), &self.$member, sink);)*
            }
        }

        impl $crate::shape::Writable for $name {
            fn write(&self, sink: &mut impl $crate::shape::Sink) {
                sink.open_record();
                self.write_members(sink);
                sink.close_record();
            }
        }
    };
}

/// The shape that [`input!`](crate::input) and [`output!`](crate::output) share.
#[doc(hidden)]
#[macro_export]
macro_rules! record_shape {
    ($name:ident [$($doc:literal)+] $($member:ident [$($member_doc:literal)+] $type:ty,)*) => {
        impl $name {
            /// What the thing is called, what it is, and its members.
            pub const RECORD: &'static $crate::shape::Record = &$crate::shape::Record {
                name: stringify!($name),
                doc: concat!($($doc),+).trim_ascii(),
                members: &[$($crate::shape::Member {
                    name: stringify!($member),
                    doc: concat!($($member_doc),+).trim_ascii(),
                    shape: <$type as $crate::shape::Shaped>::SHAPE,
                    required: <$type as $crate::shape::Shaped>::REQUIRED,
                }),*],
            };
        }

        impl $crate::shape::Shaped for $name {
            const SHAPE: $crate::shape::Shape = $crate::shape::Shape::Record($name::RECORD);
        }
    };
}

/// Writes a member, unless it is absent.
pub fn write_member(name: &'static str, value: &impl Writable, sink: &mut impl Sink) {
    if value.is_present() {
        sink.member(name);
        value.write(sink);
        sink.end_member(name);
    }
}
