//! Quoted strings in the values of header fields (RFC 9110 section 5.6.4).

/// The parts of a text, in which quoted strings are one, without white space around them; and whether each quoted string ends.
pub fn split(text: &str, at: char) -> (Vec<&str>, bool) {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = text.split(|c| {
        let ends = c == at && !is_quoted;
        is_quoted ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && is_quoted && !is_escaped;
        ends
    });
    (parts.map(str::trim).collect(), !is_quoted)
}

/// A value is the same with and without quotes.
pub fn unquoted(value: &str) -> String {
    let Some(quoted) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut is_escaped = false;
    let is_kept = |c: &char| {
        is_escaped = *c == '\\' && !is_escaped;
        !is_escaped
    };
    quoted.chars().filter(is_kept).collect()
}
