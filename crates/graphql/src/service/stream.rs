//! How are answers had that last, without a WebSocket? As server-sent events, by the protocol of graphql-sse.
//!
//! With a connection for each operation ("distinct connections mode"):
//!
//! ```text
//! POST /graphql/stream HTTP/1.1
//! accept: text/event-stream
//! content-type: application/json
//!
//! {"query":"subscription { orderEvents { seq kind } }"}
//!
//! HTTP/1.1 200 OK
//! content-type: text/event-stream
//!
//! event: next
//! data: {"data":{"orderEvents":{"seq":42,"kind":"ORDER_PLACED"}}}
//! ```
//!
//! Or with one for all ("single connection mode"), as browsers open no more than six to one place: PUT reserves a stream and is
//! answered with its token, GET opens it, each POST with an `operationId` is answered by 202 and tells its answer there, DELETE
//! stops an operation.

mod line;
mod operation;
mod reserved;

use super::{NoRequest, as_wished, not_allowed, read_get, read_post};
use crate::NAME;
use crate::documents::{Prepared, prepare};
use crate::errors::{Refusal, said};
use crate::messages::{Asked, write_refusal};
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::parser::types::OperationType;
use domain::{Error, Meta, Reason, Shop};
use line::Line;
use operation::{Operation, Shared};
use reserved::Reserved;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Interval, interval};
use wire::drain::Drain;
use wire::socket::Rules;

/// Where streams are served.
pub const PATH: &str = "/graphql/stream";

const METHODS: &str = "GET, POST, PUT, DELETE, OPTIONS";
const EVENT_STREAM: &str = "text/event-stream";
/// The header that says which stream is meant; where no header can be set, the parameter `token` does.
const TOKEN: &str = "x-graphql-event-stream-token";

/// Answers whatever comes to the address.
pub async fn handle(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    let asked = match *request.method() {
        Method::PUT => reserve(&request),
        Method::DELETE => stop(&request),
        Method::GET | Method::POST => match (wants_stream(&request), token(&request)) {
            (true, None) => open_for_one(&request, &shop),
            (true, Some(token)) => open(&request, &token),
            (false, Some(token)) => start(&request, &shop, &token),
            (false, None) => Err(no_stream()),
        },
        Method::OPTIONS => Ok(HttpResponse::NoContent().insert_header((header::ALLOW, METHODS)).finish()),
        _ => Ok(not_allowed(&request, METHODS)),
    };
    asked.unwrap_or_else(|no_request| no_request.response())
}

/// Distinct connections mode: one operation, and the stream ends with it. What is wrong with the document is told in the stream, as
/// a browser's event source does not tell anything of a response that is none.
fn open_for_one(request: &HttpRequest, shop: &Shop) -> Result<HttpResponse, NoRequest> {
    let meta = wire::meta(request, NAME)?;
    let operation = match prepare(&read(request)?, shop, &meta) {
        Ok(prepared) if is_unsafe(&prepared, request) => return Ok(not_allowed(request, "POST")),
        Ok(prepared) => Operation::run(as_wished(prepared, request), meta.notes, Drain::of(request), None),
        Err(refusal) => Operation::refused(&refusal),
    };
    Ok(streaming(Line::of_one(operation, heartbeat(request))))
}

/// Single connection mode, "making reservations": 201 and a token.
fn reserve(request: &HttpRequest) -> Result<HttpResponse, NoRequest> {
    let token = reserved::make(wire::meta(request, NAME)?.sandbox)?;
    let mut response = HttpResponse::Created();
    Ok(response
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body(token))
}

/// Opens the stream of a reservation. There is never more than one connection behind it.
fn open(request: &HttpRequest, token: &str) -> Result<HttpResponse, NoRequest> {
    let reserved = find(request, token)?;
    let inbox = reserved.take_inbox().ok_or_else(|| refused("the stream is open already", StatusCode::CONFLICT))?;
    Ok(streaming(Line::of_many(reserved, inbox, heartbeat(request), Drain::of(request))))
}

