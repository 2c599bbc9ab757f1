//! Conditional GET: a response that the client already has is not sent again.
//!
//! By GET a query has an address, and its response is a representation that may be cached and validated by its entity
//! tag (RFC 9110 sections 8.8.3 and 13.1). A POST has none, and a response with errors is not cached.

use super::BadRequest;
use super::media::MediaType;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Credentials;
use domain::{Error, Reason};
use wire::compression::coding;
use wire::conditional::{ETag, ETagCondition, caching};

/// What a response varies by (RFC 9110 section 12.5.5).
const VARY: HeaderValue = HeaderValue::from_static("Accept, Accept-Encoding");

/// The response to a query by GET without errors.
pub fn response(
    request: &HttpRequest,
    credentials: &Credentials,
    media_type: MediaType,
    body: String,
) -> Result<HttpResponse, BadRequest> {
    let (if_match, known) =
        (ETagCondition::if_match(request.headers())?, ETagCondition::if_none_match(request.headers())?);
    let tag = tag(request, media_type, &body);
    if if_match.is_some_and(|tags| !tags.name(&tag)) {
        let error = Error::new(Reason::StaleVersion, "the resource has none of the tags in If-Match");
        return Err(BadRequest { error, status: StatusCode::PRECONDITION_FAILED });
    }
    let mut response = match known.is_some_and(|tags| tags.matches_weakly(&tag)) {
        true => HttpResponse::NotModified().finish(),
        false => media_type.response(StatusCode::OK, body),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, caching(credentials));
    headers.insert(header::VARY, VARY);
    tag.header().map(|tag| headers.insert(header::ETAG, tag));
    Ok(response)
}

/// The two media types have the same bytes, and are two representations all the same.
fn tag(request: &HttpRequest, media_type: MediaType, body: &str) -> ETag {
    let tag = ETag::of_bytes(body.as_bytes());
    let tag = match media_type {
        MediaType::Json => tag,
        MediaType::GraphqlResponse => tag.with("graphql"),
    };
    tag.with_coding(coding(request.headers(), body.len()))
}
