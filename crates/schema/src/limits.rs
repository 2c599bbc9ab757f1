//! Which bounds go for everything that is declared?

/// The largest id, version, sequence number or count: every integer of the shop fits 32 signed bits, because that is all
/// that some grammars have.
pub const INTEGER_MAX: i32 = i32::MAX;

/// Characters of a name, an email or a search text.
pub const TEXT_CHARS_MAX: u32 = 100;

/// Items of a list in a reply: of a page.
pub const ITEMS_MAX: u32 = 100;

/// Violations that one refusal lists: enough to mend a form, too few to be made into a flood.
pub const VIOLATIONS_MAX: usize = 20;
/// Characters of a wrong value that a message repeats.
pub const SHOWN_CHARS_MAX: usize = 80;
