//! How does a request reach its operation, and the answer get back? A message has three moves: read, call, write.

use crate::errors::refusal;
use crate::events::WATCH;
use crate::messages::{Frame, Id, answer, failure, read_credentials};
use crate::socket::Socket;
use crate::{CONTRACTS, NAME, SUBPROTOCOL, socket};
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::access::{Credentials, Secret, WhoAmI};
use domain::events::Watch;
use domain::faults::ResponseFault;
use domain::logins::LogIn;
use domain::{Error, Kind, Operation, RequestContext, Shop, Value};
use std::sync::Arc;
use wire::io::ConnectionControl;
use wire::latency::hold;
use wire::shutdown::Shutdown;
use wire::socket::{Heartbeat, SocketConfig, UpgradeError, accept, is_upgrade};

/// The message that says who the socket's further messages are from. It is no operation: it says of itself what the headers
/// of a handshake say, and is not counted.
pub const AUTHENTICATE: &str = "authenticate";
/// The operation whose answer says so too.
pub const LOG_IN: &str = "log_in";

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    config.service(web::resource("/ws").to(open)).service(web::resource("/ws/echo").to(socket::echo));
}

async fn open(request: HttpRequest, payload: web::Payload, shop: Data<Shop>) -> HttpResponse {
    if !is_upgrade(&request) {
        return UpgradeError::not_asked().response(refusal);
    }
    let meta = match wire::request_context(&request, NAME) {
        // Under one key all orders of the socket would be one order: a message has a key of its own, or none.
        Ok(meta) => RequestContext { idempotency_key: None, ..meta },
        Err(error) => return refusal(StatusCode::NOT_FOUND, &error),
    };
    let (rules, access) = (SocketConfig::of(&request), shop.settings(&meta).access);
    let (response, session, messages) = match accept(&request, payload, &[SUBPROTOCOL], &rules, access) {
        Ok(accepted) => accepted,
        Err(no_handshake) => return no_handshake.response(refusal),
    };
    let drain = Shutdown::of(&request);
    let grip = request.conn_data::<Arc<ConnectionControl>>().cloned();
    let socket = Socket { shop: shop.get_ref().clone(), meta, grip, wrong_proofs: 0 };
    actix_web::rt::spawn(socket.live(session, messages, Heartbeat::new(rules.heartbeat_ms), drain));
    response
}

/// What came of a message.
pub struct Called {
    /// Under which id it is answered.
    pub id: Id,
    /// The outcome.
    pub outcome: Outcome,
    /// How much of the answer comes.
    pub fate: ResponseFault,
}

/// What a message comes to.
pub enum Outcome {
    /// It is answered with this text.
    Answered(String),
    /// The same, and it was wrong about who the socket's further messages are from.
    Unknown(String),
    /// The same, and the socket's further messages are from somebody else.
    Known(String, Credentials),
    /// A stream begins, if the socket has room for it.
    Watched(Box<Watch>),
}

/// Calls, and takes as long as the answer is to take. Calls that are under way together wait together.
pub async fn call(shop: Shop, meta: RequestContext, frame: Frame) -> Called {
    let Frame { id, op, params, idempotency_key, fault } = frame;
    let meta = RequestContext { idempotency_key, fault: fault.or_else(|| meta.fault.clone()), ..meta.another() };
    let outcome = match op.as_str() {
        WATCH => shop.watch(&meta, params).await.map(|watch| Outcome::Watched(Box::new(watch))),
        AUTHENTICATE => authenticate(&shop, &meta, &id, params).await,
        LOG_IN => log_in(&shop, &meta, &id, params).await,
        _ => match Operation::find(&op) {
            Some(operation) => {
                let reply = shop.execute(&meta, operation, params).await;
                reply.map(|reply| Outcome::Answered(answer(&id, &reply, meta.response.is_replayed())))
            }
            None => Err(shop.unknown_operation(&meta, &op).await),
        },
    };
    let outcome = outcome.unwrap_or_else(|error| {
        let text = failure(Some(&id), &error);
        let is_proof = matches!(op.as_str(), AUTHENTICATE | LOG_IN) && error.kind() == Kind::Unauthenticated;
        if is_proof { Outcome::Unknown(text) } else { Outcome::Answered(text) }
    });
    let fate = hold(&meta.response, 1).await;
    Called { id, outcome, fate }
}

/// Answers with what `who_am_i` answers from now on. Wrong credentials change nothing.
async fn authenticate(shop: &Shop, meta: &RequestContext, id: &Id, params: Value) -> Result<Outcome, Error> {
    let credentials = read_credentials(params)?;
    let meta = RequestContext { credentials: credentials.clone(), ..meta.within() };
    let caller = shop.call(&meta, WhoAmI {}).await?;
    Ok(Outcome::Known(answer(id, &caller.into(), false), credentials))
}

/// Whoever logs in brings the proof along, so what the socket had before is not asked for: a token that has expired can be
/// replaced.
async fn log_in(shop: &Shop, meta: &RequestContext, id: &Id, params: Value) -> Result<Outcome, Error> {
    let meta = RequestContext { credentials: Credentials::None, ..meta.clone() };
    let token = shop.decode_and_call::<LogIn>(&meta, params).await?;
    let credentials = Credentials::Token(Secret::new(token.token.as_str()));
    Ok(Outcome::Known(answer(id, &token.into(), false), credentials))
}
