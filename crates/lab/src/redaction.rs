//! Masks passwords, keys and tokens in recorded bytes: each byte becomes a `*`, so that lengths stay true.
//!
//! The names of secrets are known; where their values stand depends on the grammar. So all names are looked for, and the value
//! behind each is masked in any of the grammars. To mask too much does no harm.

use domain::operations::Operation;
use domain::schema::{Object, Schema};
use std::collections::HashSet;
use std::ops::Range;

/// The names of secrets, in lower case without `_` and `-`.
const SECRETS: &[&str] = &[
    "accesstoken",
    "apikey",
    "authorization",
    "clientsecret",
    "password",
    "refreshtoken",
    "secret",
    "token",
    "xapikey",
];
/// The message of a WebSocket that holds a key or a token. It is no operation.
const AUTHENTICATE: &str = "authenticate";
/// The secret of a webhook begins with this, wherever it stands.
const WEBHOOK_SECRET: &str = "whsec_";

/// XML 1.0 section 2.7: up to its end, tags are text.
const CDATA: &str = "![CDATA[";

/// Bytes of one secret, and of the tag before it; one without an end is masked so far. Ours are shorter, and a text with many names
/// and no ends must not make masking slow.
const SECRET_BYTES_MAX: usize = 8 * 1024;

/// Masks secret headers in the head of an HTTP message, and secrets in the query of its target.
pub fn head(head: &str) -> String {
    let mut ranges = Vec::new();
    let mut start = 0;
    for line in head.split_inclusive('\n') {
        let secret = line.trim_end().split_once(':').filter(|(name, _)| is_secret(name));
        if start == 0 {
            ranges.extend(secrets_in(line));
        } else if let Some((name, value)) = secret {
            let end = start + name.len() + 1 + value.len();
            ranges.push(end - value.len() + credentials_start(value)..end);
        }
        start += line.len();
    }
    masked(head, &ranges)
}

/// Masks the value of a header field of HTTP/2, and secrets in the query of its target.
pub fn field(name: &str, value: &str) -> String {
    match name {
        ":path" => text(value),
        name if is_secret(name) => masked(value, std::slice::from_ref(&(credentials_start(value)..value.len()))),
        _ => value.to_owned(),
    }
}

/// RFC 9110 section 11.4: a value begins with the scheme, which is not secret, and then has the credentials.
fn credentials_start(value: &str) -> usize {
    let space = value.len() - value.trim_start().len();
    let scheme = ["Basic ", "Bearer "].iter().find(|scheme| value[space..].starts_with(**scheme));
    space + scheme.map_or(0, |scheme| scheme.len())
}

/// Masks secrets in a body or a frame in any of the grammars.
pub fn text(text: &str) -> String {
    masked(text, &secrets_in(text))
}

