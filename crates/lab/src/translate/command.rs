//! Reads the request in a shell command of curl, grpcurl, wget, HTTPie, websocat or wscat, without running it.

use super::http_text::{RESERVED, add_query, add_to_query, basic, header, set_address};
use super::shell;
use bytes::Bytes;
use domain::Value;
use percent_encoding::utf8_percent_encode;
use wire::request_text::RequestText;

/// curl's short options that take a value (curl.se/docs/manpage.html).
const CURL_SHORT: &str = "AbcCdDeEFHKmoPQrtTuUwxXyYz";
/// curl's long options that take a value.
const CURL_LONG: &str = "cacert cert connect-timeout cookie cookie-jar data data-ascii data-binary data-raw data-urlencode header \
                         interface json key limit-rate max-time oauth2-bearer output proxy referer request resolve retry retry-delay url user \
                         user-agent write-out";

/// grpcurl's options that take a value (github.com/fullstorydev/grpcurl).
const GRPCURL: &str = "authority cacert cert connect-timeout format import-path key keepalive-time max-msg-sz max-time proto protoset \
                       reflect-header servername user-agent";

/// wget's options that take a value (gnu.org/software/wget/manual).
const WGET_SHORT: &str = "aeitOTowQPUlARDIX";
const WGET_LONG: &str = "append-output body-data body-file header http-password http-user input-file limit-rate method output-document \
                         output-file password post-data post-file referer timeout tries user user-agent wait";

/// The request in a command; `None` if the text is no command.
pub fn read(text: &str) -> Option<Result<RequestText, String>> {
    let text = text.strip_prefix("$ ").unwrap_or(text);
    let first = text.split_whitespace().next()?;
    if !matches!(first, "curl" | "grpcurl" | "wget" | "http" | "https" | "printf" | "echo" | "websocat" | "wscat") {
        return None;
    }
    let commands = if text.contains("^\"") { shell::commands(&without_carets(text)) } else { shell::commands(text) };
    let (input, command) = match commands.as_slice() {
        [command] => (None, command),
        [before, command, ..] => (output_of(before), command),
        [] => return None,
    };
    let (name, words) = command.split_first()?;
    Some(match name.as_str() {
        "curl" => curl(words, input.as_deref()),
        "grpcurl" => grpcurl(words, input.as_deref()),
        "wget" => wget(words),
        "http" | "https" => httpie(words, input),
        "websocat" | "wscat" => Ok(socket(words, input)),
        other => Err(format!("the command {} sends nothing", domain::value::shown(other))),
    })
}

/// A command for cmd.exe, as Chromium copies it: a caret escapes the next character, and one before the end of a line joins lines.
fn without_carets(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut out = String::new();
    while let Some(c) = chars.next() {
        if c != '^' || chars.peek().is_some_and(|next| matches!(next, '\n' | '\r')) {
            out.push(c);
        } else {
            out.extend(chars.next());
        }
    }
    out
}

/// The output of the first command of a pipe: `printf '%s\n' ...` writes a word on each line, `echo ...` all on one.
fn output_of(command: &[String]) -> Option<String> {
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

/// The options of a command as pairs of name and value; the name of any other word is empty. Short options may share a word; the
/// value of the last of them is the rest of the word, or the next word.
fn options(words: &[String], short: &str, long: &str) -> Vec<(String, String)> {
    let mut options = Vec::new();
    let mut words = words.iter().cloned();
    while let Some(word) = words.next() {
        if let Some(name) = word.strip_prefix("--") {
            options.push(match name.split_once('=') {
                Some((name, value)) => (name.to_owned(), value.to_owned()),
                None => {
                    let takes_value = long.split(' ').any(|known| known == name);
                    (name.to_owned(), if takes_value { words.next() } else { None }.unwrap_or_default())
                }
            });
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            for (place, letter) in letters.char_indices() {
                let takes_value = short.contains(letter);
                let value = match &letters[place + letter.len_utf8()..] {
                    "" if takes_value => words.next(),
                    rest => takes_value.then(|| rest.to_owned()),
                };
                options.push((letter.to_string(), value.unwrap_or_default()));
                if takes_value {
                    break;
                }
            }
        } else {
            options.push((String::new(), word));
        }
    }
    options
}

fn curl(words: &[String], input: Option<&str>) -> Result<RequestText, String> {
    let mut request = RequestText::default();
    let (mut data, mut is_query) = (Vec::new(), false);
    for (name, value) in options(words, CURL_SHORT, CURL_LONG) {
        match name.as_str() {
            "X" | "request" => request.method = value,
            "" | "url" => set_address(&mut request, &value),
            "H" | "header" => request.headers.extend(header(&value)),
            "oauth2-bearer" => request.set("authorization", &format!("Bearer {value}")),
            "d" | "data" | "data-ascii" | "data-binary" => data.push(content_of(&value, input)?),
            "json" => {
                data.push(content_of(&value, input)?);
                request.set("content-type", "application/json");
            }
            "data-raw" => data.push(value),
            "data-urlencode" => data.push(encoded(&value)),
            "u" | "user" => request.headers.extend(basic(&value)),
            "G" | "get" => is_query = true,
            "I" | "head" => request.method = "HEAD".to_owned(),
            _ => {}
        }
    }
    let data = data.join("&");
    if is_query && !data.is_empty() {
        add_to_query(&mut request, &data);
    } else {
        request.body = Bytes::from(data);
    }
    with_address(request)
}

/// grpcurl: its options have one hyphen or two; then come the server's address and the method. The sandbox is a header.
fn grpcurl(words: &[String], input: Option<&str>) -> Result<RequestText, String> {
    let mut request =
        RequestText { method: "POST".to_owned(), body: Bytes::from_static(b"{}"), ..RequestText::default() };
    let mut places = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.trim_start_matches('-') {
            name if name.len() == word.len() => places.push(word.as_str()),
            "H" | "rpc-header" => request.headers.extend(words.next().and_then(|text| header(text))),
            "d" => request.body = content_of(&words.next().cloned().unwrap_or_default(), input)?.into(),
            name if GRPCURL.split(' ').any(|known| known == name) => drop(words.next()),
            _ => {}
        }
    }
    let [.., address, method] = places.as_slice() else { return Err("it has no address or no method".to_owned()) };
    // A method is written with a slash or with a dot.
    let method = method
        .rsplit_once(['/', '.'])
        .map_or_else(|| (*method).to_owned(), |(service, name)| format!("{service}/{name}"));
    set_address(&mut request, &format!("http://{address}/{method}"));
    let sandbox = request.headers.iter().position(|(name, _)| name.eq_ignore_ascii_case("x-sandbox"));
    request.sandbox = sandbox.map(|position| request.headers.remove(position).1).or(request.sandbox);
    request.set("content-type", "application/json");
    Ok(request)
}

