//! What does REST say beside the answer, in headers that HTTP has for it? How to prove who one is, and how often one may ask.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use domain::access::Credentials;
use domain::meta::Notes;
use domain::quota::Quota;
use domain::{Error, Kind, Meta, Reason};

/// What a caller may do in a while (draft-ietf-httpapi-ratelimit-headers, section 3).
pub const RATE_LIMIT_POLICY: &str = "ratelimit-policy";
/// What is left of that (section 4 of the same).
pub const RATE_LIMIT: &str = "ratelimit";

/// RFC 7617 section 2.1: names and passwords are in UTF-8.
const BASIC: HeaderValue = HeaderValue::from_static("Basic realm=\"parlance\", charset=\"UTF-8\"");

/// Adds to a refusal for which nobody is known how to become known (RFC 9110 section 15.5.2: 401 has at least one challenge).
/// Each challenge has a line of its own: on one line their commas would be mixed with those between parameters.
pub fn add_challenges(response: &mut HttpResponse, meta: &Meta, error: &Error) {
    if error.kind() == Kind::Unauthenticated {
        let headers = response.headers_mut();
        bearer(meta, error).map(|bearer| headers.append(header::WWW_AUTHENTICATE, bearer)).ok();
        headers.append(header::WWW_AUTHENTICATE, BASIC);
    }
}

/// RFC 6750 section 3: a token that is not good is told so; who has shown none is told nothing more.
fn bearer(meta: &Meta, error: &Error) -> Result<HeaderValue, header::InvalidHeaderValue> {
    // A known caller's token was good: then it is something in the input that was wrong, as when logging in.
    let is_bad = matches!(meta.credentials, Credentials::Token(_)) && meta.notes.caller().is_none();
    if is_bad || error.reason == Reason::TokenExpired {
        let described = describable(&error.message);
        let bearer = format!("Bearer realm=\"parlance\", error=\"invalid_token\", error_description=\"{described}\"");
        return HeaderValue::from_str(&bearer);
    }
    Ok(HeaderValue::from_static("Bearer realm=\"parlance\""))
}

/// RFC 6750 section 3: a description is of visible ASCII and spaces, without quotes and backslashes.
fn describable(message: &str) -> String {
    let allowed = |c: char| if matches!(c, ' '..='~') && c != '"' && c != '\\' { c } else { '\'' };
    message.chars().map(allowed).collect()
}

/// Adds how the caller's quota stands, if there is one: to every answer, because a client is to slow down before it is refused.
pub fn add_quota(response: &mut HttpResponse, notes: &Notes) {
    let Some(Quota { per_minute, left, wait_ms }) = notes.quota() else { return };
    // Whole seconds, rounded up as Retry-After is: both speak of the same moment.
    let wait = wait_ms.div_ceil(1_000);
    let said = [
        (RATE_LIMIT_POLICY, format!("\"default\";q={per_minute};w=60")),
        (RATE_LIMIT, format!("\"default\";r={left};t={wait}")),
    ];
    for (name, value) in said {
        // Numbers and constants: it is always a value.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Sandbox;
    use domain::access::Secret;

    fn challenges(credentials: Credentials, error: &Error) -> Vec<String> {
        let meta = Meta { credentials, ..Meta::new("rest", Sandbox::main()) };
        let mut response = HttpResponse::Unauthorized().finish();
        add_challenges(&mut response, &meta, error);
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
        let told = "Bearer realm=\"parlance\", error=\"invalid_token\", error_description=\"no ''''\"";
        assert_eq!(bad, [told, plain[1]]);
        assert!(challenges(Credentials::None, &Error::new(Reason::NotAllowed, "no")).is_empty());
    }
}
