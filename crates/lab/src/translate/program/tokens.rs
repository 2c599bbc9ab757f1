//! Splits a program of JavaScript, Python or PowerShell into texts, words, numbers and marks.

use std::iter::Peekable;
use std::str::Chars;

/// A part of a program.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A text between quotes, without its escapes.
    Text(String),
    /// A name; in PowerShell with its `$` or `-`.
    Word(String),
    /// A number as it is written.
    Number(String),
    /// Any other character.
    Mark(char),
}

/// The tokens, without comments. Only PowerShell escapes with a backtick, and has hyphens in names.
pub fn tokens(text: &str, is_powershell: bool) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&c) = chars.peek() {
        match c {
            '#' => skip_line(&mut chars),
            '/' if !is_powershell && text_starts(&chars, "//") => skip_line(&mut chars),
            '"' | '\'' => tokens.push(Token::Text(quoted(&mut chars, is_powershell, false))),
            '`' if is_powershell => {
                // The line goes on in the next one.
                chars.next();
            }
            '`' => tokens.push(Token::Text(quoted(&mut chars, false, false))),
            c if is_digit(c, &chars) => tokens.push(Token::Number(number(&mut chars))),
            c if is_of_a_word(c) || (is_powershell && c == '-') => {
                let is_ours = |c: &char| is_of_a_word(*c) || c.is_ascii_digit() || (is_powershell && *c == '-');
                let mut word = String::new();
                while let Some(c) = chars.next_if(is_ours) {
                    word.push(c);
                }
                // Python: `b"..."`, `r'...'`, `f"..."`.
                let is_prefix = word.len() <= 2 && word.chars().all(|c| "bBrRfFuU".contains(c)) && !is_powershell;
                match chars.peek().copied() {
                    Some('"' | '\'') if is_prefix => {
                        let is_raw = word.contains(['r', 'R']);
                        tokens.push(Token::Text(quoted(&mut chars, false, is_raw)));
                    }
                    Some(':') if is_powershell && text_starts(&chars, "://") => {
                        word.extend(std::iter::from_fn(|| chars.next_if(|c| !c.is_whitespace())));
                        tokens.push(Token::Text(word));
                    }
                    _ => tokens.push(Token::Word(word)),
                }
            }
            c => {
                chars.next();
                if !c.is_whitespace() {
                    tokens.push(Token::Mark(c));
                }
            }
        }
    }
    tokens
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '$')
}

fn is_digit(c: char, chars: &Peekable<Chars>) -> bool {
    c.is_ascii_digit() || (c == '-' && chars.clone().nth(1).is_some_and(|next| next.is_ascii_digit()))
}

fn number(chars: &mut Peekable<Chars>) -> String {
    let mut number: String = chars.next_if_eq(&'-').into_iter().collect();
    while let Some(c) = chars.next_if(|c| c.is_ascii_digit() || *c == '.') {
        number.push(c);
    }
    number
}

fn text_starts(chars: &Peekable<Chars>, with: &str) -> bool {
    chars.clone().take(with.len()).eq(with.chars())
}

fn skip_line(chars: &mut Peekable<Chars>) {
    while chars.next_if(|c| *c != '\n').is_some() {}
}

/// A quoted text. Python also has three quotes on either side; PowerShell doubles a quote within.
fn quoted(chars: &mut Peekable<Chars>, is_powershell: bool, is_raw: bool) -> String {
    let Some(quote) = chars.next() else { return String::new() };
    let triple = quote.to_string().repeat(3);
    let is_triple = !is_powershell && text_starts(chars, &triple[1..]);
    let end = if is_triple { &triple } else { &triple[..1] };
    if is_triple {
        chars.nth(1);
    }
    let escape = match (is_powershell, quote) {
        (true, '"') => Some('`'),
        (true, _) => None,
        (false, _) => (!is_raw).then_some('\\'),
    };
    let mut text = String::new();
    while chars.peek().is_some() {
        if text_starts(chars, end) {
            chars.nth(end.len() - 1);
            if !is_powershell || chars.next_if_eq(&quote).is_none() {
                return text;
            }
            text.push(quote);
            continue;
        }
        match chars.next() {
            Some(c) if Some(c) == escape => text.extend(escaped(chars)),
            c => text.extend(c),
        }
    }
    text
}

/// What an escape stands for.
fn escaped(chars: &mut Peekable<Chars>) -> Option<char> {
    match chars.next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'x' => by_number(chars, 2).and_then(char::from_u32),
        'u' => {
            let first = by_number(chars, 4)?;
            // ECMA-262 section 12.9.4: a character beyond 16 bits is two escapes.
            if !(0xd800..0xdc00).contains(&first) || !text_starts(chars, "\\u") {
                return char::from_u32(first);
            }
            chars.nth(1);
            let second = by_number(chars, 4)?.checked_sub(0xdc00)?;
            char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + second)
        }
        '\n' => None,
        c => Some(c),
    }
}

fn by_number(chars: &mut Peekable<Chars>, digits: usize) -> Option<u32> {
    let text: String = chars.by_ref().take(digits).collect();
    u32::from_str_radix(&text, 16).ok()
}
