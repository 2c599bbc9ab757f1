//! The media types of requests and responses.

use super::BadRequest;
use crate::errors::{Refusal, code};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use domain::Error;
use wire::accept::{preferences, quality_of_type};
use wire::content::json_type;

/// The media types of a response. They differ in what the status means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// `application/json`: every request of GraphQL is answered with 200, as old clients expect.
    Json,
    /// `application/graphql-response+json`: a request that was not executed has an error status.
    GraphqlResponse,
}

impl MediaType {
    /// The media type that the client accepts, by RFC 9110 section 12.5.1. GraphQL over HTTP, "Accept": the
    /// newer one is preferred, but only if the client names it.
    pub fn accepted(request: &HttpRequest) -> Result<Self, BadRequest> {
        let wanted = preferences(request.headers(), &header::ACCEPT);
        if wanted.is_empty() {
            return Ok(MediaType::Json);
        }
        let weight = |media_type: MediaType| quality_of_type(&wanted, media_type.name());
        let is_named = wanted.iter().any(|preference| preference.is(MediaType::GraphqlResponse.name()));
        match (weight(MediaType::Json), weight(MediaType::GraphqlResponse)) {
            (0, 0) => {
                let message = "must accept application/graphql-response+json or application/json";
                Err(BadRequest { error: Error::unreadable(message), status: StatusCode::NOT_ACCEPTABLE })
            }
            (less, more) if more > less || (more == less && is_named) => Ok(MediaType::GraphqlResponse),
            _ => Ok(MediaType::Json),
        }
    }

    /// The media type's name.
    pub fn name(self) -> &'static str {
        match self {
            MediaType::Json => "application/json",
            MediaType::GraphqlResponse => "application/graphql-response+json",
        }
    }

    /// The status of a request error (GraphQL over HTTP, "Status codes" of each media type).
    pub fn status(self, refusal: &Refusal) -> StatusCode {
        match self {
            MediaType::Json => StatusCode::OK,
            MediaType::GraphqlResponse => code(refusal.kind).1,
        }
    }

    /// A response.
    pub fn response(self, status: StatusCode, body: String) -> HttpResponse {
        let content_type = HeaderValue::from_static(match self {
            MediaType::Json => "application/json; charset=utf-8",
            MediaType::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        });
        HttpResponse::build(status).insert_header((header::CONTENT_TYPE, content_type)).body(body)
    }
}

/// GraphQL over HTTP, "POST": the body is `application/json`, and UTF-8 if it has a charset. A browser can't send that
/// to another site without a preflight, so no form and no image can place an order.
pub fn check_body(request: &HttpRequest) -> Result<(), BadRequest> {
    let unsupported = |error| BadRequest { error, status: StatusCode::UNSUPPORTED_MEDIA_TYPE };
    json_type(request, &["application/json"]).map(drop).map_err(unsupported)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn accepted(accept: &str) -> Option<MediaType> {
        MediaType::accepted(&TestRequest::get().insert_header(("accept", accept)).to_http_request()).ok()
    }

    #[test]
    fn the_media_type_is_negotiated() {
        for (accept, media_type) in [
            ("", MediaType::Json),
            ("*/*", MediaType::Json),
            ("application/*", MediaType::Json),
            ("application/json", MediaType::Json),
            ("text/html,application/xhtml+xml,*/*;q=0.8", MediaType::Json),
            ("application/graphql-response+json", MediaType::GraphqlResponse),
            ("application/json, application/graphql-response+json", MediaType::GraphqlResponse),
            ("application/graphql-response+json, */*", MediaType::GraphqlResponse),
            ("application/graphql-response+json; charset=utf-8, application/json;q=0.9", MediaType::GraphqlResponse),
            ("application/graphql-response+json;q=0.5, application/json;q=0.9", MediaType::Json),
            ("application/graphql-response+json;q=0, */*", MediaType::Json),
            ("application/json;q=0, */*;q=0.1", MediaType::GraphqlResponse),
        ] {
            assert_eq!(accepted(accept), Some(media_type), "{accept}");
        }
        assert_eq!(accepted("text/html"), None);
        assert_eq!(accepted("application/json;q=0"), None);
    }
}
