//! From a request to a method and back, over HTTP and over a WebSocket.

use crate::errors::Refusal;
use crate::events::{self, Subscription};
use crate::messages::{self, Body, InvalidRequest, ParsedRequest, Request, failure, input, response};
use crate::{CONTRACTS, NAME, PATH, SPELLING, contract};
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::faults::ResponseFault;
use domain::operations::OperationKind;
use domain::{Error, Operation, RequestContext, Shop};
use serde_json::value::RawValue;
use wire::Address;
use wire::content::{Unread, json_type};
use wire::latency::hold;
use wire::socket::{Received, SocketProtocol, SocketReply, Streams, is_upgrade, serve};

/// The media types of a request ("JSON-RPC over HTTP", a draft of 2013, section 2.1, has the last two).
const MEDIA_TYPES: [&str; 3] = ["application/json", "application/json-rpc", "application/jsonrequest"];

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    let resource = web::resource(PATH).route(web::post().to(handle)).route(web::get().to(open));
    config.service(resource.default_service(web::to(only_post)));
}

async fn handle(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    if let Err(error) = json_type(request.headers(), &MEDIA_TYPES) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, error);
    }
    let scope = match CallScope::of(&request, &shop) {
        Ok(scope) => scope,
        Err(error) => return refuse(StatusCode::OK, error),
    };
    let body = match wire::body(&request) {
        Ok(body) => body,
        Err(Unread { error, status }) => return refuse(status.unwrap_or(StatusCode::OK), error),
    };
    match answer(call, &body, &scope).await {
        // Section 4.1: a notification has no response, so HTTP answers with a status alone.
        None => HttpResponse::NoContent().finish(),
        Some(json) => HttpResponse::Ok().content_type("application/json").body(json),
    }
}

/// Opens a WebSocket, without a subprotocol: JSON-RPC has registered none.
async fn open(request: HttpRequest, payload: web::Payload, shop: Data<Shop>) -> HttpResponse {
    if !is_upgrade(&request) {
        return only_post(request).await;
    }
    let scope = match CallScope::of(&request, &shop) {
        Ok(scope) => scope,
        Err(error) => return refuse(StatusCode::NOT_FOUND, error),
    };
    let context = scope.context.clone();
    let served = serve(&request, payload, (&shop, &context), &[], Socket { scope });
    served.unwrap_or_else(|no_upgrade| no_upgrade.response(|status, error| refuse(status, error.clone())))
}

/// What a method can use besides its parameters. The requests of a batch share it.
pub struct CallScope {
    shop: Shop,
    context: RequestContext,
    /// The server's address, as the client sees it.
    here: Address,
    /// The subscriptions of the socket; over HTTP there are none.
    streams: Option<Streams<Subscription>>,
}

impl CallScope {
    fn of(request: &HttpRequest, shop: &Shop) -> Result<Self, Error> {
        let (context, here) = (wire::request_context(request, NAME)?.spelled(&SPELLING), wire::base(request));
        Ok(CallScope { shop: shop.clone(), context, here, streams: None })
    }
}

/// Executes the calls of [`answer`]: a method's name and parameters become its result as JSON.
pub trait Dispatch: AsyncFn(&str, Option<&RawValue>, &CallScope) -> Result<String, Error> {}

impl<F: AsyncFn(&str, Option<&RawValue>, &CallScope) -> Result<String, Error>> Dispatch for F {}

/// Reads a request or a batch, calls, and writes the response; `None` if everything in it was a notification.
pub async fn answer(dispatch: impl Dispatch, body: &[u8], scope: &CallScope) -> Option<String> {
    match messages::read(body) {
        Err(error) => Some(failure(None, &error.into())),
        Ok(Body::Single(request)) => answer_one(&dispatch, request, scope).await,
        Ok(Body::Batch(requests)) => {
            let mut responses = Vec::new();
            // One after the other, so that a request sees what an earlier one has done.
            for request in requests {
                responses.extend(answer_one(&dispatch, request, scope).await);
            }
            (!responses.is_empty()).then(|| format!("[{}]", responses.join(",")))
        }
    }
}

async fn answer_one(dispatch: &impl Dispatch, request: ParsedRequest<'_>, scope: &CallScope) -> Option<String> {
    let Request { id, method, params } = match request {
        Ok(request) => request,
        Err(InvalidRequest { id, error }) => return Some(failure(id, &Refusal::invalid_request(error))),
    };
    if id.is_none() && method == events::WATCH {
        // The client would not learn the subscription's id, so it could not end it.
        return None;
    }
    let result = dispatch(&method, params, scope).await;
    // Section 4.1: a notification is executed, and has no response.
    id.map(|id| response(id, result))
}

/// Calls an operation, ends a subscription, or describes the methods (`rpc.discover`: OpenRPC, "Service Discovery Method").
async fn call(name: &str, params: Option<&RawValue>, scope: &CallScope) -> Result<String, Error> {
    let CallScope { shop, context, here, streams } = scope;
    match (name, Operation::find(name), streams) {
        (_, Some(operation), _) if operation.kind == OperationKind::Stream => match streams {
            Some(streams) => {
                let watch = shop.watch(context, input(operation, params)?).await?;
                events::start(streams, watch, shop, context)
            }
            None => Err(shop.unknown_operation(context, name).await),
        },
        (_, Some(operation), _) => {
            let reply = shop.execute(context, operation, input(operation, params)?).await?;
            Ok(wire::json::reply(&reply))
        }
        // These two are no operations, so the shop does not check the credentials by itself.
        (events::UNWATCH, None, Some(streams)) => {
            shop.authenticate(context).await?;
            events::stop(streams, params)
        }
        ("rpc.discover", None, _) => {
            shop.authenticate(context).await?;
            Ok(contract::discover(here))
        }
        (_, None, _) => Err(shop.unknown_operation(context, name).await),
    }
}

/// A WebSocket: each message is a request or a batch.
struct Socket {
    /// The scope of its messages. The headers of the handshake apply to each of them.
    scope: CallScope,
}

impl SocketProtocol for Socket {
    type StreamId = Subscription;
    type Call = (CallScope, String);
    type Outcome = SocketReply;

    fn receive(&mut self, text: String, streams: Streams<Subscription>) -> Received<Self::Call> {
        let CallScope { shop, context, here, .. } = &self.scope;
        // Each message is authenticated anew: what the sandbox allows may have changed.
        let (shop, context, here) = (shop.clone(), context.another(), here.clone());
        Received::Call((CallScope { shop, context, here, streams: Some(streams) }, text))
    }

    async fn execute((scope, text): Self::Call) -> SocketReply {
        let text = answer(call, text.as_bytes(), &scope).await;
        // A notification has no response, so it takes no round trip.
        let fault = if text.is_some() { hold(&scope.context.response, 1).await } else { ResponseFault::Whole };
        SocketReply { text, fault }
    }

    fn reply(&mut self, reply: SocketReply, _: &Streams<Subscription>) -> SocketReply {
        reply
    }
}

async fn only_post(request: HttpRequest) -> HttpResponse {
    wire::refusal::not_allowed(&request, "POST", |status, error| refuse(status, Error::unreadable(error.message)))
}

/// The response to what could not be read as a request (section 5: the id is null). Where HTTP has a status of its own for the
/// problem, the body may well be JSON, so the code is that of an invalid request.
fn refuse(status: StatusCode, error: Error) -> HttpResponse {
    let refusal = if status == StatusCode::OK { Refusal::from(error) } else { Refusal::invalid_request(error) };
    HttpResponse::build(status).content_type("application/json").body(failure(None, &refusal))
}

#[cfg(test)]
mod tests;