fn masked(text: &str, ranges: &[Range<usize>]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        bytes[range.clone()].fill(b'*');
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn secrets_in(text: &str) -> Vec<Range<usize>> {
    let (variables, mut ranges) = (secret_variables(text), Vec::new());
    // What is masked already is skipped: so the time grows with the length of the text only.
    let (mut masked_to, mut takes_secret) = (0, false);
    for Word { range, prefix_start } in words(text) {
        let name = &text[range.clone()];
        takes_secret |= takes_secret_by_position(name);
        if range.start < masked_to {
            continue;
        }
        if name.starts_with(WEBHOOK_SECRET) {
            let more =
                text[range.end..].bytes().take_while(|byte| b"+/=".contains(byte) || byte.is_ascii_alphanumeric());
            ranges.push(range.start..range.end + more.count());
        } else if is_secret(name) || variables.contains(name) {
            ranges.extend(value_of(text, &range, prefix_start));
            masked_to = ranges.last().map_or(0, |last| last.end);
        }
    }
    if takes_secret {
        ranges.extend(strings_by_position(text));
        ranges.extend(values_by_position(text));
    }
    ranges
}

/// Whether an operation of this name has a secret in its input, which may come by its position alone.
fn takes_secret_by_position(name: &str) -> bool {
    let has_secret = |operation: &Operation| operation.input.members.iter().any(|field| is_secret(field.name));
    name == AUTHENTICATE || Operation::find(name).is_some_and(has_secret)
}

/// Whether a call or a reply of an operation may hold a secret.
pub fn holds_secrets(operation: &Operation) -> bool {
    fn is_within(schema: &Schema) -> bool {
        match schema {
            Schema::List { item, .. } => is_within(item),
            Schema::Object(object) => is_among(object),
            _ => false,
        }
    }
    fn is_among(object: &Object) -> bool {
        object.members.iter().any(|field| is_secret(field.name) || is_within(&field.schema))
    }
    is_among(operation.input) || is_within(&operation.reply)
}

fn is_secret(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect();
    SECRETS.contains(&plain.as_str())
}

/// A word of a text, which may be a name.
struct Word {
    range: Range<usize>,
    /// Where it begins with its prefix in XML.
    prefix_start: usize,
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = Word> {
    let is_of_a_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let (mut from, mut prefix_start) = (0, 0);
    std::iter::from_fn(move || {
        let start = from + text[from..].find(is_of_a_word)?;
        let between = text[from..start].trim_end_matches(['.', ':']);
        if !between.is_empty() {
            prefix_start = from + between.len();
        }
        from = start + text[start..].find(|c| !is_of_a_word(c)).unwrap_or(text.len() - start);
        Some(Word { range: start..from, prefix_start })
    })
}

/// The variables that hold secrets, as in `password: $mine` (GraphQL section 2.10).
fn secret_variables(text: &str) -> HashSet<&str> {
    let variable = |Word { range, .. }: Word| {
        let rest = text[range.end..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('$')?;
        words(rest).next().map(|name| &rest[name.range])
    };
    words(text).filter(|word| is_secret(&text[word.range.clone()])).filter_map(variable).collect()
}

/// The value of this name, in any of the grammars.
fn value_of(text: &str, name: &Range<usize>, prefix_start: usize) -> Vec<Range<usize>> {
    let (before, rest) = (&text[..name.start], &text[name.end..]);
    // XML-RPC: the value is the name's next sibling.
    if before.trim_end().ends_with("<name>")
        && let Some(value) = rest.trim_start().strip_prefix("</name>")
        && value.trim_start().starts_with("<value")
    {
        let start = text.len() - value.len();
        return between_tags(text, start..limit(text, start), "/value");
    }
    if text[..prefix_start].ends_with('<') {
        let within = &text[name.end..limit(text, name.end)];
        let end = name.end + within.find('>').map_or(within.len(), |end| end + 1);
        let closing = format!("/{}", &text[prefix_start..name.end]);
        return if text[..end].ends_with("/>") {
            Vec::new()
        } else {
            between_tags(text, end..limit(text, end), &closing)
        };
    }
    let in_a_form = before.is_empty() || before.ends_with(['&', '?']);
    match rest.strip_prefix('=') {
        Some(value) if in_a_form => {
            let length = value.find(['&', ' ', '\r', '\n']).unwrap_or(value.len());
            std::iter::once(name.end + 1..name.end + 1 + length).collect()
        }
        _ => quoted(text, name.end).into_iter().collect(),
    }
}

/// The text from here to a tag that begins with `until`, without the tags between, but with their CDATA.
fn between_tags(text: &str, range: Range<usize>, until: &str) -> Vec<Range<usize>> {
    let (mut ranges, mut at, limit) = (Vec::new(), range.start, range.end);
    while at < limit {
        let rest = &text[at..limit];
        let Some(tag) = rest.find('<') else {
            ranges.push(at..limit);
            break;
        };
        ranges.push(at..at + tag);
        let opened = &rest[tag + 1..];
        if opened.starts_with(until) {
            break;
        }
        let opened_at = at + tag + 1;
        at = match opened.strip_prefix(CDATA) {
            Some(data) => {
                let begin = opened_at + CDATA.len();
                let end = data.find("]]>").map_or(limit, |end| begin + end);
                ranges.push(begin..end);
                (end + "]]>".len()).min(limit)
            }
            None => opened.find('>').map_or(limit, |end| opened_at + end + 1),
        };
    }
    ranges
}

/// The quoted text behind a name, in JSON, in GraphQL, and in either within a string of JSON, where quotes have a backslash.
fn quoted(text: &str, end_of_name: usize) -> Option<Range<usize>> {
    let rest = text[end_of_name..].trim_start_matches('\\').trim_start_matches('"').trim_start();
    let rest = rest.strip_prefix(':')?.trim_start();
    let backslashes = rest.len() - rest.trim_start_matches('\\').len();
    let quote = format!("{}\"", "\\".repeat(backslashes));
    // GraphQL section 2.9.4: a block string begins and ends with three.
    let block = quote.repeat(3);
    let begin = |value: &str| text.len() - value.len();
    if let Some(value) = rest.strip_prefix(&block) {
        let value = &value[..value.floor_char_boundary(SECRET_BYTES_MAX)];
        let start = begin(rest) + block.len();
        return Some(start..start + value.find(&block).unwrap_or(value.len()));
    }
    let value = rest.strip_prefix(&quote)?;
    Some(begin(value)..begin(value) + end_of_quoted(value, backslashes))
}

/// Where a text ends whose quotes have so many backslashes; a quote with more is a character of it.
fn end_of_quoted(value: &str, backslashes: usize) -> usize {
    let mut run = 0;
    for (position, byte) in value.bytes().enumerate().take(SECRET_BYTES_MAX) {
        match byte {
            b'\\' => run += 1,
            // Two backslashes are an escaped one, so an even number more changes nothing.
            b'"' if run >= backslashes && (run - backslashes).is_multiple_of(2) => return position - backslashes,
            _ => run = 0,
        }
    }
    value.floor_char_boundary(SECRET_BYTES_MAX)
}

/// The strings in positional `params` of JSON-RPC. No operation takes a list within them, so the first `]` ends them.
fn strings_by_position(text: &str) -> Vec<Range<usize>> {
    let (mut ranges, mut at) = (Vec::new(), 0);
    while let Some(next) = text[at..].find("\"params\"") {
        at += next + "\"params\"".len();
        let is_list = text[at..].trim_start_matches([' ', '\t', '\r', '\n', ':']).starts_with('[');
        while is_list && let Some(next) = text[at..].find(['"', ']']) {
            let begin = at + next + 1;
            if text[at + next..].starts_with(']') {
                break;
            }
            at = begin + end_of_quoted(&text[begin..], 0);
            ranges.push(begin..at);
            at += usize::from(text[at..].starts_with('"'));
        }
    }
    ranges
}

/// The values of positional params of XML-RPC. A value behind a name is masked by its name, or is not secret.
fn values_by_position(text: &str) -> Vec<Range<usize>> {
    let (mut ranges, mut at) = (Vec::new(), 0);
    while let Some(next) = text[at..].find("<value>") {
        let is_named = text[..at + next].trim_end().ends_with("</name>");
        at += next + "<value>".len();
        let value = text[at..].trim_start();
        if !is_named && !value.starts_with("<struct") && !value.starts_with("<array") {
            ranges.extend(between_tags(text, at..text.len(), "/value"));
            at = ranges.last().map_or(at, |last: &Range<usize>| at.max(last.end));
        }
    }
    ranges
}

/// The end of the search for a secret that begins here.
fn limit(text: &str, start: usize) -> usize {
    text.floor_char_boundary(start.saturating_add(SECRET_BYTES_MAX))
}

#[cfg(test)]
mod tests;
