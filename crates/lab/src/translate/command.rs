//! What does a command of a shell send? It is read, and not run.

use super::message::{header, target_of};
use super::options::{Meant, of_curl, of_socket};
use super::{record, shell};
use bytes::Bytes;
use domain::Value;
use domain::access::{Credentials, Secret};
use wire::request_text::RequestText;

/// What a command sends; nothing, if the text is no command, and why, if it is one that can't be read.
pub fn read(text: &str) -> Option<Result<RequestText, String>> {
    let text = text.strip_prefix("$ ").unwrap_or(text);
    let first = text.split_whitespace().next()?;
    if !matches!(first, "curl" | "http" | "https" | "printf" | "echo" | "websocat" | "wscat") {
        return None;
    }
    let commands = shell::commands(text);
    let (said, command) = match commands.as_slice() {
        [command] => (None, command),
        [before, command, ..] => (said_by(before), command),
        [] => return None,
    };
    let (name, words) = command.split_first()?;
    Some(match name.as_str() {
        "curl" => curl(words, said.as_deref()),
        "http" | "https" => httpie(words, said.as_deref()),
        "websocat" | "wscat" => Ok(socket(words, said)),
        other => Err(format!("the command {} sends nothing", domain::value::shown(other))),
    })
}

/// What the first command of a pipe gives the next: `printf '%s\n' ...` each on a line, `echo ...` all on one.
fn said_by(command: &[String]) -> Option<String> {
    let (name, words) = command.split_first()?;
    match name.as_str() {
        "printf" => match words {
            [all] => Some(all.replace("\\n", "\n")),
            [_, each @ ..] => Some(each.join("\n")),
            [] => None,
        },
        "echo" => Some(words.iter().filter(|word| *word != "-n").cloned().collect::<Vec<_>>().join(" ")),
        _ => None,
    }
}

fn curl(words: &[String], said: Option<&str>) -> Result<RequestText, String> {
    let mut pasted = RequestText::default();
    let (mut data, mut is_query) = (Vec::new(), false);
    for meant in of_curl(words) {
        let (name, value) = match meant {
            Meant::Word(address) => ("url".to_owned(), address),
            Meant::Option(name, value) => (name, value),
        };
        match name.as_str() {
            "request" => pasted.method = value,
            "url" => pasted.target = target_of(&value),
            "header" => pasted.headers.extend(header(&value)),
            "data" | "data-ascii" | "data-binary" | "json" => data.push(of_a_file(&value, said)?),
            "data-raw" => data.push(value),
            "data-urlencode" => data.push(encoded(&value)),
            "user" => pasted.headers.extend(user(&value)),
            "get" => is_query = true,
            "head" => pasted.method = "HEAD".to_owned(),
            _ => {}
        }
        if name == "json" {
            pasted.say("content-type", "application/json");
        }
    }
    let data = data.join("&");
    if is_query && !data.is_empty() {
        add_query(&mut pasted, &data);
    } else {
        pasted.body = Bytes::from(data);
    }
    addressed(pasted)
}

/// HTTPie (httpie.io/docs/cli): a method or none, an address, and items: `name:header`, `name==query`, `name=text`, `name:=JSON`.
fn httpie(words: &[String], said: Option<&str>) -> Result<RequestText, String> {
    let (mut pasted, mut members) = (RequestText::default(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let is_method = pasted.is_bare() && word.bytes().all(|byte| byte.is_ascii_uppercase());
        match word.as_str() {
            "--raw" => pasted.body = Bytes::from(words.next().cloned().unwrap_or_default()),
            "-a" | "--auth" => pasted.headers.extend(words.next().and_then(|value| user(value))),
            option if option.starts_with('-') => {}
            method if is_method => pasted.method = method.to_owned(),
            address if pasted.is_bare() => pasted.target = target_of(address),
            item => httpie_item(item, &mut pasted, &mut members)?,
        }
    }
    match said {
        _ if !members.is_empty() => pasted.body = Bytes::from(record(members)),
        Some(said) if pasted.body.is_empty() => pasted.body = Bytes::from(said.to_owned()),
        _ => {}
    }
    addressed(pasted)
}

fn httpie_item(item: &str, pasted: &mut RequestText, members: &mut Vec<(String, Value)>) -> Result<(), String> {
    let end = item.find([':', '=']).unwrap_or(item.len());
    let (name, rest) = item.split_at(end);
    if let Some(json) = rest.strip_prefix(":=") {
        let value = wire::json::read(json.as_bytes()).map_err(|error| format!("{name}: {}", error.message))?;
        members.push((name.to_owned(), value));
    } else if let Some(value) = rest.strip_prefix("==") {
        add_query(pasted, &encoded(&format!("{name}={value}")));
    } else if let Some(value) = rest.strip_prefix('=') {
        members.push((name.to_owned(), Value::text(value)));
    } else {
        pasted.headers.extend(header(item));
    }
    Ok(())
}

fn socket(words: &[String], said: Option<String>) -> RequestText {
    let (mut pasted, mut messages) = (RequestText::default(), said.into_iter().collect::<Vec<_>>());
    for meant in of_socket(words) {
        match meant {
            Meant::Word(address) => pasted.target = target_of(&address),
            Meant::Option(name, value) => match name.as_str() {
                "-H" | "--header" => pasted.headers.extend(header(&value)),
                "-x" | "--execute" => messages.push(value),
                _ => {}
            },
        }
    }
    pasted.body = Bytes::from(messages.join("\n"));
    pasted
}

fn addressed(pasted: RequestText) -> Result<RequestText, String> {
    if pasted.is_bare() { Err("the command has no address".to_owned()) } else { Ok(pasted) }
}

/// What stands after `@` is a file's name, and `-` what the command before has said.
fn of_a_file(value: &str, said: Option<&str>) -> Result<String, String> {
    match (value.strip_prefix('@'), said) {
        (None, _) => Ok(value.to_owned()),
        (Some("-"), Some(said)) => Ok(said.to_owned()),
        (Some(file), _) => Err(format!("the file {} is not here: paste what it holds", domain::value::shown(file))),
    }
}

/// RFC 7617: `user:password`, as a header.
fn user(value: &str) -> Option<(String, String)> {
    let (email, password) = value.split_once(':').unwrap_or((value, ""));
    let credentials = Credentials::Password { email: email.to_owned(), password: Secret::new(password) };
    wire::credentials::header(&credentials).map(|(name, value)| (name.to_owned(), value))
}

fn add_query(pasted: &mut RequestText, query: &str) {
    pasted.target.push(if pasted.target.contains('?') { '&' } else { '?' });
    pasted.target.push_str(query);
}

/// `name=value` with what a query can't say in percents (RFC 3986 section 2.3 says what it can).
fn encoded(value: &str) -> String {
    let (name, value) = value.split_once('=').map_or(("", value), |(name, value)| (name, value));
    let mut encoded = if name.is_empty() { String::new() } else { format!("{name}=") };
    for byte in value.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
