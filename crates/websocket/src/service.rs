//! How does a request reach its operation, and the answer get back? A message has three moves: read, call, write.

use crate::errors::refusal;
use crate::messages::{Frame, answer, failure};
use crate::{CONTRACTS, NAME, SUBPROTOCOL, socket};
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Meta, Shop};
use wire::drain::Drain;

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    config.service(web::resource("/ws").to(open)).service(web::resource("/ws/echo").to(socket::echo));
}

async fn open(request: HttpRequest, payload: web::Payload, shop: Data<Shop>) -> HttpResponse {
    if let Some(response) = require_upgrade(&request) {
        return response;
    }
    let meta = match wire::meta(&request, NAME) {
        Ok(meta) => meta,
        Err(error) => return refusal(StatusCode::NOT_FOUND, &error),
    };
    let (response, session, messages) = match wire::socket::accept(&request, payload, &[SUBPROTOCOL]) {
        Ok(accepted) => accepted,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, &error),
    };
    let drain = request.app_data::<Data<Drain>>().map(|drain| drain.get_ref().clone()).unwrap_or_default();
    actix_web::rt::spawn(socket::live(shop.get_ref().clone(), meta, session, messages, drain));
    response
}

/// What to say to a request that asks for no socket. RFC 9110 section 15.5.22: 426 says which protocol is wanted here.
pub fn require_upgrade(request: &HttpRequest) -> Option<HttpResponse> {
    if wire::socket::is_upgrade(request) {
        return None;
    }
    let error = Error::unreadable("this address speaks WebSocket (RFC 6455): the request must ask for the upgrade");
    let mut response = refusal(StatusCode::UPGRADE_REQUIRED, &error);
    response.headers_mut().insert(header::UPGRADE, header::HeaderValue::from_static("websocket"));
    Some(response)
}

/// The answer to a call: one text message.
pub async fn call(shop: Shop, meta: Meta, frame: Frame) -> String {
    let Frame { id, op, params } = frame;
    match shop.answer(&meta, &op, params).await {
        Ok(reply) => answer(&id, &reply),
        Err(error) => failure(Some(&id), &error),
    }
}
