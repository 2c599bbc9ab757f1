//! How does a WebSocket live? One task hears and says everything in turn, so a client that does not read waits for itself.

use super::frames::{self, Said};
use crate::documents::{Prepared, Question, prepare};
use crate::errors::Refusal;
use crate::messages::{Asked, errors, write};
use crate::{SUBPROTOCOL, schema};
use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, Closed, ProtocolError, Session};
use async_graphql::Response;
use async_graphql::parser::types::OperationType;
use domain::access::WhoAmI;
use domain::faults::Fate;
use domain::meta::Notes;
use domain::{Error, Kind, Meta, Shop};
use futures_util::stream::{self, AbortHandle, BoxStream, SelectAll, abortable};
use futures_util::{FutureExt, StreamExt};
use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{interval, sleep, timeout};
use wire::drain::Drain;
use wire::io::Grip;
use wire::limits::{SEND_TIMEOUT_MS, SOCKET_CALLS_MAX, SUBSCRIPTIONS_MAX};
use wire::pace::{connected, hold};
use wire::socket::End;

/// How long a client may take to say `connection_init`.
const INIT_TIMEOUT_MS: u64 = 10_000;
/// The message that something follows of which there may be more.
const NEXT: &str = "next";
/// How often a ping is sent, so that nobody on the way takes the socket for dead.
const HEARTBEAT_MS: u64 = 15_000;

/// The close code for whoever is wrong about who they are. The protocol leaves it open; it is what graphql-ws closes with.
pub const FORBIDDEN: u16 = 4403;

/// Opens a WebSocket, or says what is wrong with the handshake.
pub fn open(request: &HttpRequest, payload: Payload, shop: Shop, meta: Meta) -> Result<HttpResponse, Error> {
    let (response, session, heard) = wire::socket::accept(request, payload, &[SUBPROTOCOL])?;
    let drain = request.app_data::<Data<Drain>>().map(|drain| drain.get_ref().clone()).unwrap_or_default();
    let grip = request.conn_data::<Arc<Grip>>().cloned();
    let speaks_it = response.headers().contains_key(header::SEC_WEBSOCKET_PROTOCOL);
    actix_web::rt::spawn(async move {
        let end = if speaks_it {
            let (running, open) = (SelectAll::new(), HashMap::new());
            let mut socket = Socket { session: session.clone(), shop, meta, grip, acknowledged: false, running, open };
            socket.live(heard, drain).await.unwrap_or_else(|end| end)
        } else {
            close(4406, "Subprotocol not acceptable")
        };
        if !end.breaks {
            wire::socket::close(session, end.reason).await;
        }
    });
    Ok(response)
}

fn close(code: u16, reason: impl Into<String>) -> End {
    End::now(Some(CloseReason { code: CloseCode::from(code), description: Some(reason.into()) }))
}

/// The connection is gone.
fn gone(_: Closed) -> End {
    End::now(None)
}

struct Socket {
    session: Session,
    shop: Shop,
    /// What its messages say of themselves. The credentials are those of the handshake, unless the first message has others.
    meta: Meta,
    grip: Option<Arc<Grip>>,
    acknowledged: bool,
    /// What is being executed.
    running: SelectAll<BoxStream<'static, Going>>,
    /// The ids that are in use.
    open: HashMap<String, Open>,
}

struct Open {
    stop: AbortHandle,
    is_subscription: bool,
}

/// What an execution has to say.
struct Going {
    id: String,
    kind: &'static str,
    payload: Option<String>,
    /// How much of it comes.
    fate: Fate,
}

impl Socket {
    async fn live(&mut self, mut heard: AggregatedMessageStream, drain: Drain) -> Result<End, End> {
        connected(&self.shop, &self.meta).await;
        let mut begun = pin!(drain.begun());
        let mut too_late = pin!(sleep(Duration::from_millis(INIT_TIMEOUT_MS)));
        let mut heartbeat = interval(Duration::from_millis(HEARTBEAT_MS));
        heartbeat.tick().await;
        loop {
            let has_room = self.open.len() < SOCKET_CALLS_MAX;
            tokio::select! {
                message = heard.recv(), if has_room => match message {
                    Some(message) => self.hear(message).await?,
                    // It says no more, but what it has said is done, and perhaps it still reads.
                    None => return self.finish().await.map(|()| End::now(None)),
                },
                Some(going) = self.running.next(), if !self.running.is_empty() => self.say(going).await?,
                () = &mut begun => {
                    self.finish().await?;
                    return Ok(close(1001, "the server is shutting down"));
                }
                () = &mut too_late, if !self.acknowledged => {
                    return Ok(close(4408, "Connection initialisation timeout"));
                }
                _ = heartbeat.tick() => self.session.ping(b"").await.map_err(gone)?,
            }
        }
    }

    /// Answers what is being executed; streams are not waited for.
    async fn finish(&mut self) -> Result<(), End> {
        while self.open.values().any(|open| !open.is_subscription)
            && let Some(going) = self.running.next().await
        {
            self.say(going).await?;
        }
        Ok(())
    }

