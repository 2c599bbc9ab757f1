//! From a message to its operation and back.

use crate::errors::Refusal;
use crate::events::{self, STOP, WATCH};
use crate::messages::{self, AUTHENTICATE, Frame, Id, LOG_IN, Unreadable};
use crate::messages::{failure, read_credentials, refuse, response};
use crate::{CONTRACTS, NAME, PATH, SPELLING, SUBPROTOCOL, echo};
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{CloseCode, CloseReason};
use domain::access::{Credentials, Secret, WhoAmI};
use domain::events::Watch;
use domain::faults::ResponseFault;
use domain::logins::LogIn;
use domain::{Error, Kind, Operation, RequestContext, Shop, Value};
use wire::latency::hold;
use wire::socket::{Received, SocketProtocol, SocketReply, Streams, UpgradeError, is_upgrade, serve};

/// Wrong credentials that a socket may send one after the other: more is guessing.
pub const WRONG_CREDENTIALS_MAX: u32 = 10;

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    config.service(web::resource(PATH).to(handle)).service(web::resource(echo::PATH).to(echo::handle));
}

/// Opens the socket.
async fn handle(request: HttpRequest, payload: web::Payload, shop: Data<Shop>) -> HttpResponse {
    if !is_upgrade(&request) {
        return UpgradeError::not_asked(&request).response(refuse);
    }
    let context = match wire::request_context(&request, NAME).map(|context| context.spelled(&SPELLING)) {
        // Under one key all orders of the socket would be one order, so only a message has a key.
        Ok(context) => RequestContext { idempotency_key: None, ..context },
        Err(error) => return refuse(StatusCode::NOT_FOUND, &error),
    };
    let socket = Socket { shop: shop.get_ref().clone(), context: context.clone(), wrong_credentials: 0 };
    let served = serve(&request, payload, (&shop, &context), &[SUBPROTOCOL], socket);
    served.unwrap_or_else(|no_upgrade| no_upgrade.response(refuse))
}

/// One connection.
struct Socket {
    shop: Shop,
    /// The context of its messages; the credentials are those of the handshake, until a message replaces them.
    context: RequestContext,
    /// Wrong credentials since the last right ones.
    wrong_credentials: u32,
}

impl SocketProtocol for Socket {
    type StreamId = Id;
    type Call = (Shop, RequestContext, Frame);
    type Outcome = (Outcome, ResponseFault);

    fn receive(&mut self, text: String, streams: Streams<Id>) -> Received<Self::Call> {
        match messages::read(&text) {
            Ok(frame) if frame.op == STOP => Received::Replies(events::stop(&streams, &frame)),
            Ok(frame) => Received::Call((self.shop.clone(), self.context.another(), frame)),
            Err(Unreadable { id, error }) => match Refusal::from(error) {
                Refusal { code: Some(code), error } => {
                    Received::Close(CloseReason { code, description: Some(error.message) })
                }
                refusal => Received::Replies(vec![failure(id.as_ref(), refusal)]),
            },
        }
    }

    async fn execute((shop, context, frame): Self::Call) -> (Outcome, ResponseFault) {
        let fault = frame.fault.clone().or(context.fault);
        let context = RequestContext { idempotency_key: frame.idempotency_key.clone(), fault, ..context };
        let outcome = answer(&shop, &context, frame).await;
        (outcome, hold(&context.response, 1).await)
    }

    fn reply(&mut self, (outcome, fault): Self::Outcome, streams: &Streams<Id>) -> SocketReply {
        let text = match outcome {
            Outcome::Reply(text) => text,
            Outcome::Authenticated(text, credentials) => {
                self.context.credentials = credentials;
                self.wrong_credentials = 0;
                text
            }
            Outcome::WrongCredentials(text) => {
                self.wrong_credentials += 1;
                text
            }
            Outcome::Watch(id, watch) => events::start(streams, id, *watch, &self.shop, &self.context),
        };
        SocketReply { text: Some(text), fault }
    }

    fn must_close(&self) -> Option<CloseReason> {
        let description = format!("wrong credentials {WRONG_CREDENTIALS_MAX} times in a row");
        // RFC 6455 section 7.4.1: 1008 is for what a policy forbids and no other code fits.
        let reason = CloseReason { code: CloseCode::Policy, description: Some(description) };
        (self.wrong_credentials >= WRONG_CREDENTIALS_MAX).then_some(reason)
    }
}

/// What comes of a message.
enum Outcome {
    /// A reply.
    Reply(String),
    /// A reply, and credentials for the further messages of the socket.
    Authenticated(String, Credentials),
    /// A reply to an attempt to authenticate that failed.
    WrongCredentials(String),
    /// A stream, if the socket may have one more.
    Watch(Id, Box<Watch>),
}

/// Calls what a message names, and writes the reply.
async fn answer(shop: &Shop, context: &RequestContext, frame: Frame) -> Outcome {
    let Frame { id, op, params, .. } = frame;
    let outcome = match op.as_str() {
        WATCH => shop.watch(context, params).await.map(|watch| Outcome::Watch(id.clone(), Box::new(watch))),
        AUTHENTICATE => authenticate(shop, context, &id, params).await,
        LOG_IN => log_in(shop, context, &id, params).await,
        _ => match Operation::find(&op) {
            Some(operation) => {
                let reply = shop.execute(context, operation, params).await;
                reply.map(|reply| Outcome::Reply(response(&id, &reply, context.response.is_replayed())))
            }
            None => Err(shop.unknown_operation(context, &op).await),
        },
    };
    outcome.unwrap_or_else(|error| {
        let is_wrong = matches!(op.as_str(), AUTHENTICATE | LOG_IN) && error.kind() == Kind::Unauthenticated;
        let text = failure(Some(&id), error);
        if is_wrong { Outcome::WrongCredentials(text) } else { Outcome::Reply(text) }
    })
}

/// Replies what `who_am_i` would with the new credentials. Wrong ones change nothing.
async fn authenticate(shop: &Shop, context: &RequestContext, id: &Id, params: Value) -> Result<Outcome, Error> {
    let credentials = read_credentials(params)?;
    // It is no operation of its own, so the rate limit does not count it.
    let context = RequestContext { credentials: credentials.clone(), ..context.within() };
    let caller = shop.call(&context, WhoAmI {}).await?;
    Ok(Outcome::Authenticated(response(id, &caller.into(), false), credentials))
}

/// Ignores the credentials that the socket had before, so that an expired token can be replaced.
async fn log_in(shop: &Shop, context: &RequestContext, id: &Id, params: Value) -> Result<Outcome, Error> {
    let context = RequestContext { credentials: Credentials::None, ..context.clone() };
    let token = shop.decode_and_call::<LogIn>(&context, params).await?;
    let credentials = Credentials::Token(Secret::new(token.token.as_str()));
    Ok(Outcome::Authenticated(response(id, &token.into(), false), credentials))
}
