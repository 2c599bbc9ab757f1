//! Sandboxes: private copies of the shop, each with a name and settings. The default is `main`.

use crate::limits::{RATE_PER_MINUTE_MAX, RTT_MS_MAX};
use crate::schema::{Encode, Encoder, HasSchema, Int, Schema};
use crate::{enumeration, input};
use std::fmt;
use std::sync::Arc;

/// The name of a sandbox: `[a-z0-9][a-z0-9-]{0,39}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sandbox(Arc<str>);

impl Sandbox {
    /// The maximum number of characters of a name.
    pub const CHARS_MAX: usize = 40;

    /// The default sandbox, `main`.
    pub fn main() -> Self {
        Sandbox("main".into())
    }

    /// Parses a name.
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

impl HasSchema for Sandbox {
    const SCHEMA: Schema = Schema::Text { chars_max: Sandbox::CHARS_MAX as u32, email: false };
}

impl Encode for Sandbox {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.text(&self.0);
    }
}

enumeration! {
    /// What a sandbox allows anonymous callers.
    Access {
        /// They have the rights of staff, so that a first call just works.
        Open = "open",
        /// They have no rights.
        Locked = "locked",
    }
}

enumeration! {
    /// Whether the server recognises exercises in the calls of a sandbox.
    Exercises {
        /// It does not, and calls cost nothing more.
        Off = "off",
        /// It does.
        On = "on",
    }
}

/// The settings of a sandbox, in force from the next request on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What anonymous callers may do.
    pub access: Access,
    /// Operations per minute for each caller; 0 is unlimited, `None` the server's default.
    pub rate_per_minute: Option<u32>,
    /// The simulated time of each round trip, in milliseconds.
    pub rtt_ms: u32,
    /// Whether exercises are recognised.
    pub exercises: Exercises,
}

input! {
    /// The settings to change; absent members stay as they are.
    pub struct SettingsUpdate {
        /// What anonymous callers may do.
        access: Option<Access>,
        /// Operations per minute for each caller; 0 is unlimited.
        rate_per_minute: Option<Int<0, { RATE_PER_MINUTE_MAX as i32 }>>,
        /// The simulated time of each round trip, in milliseconds.
        rtt_ms: Option<Int<0, { RTT_MS_MAX as i32 }>>,
        /// Whether exercises are recognised.
        exercises: Option<Exercises>,
    }
}

impl Settings {
    /// These settings with an update applied.
    pub fn with(self, set_up: &SettingsUpdate) -> Self {
        let number = |number: Int<0, { RATE_PER_MINUTE_MAX as i32 }>| number.get().unsigned_abs();
        Settings {
            access: set_up.access.unwrap_or(self.access),
            rate_per_minute: set_up.rate_per_minute.map(number).or(self.rate_per_minute),
            rtt_ms: set_up.rtt_ms.map_or(self.rtt_ms, |rtt_ms| rtt_ms.get().unsigned_abs()),
            exercises: set_up.exercises.unwrap_or(self.exercises),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings { access: Access::Open, rate_per_minute: None, rtt_ms: 0, exercises: Exercises::Off }
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
