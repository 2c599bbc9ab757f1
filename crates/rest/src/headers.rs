//! The headers that only REST has: rate limits, caching, and the accepted media types.
//!
//! [`accept`] negotiates the form of a reply, [`links`] has the links to other addresses.

pub mod accept;
pub mod links;

use crate::errors::Refusal;
use crate::routes::{Route, Verb};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use domain::rate_limit::RateLimit;
use domain::request::ResponseMetadata;
use domain::{Error, Reason, RequestContext};

/// The policy of a rate limit (draft-ietf-httpapi-ratelimit-headers, section 3).
pub const RATE_LIMIT_POLICY: &str = "ratelimit-policy";
/// The state of a rate limit (section 4 of the same).
pub const RATE_LIMIT: &str = "ratelimit";
/// The media types of QUERY (RFC 10008).
pub const ACCEPT_QUERY: &str = "accept-query";
/// The media types of PATCH (RFC 5789 section 3.1).
pub const ACCEPT_PATCH: &str = "accept-patch";
/// The media types of POST (Linked Data Platform 1.0, section 7.1).
pub const ACCEPT_POST: &str = "accept-post";

/// Adds the state of the rate limit, if there is one: to every response, so that a client can slow down in time.
pub fn add_quota(response: &mut HttpResponse, notes: &ResponseMetadata) {
    let Some(RateLimit { per_minute, remaining: left, reset_ms }) = notes.rate_limit() else { return };
    // Whole seconds, rounded up like Retry-After: both mean the same time.
    let wait = reset_ms.div_ceil(1_000);
    let headers = [
        (RATE_LIMIT_POLICY, format!("\"default\";q={per_minute};w=60")),
        (RATE_LIMIT, format!("\"default\";r={left};t={wait}")),
    ];
    for (name, value) in headers {
        // Numbers and constants are a valid value.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
}

/// The `Cache-Control` of a route's response; `None` without one. A response with credentials must not be stored at all
/// (RFC 6749 section 5.1).
pub fn caching(route: &Route, context: &RequestContext) -> Option<HeaderValue> {
    if route.is_about_credentials() {
        return Some(HeaderValue::from_static("no-store"));
    }
    route.method.is_safe().then(|| wire::conditional::caching(&context.credentials))
}

/// The refusal of a malformed condition. Too large ones have a status of their own (RFC 6585 section 5).
pub fn unread(error: Error) -> Refusal {
    match error.reason {
        Reason::TooLarge => Refusal::new(error, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
        _ => error.into(),
    }
}

/// Bytes of a request's target. RFC 9110 section 4.1: at least 8,000 are recommended; our longest is below 2,000.
pub const TARGET_BYTES_MAX: usize = 8_000;
/// Bytes of a request's header fields together: tokens have up to 2,000, and some proxies add a few.
pub const FIELDS_BYTES_MAX: usize = 32 * 1024;

/// The refusal of a request head that is too long, with its status.
pub fn too_long(request: &HttpRequest) -> Result<(), Refusal> {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > TARGET_BYTES_MAX {
        return Err(Refusal::new(Error::too_large("bytes of an address", TARGET_BYTES_MAX), StatusCode::URI_TOO_LONG));
    }
    let fields: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if fields > FIELDS_BYTES_MAX {
        let error = Error::too_large("bytes of header fields", FIELDS_BYTES_MAX);
        return Err(Refusal::new(error, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
    }
    Ok(())
}

/// Adds the media types of an address, for a client that sent another one or OPTIONS.
pub fn add_accepted<'r>(response: &mut HttpResponse, routes: impl Iterator<Item = &'r Route>) {
    for route in routes {
        let (name, value) = match route.method {
            // RFC 10008: a list of strings by RFC 9651.
            Verb::Query => (ACCEPT_QUERY, format!("\"{}\"", route.method.takes().join("\", \""))),
            // RFC 5789 section 3.1, and the Linked Data Platform's counterpart for POST.
            Verb::Patch => (ACCEPT_PATCH, route.method.takes().join(", ")),
            Verb::Post if route.other_members().next().is_some() => (ACCEPT_POST, route.method.takes().join(", ")),
            Verb::Get | Verb::Post | Verb::Put | Verb::Delete => continue,
        };
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
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