/// Starts an operation whose answer is told in the stream. What is wrong with it is told here.
fn start(request: &HttpRequest, shop: &Shop, token: &str) -> Result<HttpResponse, NoRequest> {
    let reserved = find(request, token)?;
    let meta = wire::meta(request, NAME)?;
    let mut asked = read(request)?;
    let id = asked.operation_id.take().filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Error::unreadable("the extensions must have an operationId"))?;
    let prepared = match prepare(&asked, shop, &meta) {
        Ok(prepared) if is_unsafe(&prepared, request) => return Ok(not_allowed(request, "POST")),
        Ok(prepared) => as_wished(prepared, request),
        Err(refusal) => return Ok(not_executed(&refusal)),
    };
    let is_subscription = prepared.kind() == OperationType::Subscription;
    let stop = reserved.take_id(&id, is_subscription)?;
    let stop = stop.ok_or_else(|| refused("an operation with that operationId is going on", StatusCode::CONFLICT))?;
    let shared = Shared { id: id.clone(), stream: Arc::downgrade(&reserved), stop };
    let operation = Operation::run(prepared, meta.notes, Drain::of(request), Some(shared));
    // The id is free again, if nobody will hear of it.
    reserved.send(operation).inspect_err(|_| reserved.stop(&id))?;
    Ok(HttpResponse::Accepted().finish())
}

/// "Stopping streaming operations": it may have ended while the request was on its way.
fn stop(request: &HttpRequest) -> Result<HttpResponse, NoRequest> {
    let reserved = token(request).map(|token| find(request, &token)).unwrap_or_else(|| Err(no_stream()))?;
    let id = parameter(request, "operationId").ok_or_else(|| Error::unreadable("say which operationId is meant"))?;
    reserved.stop(&id);
    Ok(HttpResponse::Ok().finish())
}

fn read(request: &HttpRequest) -> Result<Asked, NoRequest> {
    if request.method() == Method::GET { read_get(request) } else { read_post(request) }
}

/// GraphQL over HTTP, "GET": it must not execute a mutation.
fn is_unsafe(prepared: &Prepared, request: &HttpRequest) -> bool {
    prepared.kind() == OperationType::Mutation && request.method() == Method::GET
}

fn wants_stream(request: &HttpRequest) -> bool {
    wire::accept::names(request.headers(), EVENT_STREAM)
}

fn token(request: &HttpRequest) -> Option<String> {
    let header = request.headers().get(TOKEN).and_then(|token| token.to_str().ok());
    header.map(str::to_owned).or_else(|| parameter(request, "token"))
}

fn parameter(request: &HttpRequest, name: &str) -> Option<String> {
    Query::<HashMap<String, String>>::from_query(request.query_string()).ok()?.into_inner().remove(name)
}

fn find(request: &HttpRequest, token: &str) -> Result<Arc<Reserved>, NoRequest> {
    let Meta { sandbox, .. } = wire::meta(request, NAME)?;
    reserved::find(token).filter(|reserved| *reserved.sandbox() == sandbox).ok_or_else(no_stream)
}

fn no_stream() -> NoRequest {
    let message = format!("there is no such stream: accept {EVENT_STREAM}, or PUT first and say the token");
    NoRequest { error: Error::new(Reason::UnknownOperation, message), status: StatusCode::NOT_FOUND }
}

fn refused(message: &'static str, status: StatusCode) -> NoRequest {
    NoRequest { error: Error::unreadable(message), status }
}

/// Whoever starts an operation looks at the status for 202, so here it says why there is none, in whatever media type.
fn not_executed(refusal: &Refusal) -> HttpResponse {
    super::MediaType::Json.response(said(refusal.kind).1, write_refusal(refusal))
}

/// How often a stream says that it is still there.
fn heartbeat(request: &HttpRequest) -> Interval {
    interval(Duration::from_millis(Rules::of(request).heartbeat_ms.max(1)))
}

fn streaming(line: Line) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store")).content_type(EVENT_STREAM).streaming(line.into_stream())
}