/// wget: data make it a POST, unless it says otherwise.
fn wget(words: &[String]) -> Result<RequestText, String> {
    let (mut request, mut user, mut password) = (RequestText::default(), None, String::new());
    for (name, value) in options(words, WGET_SHORT, WGET_LONG) {
        match name.as_str() {
            "" => set_address(&mut request, &value),
            "method" => request.method = value,
            "header" => request.headers.extend(header(&value)),
            "post-data" | "body-data" => request.body = Bytes::from(value),
            "post-file" | "body-file" => request.body = Bytes::from(content_of(&format!("@{value}"), None)?),
            "user" | "http-user" => user = Some(value),
            "password" | "http-password" => password = value,
            _ => {}
        }
    }
    request.headers.extend(user.and_then(|user| basic(&format!("{user}:{password}"))));
    with_address(request)
}

/// HTTPie (httpie.io/docs/cli): a method or none, an address, and items: `name:header`, `name==query`, `name=text`, `name:=JSON`.
fn httpie(words: &[String], input: Option<String>) -> Result<RequestText, String> {
    let (mut request, mut fields) = (RequestText::default(), Vec::new());
    let is_bearer =
        words.windows(2).any(|pair| matches!(pair[0].as_str(), "-A" | "--auth-type") && pair[1] == "bearer");
    for (name, value) in options(words, "aA", "raw auth auth-type") {
        let is_method = request.is_bare() && value.bytes().all(|byte| byte.is_ascii_uppercase());
        match name.as_str() {
            "" if is_method => request.method = value,
            "" if request.is_bare() => set_address(&mut request, &value),
            "" => httpie_item(&value, &mut request, &mut fields)?,
            "raw" => request.body = Bytes::from(value),
            "a" | "auth" if is_bearer => request.set("authorization", &format!("Bearer {value}")),
            "a" | "auth" => request.headers.extend(basic(&value)),
            _ => {}
        }
    }
    if !fields.is_empty() {
        request.body = Bytes::from(wire::json::value(&Value::Object(fields)));
    } else if request.body.is_empty() {
        request.body = Bytes::from(input.unwrap_or_default());
    }
    with_address(request)
}

fn httpie_item(item: &str, request: &mut RequestText, fields: &mut Vec<(String, Value)>) -> Result<(), String> {
    let (name, rest) = item.split_at(item.find([':', '=']).unwrap_or(item.len()));
    if let Some(json) = rest.strip_prefix(":=") {
        let value = wire::json::read(json.as_bytes()).map_err(|error| format!("{name}: {}", error.message))?;
        fields.push((name.to_owned(), value));
    } else if let Some(value) = rest.strip_prefix("==") {
        add_query(request, name, value);
    } else if let Some(value) = rest.strip_prefix('=') {
        fields.push((name.to_owned(), Value::text(value)));
    } else {
        request.headers.extend(header(item));
    }
    Ok(())
}

/// websocat writes `-H=value`; with wscat's `-c` the address is a word of its own.
fn socket(words: &[String], input: Option<String>) -> RequestText {
    let (mut request, mut messages) = (RequestText::default(), input.into_iter().collect::<Vec<_>>());
    for (name, value) in options(words, "Hsxo", "header protocol subprotocol execute origin") {
        match name.as_str() {
            "" => set_address(&mut request, &value),
            "H" | "header" => request.headers.extend(header(value.strip_prefix('=').unwrap_or(&value))),
            "x" | "execute" => messages.push(value),
            _ => {}
        }
    }
    request.body = Bytes::from(messages.join("\n"));
    request
}

fn with_address(request: RequestText) -> Result<RequestText, String> {
    if request.is_bare() { Err("the command has no address".to_owned()) } else { Ok(request) }
}

/// The content of `@-` is the output of the command before; that of any other `@file` is not here.
fn content_of(value: &str, input: Option<&str>) -> Result<String, String> {
    match (value.strip_prefix('@'), input) {
        (None, _) => Ok(value.to_owned()),
        (Some("-"), Some(input)) => Ok(input.to_owned()),
        (Some(file), _) => Err(format!("the file {} is not here: paste its content", domain::value::shown(file))),
    }
}

/// `name=value` with the value percent-encoded; without a name all is the value.
fn encoded(pair: &str) -> String {
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    let value = utf8_percent_encode(value, RESERVED);
    if name.is_empty() { value.to_string() } else { format!("{name}={value}") }
}

#[cfg(test)]
mod tests;
