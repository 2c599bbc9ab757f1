//! What may a value be? Contracts are generated from this, or checked against it.

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Schema {
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
    Enum(&'static Enum),
    /// A moment: RFC 3339, UTC, whole seconds.
    Time,
    /// Values of one shape, in an order.
    List {
        /// The shape of each.
        item: &'static Schema,
        /// The fewest.
        min: u32,
        /// The most.
        max: u32,
    },
    /// Named members in an order.
    Object(&'static Object),
}

/// A closed set of words.
#[derive(Debug)]
pub struct Enum {
    /// What the set is called.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// The words, in their order.
    pub words: &'static [&'static str],
}

/// A thing with named members.
#[derive(Debug)]
pub struct Object {
    /// What the thing is called.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// Its members, in the order of the dictionary.
    pub members: &'static [Field],
}

impl Object {
    /// The member of that name.
    pub fn member(&self, name: &str) -> Option<&'static Field> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// A named member of a thing.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name, in snake_case.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub doc: &'static str,
    /// What it may hold.
    pub schema: Schema,
    /// Whether it is always there.
    pub required: bool,
}
