//! How does a request reach its operation, and the answer get back?

use crate::envelope::{Invalid, Reader, Request, failure, splice};
use crate::errors::error_object;
use crate::events::{self, Subscriptions};
use crate::messages::read_input;
use crate::socket::{self, Place};
use crate::{CONTRACTS, NAME, contract};
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::operations::{OPERATIONS, OperationKind};
use domain::{Error, Meta, Operation, Shop};
use jsonrpsee::core::server::{MethodCallback, Methods, RpcModule};
use jsonrpsee::types::{Id, Params};
use jsonrpsee::{ConnectionId, Extensions};
use serde_json::value::RawValue;
use std::sync::{Arc, OnceLock};
use wire::Address;
use wire::content::{Unread, json_type};
use wire::drain::Drain;
use wire::io::Grip;
use wire::socket::{Pulse, Rules, accept};

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
        Ok(about) => Arc::new(about),
        Err(error) => return refuse(StatusCode::OK, &error),
    };
    let body = match wire::body(&request) {
        Ok(body) => body,
        Err(Unread { error, status }) => return refuse(status.unwrap_or(StatusCode::OK), &error),
    };
    match respond(methods(), &body, &about).await {
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
        Ok(about) => Arc::new(about),
        Err(error) => return refuse(StatusCode::NOT_FOUND, &error),
    };
    let (rules, access) = (Rules::of(&request), about.shop.settings(&about.meta).access);
    let (response, session, messages) = match accept(&request, payload, &[], &rules, access) {
        Ok(accepted) => accepted,
        Err(no_handshake) => return no_handshake.response(refuse),
    };
    let drain = Drain::of(&request);
    let grip = request.conn_data::<Arc<Grip>>().cloned();
    actix_web::rt::spawn(socket::live(
        Place { about, grip, pulse: Pulse::new(rules.heartbeat_ms), drain },
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
    pub meta: Meta,
    /// Where the server is, as the client sees it.
    pub here: Address,
    /// The subscriptions of the socket; over HTTP there are none.
    pub subscriptions: Option<Subscriptions>,
}

impl About {
    fn of(request: &HttpRequest, shop: &Shop) -> Result<Self, Error> {
        let (meta, here) = (wire::meta(request, NAME)?, wire::base(request));
        Ok(About { shop: shop.clone(), meta, here, subscriptions: None })
    }

    /// The same for a message of a socket.
    pub fn for_message(&self, subscriptions: &Subscriptions, message: u64) -> Self {
        let (shop, meta, here) = (self.shop.clone(), self.meta.another(), self.here.clone());
        About { shop, meta, here, subscriptions: Some(subscriptions.for_message(message)) }
    }
}

/// The answer of these methods to a request or a batch; nothing if all of it were notifications.
pub async fn respond(methods: &Methods, body: &[u8], about: &Arc<About>) -> Option<String> {
    match Reader::read(body) {
        Err(error) => Some(failure(None, &error_object(&error))),
        Ok(Reader::One(request)) => answer(methods, request, about).await,
        Ok(Reader::Batch(requests)) => {
            let mut answers = Vec::new();
            // One after the other: what a later request of the batch sees, an earlier one has done.
            for request in requests {
                answers.extend(answer(methods, request, about).await);
            }
            (!answers.is_empty()).then(|| format!("[{}]", answers.join(",")))
        }
    }
}

async fn answer(methods: &Methods, request: Result<Request<'_>, Invalid<'_>>, about: &Arc<About>) -> Option<String> {
    let Request { id, method, params } = match request {
        Ok(request) => request,
        Err(Invalid { id, error }) => return Some(failure(id, &error)),
    };
    if id.is_none() && method == events::WATCH {
        // Nobody would be told what the subscription is called, so it could not be ended.
        return None;
    }
    let Some(MethodCallback::Async(callback)) = methods.method(&method) else {
        let error = error_object(&about.shop.unknown(&about.meta, &method).await);
        return id.map(|id| failure(Some(id), &error));
    };
    let params = Params::new(params.map(RawValue::get)).into_owned();
    let mut extensions = Extensions::new();
    extensions.insert(about.clone());
    let response = callback(Id::Null, params, ConnectionId(0), usize::MAX, extensions).await;
    id.map(|id| splice(id, response.as_ref()))
}

/// The methods: every operation, what ends a subscription, and `rpc.discover` (OpenRPC, section "Service Discovery Method").
pub fn methods() -> &'static Methods {
    static METHODS: OnceLock<Methods> = OnceLock::new();
    METHODS.get_or_init(|| {
        let mut module = RpcModule::new(());
        for operation in OPERATIONS {
            add(&mut module, operation.name, move |params, about| async move {
                match operation.kind {
                    OperationKind::Stream => events::watch(operation, &params, &about).await,
                    OperationKind::Query | OperationKind::Command => call(operation, &params, &about).await,
                }
            });
        }
        // These two ask nothing of the shop, so they are no operations; but wrong credentials are refused everywhere.
        add(&mut module, events::UNWATCH, |params, about| async move {
            about.shop.recognize(&about.meta).await?;
            events::unwatch(&params, &about)
        });
        add(&mut module, "rpc.discover", |_, about| async move {
            about.shop.recognize(&about.meta).await?;
            contract::discover(&about.here)
        });
        module.into()
    })
}

fn add<F, A>(module: &mut RpcModule<()>, name: &'static str, method: F)
where
    F: Fn(Params<'static>, Arc<About>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Box<RawValue>, Error>> + Send + 'static,
{
    let added = module.register_async_method(name, move |params, _, mut extensions| {
        let called = extensions.remove::<Arc<About>>().map(|about| method(params, about));
        async move {
            let answered = match called {
                Some(called) => called.await,
                None => Err(Error::internal()),
            };
            answered.map_err(|error| error_object(&error))
        }
    });
    added.map(|_| ()).unwrap_or_else(|error| panic!("{name}: {error}"));
}

async fn call(operation: &'static Operation, params: &Params<'_>, about: &About) -> Result<Box<RawValue>, Error> {
    let input = read_input(operation, params.as_str())?;
    let reply = about.shop.answer(&about.meta, operation, input).await?;
    RawValue::from_string(wire::json::reply(&reply)).map_err(|_| Error::internal())
}

async fn only_post(request: HttpRequest) -> HttpResponse {
    let message = format!("JSON-RPC is asked by POST or over a WebSocket, was {}", request.method());
    let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, &Error::unreadable(message));
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
    response
}

/// What could not even be read as a request: section 5, the id is then null.
fn refuse(status: StatusCode, error: &Error) -> HttpResponse {
    let mut object = error_object(error);
    if status != StatusCode::OK {
        // The bytes may well be JSON; it is the request that is not valid.
        object = crate::errors::with_code(crate::errors::INVALID_REQUEST, error);
    }
    HttpResponse::build(status).content_type("application/json").body(failure(None, &object))
}

#[cfg(test)]
mod tests;
