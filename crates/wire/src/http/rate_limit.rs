//! The headers of the rate limit.

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use domain::RequestContext;
use domain::rate_limit::RateLimit;

static POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
static STATE: HeaderName = HeaderName::from_static("ratelimit");

/// Adds the policy and the state of the rate limit (draft-ietf-httpapi-ratelimit-headers, sections 3 and 4), if there is one:
/// to every response, so that a client can slow down in time.
pub fn add_rate_limit(response: &mut HttpResponse, context: &RequestContext) {
    let Some(RateLimit { per_minute, remaining, reset_ms }) = context.response.rate_limit() else { return };
    // Whole seconds, rounded up like Retry-After: both mean the same time.
    let wait = reset_ms.div_ceil(1_000);
    let fields = [
        (&POLICY, format!("\"default\";q={per_minute};w=60")),
        (&STATE, format!("\"default\";r={remaining};t={wait}")),
    ];
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name.clone(), value);
        }
    }
}
