//! Which characters can every grammar say?

use crate::limits::SHOWN_CHARS_MAX;

/// Whether every grammar can say the character: Char of XML 1.0 (fifth edition), section 2.2.
pub fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// A text as a message may repeat it: not too long, and without a character that a grammar could not say.
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
