//! Where does one go from here? To the next page (RFC 8288), or from an old address to the one that came instead.

use crate::messages::reply::Told;
use crate::routes::{Old, in_braces};
use crate::{CHANGES, client};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use domain::{Reply, Value};

/// That an address is old (RFC 9745 section 2).
pub const DEPRECATION: &str = "deprecation";
/// When it stops to answer (RFC 8594 section 3).
pub const SUNSET: &str = "sunset";

/// Adds where the next page is, and where the same is asked for by GET.
pub fn add(request: &HttpRequest, response: &mut HttpResponseBuilder, told: &Told) {
    if told.route.method == crate::routes::Verb::Query {
        // RFC 10008: the answer to a QUERY may say where GET gives the same, for those on the way who keep only answers to GET.
        response.insert_header((header::LOCATION, same_by_get(request, told, None)));
    }
    if let Some(next) = next_of(told.reply) {
        let target = same_by_get(request, told, Some(next));
        response.insert_header((header::LINK, format!("<{target}>; rel=\"next\"")));
    }
}

/// The address at which GET asks what was asked; from that cursor on, if there is one.
fn same_by_get(request: &HttpRequest, told: &Told, after: Option<String>) -> String {
    let is_asked = |(name, value): &&(String, Value)| {
        !told.route.is_in_path(name) && *value != Value::Null && !(after.is_some() && name == "after")
    };
    let mut query: Vec<(String, Value)> = told.asked.input.iter().filter(is_asked).cloned().collect();
    query.extend(after.map(|cursor| ("after".to_owned(), Value::Text(cursor))));
    query.extend(told.asked.fields.as_ref().map(|names| ("fields".to_owned(), Value::Text(names.join(",")))));
    let query = client::query(&query);
    let mark = if query.is_empty() { "" } else { "?" };
    wire::base(request).http(&format!("{}{mark}{query}", request.path()))
}

/// Where the next page begins, if what is told is a page and not the last.
fn next_of(reply: &Reply) -> Option<String> {
    let next = match reply {
        Reply::Users(page) => page.next.as_ref(),
        Reply::Products(page) => page.next.as_ref(),
        Reply::Orders(page) => page.next.as_ref(),
        Reply::Webhooks(page) => page.next.as_ref(),
        Reply::Deliveries(page) => page.next.as_ref(),
        // The log goes on: there is always a place from which to read further.
        Reply::Events(page) => return Some(page.next.to_string()),
        _ => None,
    };
    next.map(|cursor| cursor.as_str().to_owned())
}

/// Adds to every answer of an old address that it is old, and what came instead.
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
    let said = [
        (HeaderName::from_static(DEPRECATION), format!("@{}", old.since_seconds)),
        (HeaderName::from_static(SUNSET), old.until.to_owned()),
        (header::LINK, links),
    ];
    for (name, value) in said {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(name, value);
        }
    }
}
