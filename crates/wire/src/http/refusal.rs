//! Refusals in plain HTTP, where no style's own grammar applies: a status for each kind of error, challenges, and the error
//! object as JSON.
#![deny(clippy::wildcard_enum_match_arm)]

use crate::json;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Route, web};
use domain::access::Credentials;
use domain::schema::names::{did_you_mean, similar};
use domain::value::shown;
use domain::{Error, Kind, Reason, RequestContext};

/// The status of a reason: that of its kind, with one exception.
pub fn status(reason: Reason) -> StatusCode {
    // draft-ietf-httpapi-idempotency-key-header, section 2.7: another payload with the same key is 422; 409 would mean
    // that the first request is still in progress.
    if reason == Reason::IdempotencyKeyReused {
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    match reason.kind() {
        Kind::Unreadable => StatusCode::BAD_REQUEST,
        Kind::UnknownOperation => StatusCode::NOT_FOUND,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict | Kind::RuleBroken => StatusCode::CONFLICT,
        Kind::Gone => StatusCode::GONE,
        Kind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A refusal with the status that REST has for it.
pub fn refusal(error: &Error) -> HttpResponse {
    let mut response = refuse(status(error.reason), error);
    set_retry_after(&mut response, error.retry_after_ms);
    response
}

/// Says after how long to try again, where the style has that in a header.
pub fn set_retry_after(response: &mut HttpResponse, retry_after_ms: Option<u32>) {
    if let Some(ms) = retry_after_ms {
        // RFC 9110 section 10.2.3: whole seconds, so rounded up.
        response.headers_mut().insert(header::RETRY_AFTER, ms.div_ceil(1_000).into());
    }
}

/// The same, with challenges for a caller without valid credentials (RFC 9110 section 15.5.2).
pub fn refused(context: &RequestContext, error: &Error) -> HttpResponse {
    let mut response = refusal(error);
    add_challenges(&mut response, context, error);
    response
}

/// A refusal at an address that belongs to no protocol: the error object, as JSON.
pub fn refuse(status: StatusCode, error: &Error) -> HttpResponse {
    HttpResponse::build(status).content_type("application/json").body(json::error_object(error, true))
}

/// The response to a method that is not allowed, written by the style of the address. RFC 9110 section
/// 15.5.6: it lists the allowed ones.
pub fn not_allowed<W>(request: &HttpRequest, allowed: &str, write: W) -> HttpResponse
where
    W: FnOnce(StatusCode, Error) -> HttpResponse,
{
    let (method, path) = (shown(request.method().as_str()), shown(request.path()));
    let message = format!("method {method} is not allowed at {path}; allowed: {allowed}");
    let mut response = write(StatusCode::METHOD_NOT_ALLOWED, Error::new(Reason::UnknownOperation, message));
    if let Ok(allowed) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}

/// The refusal of every other method, at an address that belongs to no protocol.
pub fn only(allowed: &'static str) -> Route {
    web::to(move |request: HttpRequest| async move {
        not_allowed(&request, allowed, |status, error| refuse(status, &error))
    })
}

/// The refusal of an unknown address, which may mean one of these or what is below it.
pub fn nothing_at(request: &HttpRequest, known: &[&str]) -> HttpResponse {
    let path = request.path();
    let (first, below) =
        path.split_at(path.get(1..).and_then(|rest| rest.find('/')).map_or(path.len(), |length| length + 1));
    let meant = did_you_mean(similar(first, known).map(|meant| format!("{meant}{}", shown(below))));
    let message = format!("there is nothing at {}{meant}; GET / lists what there is", shown(request.path()));
    refuse(StatusCode::NOT_FOUND, &Error::new(Reason::UnknownOperation, message))
}

/// RFC 7617 section 2.1: names and passwords are in UTF-8.
const BASIC: HeaderValue = HeaderValue::from_static("Basic realm=\"parlance\", charset=\"UTF-8\"");

/// Adds the challenges to a refusal with 401 (RFC 9110 section 15.5.2: at least one).
/// Each challenge has a line of its own: on one line their commas would mix with those between parameters.
pub fn add_challenges(response: &mut HttpResponse, context: &RequestContext, error: &Error) {
    if error.kind() == Kind::Unauthenticated {
        let headers = response.headers_mut();
        bearer(context, error).map(|bearer| headers.append(header::WWW_AUTHENTICATE, bearer)).ok();
        headers.append(header::WWW_AUTHENTICATE, BASIC);
    }
}

/// RFC 6750 section 3: an invalid token is reported; a request without a token gets no details.
fn bearer(context: &RequestContext, error: &Error) -> Result<HeaderValue, header::InvalidHeaderValue> {
    // A known caller's token was valid: then something in the input was wrong, as in log_in.
    let is_bad = matches!(context.credentials, Credentials::Token(_)) && context.response.caller().is_none();
    if is_bad || error.reason == Reason::TokenExpired {
        let described = describable(&error.message);
        let bearer = format!("Bearer realm=\"parlance\", error=\"invalid_token\", error_description=\"{described}\"");
        return HeaderValue::from_str(&bearer);
    }
    Ok(HeaderValue::from_static("Bearer realm=\"parlance\""))
}

/// RFC 6749 section 5.2 and RFC 6750 section 3: a description has visible ASCII and spaces, without quotes and backslashes.
pub fn describable(message: &str) -> String {
    let allowed = |c: char| if matches!(c, ' '..='~') && c != '"' && c != '\\' { c } else { '\'' };
    message.chars().map(allowed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Sandbox;
    use domain::access::Secret;

    fn challenges(credentials: Credentials, error: &Error) -> Vec<String> {
        let context = RequestContext { credentials, ..RequestContext::new("rest", Sandbox::main()) };
        let mut response = HttpResponse::Unauthorized().finish();
        add_challenges(&mut response, &context, error);
        let lines = response.headers().get_all(header::WWW_AUTHENTICATE);
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn only_a_bad_token_is_called_one() {
        let plain = ["Bearer realm=\"parlance\"", "Basic realm=\"parlance\", charset=\"UTF-8\""];
        assert_eq!(challenges(Credentials::None, &Error::new(Reason::CredentialsMissing, "who?")), plain);
        let wrong = Error::new(Reason::CredentialsWrong, "no \"ä\\\n");
        assert_eq!(challenges(Credentials::ApiKey(Secret::new("k")), &wrong), plain);
        let bad = challenges(Credentials::Token(Secret::new("t")), &wrong);
        let headers_in = "Bearer realm=\"parlance\", error=\"invalid_token\", error_description=\"no ''''\"";
        assert_eq!(bad, [headers_in, plain[1]]);
        assert!(challenges(Credentials::None, &Error::new(Reason::NotAllowed, "no")).is_empty());
    }
}
