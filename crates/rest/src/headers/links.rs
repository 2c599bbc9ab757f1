//! Links: to the next page (RFC 8288), and from a deprecated address to its successor.

use crate::messages::reply::Representation;
use crate::routes::{Old, in_braces};
use crate::{CHANGES, client};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use domain::{Reply, Value};

/// The header of a deprecated address (RFC 9745 section 2).
pub const DEPRECATION: &str = "deprecation";
/// The header with its end (RFC 8594 section 3).
pub const SUNSET: &str = "sunset";

/// Adds the links to the next page, and to the same request by GET.
pub fn add(request: &HttpRequest, response: &mut HttpResponseBuilder, representation: &Representation) {
    if representation.route.method == crate::routes::Verb::Query {
        // RFC 10008: the response to a QUERY may link to the same by GET, for caches that only store GET.
        response.insert_header((header::LOCATION, same_by_get(request, representation, None)));
    }
    if let Some(next) = next_of(representation.reply) {
        let target = same_by_get(request, representation, Some(next));
        response.insert_header((header::LINK, format!("<{target}>; rel=\"next\"")));
    }
}

/// The address of the same request by GET, from that cursor on.
fn same_by_get(request: &HttpRequest, representation: &Representation, after: Option<String>) -> String {
    let is_in_query = |(name, value): &&(String, Value)| {
        !representation.route.is_in_path(name) && *value != Value::Null && !(after.is_some() && name == "after")
    };
    let mut query: Vec<(String, Value)> = representation.parsed.input.iter().filter(is_in_query).cloned().collect();
    query.extend(after.map(|cursor| ("after".to_owned(), Value::Text(cursor))));
    query
        .extend(representation.parsed.fields.as_ref().map(|names| ("fields".to_owned(), Value::Text(names.join(",")))));
    let query = client::query(&query);
    let mark = if query.is_empty() { "" } else { "?" };
    wire::base(request).http(&format!("{}{mark}{query}", request.path()))
}

/// The cursor of the next page, if the reply is a page and not the last.
fn next_of(reply: &Reply) -> Option<String> {
    let next = match reply {
        Reply::Users(page) => page.next.as_ref(),
        Reply::Products(page) => page.next.as_ref(),
        Reply::Orders(page) => page.next.as_ref(),
        Reply::Webhooks(page) => page.next.as_ref(),
        Reply::Deliveries(page) => page.next.as_ref(),
        // The log has no end: there is always a next cursor.
        Reply::Events(page) => return Some(page.next.to_string()),
        _ => None,
    };
    next.map(|cursor| cursor.as_str().to_owned())
}

/// Adds to every response of a deprecated address that it is, and its successor.
pub fn add_old(request: &HttpRequest, response: &mut HttpResponse, old: &Old, in_path: &[(&'static str, &str)]) {
    let base = wire::base(request);
    let step = |step: &str| match in_braces(step) {
        Some(name) => in_path.iter().find(|(member, _)| *member == name).map_or("", |(_, written)| written).to_owned(),
        None => step.to_owned(),
    };
    let instead = old.instead.split('/').map(step).collect::<Vec<_>>().join("/");
    let links = format!(
        "<{}>; rel=\"deprecation\"; type=\"text/html\", <{}>; rel=\"successor-version\"",
        base.http(CHANGES),
        base.http(&format!("/rest{instead}"))
    );
    let headers = [
        (HeaderName::from_static(DEPRECATION), format!("@{}", old.since_seconds)),
        (HeaderName::from_static(SUNSET), old.until.to_owned()),
        (header::LINK, links),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(name, value);
        }
    }
}
