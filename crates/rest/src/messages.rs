//! Requests and replies on the wire, to and from domain values.

pub mod csv;
mod patch;
pub mod xml;

pub use patch::{STEPS_MAX, apply, difference};

use crate::errors::Refusal;
use crate::routes::{JSON_PATCH, Route, Verb};
use actix_web::http::StatusCode;
use bytes::Bytes;
use domain::schema::{Schema, Violation};
use domain::{Error, Reason, Value};
use json_patch::Patch;
use percent_encoding::percent_decode_str;
use wire::content::json_type;
use wire::{IncomingRequest, MediaType};

/// The name of the input member with the expected version. A header may have it instead.
pub const EXPECTED_VERSION: &str = "expected_version";

/// The parameter with the members of the reply.
const FIELDS: &str = "fields";
/// Words of such a list, duplicates included: more than any resource has members.
pub const WORDS_MAX: usize = 100;

pub struct ParsedRequest {
    pub route: &'static Route,
    /// The operation's input, as far as the request has it.
    pub input: Vec<(String, Value)>,
    /// A JSON Patch that leads to the rest of the input, applied to the current resource.
    pub patch: Option<Patch>,
    /// The selected members of the reply; `None` for all.
    pub fields: Option<Vec<&'static str>>,
}

impl ParsedRequest {
    /// Whether the input has the expected version. Null means absent.
    pub fn has_expected_version(&self) -> bool {
        self.input.iter().any(|(name, value)| name == EXPECTED_VERSION && *value != Value::Null)
    }
}

/// The input member with the expected version.
pub fn expected_version(version: i32) -> (String, Value) {
    (EXPECTED_VERSION.to_owned(), Value::Int(version.into()))
}

/// Parses a request: the path, then the query and the body.
pub fn read(
    request: &dyn IncomingRequest,
    route: &'static Route,
    in_path: &[(&str, &str)],
) -> Result<ParsedRequest, Refusal> {
    let body = content(request, route)?;
    let mut parsed = ParsedRequest { route, input: Vec::new(), patch: None, fields: None };
    for (name, written) in in_path {
        parsed.input.push(((*name).to_owned(), Value::RawText(decode(written)?)));
    }
    let done = read_query(request, &mut parsed).and_then(|()| read_body(request, &body, &mut parsed));
    done.map_err(|error| match error.reason {
        Reason::InvalidInput => Refusal::from(error).for_authorized(),
        _ => error.into(),
    })?;
    Ok(parsed)
}

/// The content of a request. RFC 9110 sections 9.3.1 and 9.3.5: with GET, HEAD and DELETE it has no meaning, so it is ignored.
fn content(request: &dyn IncomingRequest, route: &Route) -> Result<Bytes, Refusal> {
    if !route.method.has_body() {
        return Ok(Bytes::new());
    }
    // RFC 10008: the meaning of a QUERY depends on its media type, so it must have one.
    if route.method == Verb::Query || request.has_body() {
        let unsupported = |error| Refusal::new(error, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        json_type(request.headers(), route.method.takes()).map_err(unsupported)?;
    }
    Ok(request.body()?)
}

fn read_query(request: &dyn IncomingRequest, parsed: &mut ParsedRequest) -> Result<(), Error> {
    let route = parsed.route;
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
                let value = match route.operation.input.member(&name).map(|member| member.schema) {
                    Some(Schema::List { .. }) => split(&value),
                    _ => Value::RawText(value),
                };
                parsed.input.push((name, value));
            }
        }
    }
    parsed.fields = selected(route, include.as_deref(), fields.as_deref())?;
    Ok(())
}

/// The selected members, if any are left out. An empty list counts as absent.
fn selected(route: &Route, include: Option<&str>, fields: Option<&str>) -> Result<Option<Vec<&'static str>>, Error> {
    let all = route.resource().0.members;
    let mut members: Vec<&'static str> = all.iter().map(|member| member.name).collect();
    if let Some((name, words)) = route.only_with {
        let optional: Vec<&'static str> = words.split(',').collect();
        let included = listed(name, include.unwrap_or_default(), &optional)?;
        members.retain(|member| included.contains(member) || !optional.contains(member));
    }
    let fields = listed(FIELDS, fields.unwrap_or_default(), &members)?;
    let named = if fields.is_empty() { members } else { fields };
    Ok((named.len() < all.len()).then_some(named))
}

/// Leaves out the members that were not selected, of a resource or of each item of a page.
pub fn select(reply: &mut Value, names: &[&str], is_list: bool) {
    match reply {
        Value::Object(members) if is_list => members.iter_mut().for_each(|(_, items)| select(items, names, false)),
        Value::Object(members) => members.retain(|(name, _)| names.contains(&name.as_str())),
        Value::List(items) => items.iter_mut().for_each(|item| select(item, names, false)),
        _ => {}
    }
}

