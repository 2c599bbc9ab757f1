//! How does a request reach its operation, and the answer get back?

use crate::envelope::{Invalid, Reader, Request, failure, response};
use crate::errors::{INVALID_REQUEST, code};
use crate::events::{self, Subscriptions};
use crate::messages::read_input;
use crate::socket::{self, Place};
use crate::{CONTRACTS, NAME, contract};
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::operations::OperationKind;
use domain::{Error, Operation, RequestContext, Shop};
use serde_json::value::RawValue;
use std::sync::Arc;
use wire::Address;
use wire::content::{Unread, json_type};
use wire::io::ConnectionControl;
use wire::shutdown::Shutdown;
use wire::socket::{Heartbeat, SocketConfig, accept};

/// The media types of a request ("JSON-RPC over HTTP", a draft of 2013, section 2.1, names the two others).
const MEDIA_TYPES: [&str; 3] = ["application/json", "application/json-rpc", "application/jsonrequest"];

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    let resource = web::resource("/jsonrpc").route(web::post().to(handle)).route(web::get().to(open));
    config.service(resource.default_service(web::to(only_post)));
}

async fn handle(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    if let Err(error) = json_type(&request, &MEDIA_TYPES) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, &error);
    }
    let about = match About::of(&request, &shop) {
        Ok(about) => about,
        Err(error) => return refuse(StatusCode::OK, &error),
    };
    let body = match wire::body(&request) {
        Ok(body) => body,
        Err(Unread { error, status }) => return refuse(status.unwrap_or(StatusCode::OK), &error),
    };
    match respond(methods, &body, &about).await {
        // Section 4.1: a notification is not answered, so there is nothing to send but a status.
        None => HttpResponse::NoContent().finish(),
        Some(json) => HttpResponse::Ok().content_type("application/json").body(json),
    }
}

/// Opens a WebSocket. No subprotocol is selected: JSON-RPC has registered none.
async fn open(request: HttpRequest, payload: web::Payload, shop: Data<Shop>) -> HttpResponse {
    if !wire::socket::is_upgrade(&request) {
        return only_post(request).await;
    }
    let about = match About::of(&request, &shop) {
        Ok(about) => about,
        Err(error) => return refuse(StatusCode::NOT_FOUND, &error),
    };
    let (rules, access) = (SocketConfig::of(&request), about.shop.settings(&about.meta).access);
    let (response, session, messages) = match accept(&request, payload, &[], &rules, access) {
        Ok(accepted) => accepted,
        Err(no_handshake) => return no_handshake.response(refuse),
    };
    let drain = Shutdown::of(&request);
    let grip = request.conn_data::<Arc<ConnectionControl>>().cloned();
    actix_web::rt::spawn(socket::live(
        Place { about, grip, pulse: Heartbeat::new(rules.heartbeat_ms), drain },
        session,
        messages,
    ));
    response
}

/// What a method may know beside its parameters. All requests of a batch share it: they are from one caller.
pub struct About {
    /// The shop.
    pub shop: Shop,
    /// What the request, or the handshake, says of itself.
    pub meta: RequestContext,
    /// Where the server is, as the client sees it.
    pub here: Address,
    /// The subscriptions of the socket; over HTTP there are none.
    pub subscriptions: Option<Subscriptions>,
}

impl About {
    fn of(request: &HttpRequest, shop: &Shop) -> Result<Self, Error> {
        let (meta, here) = (wire::request_context(request, NAME)?, wire::base(request));
        Ok(About { shop: shop.clone(), meta, here, subscriptions: None })
    }

    /// The same for a message of a socket.
    pub fn for_message(&self, subscriptions: &Subscriptions, message: u64) -> Self {
        let (shop, meta, here) = (self.shop.clone(), self.meta.another(), self.here.clone());
        About { shop, meta, here, subscriptions: Some(subscriptions.for_message(message)) }
    }
}

/// The answer to a request or a batch, each call of which is made by `dispatch`; nothing if all of it were notifications.
pub async fn respond(dispatch: impl Dispatch, body: &[u8], about: &About) -> Option<String> {
    match Reader::read(body) {
        Err(error) => Some(failure(None, code(error.kind()), &error)),
        Ok(Reader::One(request)) => answer(&dispatch, request, about).await,
        Ok(Reader::Batch(requests)) => {
            let mut answers = Vec::new();
            // One after the other: what a later request of the batch sees, an earlier one has done.
            for request in requests {
                answers.extend(answer(&dispatch, request, about).await);
            }
            (!answers.is_empty()).then(|| format!("[{}]", answers.join(",")))
        }
    }
}

async fn answer(dispatch: &impl Dispatch, request: Result<Request<'_>, Invalid<'_>>, about: &About) -> Option<String> {
    let Request { id, method, params } = match request {
        Ok(request) => request,
        Err(Invalid { id, error }) => return Some(failure(id, INVALID_REQUEST, &error)),
    };
    if id.is_none() && method == events::WATCH {
        // The client would not learn the subscription's id, so it could not end it.
        return None;
    }
    let answered = dispatch(&method, params.map(RawValue::get), about).await;
    // Section 4.1: a notification is executed, and not answered.
    id.map(|id| response(id, answered))
}

/// Calls a method by its name, with its parameters, and gives its result as JSON.
pub trait Dispatch: AsyncFn(&str, Option<&str>, &About) -> Result<String, Error> {}

impl<F: AsyncFn(&str, Option<&str>, &About) -> Result<String, Error>> Dispatch for F {}

/// The methods: every operation, what ends a subscription, and `rpc.discover` (OpenRPC, section "Service Discovery Method").
pub async fn methods(name: &str, params: Option<&str>, about: &About) -> Result<String, Error> {
    let About { shop, meta, .. } = about;
    match (name, Operation::find(name)) {
        (_, Some(operation)) if operation.kind == OperationKind::Stream => {
            events::watch(operation, params, about).await
        }
        (_, Some(operation)) => {
            let reply = shop.execute(meta, operation, read_input(operation, params)?).await?;
            Ok(wire::json::reply(&reply))
        }
        // These two ask nothing of the shop, so they are no operations; but wrong credentials are refused everywhere.
        (events::UNWATCH, None) => {
            shop.authenticate(meta).await?;
            events::unwatch(params, about)
        }
        ("rpc.discover", None) => {
            shop.authenticate(meta).await?;
            Ok(contract::discover(&about.here))
        }
        (_, None) => Err(shop.unknown_operation(meta, name).await),
    }
}

async fn only_post(request: HttpRequest) -> HttpResponse {
    wire::refusal::not_allowed(&request, "POST", |status, error| refuse(status, &Error::unreadable(error.message)))
}

/// What could not even be read as a request: section 5, the id is then null.
fn refuse(status: StatusCode, error: &Error) -> HttpResponse {
    // Where HTTP has a status for it, the bytes may well be JSON; it is the request that is not valid.
    let code = if status == StatusCode::OK { code(error.kind()) } else { INVALID_REQUEST };
    HttpResponse::build(status).content_type("application/json").body(failure(None, code, error))
}

#[cfg(test)]
mod tests;
