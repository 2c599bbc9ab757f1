//! How a caller's style spells what error messages name.

use crate::schema::names::{self, Names};

/// How a style spells what error messages name. Each adapter has one.
#[derive(Debug)]
pub struct Spelling {
    /// Members and words.
    pub names: Names,
    /// How an operation is called: `get_user` as `GetUser`.
    pub operation: fn(&str) -> String,
    /// Where the operations are listed; empty if nowhere.
    pub contract: &'static str,
    /// How credentials are sent; empty if not at all.
    pub credentials: &'static str,
}

/// The spelling of the table.
pub const PLAIN: Spelling = Spelling { names: names::PLAIN, operation: str::to_owned, contract: "", credentials: "" };

impl Spelling {
    /// A pointer (RFC 6901) into an input, with the members as the style spells them.
    pub fn pointer(&self, pointer: &str) -> String {
        pointer.split('/').map(self.names.member).collect::<Vec<_>>().join("/")
    }
}