/// The words of a parameter, in any order. Duplicates count once.
fn listed(name: &str, list: &str, allowed: &[&'static str]) -> Result<Vec<&'static str>, Error> {
    let mut words: Vec<&'static str> = Vec::new();
    let count = list.split(',').count();
    if count > WORDS_MAX {
        return Err(Error::invalid(&format!("/{name}"), format!("must have at most {WORDS_MAX} words, got {count}")));
    }
    for word in list.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let Some(known) = allowed.iter().find(|known| **known == word) else {
            let (shown, allowed) = (domain::value::shown(word), allowed.join(", "));
            return Err(Error::invalid(&format!("/{name}"), format!("must name some of {allowed}, got \"{shown}\"")));
        };
        if !words.contains(known) {
            words.push(known);
        }
    }
    Ok(words)
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

fn read_body(request: &dyn IncomingRequest, body: &[u8], parsed: &mut ParsedRequest) -> Result<(), Error> {
    let route = parsed.route;
    let no_member_needed = route.other_members().next().is_none();
    if !route.method.has_body() || body.is_empty() && no_member_needed {
        return Ok(());
    }
    let document = wire::json::read(body)?;
    if MediaType::of(request.headers()).is(JSON_PATCH) {
        parsed.patch = Some(patch::read(document)?);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::ROUTES;
    use domain::orders::OrderDetails;
    use testing::replies;

    fn chosen_of(reply_name: &str, names: &[&str], is_list: bool) -> String {
        let mut reply = replies(reply_name).pop().unwrap().to_value();
        select(&mut reply, names, is_list);
        wire::json::value(&reply)
    }

    #[test]
    fn what_was_not_chosen_is_left_out_with_all_that_is_in_it() {
        assert_eq!(chosen_of("user", &["version", "id"], false), r#"{"id":1,"version":1}"#);
        assert_eq!(chosen_of("users", &["id"], true), r#"{"items":[{"id":1}],"next":"9e7a4f3400000001"}"#);
        let details = chosen_of("order_details", &["id", "total"], false);
        assert_eq!(details, r#"{"id":1,"total":{"amount":10,"currency":"EUR"}}"#);
        assert_eq!(chosen_of("order", &["version"], false), r#"{"version":3}"#);
    }

    #[test]
    fn any_of_the_members_can_be_chosen_and_no_other() {
        let route = |operation: &str| ROUTES.iter().find(|route| route.operation.name == operation).unwrap();
        let names = |list: &str| selected(route("get_user"), None, Some(list)).unwrap();
        assert_eq!(names("name,email"), Some(vec!["name", "email"]));
        assert_eq!(names("email, name,email,"), Some(vec!["email", "name"]));
        assert_eq!(names(""), None);
        assert_eq!(names("version,created_at,role,email,name,id"), None, "these are all of them");
        for bad in ["nick_name", "name,nick", "Name", "name;email", "name email"] {
            let error = selected(route("get_user"), None, Some(bad)).unwrap_err();
            assert_eq!(error.errors[0].pointer, "/fields", "{bad}");
            assert!(error.errors[0].message.contains("id, name, email, role, created_at, version"), "{bad}");
        }
    }

    #[test]
    fn an_order_includes_what_is_named_in_any_order() {
        let route = ROUTES.iter().find(|route| route.operation.name == "get_order_details").unwrap();
        let has = |include: &str, fields: Option<&str>| {
            let members = selected(route, Some(include), fields)?;
            let of_all = || OrderDetails::OBJECT.members.iter().map(|member| member.name).collect::<Vec<_>>();
            let names = members.unwrap_or_else(of_all);
            Ok::<_, Error>((names.len(), names.contains(&"user"), names.contains(&"products")))
        };
        let whole = OrderDetails::OBJECT.members.len();
        for both in ["user,products", "products,user", "products, user,products,"] {
            assert_eq!(has(both, None).unwrap(), (whole, true, true), "{both}");
        }
        assert_eq!(has("user", None).unwrap(), (whole - 1, true, false));
        assert_eq!(has("products", None).unwrap(), (whole - 1, false, true));
        assert_eq!(has("", None).unwrap(), (whole - 2, false, false));
        assert_eq!(has("user", Some("user,id")).unwrap(), (2, true, false));
        assert_eq!(
            has("user,everything", None).unwrap_err().errors[0].message,
            "must name some of user, products, got \"everything\""
        );
        assert_eq!(has("user", Some("products")).unwrap_err().errors[0].pointer, "/fields", "it is not included");
    }
}
