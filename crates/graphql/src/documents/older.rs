//! How does the parser, which knows the grammar of October 2021, read a document in that of September 2025? In between, executable
//! definitions and variables have got descriptions, and texts have got escapes for every character.

use super::tokens::tokens;
use std::borrow::Cow;

/// The same document in the older grammar. What is no document stays none.
pub fn older(query: &str) -> Cow<'_, str> {
    if !query.contains('"') {
        return query.into();
    }
    let places: Vec<_> = tokens(query).collect();
    let first_of = |place: usize| places.get(place).map(|token| query.as_bytes()[token.start]);
    let (mut older, mut written, mut open) = (String::with_capacity(query.len()), 0, Vec::new());
    for (place, token) in places.iter().enumerate() {
        match first_of(place) {
            Some(bracket @ (b'{' | b'[' | b'(')) => open.push(bracket),
            Some(b'}' | b']' | b')') => drop(open.pop()),
            Some(b'"') => {
                let before = place.checked_sub(1).and_then(first_of);
                let text = &query[token.clone()];
                older.push_str(&query[written..token.start]);
                match is_description(open.last().copied(), before, first_of(place + 1)) {
                    true => older.extend(text.chars().map(|c| if c == '\n' { c } else { ' ' })),
                    false => older.push_str(&with_older_escapes(text)),
                }
                written = token.end;
            }
            _ => {}
        }
    }
    older.push_str(&query[written..]);
    older.into()
}

/// GraphQL section 2.2: a text before a definition that begins with a word, or before a variable's definition, where it is not
/// the default value of the one before.
fn is_description(within: Option<u8>, before: Option<u8>, after: Option<u8>) -> bool {
    match (within, after) {
        (None, Some(after)) => after.is_ascii_alphabetic(),
        (Some(b'('), Some(b'$')) => !matches!(before, Some(b'=' | b':')),
        _ => false,
    }
}

/// Section 2.9.4: `\u{1F600}`, and the same as two surrogates. Characters that texts may have are written as they are.
fn with_older_escapes(text: &str) -> Cow<'_, str> {
    if text.starts_with("\"\"\"") || !text.contains("\\u") {
        return text.into();
    }
    let (mut older, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('\\') {
        older.push_str(&rest[..at]);
        rest = &rest[at..];
        match newer_escape(rest) {
            Some((c, length)) if c < ' ' || matches!(c, '"' | '\\') => {
                older.push_str(&format!("\\u{:04X}", u32::from(c)));
                rest = &rest[length..];
            }
            Some((c, length)) => {
                older.push(c);
                rest = &rest[length..];
            }
            // Another escape: what follows the backslash is a part of it.
            None => {
                let length = rest.char_indices().nth(2).map_or(rest.len(), |(length, _)| length);
                older.push_str(&rest[..length]);
                rest = &rest[length..];
            }
        }
    }
    older.push_str(rest);
    older.into()
}

/// The character of an escape that is new, and the length of the escape.
fn newer_escape(text: &str) -> Option<(char, usize)> {
    if let Some(digits) = text.strip_prefix("\\u{") {
        let end = digits.find('}')?;
        let number = hexadecimal(&digits[..end])?;
        return Some((char::from_u32(number)?, "\\u{}".len() + end));
    }
    let high = surrogate(text, 0xD800)?;
    let low = surrogate(text.get(6..)?, 0xDC00)?;
    Some((char::from_u32(0x10000 + (high << 10) + low)?, 12))
}

/// What a surrogate adds, if the text begins with one of that kind.
fn surrogate(text: &str, kind: u32) -> Option<u32> {
    let number = hexadecimal(text.strip_prefix("\\u")?.get(..4)?)?;
    (kind..kind + 0x400).contains(&number).then(|| number - kind)
}

fn hexadecimal(digits: &str) -> Option<u32> {
    let is_sound = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_sound.then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_blank_and_all_else_stays() {
        for (newer, expected) in [
            ("\"what\" query A { a }", "       query A { a }"),
            ("{ a } \"\"\"x\ny\"\"\" fragment", "{ a }     \n     fragment"),
            ("query(\"b\" $a: Int = 1, \"c\" $b: Int)", "query(    $a: Int = 1,     $b: Int)"),
            ("query($a: String = \"b\" $c: Int)", "query($a: String = \"b\" $c: Int)"),
            ("{ a(b: [\"c\" $d]) }", "{ a(b: [\"c\" $d]) }"),
            ("{ a } \"x\"", "{ a } \"x\""),
            ("\"x\" { a }", "\"x\" { a }"),
        ] {
            assert_eq!(older(newer), expected);
        }
    }

    #[test]
    fn escapes_become_their_characters() {
        for (newer, expected) in [
            ("{a(b:\"\\u{1F600}\\uD83D\\uDE00\\u00e9\")}", "{a(b:\"😀😀\\u00e9\")}"),
            ("{a(b:\"\\\\u{41}\\u{41}\\u{22}\\u{5C}\\u{A}\")}", "{a(b:\"\\\\u{41}A\\u0022\\u005C\\u000A\")}"),
            ("{a(b:\"\\uD83D\\u{110000}\\u{}\\u{x}ü\\ü\")}", "{a(b:\"\\uD83D\\u{110000}\\u{}\\u{x}ü\\ü\")}"),
            ("{a(b:\"\"\"\\u{41}\"\"\")}", "{a(b:\"\"\"\\u{41}\"\"\")}"),
        ] {
            assert_eq!(older(newer), expected);
        }
    }
}
