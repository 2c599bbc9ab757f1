//! The session of a WebSocket: one task receives and sends, so a slow client only delays itself. async-graphql's own protocol
//! has no limits of time and number, and no cursor in its close frame.

use super::{ClientMessage, read, write};
use crate::SUBPROTOCOL;
use crate::documents::{Answer, prepare};
use crate::errors::Refusal;
use crate::messages::{RequestParams, errors};
use crate::schema::subscription::Progress;
use actix_web::http::header;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{AggregatedMessageStream, CloseCode, CloseReason};
use async_graphql::parser::types::OperationType;
use domain::access::WhoAmI;
use domain::faults::ResponseFault;
use domain::{Error, Kind, RequestContext, Shop};
use futures_util::stream::{AbortHandle, BoxStream, SelectAll, abortable, unfold};
use futures_util::{Stream, StreamExt};
use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use wire::control::ConnectionControl;
use wire::latency::{connected, hold};
use wire::limits::{SOCKET_CALLS_MAX, SUBSCRIPTIONS_MAX};
use wire::shutdown::Shutdown;
use wire::socket::{
    Heartbeat, SendError, Session, SocketClose, SocketConfig, SocketInput, Tick, UpgradeError, accept, ping, pong,
};

/// Time for a client to send `connection_init`.
const INIT_TIMEOUT_MS: u64 = 10_000;
/// The message type for results, of which more may follow.
const NEXT: &str = "next";

/// The close code for wrong credentials. The protocol leaves it open; graphql-ws closes with this one.
pub const FORBIDDEN: u16 = 4403;

/// Opens a WebSocket, or answers with what is wrong with the handshake.
pub fn open(
    request: &HttpRequest,
    payload: Payload,
    shop: Shop,
    context: RequestContext,
) -> Result<HttpResponse, UpgradeError> {
    let (rules, access) = (SocketConfig::of(request), shop.settings(&context).access);
    let (response, session, messages) = accept(request, payload, &[SUBPROTOCOL], &rules, access)?;
    let shutdown = Shutdown::of(request);
    let control = request.conn_data::<Arc<ConnectionControl>>().cloned();
    let speaks_it = response.headers().contains_key(header::SEC_WEBSOCKET_PROTOCOL);
    actix_web::rt::spawn(async move {
        let end = if speaks_it {
            let (running, open) = (SelectAll::new(), HashMap::new());
            let mut socket =
                Socket { session: session.clone(), shop, context, control, acknowledged: false, running, open };
            socket.live(messages, Heartbeat::new(rules.heartbeat_ms), shutdown).await.unwrap_or_else(|end| end)
        } else {
            close(4406, "Subprotocol not acceptable")
        };
        end.send(session).await;
    });
    Ok(response)
}

fn close(code: u16, reason: impl Into<String>) -> SocketClose {
    SocketClose::now(Some(CloseReason { code: CloseCode::from(code), description: Some(reason.into()) }))
}

struct Socket {
    session: Session,
    shop: Shop,
    /// The context of its messages. The credentials are those of the handshake, unless the first message has others.
    context: RequestContext,
    control: Option<Arc<ConnectionControl>>,
    acknowledged: bool,
    /// The operations in progress.
    running: SelectAll<BoxStream<'static, ServerMessage>>,
    /// The ids in use.
    open: HashMap<String, Open>,
}

struct Open {
    stop: AbortHandle,
    is_subscription: bool,
    progress: Progress,
    /// The cursor that was sent to the client.
    sent: Option<i32>,
}

/// A message of an operation in progress.
struct ServerMessage {
    id: String,
    kind: &'static str,
    payload: Option<String>,
    /// How much of it is sent.
    fault: ResponseFault,
    /// The cursor of the client, once this is sent.
    cursor: Option<i32>,
}

impl Socket {
    async fn live(
        &mut self,
        mut messages: AggregatedMessageStream,
        mut heartbeat: Heartbeat,
        shutdown: Shutdown,
    ) -> Result<SocketClose, SocketClose> {
        connected(&self.shop, &self.context).await;
        let mut started = pin!(shutdown.started());
        let mut too_late = pin!(sleep(Duration::from_millis(INIT_TIMEOUT_MS)));
        loop {
            let has_room = self.open.len() < SOCKET_CALLS_MAX;
            tokio::select! {
                message = messages.recv(), if has_room => match heartbeat.receive(message) {
                    SocketInput::Text(text) => match read(&text) {
                        Ok(message) => self.handle(message).await?,
                        Err(problem) => return Err(close(4400, problem)),
                    },
                    SocketInput::Binary(_) => return Err(close(4400, "a message is a text")),
                    SocketInput::Ping(bytes) => {
                        pong(&mut self.session, &bytes).await.map_err(|unsent| self.end_after(unsent))?;
                    }
                    SocketInput::Nothing => {}
                    SocketInput::End(close) => {
                        if close.answers_first {
                            self.finish().await?;
                        }
                        return Ok(close);
                    }
                },
                Some(going) = self.running.next(), if !self.running.is_empty() => self.send_message(going).await?,
                () = &mut started => {
                    self.finish().await?;
                    return Ok(SocketClose::drained(self.cursor()));
                }
                () = &mut too_late, if !self.acknowledged => {
                    return Ok(close(4408, "Connection initialisation timeout"));
                }
                beat = heartbeat.next_tick() => self.ping_client(beat).await?,
            }
        }
    }

