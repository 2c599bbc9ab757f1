//! Reads the request in a program of JavaScript, Python or PowerShell, without running it: `fetch`, `WebSocket`, `requests`, `httpx`,
//! `urllib`, `websockets`, `Invoke-WebRequest` and `Invoke-RestMethod`.

mod tokens;

use super::http_text::{add_query, basic, header, set_address};
use bytes::Bytes;
use domain::Value;
use std::collections::HashMap;
use tokens::{Token, tokens};
use wire::request_text::RequestText;

/// The functions whose arguments are a request, without what stands before their last dot.
const JAVASCRIPT: &[&str] = &["fetch", "WebSocket"];
const PYTHON: &[&str] =
    &["get", "post", "put", "patch", "delete", "head", "options", "request", "Request", "urlopen", "connect"];
const POWERSHELL: &[&str] = &["invoke-webrequest", "invoke-restmethod", "iwr", "irm"];

/// The request in a program; `None` if the text is no program that sends one.
pub fn read(text: &str) -> Option<Result<RequestText, String>> {
    let is_powershell = POWERSHELL.iter().any(|name| text.to_ascii_lowercase().contains(name));
    let sends = ["fetch(", "WebSocket(", "requests.", "httpx.", "urllib", "websockets"];
    if !is_powershell && !sends.iter().any(|name| text.contains(name)) {
        return None;
    }
    let mut program = Program { tokens: tokens(text, is_powershell), is_powershell, at: 0, variables: HashMap::new() };
    let request = if is_powershell { program.powershell() } else { program.calls() };
    Some(if request.is_bare() { Err("the program requests no address".to_owned()) } else { Ok(request) })
}

/// A program that is read from its start to its end.
struct Program {
    tokens: Vec<Token>,
    is_powershell: bool,
    at: usize,
    /// What was assigned so far.
    variables: HashMap<String, Value>,
}

/// The arguments of a call: those with a name, and the others.
#[derive(Default)]
struct Arguments {
    named: Vec<(String, Value)>,
    others: Vec<Value>,
}

impl Arguments {
    fn take(&mut self, name: &str) -> Option<Value> {
        let place = self.named.iter().position(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(self.named.remove(place).1)
    }
}

impl Program {
    fn mark(&self, offset: usize) -> Option<char> {
        match self.tokens.get(self.at + offset) {
            Some(Token::Mark(mark)) => Some(*mark),
            _ => None,
        }
    }

    fn next_if(&mut self, mark: char) -> bool {
        let is_next = self.mark(0) == Some(mark);
        self.at += usize::from(is_next);
        is_next
    }

    /// Words with dots between them; the last one counts.
    fn name(&mut self) -> Option<(String, bool)> {
        let Some(Token::Word(word)) = self.tokens.get(self.at) else { return None };
        let (mut name, mut has_owner) = (word.clone(), false);
        self.at += 1;
        while self.mark(0) == Some('.')
            && let Some(Token::Word(word)) = self.tokens.get(self.at + 1)
        {
            (name, has_owner) = (word.clone(), true);
            self.at += 2;
        }
        Some((name, has_owner))
    }

    /// JavaScript and Python: the first request with all that is sent to it.
    fn calls(&mut self) -> RequestText {
        let (mut request, mut messages) = (RequestText::default(), Vec::new());
        while self.at < self.tokens.len() {
            let Some((name, has_owner)) = self.name() else {
                self.at += 1;
                continue;
            };
            if self.mark(0) == Some('=') && self.mark(1) != Some('=') {
                self.at += 1;
                // The value may be a request itself: it is read again from its start.
                let start = self.at;
                if let Some(value) = self.value() {
                    self.variables.insert(name, value);
                }
                self.at = start;
            } else if self.next_if('(') {
                let is_request = JAVASCRIPT.contains(&name.as_str()) || PYTHON.contains(&name.as_str());
                let start = self.at;
                let arguments = self.arguments();
                if name == "send" {
                    messages.extend(arguments.others.iter().flat_map(texts));
                } else if is_request && request.is_bare() {
                    fill(&mut request, &name, has_owner, arguments);
                }
                if !is_request {
                    self.at = start;
                }
            }
        }
        if !messages.is_empty() {
            request.body = Bytes::from(messages.join("\n"));
        }
        request
    }

