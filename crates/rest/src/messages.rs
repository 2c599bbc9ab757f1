//! What do requests and replies look like on the wire, and how do they become domain values?

use crate::routes::{Route, Verb};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use domain::shape::{Shape, Violation};
use domain::{Error, Reason, Reply, Value};
use percent_encoding::percent_decode_str;

/// The media types of a body that we read; a merge patch (RFC 7396) is one that has no null.
const MEDIA_TYPES: &[&str] = &["application/json", "application/merge-patch+json"];

/// An operation's input: from the path, then from the query or the body.
pub fn read_input(request: &HttpRequest, route: &Route, in_path: &[(&'static str, &str)]) -> Result<Value, Error> {
    let mut members = Vec::new();
    for (name, written) in in_path {
        members.push(((*name).to_owned(), Value::Untyped(decode(written)?)));
    }
    members.extend(read_query(request, route)?);
    if route.method.has_body() {
        members.extend(read_body(request, route)?);
    } else if !wire::body(request)?.is_empty() {
        return Err(Error::unreadable(format!("{} is asked without a body", route.method.name())));
    }
    Ok(Value::Record(members))
}

fn read_query(request: &HttpRequest, route: &Route) -> Result<Vec<(String, Value)>, Error> {
    let mut members = Vec::new();
    for pair in request.query_string().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(&name.replace('+', " "))?, decode(&value.replace('+', " "))?);
        match route.only_with {
            Some((only, meant)) if only == name => require_words(&name, &value, meant)?,
            _ => {
                let is_list = |shape: Shape| matches!(shape, Shape::List { .. });
                let list = route.row().input.member(&name).is_some_and(|member| is_list(member.shape));
                members.push((name, if list { split(&value) } else { Value::Untyped(value) }));
            }
        }
    }
    Ok(members)
}

/// `1,2,3` as a list.
fn split(value: &str) -> Value {
    let items = value.split(',').filter(|item| !item.is_empty());
    Value::List(items.map(|item| Value::Untyped(item.to_owned())).collect())
}

fn require_words(name: &str, value: &str, meant: &str) -> Result<(), Error> {
    let sorted = |list: &str| {
        let mut words: Vec<String> = list.split(',').map(str::to_owned).collect();
        words.sort();
        words
    };
    if sorted(value) == sorted(meant) {
        return Ok(());
    }
    let shown = domain::value::shown(value);
    Err(Error::invalid(&format!("/{name}"), format!("must be {meant}, was \"{shown}\"")))
}

fn read_body(request: &HttpRequest, route: &Route) -> Result<Vec<(String, Value)>, Error> {
    let body = wire::body(request)?;
    let no_member_needed = route.other_members().next().is_none();
    if body.is_empty() && no_member_needed {
        return Ok(Vec::new());
    }
    let Value::Record(members) = wire::json::read(&body)? else {
        return Err(Error::invalid("", "must be an object"));
    };
    check_patch(route, &members)?;
    Ok(members)
}

/// What is wrong with the body's media type, if anything is: RFC 9110 section 15.5.16 has a status of its own for it.
pub fn unsupported_media_type(request: &HttpRequest, route: &Route) -> Option<Error> {
    let body_len = wire::body(request).map_or(0, |body| body.len());
    if !route.method.has_body() || body_len == 0 {
        return None;
    }
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if MEDIA_TYPES.iter().any(|known| known.eq_ignore_ascii_case(essence)) {
        return None;
    }
    let shown = domain::value::shown(given);
    Some(Error::unreadable(format!("the body must be {}, was \"{shown}\"", MEDIA_TYPES.join(" or "))))
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
            let missing = route.other_members().filter(|member| !member.required && member.name != "expected_version");
            let is_said = |name: &str| members.iter().any(|(said, value)| said == name && *value != Value::Null);
            let missing = missing.filter(|member| !is_said(member.name));
            missing.map(|member| violation(member.name, "is required: PUT says the whole")).collect()
        }
        Verb::Get | Verb::Post | Verb::Delete => Vec::new(),
    };
    if violations.is_empty() { Ok(()) } else { Err(Error::violations(violations)) }
}

fn decode(written: &str) -> Result<String, Error> {
    let decoded = percent_decode_str(written).decode_utf8();
    decoded.map(String::from).map_err(|_| Error::new(Reason::Unreadable, "the address is not UTF-8"))
}

/// The response to a success.
pub fn write_reply(request: &HttpRequest, route: &Route, reply: &Reply) -> HttpResponse {
    let status = StatusCode::from_u16(route.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    if let Some((below, id)) = route.location.zip(id_of(reply)) {
        response.insert_header((header::LOCATION, wire::base(request).http(&format!("/rest{below}{id}"))));
    }
    if status == StatusCode::NO_CONTENT {
        return response.finish();
    }
    response.content_type("application/json").body(wire::json::reply(reply))
}

/// The id of what was made.
fn id_of(reply: &Reply) -> Option<i32> {
    match reply {
        Reply::User(user) => Some(user.id.0),
        Reply::Order(order) => Some(order.id.0),
        _ => None,
    }
}
