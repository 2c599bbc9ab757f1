//! GraphQL over HTTP: how the parameters of a request are read, and a response is written in the media type that the client accepts.

use crate::errors::{Refusal, code};
use crate::messages::{RequestParams, write_refusal};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Credentials;
use domain::{Error, Reason, Value};
use wire::IncomingRequest;
use wire::accept::{preferences, quality_of_type};
use wire::compression::coding;
use wire::conditional::{ETag, ETagCondition, caching};
use wire::content::{Unread, json_type};

/// The header that switches the loaders off; see [`crate::schema::loaders`].
const DATALOADER: HeaderName = HeaderName::from_static("x-dataloader");
/// What a response varies by (RFC 9110 section 12.5.5).
const VARY: HeaderValue = HeaderValue::from_static("Accept, Accept-Encoding");

/// The parameters of a request.
pub fn read(request: &dyn IncomingRequest) -> Result<RequestParams, BadRequest> {
    let is_in_address = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut params = if is_in_address { read_address(request)? } else { read_body(request)? };
    let loaders = request.headers().get(&DATALOADER);
    params.one_by_one = loaders.is_some_and(|loaders| loaders.as_bytes().eq_ignore_ascii_case(b"off"));
    Ok(params)
}

/// "POST": the parameters are a JSON object, of the type `application/json` and in UTF-8. A browser can't send that
/// to another site without a preflight, so no form and no image can place an order.
fn read_body(request: &dyn IncomingRequest) -> Result<RequestParams, BadRequest> {
    let unsupported = |error| BadRequest { error, status: StatusCode::UNSUPPORTED_MEDIA_TYPE };
    json_type(request.headers(), &["application/json"]).map_err(unsupported)?;
    let body = request.body()?;
    Ok(RequestParams::read(wire::json::read(&body)?)?)
}

/// "GET": the parameters are in the query of the address, objects among them as JSON.
fn read_address(request: &dyn IncomingRequest) -> Result<RequestParams, BadRequest> {
    let pairs = Query::<Vec<(String, String)>>::from_query(request.query_string());
    let pairs = pairs.map_err(|error| Error::unreadable(format!("the query of the address: {error}")))?.into_inner();
    let mut members: Vec<(String, Value)> = Vec::with_capacity(pairs.len());
    for (name, text) in pairs {
        // Forms and templates send an absent parameter as an empty one; jQuery's cache-buster is called `_`.
        if text.is_empty() && name != "query" || name.starts_with('_') {
            continue;
        }
        let is_map = matches!(name.as_str(), "variables" | "extensions");
        let value = if is_map { wire::json::read(text.as_bytes())? } else { Value::Text(text) };
        members.push((name, value));
    }
    if let Some(twice) = wire::json::duplicate_member(&members) {
        return Err(Error::unreadable(format!("{} was given twice", domain::value::shown(twice))).into());
    }
    Ok(RequestParams::read(Value::Object(members))?)
}

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

/// The response to a query by GET without errors: it has an address, so it is a representation that may be cached, and is not sent
/// again to a client that has it (RFC 9110 sections 8.8.3 and 13.1). A POST has none, and a response with errors is not cached.
pub fn cacheable(
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

/// A request that is not GraphQL. GraphQL over HTTP, "Status codes": then the status is an error whatever media type is
/// accepted; the body is one that a GraphQL client can read.
pub struct BadRequest {
    /// The error.
    pub error: Error,
    /// Its status.
    pub status: StatusCode,
}

impl From<Error> for BadRequest {
    fn from(error: Error) -> Self {
        BadRequest { status: code(error.kind()).1, error }
    }
}

impl From<Unread> for BadRequest {
    fn from(Unread { error, status }: Unread) -> Self {
        BadRequest { status: status.unwrap_or(code(error.kind()).1), error }
    }
}

impl BadRequest {
    /// The response.
    pub fn response(self) -> HttpResponse {
        MediaType::Json.response(self.status, write_refusal(&self.error.into()))
    }
}

/// The response to a method that the address does not have.
pub fn not_allowed(request: &HttpRequest, allowed: &'static str) -> HttpResponse {
    wire::refusal::not_allowed(request, allowed, |status, error| BadRequest { error, status }.response())
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
