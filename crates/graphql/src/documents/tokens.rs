//! Of which tokens does a document consist (GraphQL section 2.1)? Only as far as their places go; what they mean is the parser's.

use std::ops::Range;

/// The places of the tokens, in bytes. White space, commas and comments are none.
pub fn tokens(query: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = query.as_bytes();
    let mut position = 0;
    std::iter::from_fn(move || {
        while let Some(passed) = length_of_ignored(&bytes[position..]) {
            position += passed;
        }
        let start = position;
        position += length(bytes.get(start..).filter(|rest| !rest.is_empty())?);
        Some(start..position)
    })
}

/// Section 2.1.7: what is between tokens. A comment ends with its line.
fn length_of_ignored(rest: &[u8]) -> Option<usize> {
    match rest.first()? {
        b' ' | b'\t' | b'\r' | b'\n' | b',' => Some(1),
        b'#' => Some(rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len())),
        _ => None,
    }
}

fn length(rest: &[u8]) -> usize {
    match rest.first() {
        Some(b'"') => length_of_text(rest),
        _ => rest.iter().position(|byte| !is_of_word(*byte)).unwrap_or(rest.len()).max(1),
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Section 2.9.4: a text ends with its quote, or is broken and ends with its line; a block text has three of them.
fn length_of_text(text: &[u8]) -> usize {
    let is_block = text.starts_with(b"\"\"\"");
    let mut position = if is_block { 3 } else { 1 };
    while let Some(byte) = text.get(position) {
        match byte {
            b'\\' if !is_block || text[position..].starts_with(b"\\\"\"\"") => position += 1,
            b'"' if !is_block => return position + 1,
            b'"' if text[position..].starts_with(b"\"\"\"") => return position + 3,
            b'\r' | b'\n' if !is_block => return position,
            _ => {}
        }
        position += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_places() {
        let brackets = "[".repeat(100);
        for (query, expected) in [
            ("# all\n{ a, b:$c...d }#", vec!["{", "a", "b", ":", "$", "c...d", "}"]),
            ("{a(b:\"x\\\"y\")}", vec!["{", "a", "(", "b", ":", "\"x\\\"y\"", ")", "}"]),
            ("\"\"\"x\"y\\\"\"\"\n\"\"\"z", vec!["\"\"\"x\"y\\\"\"\"\n\"\"\"", "z"]),
            ("\"broken\nü", vec!["\"broken"]),
            (&format!("\"{brackets}"), vec![&format!("\"{brackets}")]),
        ] {
            let found: Vec<_> = tokens(query).filter_map(|place| query.get(place)).collect();
            assert_eq!(found, expected, "{query}");
        }
    }
}
