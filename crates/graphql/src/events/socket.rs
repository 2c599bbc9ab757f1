//! How does a WebSocket live? One task hears and says everything in turn, so a client that does not read waits for itself.

use super::frames::{self, Said};
use crate::documents::{Prepared, Question, prepare};
use crate::errors::Refusal;
use crate::messages::{Asked, errors, write};
use crate::{SUBPROTOCOL, schema};
use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, ProtocolError, Session};
use async_graphql::Response;
use async_graphql::parser::types::OperationType;
use domain::{Error, Meta, Shop};
use futures_util::StreamExt;
use futures_util::stream::{self, AbortHandle, BoxStream, SelectAll, abortable};
use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{interval, sleep, timeout};
use wire::drain::Drain;
use wire::limits::{SEND_TIMEOUT_MS, SOCKET_CALLS_MAX, SUBSCRIPTIONS_MAX};

/// How long a client may take to say `connection_init`.
const INIT_TIMEOUT_MS: u64 = 10_000;
/// How often a ping is sent, so that nobody on the way takes the socket for dead.
const HEARTBEAT_MS: u64 = 15_000;

/// Opens a WebSocket, or says what is wrong with the handshake.
pub fn open(request: &HttpRequest, payload: Payload, shop: Shop, meta: Meta) -> Result<HttpResponse, Error> {
    let (response, session, heard) = wire::socket::accept(request, payload, &[SUBPROTOCOL])?;
    let drain = request.app_data::<Data<Drain>>().map(|drain| drain.get_ref().clone()).unwrap_or_default();
    let speaks_it = response.headers().contains_key(header::SEC_WEBSOCKET_PROTOCOL);
    actix_web::rt::spawn(async move {
        let end = if speaks_it {
            let (running, open) = (SelectAll::new(), HashMap::new());
            let mut socket = Socket { session: session.clone(), shop, meta, acknowledged: false, running, open };
            socket.live(heard, drain).await.unwrap_or_else(|end| end)
        } else {
            Some(close(4406, "Subprotocol not acceptable"))
        };
        wire::socket::close(session, end).await;
    });
    Ok(response)
}

/// How the socket ends; without a reason where the client has ended it.
type End = Option<CloseReason>;

fn close(code: u16, reason: impl Into<String>) -> CloseReason {
    CloseReason { code: CloseCode::from(code), description: Some(reason.into()) }
}

struct Socket {
    session: Session,
    shop: Shop,
    meta: Meta,
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

/// What an execution has to say, under its id.
enum Going {
    Next(String, String),
    Error(String, String),
    Complete(String),
}

impl Socket {
    async fn live(&mut self, mut heard: AggregatedMessageStream, drain: Drain) -> Result<End, End> {
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
                    None => return self.finish().await.map(|()| None),
                },
                Some(going) = self.running.next(), if !self.running.is_empty() => self.say(going).await?,
                () = &mut begun => {
                    self.finish().await?;
                    return Ok(Some(close(1001, "the server is shutting down")));
                }
                () = &mut too_late, if !self.acknowledged => {
                    return Ok(Some(close(4408, "Connection initialisation timeout")));
                }
                _ = heartbeat.tick() => self.session.ping(b"").await.map_err(|_| None)?,
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
                Err(problem) => Err(Some(close(4400, problem))),
            },
            Ok(AggregatedMessage::Binary(_)) => Err(Some(close(4400, "a message is a text"))),
            Ok(AggregatedMessage::Ping(bytes)) => self.session.pong(&bytes).await.map_err(|_| None),
            Ok(AggregatedMessage::Pong(_)) => Ok(()),
            Ok(AggregatedMessage::Close(reason)) => Err(reason),
            Err(error) if wire::socket::is_end(&error) => Ok(()),
            Err(error) => Err(Some(wire::socket::close_for(&error))),
        }
    }

    async fn obey(&mut self, said: Said) -> Result<(), End> {
        match said {
            Said::Init if self.acknowledged => Err(Some(close(4429, "Too many initialisation requests"))),
            Said::Init => {
                self.acknowledged = true;
                self.send(r#"{"type":"connection_ack"}"#.to_owned()).await
            }
            Said::Ping => self.send(r#"{"type":"pong"}"#.to_owned()).await,
            Said::Pong => Ok(()),
            Said::Subscribe(..) if !self.acknowledged => Err(Some(close(4401, "Unauthorized"))),
            Said::Subscribe(id, _) if self.open.contains_key(&id) => {
                Err(Some(close(4409, format!("Subscriber for {id} already exists"))))
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

    fn start(&mut self, id: &str, asked: Asked) -> Result<(), Refusal> {
        let Prepared { request, question } = prepare(asked, &self.shop, &self.meta)?;
        let is_subscription = question.kind() == OperationType::Subscription;
        if is_subscription && self.open.values().filter(|open| open.is_subscription).count() >= SUBSCRIPTIONS_MAX {
            return Err(Error::too_large("subscriptions of one socket", SUBSCRIPTIONS_MAX).into());
        }
        let (going, stop) = abortable(follow(id.to_owned(), question, schema::graph().execute_stream(request)));
        self.running.push(going.boxed());
        self.open.insert(id.to_owned(), Open { stop, is_subscription });
        Ok(())
    }

    async fn say(&mut self, going: Going) -> Result<(), End> {
        let message = match going {
            Going::Next(id, payload) => frames::write(&id, "next", Some(&payload)),
            Going::Error(id, payload) => {
                self.open.remove(&id);
                frames::write(&id, "error", Some(&payload))
            }
            Going::Complete(id) => {
                self.open.remove(&id);
                frames::write(&id, "complete", None)
            }
        };
        self.send(message).await
    }

    async fn send(&mut self, text: String) -> Result<(), End> {
        match timeout(Duration::from_millis(SEND_TIMEOUT_MS), self.session.text(text)).await {
            Ok(sent) => sent.map_err(|_| None),
            Err(_) => Err(Some(CloseReason { code: CloseCode::Again, description: Some("nobody reads".to_owned()) })),
        }
    }
}

/// The messages of an execution: `next` for each response, then `complete`; or `error`, after which nothing comes.
fn follow(id: String, question: Question, responses: BoxStream<'static, Response>) -> BoxStream<'static, Going> {
    let following = stream::unfold(Some((id, question, responses)), |state| async move {
        let (id, question, mut responses) = state?;
        Some(match responses.next().await.map(|response| question.settle(response)) {
            Some(Ok(response)) => (Going::Next(id.clone(), write(&response)), Some((id, question, responses))),
            Some(Err(refusal)) => (Going::Error(id, errors(&refusal.errors)), None),
            None => (Going::Complete(id), None),
        })
    });
    following.boxed()
}
