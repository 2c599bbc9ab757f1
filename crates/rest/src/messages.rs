//! Requests and replies on the wire, to and from domain values.
//!

mod chosen;
mod csv;
mod patch;
pub mod reply;
mod xml;

pub use chosen::WORDS_MAX;
pub use patch::{Patch, STEPS_MAX, difference};

use crate::errors::Refusal;
use crate::routes::{JSON_PATCH, Route, Verb};
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use bytes::Bytes;
use chosen::FIELDS;
use domain::schema::{Schema, Violation};
use domain::{Error, Reason, Value};
use percent_encoding::percent_decode_str;
use wire::MediaType;
use wire::content::{has_body, json_type};

/// The input member with the expected version. A header may have it instead.
pub const EXPECTED_VERSION: &str = "expected_version";

/// A parsed request.
#[derive(Debug, Default)]
pub struct ParsedRequest {
    /// The operation's input, as far as the request has it.
    pub input: Vec<(String, Value)>,
    /// A JSON Patch that leads to the rest of the input, applied to the current resource.
    pub patch: Option<Patch>,
    /// The selected members of the reply; `None` for all.
    pub fields: Option<Vec<&'static str>>,
}

impl ParsedRequest {
    /// The input member of that name, unless it is absent or null.
    pub fn given(&self, name: &str) -> Option<&Value> {
        let member = self.input.iter().find(|(member, _)| member == name).map(|(_, value)| value);
        member.filter(|value| **value != Value::Null)
    }
}

/// The content of a request. RFC 9110 sections 9.3.1 and 9.3.5: with GET, HEAD and DELETE it has no meaning, so it is ignored.
pub fn content(request: &HttpRequest, route: &Route) -> Result<Bytes, Refusal> {
    if !route.method.has_body() {
        return Ok(Bytes::new());
    }
    // RFC 10008: the meaning of a QUERY depends on its media type, so it must have one.
    if route.method == Verb::Query || has_body(request) {
        let unsupported = |error| Refusal::new(error, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        json_type(request, route.method.takes()).map_err(unsupported)?;
    }
    Ok(wire::body(request)?)
}

/// Parses a request: the path, then the query and the body.
pub fn read(
    request: &HttpRequest,
    route: &Route,
    in_path: &[(&'static str, &str)],
    body: &Bytes,
) -> Result<ParsedRequest, Error> {
    let mut parsed = ParsedRequest::default();
    for (name, written) in in_path {
        parsed.input.push(((*name).to_owned(), Value::RawText(decode(written)?)));
    }
    read_query(request, route, &mut parsed)?;
    if route.method.has_body() {
        read_body(request, route, body, &mut parsed)?;
    }
    Ok(parsed)
}

fn read_query(request: &HttpRequest, route: &Route, parsed: &mut ParsedRequest) -> Result<(), Error> {
    let (mut include, mut fields) = (None, None);
    for pair in request.query_string().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(&name.replace('+', " "))?, decode(&value.replace('+', " "))?);
        match route.only_with {
            // A cache-buster, as jQuery adds one. No input member starts like this.
            _ if name.starts_with('_') => {}
            Some((only, _)) if only == name => once(&name, value, &mut include)?,
            _ if name == FIELDS && route.method.is_safe() => once(&name, value, &mut fields)?,
            _ => {
                let is_list = |shape: Schema| matches!(shape, Schema::List { .. });
                let list = route.operation.input.member(&name).is_some_and(|member| is_list(member.schema));
                parsed.input.push((name, if list { split(&value) } else { Value::RawText(value) }));
            }
        }
    }
    parsed.fields = chosen::chosen(route, include.as_deref(), fields.as_deref())?;
    Ok(())
}

/// A list is one parameter: `?fields=name&fields=email` is refused.
fn once(name: &str, value: String, earlier: &mut Option<String>) -> Result<(), Error> {
    match earlier.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::invalid(&format!("/{name}"), "must be one parameter with words separated by commas")),
    }
}

/// `1,2,3` as a list.
fn split(value: &str) -> Value {
    let items = value.split(',').filter(|item| !item.is_empty());
    Value::List(items.map(|item| Value::RawText(item.to_owned())).collect())
}

fn read_body(request: &HttpRequest, route: &Route, body: &Bytes, parsed: &mut ParsedRequest) -> Result<(), Error> {
    let no_member_needed = route.other_members().next().is_none();
    if body.is_empty() && no_member_needed {
        return Ok(());
    }
    let document = wire::json::read(body)?;
    if MediaType::of(request.headers()).is(JSON_PATCH) {
        parsed.patch = Some(Patch::read(document)?);
        return Ok(());
    }
    let Value::Object(members) = document else {
        return Err(Error::invalid("", "must be an object"));
    };
    check_patch(route, &members)?;
    // Null means absent, so it does not contradict an If-Match.
    let is_absent =
        |(name, value): &(String, Value)| route.changes.is_some() && name == EXPECTED_VERSION && *value == Value::Null;
    parsed.input.extend(members.into_iter().filter(|member| !is_absent(member)));
    Ok(())
}

/// What a method adds to the operation's rules. RFC 7396: null removes a member, and none can be removed here.
/// RFC 9110 section 9.3.4: PUT has the whole resource, so nothing of it may be missing.
fn check_patch(route: &Route, members: &[(String, Value)]) -> Result<(), Error> {
    let violation = |name: &str, message: &str| Violation { pointer: format!("/{name}"), message: message.to_owned() };
    let violations: Vec<Violation> = match route.method {
        Verb::Patch => {
            let nulls = members.iter().filter(|(_, value)| *value == Value::Null);
            nulls.map(|(name, _)| violation(name, "can't be removed, was null")).collect()
        }
        Verb::Put => {
            let missing = route.other_members().filter(|member| !member.required && member.name != EXPECTED_VERSION);
            let is_given = |name: &str| members.iter().any(|(given, value)| given == name && *value != Value::Null);
            let missing = missing.filter(|member| !is_given(member.name));
            missing.map(|member| violation(member.name, "is required: PUT replaces the whole resource")).collect()
        }
        Verb::Get | Verb::Query | Verb::Post | Verb::Delete => Vec::new(),
    };
    if violations.is_empty() { Ok(()) } else { Err(Error::violations(violations)) }
}

fn decode(written: &str) -> Result<String, Error> {
    let decoded = percent_decode_str(written).decode_utf8();
    decoded.map(String::from).map_err(|_| Error::new(Reason::Unreadable, "the address is not UTF-8"))
}
