//! What is a sandbox? A private copy of the shop with a name; without one it is `main`.

use std::fmt;
use std::sync::Arc;

/// The name of a private copy of the shop: `[a-z0-9][a-z0-9-]{0,39}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sandbox(Arc<str>);

impl Sandbox {
    /// The most characters of a name.
    pub const CHARS_MAX: usize = 40;

    /// The copy that everybody shares who does not name one.
    pub fn main() -> Self {
        Sandbox("main".into())
    }

    /// The name, if it is one.
    pub fn parse(name: &str) -> Option<Self> {
        let lower = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let fits = (1..=Self::CHARS_MAX).contains(&name.len());
        let sound = fits && name.bytes().enumerate().all(|(i, c)| lower(c) || (i > 0 && c == b'-'));
        sound.then(|| Sandbox(name.into()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_of_the_pattern() {
        for good in ["a", "0", "alice", "class-7b", &"a".repeat(40)] {
            assert!(Sandbox::parse(good).is_some(), "{good}");
        }
        for bad in ["", "-a", "Alice", "a_b", "a/b", "ä", &"a".repeat(41)] {
            assert!(Sandbox::parse(bad).is_none(), "{bad}");
        }
    }
}
