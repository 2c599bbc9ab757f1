//! Names in messages: as the caller's format spells them, and the one that an unknown name is likely to mean.

use crate::limits::SHOWN_CHARS_MAX;
use strsim::normalized_damerau_levenshtein;

/// How a format spells names.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// The name of a member: `user_id` as `userId`.
    pub member: fn(&str) -> String,
    /// The word of an enum: `placed` as `PLACED`.
    pub word: fn(&str) -> String,
}

/// Names as they are declared.
pub const PLAIN: Names = Names { member: str::to_owned, word: str::to_owned };

/// The least similarity of an unknown name and the one that it may mean, 1 for equal ones: two letters of five may differ.
const LIKENESS_MIN: f64 = 0.6;

/// The known name that an unknown one is likely to mean. Case and punctuation count for nothing, because in them formats differ.
pub fn similar<T: AsRef<str>>(unknown: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    // The time grows with the length, and no name is this long.
    if unknown.len() > SHOWN_CHARS_MAX {
        return None;
    }
    let folded =
        |name: &str| -> String { name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let unknown = folded(unknown);
    let likeness = |known: &T| normalized_damerau_levenshtein(&folded(known.as_ref()), &unknown);
    let best =
        known.into_iter().map(|known| (likeness(&known), known)).max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(likeness, _)| *likeness >= LIKENESS_MIN).map(|(_, known)| known)
}

/// What a message adds if the known name is likely to be meant: in brackets, since the sentence may go on.
pub fn did_you_mean(meant: Option<impl AsRef<str>>) -> String {
    meant.map(|meant| format!(" (did you mean {}?)", meant.as_ref())).unwrap_or_default()
}

/// Why so many values by position are too many for these names.
pub fn too_many_values(names: &[&str], given: usize) -> String {
    match names {
        [] => format!("must be empty, got {given} values by position"),
        _ => format!("must be at most these by position: {}; got {given} values", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_means_the_most_similar_one() {
        let known = ["user_id", "lines", "get_user", "list_users", "shipped"];
        for (unknown, meant) in [
            ("userId", Some("user_id")),
            ("USER-ID", Some("user_id")),
            ("line", Some("lines")),
            ("GetUser", Some("get_user")),
            ("get_usr", Some("get_user")),
            ("shiped", Some("shipped")),
            ("colour", None),
            ("", None),
            ("line\u{0}", Some("lines")),
        ] {
            assert_eq!(similar(unknown, known), meant, "{unknown}");
        }
        assert_eq!(similar(&"user_id".repeat(100_000), ["user_id".repeat(100_000)]), None, "no name is this long");
    }
}
