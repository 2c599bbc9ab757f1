//! The texts of the shop, and the length of each.

use crate::limits::{DESCRIPTION_CHARS_MAX, TEXT_CHARS_MAX, TOKEN_CHARS_MAX};
pub use schema::text::{Email, Text, is_xml_char};

/// The name of a person or product, or a search text.
pub type Name = Text<TEXT_CHARS_MAX>;
/// A token as it is sent.
pub type TokenText = Text<TOKEN_CHARS_MAX>;
/// The description of a product.
pub type Description = Text<DESCRIPTION_CHARS_MAX>;