    /// PowerShell: the parameters of the first command that sends a request.
    fn powershell(&mut self) -> RequestText {
        let (mut request, mut arguments) = (RequestText::default(), Arguments::default());
        let mut is_command = false;
        while let Some(token) = self.tokens.get(self.at).cloned() {
            self.at += 1;
            match token {
                Token::Word(word) if POWERSHELL.contains(&word.to_ascii_lowercase().as_str()) => is_command = true,
                Token::Word(word) if word.starts_with('$') && self.next_if('=') => {
                    if let Some(value) = self.value() {
                        self.variables.insert(word, value);
                    }
                }
                Token::Word(word) if is_command && word.starts_with('-') => {
                    let is_switch =
                        matches!(self.tokens.get(self.at), Some(Token::Word(next)) if next.starts_with('-'));
                    if let Some(value) = if is_switch { None } else { self.value() } {
                        arguments.named.push((word[1..].to_owned(), value));
                    }
                }
                Token::Text(text) | Token::Word(text) if is_command => arguments.others.push(Value::Text(text)),
                _ => {}
            }
        }
        if let Some(media_type) = arguments.take("ContentType").as_ref().and_then(Value::as_text) {
            request.set("content-type", media_type);
        }
        let uri = arguments.take("Uri").or_else(|| arguments.others.first().cloned());
        arguments.others = uri.into_iter().collect();
        fill(&mut request, "request", false, arguments);
        request
    }

    /// The arguments up to the closing parenthesis.
    fn arguments(&mut self) -> Arguments {
        let mut arguments = Arguments::default();
        while self.at < self.tokens.len() && !self.next_if(')') {
            let is_named = self.mark(1) == Some('=');
            match self.tokens.get(self.at).cloned() {
                Some(Token::Word(name)) if is_named => {
                    self.at += 2;
                    arguments.named.extend(self.value().map(|value| (name, value)));
                }
                _ => match self.value() {
                    Some(value) => arguments.others.push(value),
                    None => self.at += 1,
                },
            }
        }
        arguments
    }

    /// A value; `None` if here is none that can be known. Methods of a value, such as `encode`, change nothing of interest.
    fn value(&mut self) -> Option<Value> {
        let mut value = self.operand();
        loop {
            if self.mark(0) == Some('.') && matches!(self.tokens.get(self.at + 1), Some(Token::Word(_))) {
                self.at += 2;
                if self.next_if('(') {
                    self.arguments();
                }
            } else if self.next_if('+') {
                value = value.zip(self.operand()).map(|(one, other)| joined(&one, &other));
            } else {
                return value;
            }
        }
    }

    fn operand(&mut self) -> Option<Value> {
        let token = self.tokens.get(self.at).cloned()?;
        match token {
            Token::Text(text) => {
                self.at += 1;
                let mut whole = text;
                // Python joins neighbouring texts.
                while !self.is_powershell
                    && let Some(Token::Text(text)) = self.tokens.get(self.at)
                {
                    whole.push_str(text);
                    self.at += 1;
                }
                Some(Value::Text(whole))
            }
            Token::Number(number) => {
                self.at += 1;
                wire::json::read(number.as_bytes()).ok()
            }
            Token::Mark('{') => self.object(),
            Token::Mark('@') if self.mark(1) == Some('{') => {
                self.at += 1;
                self.object()
            }
            Token::Mark(open @ ('[' | '(')) => {
                self.at += 1;
                self.list(open)
            }
            Token::Mark(_) => None,
            Token::Word(_) => self.named_value(),
        }
    }

    fn object(&mut self) -> Option<Value> {
        self.at += 1;
        let mut members = Vec::new();
        while self.at < self.tokens.len() && !self.next_if('}') {
            let name = match self.tokens.get(self.at).cloned() {
                Some(Token::Text(name) | Token::Word(name)) => name,
                _ => {
                    self.at += 1;
                    continue;
                }
            };
            self.at += 1;
            let value = if self.next_if(':') || self.next_if('=') {
                self.value()
            } else {
                // JavaScript: the name of a variable alone.
                self.variables.get(&name).cloned()
            };
            members.extend(value.map(|value| (name, value)));
        }
        Some(Value::Object(members))
    }

