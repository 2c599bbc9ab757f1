//! Responses: the form, entity tag, links and headers of a reply.

use super::preconditions::{Conditions, version_of};
use crate::errors::Refusal;
use crate::forms::Form;
use crate::messages::{ParsedRequest, csv, select, xml};
use crate::routes::{Old, Route, Verb, fill};
use crate::{CHANGES, PATH, client};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use domain::page::Page;
use domain::{Reply, RequestContext, Value};
use wire::compression::coding;
use wire::conditional::ETag;

/// The response to a success; for a read, 304 if the client has it already.
pub fn respond(
    request: &HttpRequest,
    context: &RequestContext,
    conditions: &Conditions,
    parsed: &ParsedRequest,
    form: Form,
    reply: &Reply,
) -> Result<HttpResponse, Refusal> {
    let route = parsed.route;
    let mut response = HttpResponse::build(route.status());
    if let Some((below, id)) = route.location.zip(id_of(reply)) {
        response.insert_header((header::LOCATION, wire::base(request).http(&format!("{PATH}{below}{id}"))));
    }
    if route.status() == StatusCode::NO_CONTENT {
        return Ok(response.finish());
    }
    if let Some(caching) = caching(route, context) {
        response.insert_header((header::CACHE_CONTROL, caching));
    }
    let body = body(parsed, form, reply);
    if route.method.is_safe() {
        let tag = tag(request, parsed, reply, &body);
        let is_known = conditions.is_known(version_of(reply), &tag)?;
        response.insert_header((header::VARY, "Accept, Accept-Encoding"));
        tag.header().map(|tag| response.insert_header((header::ETAG, tag)));
        if is_known {
            return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
        }
        add_links(request, &mut response, parsed, reply);
    } else if route.location.is_some() || route.method == Verb::Patch {
        // The tag for the next change. RFC 9110 section 9.3.4: a response to PUT has none, because its content is not stored
        // byte for byte.
        tag(request, parsed, reply, &body).header().map(|tag| response.insert_header((header::ETAG, tag)));
    }
    Ok(response.insert_header((header::CONTENT_TYPE, form.content_type())).body(body))
}

fn body(parsed: &ParsedRequest, form: Form, reply: &Reply) -> String {
    let (thing, is_list) = parsed.route.resource();
    if form == Form::Json && parsed.fields.is_none() {
        return wire::json::reply(reply);
    }
    let mut value = reply.to_value();
    if let Some(names) = &parsed.fields {
        select(&mut value, names, is_list);
    }
    match form {
        Form::Json => wire::json::value(&value),
        Form::Xml => xml::document(parsed.route.operation.reply_name, &value),
        Form::Csv => csv::table(&value, thing, parsed.fields.as_deref()),
    }
}

/// The entity tag of the response as it is sent: [`wire::middleware`] compresses it if its request accepts that.
fn tag(request: &HttpRequest, parsed: &ParsedRequest, reply: &Reply, body: &str) -> ETag {
    let tag = match version_of(reply).filter(|_| parsed.fields.is_none()) {
        Some(version) => ETag::of_version(version, body.as_bytes()),
        None => ETag::of_bytes(body.as_bytes()),
    };
    tag.with_coding(coding(request.headers(), body.len()))
}

/// The `Cache-Control` of a route's response; `None` without one. A response with credentials must not be stored at all
/// (RFC 6749 section 5.1).
fn caching(route: &Route, context: &RequestContext) -> Option<HeaderValue> {
    if route.is_about_credentials() {
        return Some(HeaderValue::from_static("no-store"));
    }
    route.method.is_safe().then(|| wire::conditional::caching(&context.credentials))
}

/// The id of the created resource.
fn id_of(reply: &Reply) -> Option<i32> {
    match reply {
        Reply::User(user) => Some(user.id.0),
        Reply::Order(order) => Some(order.id.0),
        Reply::Webhook(webhook) => Some(webhook.id.0),
        _ => None,
    }
}

/// Adds the links to the next page (RFC 8288), and to the same request by GET.
fn add_links(request: &HttpRequest, response: &mut HttpResponseBuilder, parsed: &ParsedRequest, reply: &Reply) {
    if parsed.route.method == Verb::Query {
        // RFC 10008: the response to a QUERY may link to the same by GET, for caches that only store GET.
        response.insert_header((header::LOCATION, same_by_get(request, parsed, None)));
    }
    if let Some(next) = next_of(reply) {
        let target = same_by_get(request, parsed, Some(next));
        response.insert_header((header::LINK, format!("<{target}>; rel=\"next\"")));
    }
}

