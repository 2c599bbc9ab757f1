//! From a request to its operation and back.
//!
//! A request is read, prepared, executed, and answered as [`transport`] has it. The same address serves the WebSocket; see
//! [`events`]. Streams are also served as server-sent events, at an address of their own; see [`stream`].

mod stream;
pub mod transport;

use crate::documents::{Prepared, prepare};
use crate::errors::Refusal;
use crate::messages::{has_errors, write_refusal};
use crate::{CONTRACTS, NAME, PATH, SPELLING, SUBPROTOCOL, events};
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::parser::types::OperationType;
use domain::{Error, Reason, RequestContext, Shop};
use transport::{BadRequest, MediaType, cacheable, not_allowed};

const METHODS: &str = "GET, HEAD, POST, OPTIONS";

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    config.service(web::resource(PATH).to(handle)).service(web::resource(stream::PATH).to(stream::handle));
}

async fn handle(request: HttpRequest, payload: Payload, shop: Data<Shop>) -> HttpResponse {
    let answered = match *request.method() {
        _ if wire::socket::is_upgrade(&request) => open_socket(&request, payload, &shop),
        Method::POST | Method::GET | Method::HEAD => answer(&request, &shop).await,
        Method::OPTIONS => Ok(HttpResponse::NoContent().insert_header((header::ALLOW, METHODS)).finish()),
        _ => Ok(not_allowed(&request, METHODS)),
    };
    answered.unwrap_or_else(|no_request| no_request.response())
}

async fn answer(request: &HttpRequest, shop: &Shop) -> Result<HttpResponse, BadRequest> {
    let media_type = MediaType::accepted(request)?;
    let context = wire::request_context(request, NAME)?.spelled(&SPELLING);
    let executed = match prepare(&transport::read(request)?, shop, &context) {
        // GraphQL over HTTP, "GET": it must not execute a mutation, or a link could place an order.
        Ok(prepared) if prepared.kind() != OperationType::Query && request.method() != Method::POST => {
            return Ok(not_allowed(request, "POST"));
        }
        Ok(prepared) => execute(prepared).await,
        Err(refusal) => Err(refusal),
    };
    Ok(match executed {
        Ok(body) if request.method() != Method::POST && !has_errors(&body) => {
            cacheable(request, &context.credentials, media_type, body)?
        }
        Ok(body) => media_type.response(StatusCode::OK, body),
        Err(refusal) => media_type.response(media_type.status(&refusal), write_refusal(&refusal)),
    })
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
    let context = RequestContext { idempotency_key: None, ..wire::request_context(request, NAME)?.spelled(&SPELLING) };
    let write = |status, error: &Error| BadRequest { error: error.clone(), status }.response();
    Ok(events::open(request, payload, shop.clone(), context).unwrap_or_else(|refused| refused.response(write)))
}
