//! Which texts does the shop keep, and how long may each be?

use crate::limits::{DESCRIPTION_CHARS_MAX, TEXT_CHARS_MAX, TOKEN_CHARS_MAX};
pub use schema::text::{Email, Text, is_xml_char};

/// A person's or product's name, or what is searched for.
pub type Name = Text<TEXT_CHARS_MAX>;
/// A token, as it is sent.
pub type TokenText = Text<TOKEN_CHARS_MAX>;
/// What a product is said to be.
pub type Description = Text<DESCRIPTION_CHARS_MAX>;
