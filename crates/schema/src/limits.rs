//! Limits that hold for every declared type.

/// The largest id, version, sequence number or count. Every integer of the shop fits in 32 signed bits, because some formats
/// have no larger integer.
pub const INTEGER_MAX: i32 = i32::MAX;
/// Characters of a name, an email address or a search text.
pub const TEXT_CHARS_MAX: u32 = 100;
/// Items of a list in a reply, and so of a page.
pub const ITEMS_MAX: u32 = 100;
/// Violations in one error: enough to correct a form, and a bound on the size of the reply.
pub const VIOLATIONS_MAX: usize = 20;
/// Characters of a wrong value that an error message quotes.
pub const SHOWN_CHARS_MAX: usize = 80;