    fn list(&mut self, open: char) -> Option<Value> {
        let close = if open == '[' { ']' } else { ')' };
        let (mut items, mut has_comma) = (Vec::new(), false);
        while self.at < self.tokens.len() && !self.next_if(close) {
            if self.next_if('|') {
                // PowerShell: `(@{...} | ConvertTo-Json)`.
                let is_json = matches!(self.tokens.get(self.at), Some(Token::Word(word)) if word.eq_ignore_ascii_case("ConvertTo-Json"));
                items = items
                    .into_iter()
                    .map(|item| if is_json { Value::Text(wire::json::value(&item)) } else { item })
                    .collect();
                self.at += usize::from(is_json);
            } else if self.next_if(',') {
                has_comma = true;
            } else {
                match self.value() {
                    Some(value) => items.push(value),
                    None => self.at += 1,
                }
            }
        }
        // Parentheses around one value, or around what names a type or a method: the value is what counts.
        if open == '(' && !has_comma { items.into_iter().next_back() } else { Some(Value::List(items)) }
    }

    /// A constant, a variable, or a call, whose result is its first argument, or that as JSON.
    fn named_value(&mut self) -> Option<Value> {
        if let Some(Token::Word(word)) = self.tokens.get(self.at)
            && let Some(value) = self.variables.get(word)
        {
            self.at += 1;
            return Some(value.clone());
        }
        let (name, _) = self.name()?;
        if name == "new" {
            return self.value();
        }
        if self.next_if('(') {
            let of = self.arguments();
            let value = of.others.into_iter().next().or((!of.named.is_empty()).then_some(Value::Object(of.named)))?;
            let is_json = matches!(name.as_str(), "stringify" | "dumps");
            return Some(if is_json { Value::Text(wire::json::value(&value)) } else { value });
        }
        match name.as_str() {
            "true" | "True" | "$true" => Some(Value::Bool(true)),
            "false" | "False" | "$false" => Some(Value::Bool(false)),
            "null" | "None" | "undefined" | "$null" => Some(Value::Null),
            // PowerShell: a word without quotes, such as the method.
            name => self.is_powershell.then(|| Value::text(name)),
        }
    }
}

fn joined(one: &Value, other: &Value) -> Value {
    Value::Text(format!("{}{}", content(one), content(other)))
}

/// A text, or other values as JSON.
fn content(value: &Value) -> String {
    value.as_text().map_or_else(|| wire::json::value(value), str::to_owned)
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items.iter().map(content).collect(),
        other => vec![content(other)],
    }
}

/// Fills in a request from the arguments of the call that sends it.
fn fill(request: &mut RequestText, function: &str, has_owner: bool, mut arguments: Arguments) {
    let mut others = std::mem::take(&mut arguments.others).into_iter();
    let mut first = others.next();
    if function == "request" && has_owner {
        request.method = first.as_ref().map(content).unwrap_or_default();
        first = others.next();
    } else if has_owner && !matches!(function, "Request" | "urlopen" | "connect") {
        request.method = function.to_ascii_uppercase();
    }
    let url = first.or_else(|| arguments.take("url"));
    let Some(Value::Text(url)) = url.filter(|url| content(url).contains('/')) else { return };
    set_address(request, &url);
    // `fetch(url, {...})` has its options in an object, and a WebSocket's second argument is no data.
    match others.next() {
        Some(Value::Object(options)) if function == "fetch" => arguments.named.extend(options),
        Some(data) if has_owner || function == "Request" => arguments.named.push(("data".to_owned(), data)),
        _ => {}
    }
    if let Some(method) = arguments.take("method") {
        request.method = content(&method).to_ascii_uppercase();
    }
    let headers = arguments.take("headers").or_else(|| arguments.take("additional_headers"));
    match headers {
        Some(Value::Object(headers)) => {
            request.headers.extend(headers.iter().map(|(name, value)| (name.clone(), content(value))))
        }
        // JavaScript also takes pairs.
        Some(Value::List(pairs)) => {
            let pair = |pair: &Value| header(&pair.items().iter().map(content).collect::<Vec<_>>().join(":"));
            request.headers.extend(pairs.iter().filter_map(pair));
        }
        _ => {}
    }
    if let Some(Value::List(pair)) = arguments.take("auth") {
        request.headers.extend(basic(&pair.iter().map(content).collect::<Vec<_>>().join(":")));
    }
    if let Some(Value::Object(query)) = arguments.take("params") {
        query.iter().for_each(|(name, value)| add_query(request, name, &content(value)));
    }
    if let Some(json) = arguments.take("json") {
        request.body = Bytes::from(wire::json::value(&json));
        request.set("content-type", "application/json");
    } else if let Some(body) = ["body", "data", "content"].iter().find_map(|name| arguments.take(name)) {
        request.body = Bytes::from(content(&body));
    }
}

#[cfg(test)]
mod tests;
