//! Splits shell commands into words, as POSIX has it (XCU section 2.2), with `$'...'`, which browsers copy. Variables stay as they
//! were written.

use std::iter::Peekable;
use std::str::Chars;

/// The words of each command of a pipe, up to a `;` or a `&`.
pub fn commands(text: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut chars = text.chars().peekable();
    let mut word: Option<String> = None;
    while let Some(c) = chars.next() {
        if c.is_whitespace() || matches!(c, '|' | ';' | '&') {
            end(&mut word, &mut commands);
        }
        match c {
            '|' => commands.push(Vec::new()),
            ';' | '&' => break,
            c if c.is_whitespace() => {}
            // The line goes on in the next one; `^` is for a Windows shell.
            '\\' | '^' if next_is_line_end(&mut chars) => {}
            c => read_part(c, &mut chars, word.get_or_insert_default()),
        }
    }
    end(&mut word, &mut commands);
    commands
}

fn end(word: &mut Option<String>, commands: &mut [Vec<String>]) {
    if let (Some(word), Some(command)) = (word.take(), commands.last_mut()) {
        command.push(word);
    }
}

fn next_is_line_end(chars: &mut Peekable<Chars>) -> bool {
    let mut ahead = chars.clone();
    let is_one = matches!((ahead.next(), ahead.next()), (Some('\n'), _) | (Some('\r'), Some('\n')));
    if is_one {
        while chars.next().is_some_and(|c| c != '\n') {}
    }
    is_one
}

/// Reads a quoted text, an escaped character, or a plain character.
fn read_part(first: char, chars: &mut Peekable<Chars>, word: &mut String) {
    match first {
        '\'' => word.extend(chars.by_ref().take_while(|c| *c != '\'')),
        '"' => read_double_quoted(chars, word),
        '$' if chars.next_if_eq(&'\'').is_some() => read_with_escapes(chars, word),
        '\\' => word.extend(chars.next()),
        c => word.push(c),
    }
}

/// XCU section 2.2.3: within double quotes a backslash escapes only a few characters.
fn read_double_quoted(chars: &mut Peekable<Chars>, word: &mut String) {
    while let Some(c) = chars.next() {
        match c {
            '"' => return,
            '\\' => match chars.next() {
                Some('\n') => {}
                Some(c @ ('$' | '`' | '"' | '\\')) => word.push(c),
                Some(c) => word.extend(['\\', c]),
                None => word.push('\\'),
            },
            c => word.push(c),
        }
    }
}

/// XCU section 2.2.4 (POSIX.1-2024), and `\u` as bash adds it.
fn read_with_escapes(chars: &mut Peekable<Chars>, word: &mut String) {
    while let Some(c) = chars.next() {
        match c {
            '\'' => return,
            '\\' => match chars.next() {
                Some('n') => word.push('\n'),
                Some('r') => word.push('\r'),
                Some('t') => word.push('\t'),
                Some('x') => word.extend(by_number(chars, 2)),
                Some('u') => word.extend(by_number(chars, 4)),
                other => word.extend(other),
            },
            c => word.push(c),
        }
    }
}

fn by_number(chars: &mut Peekable<Chars>, digits_max: usize) -> Option<char> {
    let mut number = 0;
    for _ in 0..digits_max {
        let Some(digit) = chars.next_if(char::is_ascii_hexdigit).and_then(|c| c.to_digit(16)) else { break };
        number = number * 16 + digit;
    }
    char::from_u32(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_a_shell_ends_them() {
        for (line, expected) in [
            ("curl -s 'a b'", vec![vec!["curl", "-s", "a b"]]),
            (r#"a 'it'\''s' "x \"y\" \n $z""#, vec![vec!["a", "it's", "x \"y\" \\n $z"]]),
            ("a \\\n  b \\\r\n c\\ d ''", vec![vec!["a", "b", "c d", ""]]),
            (r"a $'\u0021\x41\n\'' $b", vec![vec!["a", "!A\n'", "$b"]]),
            ("printf '|' x|cat -n ; rm", vec![vec!["printf", "|", "x"], vec!["cat", "-n"]]),
            ("open 'quote", vec![vec!["open", "quote"]]),
        ] {
            assert_eq!(commands(line), expected, "{line}");
        }
    }
}