/// The address of the same request by GET, from that cursor on.
fn same_by_get(request: &HttpRequest, parsed: &ParsedRequest, after: Option<String>) -> String {
    let is_in_query = |(name, value): &&(String, Value)| {
        !parsed.route.is_in_path(name) && *value != Value::Null && !(after.is_some() && name == "after")
    };
    let next = after.as_ref().map(|cursor| ("after".to_owned(), Value::text(cursor)));
    let fields = parsed.fields.as_ref().map(|names| ("fields".to_owned(), Value::Text(names.join(","))));
    let query = client::query(parsed.input.iter().filter(is_in_query).cloned().chain(next).chain(fields));
    wire::base(request).http(&format!("{}{query}", request.path()))
}

/// The cursor of the next page, if the reply is a page and not the last.
fn next_of(reply: &Reply) -> Option<String> {
    match reply {
        Reply::Users(Page { next, .. })
        | Reply::Products(Page { next, .. })
        | Reply::Orders(Page { next, .. })
        | Reply::Webhooks(Page { next, .. })
        | Reply::Deliveries(Page { next, .. }) => next.as_ref().map(|cursor| cursor.as_str().to_owned()),
        // The log has no end: there is always a next cursor.
        Reply::Events(page) => Some(page.next.to_string()),
        _ => None,
    }
}

/// Adds the end of a deprecated address (RFC 9745 section 2, RFC 8594 section 3), and links to its successor.
pub fn add_deprecation(request: &HttpRequest, response: &mut HttpResponse, old: &Old, in_path: &[(&str, &str)]) {
    let base = wire::base(request);
    let written = |name: &str| in_path.iter().find(|(member, _)| *member == name).map_or("", |(_, written)| written);
    let instead = fill(old.instead, |member| written(member).to_owned());
    let (changes, instead) = (base.http(CHANGES), base.http(&format!("{PATH}{instead}")));
    add(response, "deprecation", &format!("@{}", old.since_seconds));
    add(response, "sunset", old.until);
    let links = format!("<{changes}>; rel=\"deprecation\"; type=\"text/html\", <{instead}>; rel=\"successor-version\"");
    add(response, "link", &links);
}

/// Adds the media types of an address, for a client that sent another one or OPTIONS.
pub fn add_accepted(response: &mut HttpResponse, routes: &[&Route]) {
    for route in routes {
        match route.method {
            // RFC 10008: a list of strings by RFC 9651.
            Verb::Query => add(response, "accept-query", &format!("\"{}\"", route.method.takes().join("\", \""))),
            // RFC 5789 section 3.1.
            Verb::Patch => add(response, "accept-patch", &route.method.takes().join(", ")),
            // Linked Data Platform 1.0, section 7.1.
            Verb::Post if route.other_members().next().is_some() => {
                add(response, "accept-post", &route.method.takes().join(", "));
            }
            Verb::Get | Verb::Post | Verb::Put | Verb::Delete => {}
        }
    }
}

/// Adds a header. Constants, numbers and addresses are a valid value.
fn add(response: &mut HttpResponse, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(HeaderName::from_static(name), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::ROUTES;
    use domain::Sandbox;
    use domain::access::{Credentials, Secret};

    #[test]
    fn answers_to_a_user_are_not_cached_for_others() {
        let cache_control = |operation: &str, credentials| {
            let context = RequestContext { credentials, ..RequestContext::new("rest", Sandbox::main()) };
            let route = ROUTES.iter().find(|route| route.operation.name == operation).unwrap();
            caching(route, &context).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let key = || Credentials::ApiKey(Secret::new("k"));
        assert_eq!(cache_control("get_user", Credentials::None), "no-cache");
        assert_eq!(cache_control("get_user", key()), "private, no-cache");
        assert_eq!(
            [cache_control("who_am_i", key()), cache_control("log_in", Credentials::None)],
            ["no-store", "no-store"]
        );
        assert_eq!(cache_control("place_order", key()), "");
    }
}
