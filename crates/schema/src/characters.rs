//! Characters that every format can carry, and how messages quote a wrong value.

use crate::limits::SHOWN_CHARS_MAX;

/// Whether XML can carry the character (`Char` of XML 1.0, fifth edition, section 2.2); the other formats can carry it then too.
pub fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Returns a text as an error message may quote it: at most [`SHOWN_CHARS_MAX`] characters, and U+FFFD in place of control
/// characters and of those that XML cannot carry.
pub fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN_CHARS_MAX)
        .map(|c| if c.is_control() || !is_xml_char(c) { '\u{FFFD}' } else { c })
        .collect();
    if text.chars().nth(SHOWN_CHARS_MAX).is_some() {
        shown.push('…');
    }
    shown
}