    /// Sends the results in progress; streams are not awaited.
    async fn finish(&mut self) -> Result<(), SocketClose> {
        while self.open.values().any(|open| !open.is_subscription)
            && let Some(going) = self.running.next().await
        {
            self.send_message(going).await?;
        }
        Ok(())
    }

    async fn handle(&mut self, message: ClientMessage) -> Result<(), SocketClose> {
        match message {
            ClientMessage::Init(_) if self.acknowledged => Err(close(4429, "Too many initialisation requests")),
            ClientMessage::Init(credentials) => {
                self.context.credentials = credentials.unwrap_or_else(|| self.context.credentials.clone());
                self.introduce().await?;
                self.acknowledged = true;
                self.send(r#"{"type":"connection_ack"}"#.to_owned()).await
            }
            ClientMessage::Ping => self.send(r#"{"type":"pong"}"#.to_owned()).await,
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe(..) if !self.acknowledged => Err(close(4401, "Unauthorized")),
            ClientMessage::Subscribe(id, _) if self.open.contains_key(&id) => {
                Err(close(4409, format!("Subscriber for {id} already exists")))
            }
            ClientMessage::Subscribe(id, params) => match self.start(&id, params) {
                Ok(()) => Ok(()),
                Err(refusal) => self.send(write(&id, "error", Some(&errors(&refusal.errors)))).await,
            },
            // It may have ended while the message was on its way.
            ClientMessage::Complete(id) => {
                self.open.remove(&id).iter().for_each(|open| open.stop.abort());
                Ok(())
            }
        }
    }

    /// Authenticates. Wrong credentials close the socket; other refusals of the pipeline
    /// are sent for each message. An injected fault applies to those, so not here.
    async fn introduce(&self) -> Result<(), SocketClose> {
        let context = RequestContext { fault: None, is_within: true, ..self.context.another() };
        let known = self.shop.call(&context, WhoAmI {}).await;
        hold(&context.response, 1).await;
        match known {
            Err(error) if error.kind() == Kind::Unauthenticated => Err(close(FORBIDDEN, error.to_string())),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    fn start(&mut self, id: &str, params: RequestParams) -> Result<(), Refusal> {
        let context = self.context.another();
        let prepared = prepare(&params, &self.shop, &context)?;
        let is_subscription = prepared.kind() == OperationType::Subscription;
        if is_subscription && self.open.values().filter(|open| open.is_subscription).count() >= SUBSCRIPTIONS_MAX {
            return Err(Error::too_large("subscriptions of one socket", SUBSCRIPTIONS_MAX).into());
        }
        let progress = Progress::default();
        let (going, stop) = abortable(messages(id.to_owned(), prepared.answers(progress.clone())));
        self.running.push(going.boxed());
        self.open.insert(id.to_owned(), Open { stop, is_subscription, progress, sent: None });
        Ok(())
    }

    async fn send_message(&mut self, going: ServerMessage) -> Result<(), SocketClose> {
        let ServerMessage { id, kind, payload, fault, cursor } = going;
        let message = write(&id, kind, payload.as_deref());
        let sent = wire::socket::answer(&mut self.session, message, fault, self.control.as_deref()).await;
        sent.map_err(|unsent| self.end_after(unsent))?;
        if kind != NEXT {
            self.open.remove(&id);
        } else if let Some(open) = self.open.get_mut(&id) {
            open.sent = cursor;
        }
        Ok(())
    }

    /// The cursor from which the client can resume all its subscriptions without loss.
    fn cursor(&self) -> Option<i32> {
        self.open.values().filter_map(|open| open.sent.or(open.progress.start())).min()
    }

    fn end_after(&self, unsent: SendError) -> SocketClose {
        SocketClose::after(unsent, self.cursor())
    }

    /// A ping of RFC 6455, which clients answer by themselves, and one of the protocol, which they can see.
    async fn ping_client(&mut self, beat: Tick) -> Result<(), SocketClose> {
        if beat == Tick::Silent {
            return Err(SocketClose::unread(self.cursor()));
        }
        ping(&mut self.session).await.map_err(|unsent| self.end_after(unsent))?;
        if self.acknowledged { self.send(r#"{"type":"ping"}"#.to_owned()).await } else { Ok(()) }
    }

    async fn send(&mut self, text: String) -> Result<(), SocketClose> {
        wire::socket::send(&mut self.session, text).await.map_err(|unsent| self.end_after(unsent))
    }
}

/// The messages of an operation: `next` for each result, then `complete`; or `error`, which is the last.
fn messages(id: String, answers: BoxStream<'static, Answer>) -> impl Stream<Item = ServerMessage> {
    unfold(Some(answers), move |state| {
        let id = id.clone();
        async move {
            let mut answers = state?;
            let Some(Answer { result, fault, cursor }) = answers.next().await else {
                let (payload, fault) = (None, ResponseFault::Whole);
                return Some((ServerMessage { id, kind: "complete", payload, fault, cursor: None }, None));
            };
            let (kind, payload, more) = match result {
                Ok(payload) => (NEXT, payload, Some(answers)),
                Err(refusal) => ("error", errors(&refusal.errors), None),
            };
            Some((ServerMessage { id, kind, payload: Some(payload), fault, cursor }, more))
        }
    })
}