    async fn hear(&mut self, message: Result<AggregatedMessage, ProtocolError>) -> Result<(), End> {
        match message {
            Ok(AggregatedMessage::Text(text)) => match frames::read(&text) {
                Ok(said) => self.obey(said).await,
                Err(problem) => Err(close(4400, problem)),
            },
            Ok(AggregatedMessage::Binary(_)) => Err(close(4400, "a message is a text")),
            Ok(AggregatedMessage::Ping(bytes)) => self.session.pong(&bytes).await.map_err(gone),
            Ok(AggregatedMessage::Pong(_)) => Ok(()),
            Ok(AggregatedMessage::Close(reason)) => Err(End::now(reason)),
            Err(error) if wire::socket::is_end(&error) => Ok(()),
            Err(error) => Err(End::now(Some(wire::socket::close_for(&error)))),
        }
    }

    async fn obey(&mut self, said: Said) -> Result<(), End> {
        match said {
            Said::Init(_) if self.acknowledged => Err(close(4429, "Too many initialisation requests")),
            Said::Init(credentials) => {
                self.meta.credentials = credentials.unwrap_or_else(|| self.meta.credentials.clone());
                self.introduce().await?;
                self.acknowledged = true;
                self.send(r#"{"type":"connection_ack"}"#.to_owned()).await
            }
            Said::Ping => self.send(r#"{"type":"pong"}"#.to_owned()).await,
            Said::Pong => Ok(()),
            Said::Subscribe(..) if !self.acknowledged => Err(close(4401, "Unauthorized")),
            Said::Subscribe(id, _) if self.open.contains_key(&id) => {
                Err(close(4409, format!("Subscriber for {id} already exists")))
            }
            Said::Subscribe(id, asked) => match self.start(&id, asked) {
                Ok(()) => Ok(()),
                Err(refusal) => self.send(frames::write(&id, "error", Some(&errors(&refusal.errors)))).await,
            },
            // It may have ended while the message was on its way.
            Said::Complete(id) => {
                self.open.remove(&id).iter().for_each(|open| open.stop.abort());
                Ok(())
            }
        }
    }

    /// Asks the door who it is. Wrong credentials close the socket; whatever else the door may have against somebody, it says
    /// to each message. A wish is for the answers to those, so it is not granted here.
    async fn introduce(&self) -> Result<(), End> {
        let meta = Meta { wish: None, is_within: true, ..self.meta.another() };
        let known = self.shop.call(&meta, WhoAmI {}).await;
        hold(&meta.notes, 1).await;
        match known {
            Err(error) if error.kind() == Kind::Unauthenticated => Err(close(FORBIDDEN, error.to_string())),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    fn start(&mut self, id: &str, asked: Asked) -> Result<(), Refusal> {
        let (shop, meta) = (self.shop.clone(), self.meta.another());
        let Prepared { request, question } = prepare(asked, &shop, &meta)?;
        let is_subscription = question.kind() == OperationType::Subscription;
        if is_subscription && self.open.values().filter(|open| open.is_subscription).count() >= SUBSCRIPTIONS_MAX {
            return Err(Error::too_large("subscriptions of one socket", SUBSCRIPTIONS_MAX).into());
        }
        let notes = meta.notes.clone();
        let introduced = async move { schema::introduce(&shop, &meta).await };
        let responses = introduced.map(|()| schema::graph().execute_stream(request)).flatten_stream().boxed();
        let (going, stop) = abortable(follow(id.to_owned(), question, notes, responses));
        self.running.push(going.boxed());
        self.open.insert(id.to_owned(), Open { stop, is_subscription });
        Ok(())
    }

    async fn say(&mut self, going: Going) -> Result<(), End> {
        let Going { id, kind, payload, fate } = going;
        if kind != NEXT {
            self.open.remove(&id);
        }
        let message = frames::write(&id, kind, payload.as_deref());
        match fate {
            Fate::Whole => self.send(message).await,
            fate => wire::socket::answer(&mut self.session, message, fate, self.grip.as_deref()).await,
        }
    }

    async fn send(&mut self, text: String) -> Result<(), End> {
        match timeout(Duration::from_millis(SEND_TIMEOUT_MS), self.session.text(text)).await {
            Ok(sent) => sent.map_err(gone),
            Err(_) => {
                let description = Some("nobody reads".to_owned());
                Err(End::now(Some(CloseReason { code: CloseCode::Again, description })))
            }
        }
    }
}

/// The messages of an execution: `next` for each response, then `complete`; or `error`, after which nothing comes. An answer
/// takes as long as the door has noted that it is to take; news do not wait, as nobody has asked for them just now.
fn follow(
    id: String,
    question: Question,
    notes: Notes,
    responses: BoxStream<'static, Response>,
) -> BoxStream<'static, Going> {
    let is_stream = question.kind() == OperationType::Subscription;
    let following = stream::unfold(Some((question, responses)), move |state| {
        let (id, notes) = (id.clone(), notes.clone());
        async move {
            let (question, mut responses) = state?;
            let settled = responses.next().await.map(|response| question.settle(response));
            let fate = match settled {
                Some(Ok(_)) if is_stream => Fate::Whole,
                Some(_) => hold(&notes, 1).await,
                None => Fate::Whole,
            };
            let going = |kind, payload| Going { id, kind, payload, fate };
            Some(match settled {
                Some(Ok(response)) => (going(NEXT, Some(write(&response))), Some((question, responses))),
                Some(Err(refusal)) => (going("error", Some(errors(&refusal.errors))), None),
                None => (going("complete", None), None),
            })
        }
    });
    following.boxed()
}
