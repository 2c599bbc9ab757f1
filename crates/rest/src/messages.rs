//! What do requests and replies look like on the wire, and how do they become domain values?
//!
//! A request becomes what is [`Asked`]; a reply is told in one of the forms that [`reply`] knows.

mod chosen;
mod csv;
mod patch;
mod pointer;
pub mod reply;
mod xml;

pub use patch::{Patch, STEPS_MAX, difference};

use crate::routes::{JSON_PATCH, Route, Verb};
use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};
use chosen::FIELDS;
use domain::shape::{Shape, Violation};
use domain::{Error, Reason, Value};
use percent_encoding::percent_decode_str;

/// The member of an input that says which version the caller has seen. A header may say it instead.
pub const EXPECTED_VERSION: &str = "expected_version";

/// What a request asks for.
#[derive(Debug, Default)]
pub struct Asked {
    /// The operation's input, as far as the request says it.
    pub input: Vec<(String, Value)>,
    /// The rest of the input, as steps that lead there from the thing as it is.
    pub patch: Option<Patch>,
    /// The members of the answer that are wanted, if some are not.
    pub fields: Option<Vec<&'static str>>,
}

impl Asked {
    /// The member of the input of that name, if it is said and more than nothing.
    pub fn said(&self, name: &str) -> Option<&Value> {
        let said = self.input.iter().find(|(said, _)| said == name).map(|(_, value)| value);
        said.filter(|value| **value != Value::Null)
    }
}

/// What a request asks for: from the path, then from the query and the body.
pub fn read(request: &HttpRequest, route: &Route, in_path: &[(&'static str, &str)]) -> Result<Asked, Error> {
    let mut asked = Asked::default();
    for (name, written) in in_path {
        asked.input.push(((*name).to_owned(), Value::Untyped(decode(written)?)));
    }
    read_query(request, route, &mut asked)?;
    if route.method.has_body() {
        read_body(request, route, &mut asked)?;
    } else if !wire::body(request)?.is_empty() {
        return Err(Error::unreadable(format!("{} is asked without a body", route.method.name())));
    }
    Ok(asked)
}

fn read_query(request: &HttpRequest, route: &Route, asked: &mut Asked) -> Result<(), Error> {
    let (mut include, mut fields) = (None, None);
    for pair in request.query_string().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(&name.replace('+', " "))?, decode(&value.replace('+', " "))?);
        match route.only_with {
            Some((only, _)) if only == name => once(&name, value, &mut include)?,
            _ if name == FIELDS && route.method.is_safe() => once(&name, value, &mut fields)?,
            _ => {
                let is_list = |shape: Shape| matches!(shape, Shape::List { .. });
                let list = route.row().input.member(&name).is_some_and(|member| is_list(member.shape));
                asked.input.push((name, if list { split(&value) } else { Value::Untyped(value) }));
            }
        }
    }
    asked.fields = chosen::chosen(route, include.as_deref(), fields.as_deref())?;
    Ok(())
}

/// A list stands in one parameter: `?fields=name&fields=email` is not read as one.
fn once(name: &str, value: String, said: &mut Option<String>) -> Result<(), Error> {
    match said.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::invalid(&format!("/{name}"), "must be given once, with commas between its words")),
    }
}

/// `1,2,3` as a list.
fn split(value: &str) -> Value {
    let items = value.split(',').filter(|item| !item.is_empty());
    Value::List(items.map(|item| Value::Untyped(item.to_owned())).collect())
}

fn read_body(request: &HttpRequest, route: &Route, asked: &mut Asked) -> Result<(), Error> {
    let body = wire::body(request)?;
    let no_member_needed = route.other_members().next().is_none();
    if body.is_empty() && no_member_needed {
        return Ok(());
    }
    let document = wire::json::read(&body)?;
    if is_called(request.headers(), JSON_PATCH) {
        asked.patch = Some(Patch::read(document)?);
        return Ok(());
    }
    let Value::Record(members) = document else {
        return Err(Error::invalid("", "must be an object"));
    };
    check_patch(route, &members)?;
    // Null means absent, so it does not contradict an If-Match.
    let is_absent =
        |(name, value): &(String, Value)| route.changes.is_some() && name == EXPECTED_VERSION && *value == Value::Null;
    asked.input.extend(members.into_iter().filter(|member| !is_absent(member)));
    Ok(())
}

/// What is wrong with the body's media type or packing, if anything is: RFC 9110 section 15.5.16 has a status of its own for it.
pub fn unsupported_media_type(request: &HttpRequest, route: &Route) -> Option<Error> {
    if !route.method.has_body() {
        return None;
    }
    // RFC 10008: what a QUERY means is said by its media type, so there must be one.
    if route.method != Verb::Query && wire::body(request).map_or(true, |body| body.is_empty()) {
        return None;
    }
    let headers = request.headers();
    if let Some(coding) = text(headers, &header::CONTENT_ENCODING).filter(|coding| *coding != "identity") {
        let shown = domain::value::shown(coding);
        return Some(Error::unreadable(format!("the body must come unpacked, was \"{shown}\"")));
    }
    let takes = route.method.takes();
    if takes.iter().any(|known| is_called(headers, known)) {
        return None;
    }
    let shown = domain::value::shown(text(headers, &header::CONTENT_TYPE).unwrap_or_default());
    Some(Error::unreadable(format!("the body must be {}, was \"{shown}\"", takes.join(" or "))))
}

/// Whether the body is of that media type, parameters aside.
fn is_called(headers: &HeaderMap, media_type: &str) -> bool {
    let given = text(headers, &header::CONTENT_TYPE).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type)
}

fn text<'h>(headers: &'h HeaderMap, name: &header::HeaderName) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// What the verbs add to the operation's own rules. RFC 7396: null removes a member, and none can be removed here.
/// RFC 9110 section 9.3.4: PUT says the whole, so nothing of it may be missing.
fn check_patch(route: &Route, members: &[(String, Value)]) -> Result<(), Error> {
    let violation = |name: &str, message: &str| Violation { pointer: format!("/{name}"), message: message.to_owned() };
    let violations: Vec<Violation> = match route.method {
        Verb::Patch => {
            let nulls = members.iter().filter(|(_, value)| *value == Value::Null);
            nulls.map(|(name, _)| violation(name, "can't be removed, was null")).collect()
        }
        Verb::Put => {
            let missing = route.other_members().filter(|member| !member.required && member.name != EXPECTED_VERSION);
            let is_said = |name: &str| members.iter().any(|(said, value)| said == name && *value != Value::Null);
            let missing = missing.filter(|member| !is_said(member.name));
            missing.map(|member| violation(member.name, "is required: PUT says the whole")).collect()
        }
        Verb::Get | Verb::Query | Verb::Post | Verb::Delete => Vec::new(),
    };
    if violations.is_empty() { Ok(()) } else { Err(Error::violations(violations)) }
}

fn decode(written: &str) -> Result<String, Error> {
    let decoded = percent_decode_str(written).decode_utf8();
    decoded.map(String::from).map_err(|_| Error::new(Reason::Unreadable, "the address is not UTF-8"))
}
