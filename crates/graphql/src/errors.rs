//! Errors of GraphQL: a code among an error's `extensions` (GraphQL section 7.1.2).
#![deny(clippy::wildcard_enum_match_arm)]

use actix_web::http::StatusCode;
use async_graphql::{ErrorExtensionValues, Name, Pos, ServerError, Value};
use domain::{Error, Kind};

/// The `extensions.code` of a kind, and the HTTP status where nothing was executed. An error in a field of an executed
/// document leaves the status at 200. Each root field is an operation of its own, so a refusal of the pipeline
/// (wrong credentials, missing rights, a used-up rate limit) is an error of that field, and no request error.
pub fn code(kind: Kind) -> (&'static str, StatusCode) {
    match kind {
        Kind::Unreadable => ("GRAPHQL_PARSE_FAILED", StatusCode::BAD_REQUEST),
        Kind::UnknownOperation => ("GRAPHQL_VALIDATION_FAILED", StatusCode::BAD_REQUEST),
        Kind::TooLarge => ("TOO_LARGE", StatusCode::PAYLOAD_TOO_LARGE),
        Kind::Invalid => ("INVALID", StatusCode::BAD_REQUEST),
        Kind::Unauthenticated => ("UNAUTHENTICATED", StatusCode::UNAUTHORIZED),
        Kind::Forbidden => ("FORBIDDEN", StatusCode::FORBIDDEN),
        Kind::NotFound => ("NOT_FOUND", StatusCode::NOT_FOUND),
        Kind::Conflict => ("CONFLICT", StatusCode::CONFLICT),
        Kind::RuleBroken => ("RULE_BROKEN", StatusCode::CONFLICT),
        Kind::Gone => ("GONE", StatusCode::GONE),
        Kind::RateLimited => ("RATE_LIMITED", StatusCode::TOO_MANY_REQUESTS),
        Kind::Unavailable => ("UNAVAILABLE", StatusCode::SERVICE_UNAVAILABLE),
        Kind::Internal => ("INTERNAL", StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// A request error (GraphQL section 7.1.2): nothing was executed.
#[derive(Debug)]
pub struct Refusal {
    /// The kind of the first error.
    pub kind: Kind,
    /// The errors, as they are sent.
    pub errors: Vec<ServerError>,
}

impl Refusal {
    /// An error at a location of the document.
    pub fn at(error: &Error, locations: Vec<Pos>) -> Self {
        let mut error_at = ServerError::new(&*error.message, None);
        error_at.locations = locations;
        error_at.extensions = Some(extensions(error));
        Refusal { kind: error.kind(), errors: vec![error_at] }
    }

    /// With another member among its extensions, or another value of one.
    pub fn with(mut self, name: &str, value: impl Into<Value> + Clone) -> Self {
        let extensions = self.errors.iter_mut().filter_map(|error| error.extensions.as_mut());
        extensions.for_each(|extensions| extensions.set(name, value.clone()));
        self
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::at(&error, Vec::new())
    }
}

/// The result of a field that may fail: GraphQL section 6.4.4 makes a failed field null, if it is nullable, so that its error stays
/// there. async-graphql omits a field when the resolver itself fails; a `Result` inside an
/// `Option` becomes null.
pub type Maybe<T> = Option<Result<T, async_graphql::Error>>;

/// The error of a field; the executor adds location and path.
pub fn of_field(error: Error) -> async_graphql::Error {
    async_graphql::Error { extensions: Some(extensions(&error)), message: error.message, source: None }
}

/// The extensions of an error: `code`, `reason`, and `errors` and `retryAfterMs` where they apply.
pub fn extensions(error: &Error) -> ErrorExtensionValues {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code(error.kind()).0);
    extensions.set("reason", error.reason.word());
    if !error.errors.is_empty() {
        let violations = error.errors.iter().map(|violation| {
            let member = |name, text: &str| (Name::new(name), Value::from(text));
            let members = [member("pointer", &violation.pointer), member("message", &violation.message)];
            Value::Object(members.into_iter().collect())
        });
        extensions.set("errors", Value::List(violations.collect()));
    }
    if let Some(retry_after_ms) = error.retry_after_ms {
        extensions.set("retryAfterMs", retry_after_ms);
    }
    extensions
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Reason;
    use domain::schema::Violation;

    #[test]
    fn an_error_says_code_reason_and_every_violation() {
        let violation = |pointer: &str| Violation { pointer: pointer.into(), message: "is required".into() };
        let error = Error::violations(vec![violation("/name"), violation("/email")]);
        let json = serde_json::to_value(of_field(error)).unwrap();
        assert_eq!(json["extensions"]["code"], "INVALID");
        assert_eq!(json["extensions"]["reason"], "invalid_input");
        assert_eq!(json["extensions"]["errors"][1]["pointer"], "/email");
        let json = serde_json::to_value(&Refusal::from(Error::overloaded("later")).errors[0]).unwrap();
        assert_eq!(json["extensions"]["retryAfterMs"], 1000);
    }

    #[test]
    fn every_code_is_of_one_kind() {
        let mut codes: Vec<_> = Reason::ALL.iter().map(|reason| code(reason.kind()).0).collect();
        codes.dedup();
        let distinct: std::collections::HashSet<_> = codes.iter().collect();
        assert_eq!(distinct.len(), codes.len());
    }
}
