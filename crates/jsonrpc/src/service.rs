//! How does a request reach its operation, and the answer get back?

use crate::envelope::{Reader, Request, failure, splice};
use crate::errors::error_object;
use crate::messages::read_input;
use crate::{CONTRACTS, NAME, contract};
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::operations::{OPERATIONS, OperationKind};
use domain::{Call, Error, Meta, Reason, Shop};
use jsonrpsee::core::server::{MethodCallback, Methods, RpcModule};
use jsonrpsee::types::{ErrorObjectOwned, Id, Params};
use jsonrpsee::{ConnectionId, Extensions};
use serde_json::value::RawValue;
use std::sync::OnceLock;

/// Requests of one batch.
pub const BATCH_REQUESTS_MAX: usize = 100;

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    config.service(web::resource("/jsonrpc").route(web::post().to(handle)).default_service(web::to(only_post)));
}

async fn handle(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    if let Some(error) = unsupported_media_type(&request) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, &error);
    }
    let body = match wire::body(&request) {
        Ok(body) => body,
        Err(error) if error.reason == Reason::TooLarge => return refuse(StatusCode::PAYLOAD_TOO_LARGE, &error),
        Err(error) => return refuse(StatusCode::OK, &error),
    };
    let mut extensions = Extensions::new();
    match wire::meta(&request, NAME) {
        Ok(meta) => extensions.insert(meta),
        Err(error) => return refuse(StatusCode::OK, &error),
    };
    extensions.insert(contract::Here(wire::base(&request)));
    extensions.insert(shop.get_ref().clone());
    match respond(&body, &extensions).await {
        // Section 4.1: a notification is not answered, so there is nothing to send but a status.
        None => HttpResponse::NoContent().finish(),
        Some(json) => HttpResponse::Ok().content_type("application/json").body(json),
    }
}

/// The answer to a request or a batch; nothing if all of it were notifications.
async fn respond(body: &[u8], extensions: &Extensions) -> Option<String> {
    match Reader::read(body) {
        Err(error) => Some(failure(None, &error_object(&error))),
        Ok(Reader::One(request)) => answer(request, extensions).await,
        Ok(Reader::Batch(requests)) if requests.len() > BATCH_REQUESTS_MAX => {
            let error = Error::too_large("requests of a batch", BATCH_REQUESTS_MAX);
            Some(failure(None, &error_object(&error)))
        }
        Ok(Reader::Batch(requests)) => {
            let mut answers = Vec::new();
            // One after the other: what a later request of the batch sees, an earlier one has done.
            for request in requests {
                answers.extend(answer(request, extensions).await);
            }
            (!answers.is_empty()).then(|| format!("[{}]", answers.join(",")))
        }
    }
}

async fn answer(request: Result<Request<'_>, ErrorObjectOwned>, extensions: &Extensions) -> Option<String> {
    let Request { id, method, params } = match request {
        Ok(request) => request,
        Err(error) => return Some(failure(None, &error)),
    };
    let Some(MethodCallback::Async(callback)) = methods().method(&method) else {
        let error = error_object(&Error::unknown_operation(&method));
        return id.map(|id| failure(Some(id), &error));
    };
    let params = Params::new(params.map(RawValue::get)).into_owned();
    let response = callback(Id::Null, params, ConnectionId(0), usize::MAX, extensions.clone()).await;
    id.map(|id| splice(id, response.as_ref()))
}

/// The methods: every operation that does not stream, and `rpc.discover` (OpenRPC, section "Service Discovery Method").
fn methods() -> &'static Methods {
    static METHODS: OnceLock<Methods> = OnceLock::new();
    METHODS.get_or_init(|| {
        let mut module = RpcModule::new(());
        for &operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
            let added = module.register_async_method(operation.name, move |params, _, extensions| async move {
                call(operation, &params, &extensions).await.map_err(|error| error_object(&error))
            });
            added.unwrap_or_else(|error| panic!("{}: {error}", operation.name));
        }
        let discover = |_: Params<'static>, _, extensions: Extensions| async move { contract::discover(&extensions) };
        let added = module.register_async_method("rpc.discover", discover).map(|_| ());
        added.unwrap_or_else(|error| panic!("rpc.discover: {error}"));
        module.into()
    })
}

async fn call(
    operation: &'static domain::Operation,
    params: &Params<'_>,
    extensions: &Extensions,
) -> Result<Box<RawValue>, Error> {
    let input = read_input(operation, params.as_str())?;
    let call = Call::parse(operation.name, input)?;
    let (Some(shop), Some(meta)) = (extensions.get::<Shop>(), extensions.get::<Meta>()) else {
        return Err(Error::internal());
    };
    let reply = shop.answer(meta, call).await?;
    RawValue::from_string(wire::json::reply(&reply)).map_err(|_| Error::internal())
}

fn unsupported_media_type(request: &HttpRequest) -> Option<Error> {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return None;
    }
    let shown = domain::value::shown(given);
    Some(Error::unreadable(format!("a request must be application/json, was \"{shown}\"")))
}

async fn only_post(request: HttpRequest) -> HttpResponse {
    let message = format!("JSON-RPC is asked by POST, was {}", request.method());
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
