//! From a request to its operation and back.
//!
//! By GraphQL over HTTP: a request is read, prepared, executed, and answered in the media type that the client accepts. The
//! same address serves the WebSocket; see [`events`]. Streams are also served as server-sent events,
//! at an address of their own; see [`stream`].

mod conditional;
mod media;
mod stream;

use crate::documents::{Prepared, prepare};
use crate::errors::{Refusal, code};
use crate::messages::{RequestParams, has_errors, write_refusal};
use crate::{CONTRACTS, NAME, PATH, SUBPROTOCOL, events};
use actix_web::http::header::{self, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::parser::types::OperationType;
use domain::{Error, Reason, RequestContext, Shop, Value};
use media::MediaType;
use wire::content::Unread;

/// The header that switches the loaders off; see [`crate::schema::loaders`].
static DATALOADER: HeaderName = HeaderName::from_static("x-dataloader");

const METHODS: &str = "GET, HEAD, POST, OPTIONS";

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    config.service(web::resource(PATH).to(handle)).service(web::resource(stream::PATH).to(stream::handle));
}

async fn handle(request: HttpRequest, payload: Payload, shop: Data<Shop>) -> HttpResponse {
    let answered = match *request.method() {
        _ if wire::socket::is_upgrade(&request) => open_socket(&request, payload, &shop),
        Method::POST => answer(&request, &shop, read_post).await,
        Method::GET | Method::HEAD => answer(&request, &shop, read_get).await,
        Method::OPTIONS => Ok(HttpResponse::NoContent().insert_header((header::ALLOW, METHODS)).finish()),
        _ => Ok(not_allowed(&request, METHODS)),
    };
    answered.unwrap_or_else(|no_request| no_request.response())
}

async fn answer(
    request: &HttpRequest,
    shop: &Shop,
    read: fn(&HttpRequest) -> Result<RequestParams, BadRequest>,
) -> Result<HttpResponse, BadRequest> {
    let media_type = MediaType::accepted(request)?;
    let context = wire::request_context(request, NAME)?;
    let executed = match prepare(&read(request)?, shop, &context) {
        // GraphQL over HTTP, "GET": it must not execute a mutation, or a link could place an order.
        Ok(prepared) if prepared.kind() != OperationType::Query && request.method() != Method::POST => {
            return Ok(not_allowed(request, "POST"));
        }
        Ok(prepared) => execute(with_requested_loaders(prepared, request)).await,
        Err(refusal) => Err(refusal),
    };
    Ok(match executed {
        Ok(body) if request.method() != Method::POST && !has_errors(&body) => {
            conditional::response(request, &context.credentials, media_type, body)?
        }
        Ok(body) => media_type.response(StatusCode::OK, body),
        Err(refusal) => media_type.response(media_type.status(&refusal), write_refusal(&refusal)),
    })
}

/// The request may switch the loaders off, to see what that costs.
fn with_requested_loaders(prepared: Prepared, request: &HttpRequest) -> Prepared {
    let header = request.headers().get(&DATALOADER);
    if header.is_some_and(|header| header.as_bytes().eq_ignore_ascii_case(b"off")) {
        prepared.one_by_one()
    } else {
        prepared
    }
}

async fn execute(prepared: Prepared) -> Result<String, Refusal> {
    if prepared.kind() == OperationType::Subscription {
        let message = format!(
            "a subscription lasts: open a WebSocket at {PATH} with the subprotocol {SUBPROTOCOL}, or ask {} for an event stream",
            stream::PATH
        );
        return Err(Error::new(Reason::UnknownOperation, message).into());
    }
    prepared.answer().await
}

fn open_socket(request: &HttpRequest, payload: Payload, shop: &Shop) -> Result<HttpResponse, BadRequest> {
    // With one key all orders of the socket would be one order.
    let context = RequestContext { idempotency_key: None, ..wire::request_context(request, NAME)? };
    let write = |status, error: &Error| BadRequest { error: error.clone(), status }.response();
    Ok(events::open(request, payload, shop.clone(), context).unwrap_or_else(|refused| refused.response(write)))
}

/// GraphQL over HTTP, "POST": the parameters are a JSON object.
pub fn read_post(request: &HttpRequest) -> Result<RequestParams, BadRequest> {
    media::check_body(request)?;
    let body = wire::body(request)?;
    Ok(RequestParams::read(wire::json::read(&body)?)?)
}

/// GraphQL over HTTP, "GET": the parameters are in the query of the address, objects among them as JSON.
pub fn read_get(request: &HttpRequest) -> Result<RequestParams, BadRequest> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
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

fn not_allowed(request: &HttpRequest, allowed: &'static str) -> HttpResponse {
    wire::refusal::not_allowed(request, allowed, |status, error| BadRequest { error, status }.response())
}

/// A request that is not GraphQL. GraphQL over HTTP, "Status codes": then the status is an error whatever media type is
/// accepted; the body is one that a GraphQL client can read.
pub struct BadRequest {
    /// The error.
    pub error: Error,
    status: StatusCode,
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
    fn response(self) -> HttpResponse {
        MediaType::Json.response(self.status, write_refusal(&self.error.into()))
    }
}
