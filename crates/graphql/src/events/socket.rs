//! How a WebSocket lives: one task hears and says everything in turn, so a client that does not read waits for itself. The protocol
//! of async-graphql has no limits of time and number, and can't say in its close frame where to resume.

use super::Told;
use super::frames::{self, Said};
use crate::SUBPROTOCOL;
use crate::documents::prepare;
use crate::errors::Refusal;
use crate::messages::{Asked, errors};
use actix_web::http::header;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, ProtocolError};
use async_graphql::parser::types::OperationType;
use domain::access::WhoAmI;
use domain::faults::ResponseFault;
use domain::request::ResponseMetadata;
use domain::{Error, Kind, RequestContext, Shop};
use futures_util::StreamExt;
use futures_util::stream::{self, AbortHandle, BoxStream, SelectAll, abortable};
use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use wire::io::ConnectionControl;
use wire::latency::{connected, hold};
use wire::limits::{SOCKET_CALLS_MAX, SUBSCRIPTIONS_MAX};
use wire::shutdown::Shutdown;
use wire::socket::{Heartbeat, SendError, Session, SocketClose, SocketConfig, Tick, UpgradeError, accept, ping, pong};

/// How long a client may take to say `connection_init`.
const INIT_TIMEOUT_MS: u64 = 10_000;
/// The message that something follows of which there may be more.
const NEXT: &str = "next";

/// The close code for whoever is wrong about who they are. The protocol leaves it open; it is what graphql-ws closes with.
pub const FORBIDDEN: u16 = 4403;

/// Opens a WebSocket, or says what is wrong with the handshake.
pub fn open(
    request: &HttpRequest,
    payload: Payload,
    shop: Shop,
    meta: RequestContext,
) -> Result<HttpResponse, UpgradeError> {
    let (rules, access) = (SocketConfig::of(request), shop.settings(&meta).access);
    let (response, session, heard) = accept(request, payload, &[SUBPROTOCOL], &rules, access)?;
    let drain = Shutdown::of(request);
    let grip = request.conn_data::<Arc<ConnectionControl>>().cloned();
    let speaks_it = response.headers().contains_key(header::SEC_WEBSOCKET_PROTOCOL);
    actix_web::rt::spawn(async move {
        let end = if speaks_it {
            let (running, open) = (SelectAll::new(), HashMap::new());
            let mut socket = Socket { session: session.clone(), shop, meta, grip, acknowledged: false, running, open };
            socket.live(heard, Heartbeat::new(rules.heartbeat_ms), drain).await.unwrap_or_else(|end| end)
        } else {
            close(4406, "Subprotocol not acceptable")
        };
        end.say(session).await;
    });
    Ok(response)
}

fn close(code: u16, reason: impl Into<String>) -> SocketClose {
    SocketClose::now(Some(CloseReason { code: CloseCode::from(code), description: Some(reason.into()) }))
}

struct Socket {
    session: Session,
    shop: Shop,
    /// What its messages say of themselves. The credentials are those of the handshake, unless the first message has others.
    meta: RequestContext,
    grip: Option<Arc<ConnectionControl>>,
    acknowledged: bool,
    /// What is being executed.
    running: SelectAll<BoxStream<'static, Going>>,
    /// The ids that are in use.
    open: HashMap<String, Open>,
}

struct Open {
    stop: AbortHandle,
    is_subscription: bool,
    told: Told,
    /// How far the client has been told.
    sent: Option<i32>,
}

/// What an execution has to say.
struct Going {
    id: String,
    kind: &'static str,
    payload: Option<String>,
    /// How much of it comes.
    fate: ResponseFault,
    /// How far the client has been told of news, once this is sent.
    cursor: Option<i32>,
}

impl Socket {
    async fn live(
        &mut self,
        mut heard: AggregatedMessageStream,
        mut pulse: Heartbeat,
        drain: Shutdown,
    ) -> Result<SocketClose, SocketClose> {
        connected(&self.shop, &self.meta).await;
        let mut begun = pin!(drain.begun());
        let mut too_late = pin!(sleep(Duration::from_millis(INIT_TIMEOUT_MS)));
        loop {
            let has_room = self.open.len() < SOCKET_CALLS_MAX;
            tokio::select! {
                message = heard.recv(), if has_room => match message {
                    Some(message) => {
                        pulse.sign();
                        self.hear(message).await?;
                    }
                    // It says no more, but what it has said is done, and perhaps it still reads.
                    None => return self.finish().await.map(|()| SocketClose::now(None)),
                },
                Some(going) = self.running.next(), if !self.running.is_empty() => self.say(going).await?,
                () = &mut begun => {
                    self.finish().await?;
                    return Ok(SocketClose::drained(self.cursor()));
                }
                () = &mut too_late, if !self.acknowledged => {
                    return Ok(close(4408, "Connection initialisation timeout"));
                }
                beat = pulse.beat() => self.ask_for_a_sign(beat).await?,
            }
        }
    }

    /// Answers what is being executed; streams are not waited for.
    async fn finish(&mut self) -> Result<(), SocketClose> {
        while self.open.values().any(|open| !open.is_subscription)
            && let Some(going) = self.running.next().await
        {
            self.say(going).await?;
        }
        Ok(())
    }

    async fn hear(&mut self, message: Result<AggregatedMessage, ProtocolError>) -> Result<(), SocketClose> {
        match message {
            Ok(AggregatedMessage::Text(text)) => match frames::read(&text) {
                Ok(said) => self.obey(said).await,
                Err(problem) => Err(close(4400, problem)),
            },
            Ok(AggregatedMessage::Binary(_)) => Err(close(4400, "a message is a text")),
            Ok(AggregatedMessage::Ping(bytes)) => {
                let sent = pong(&mut self.session, &bytes).await;
                sent.map_err(|unsent| self.end_after(unsent))
            }
            Ok(AggregatedMessage::Pong(_)) => Ok(()),
            Ok(AggregatedMessage::Close(reason)) => Err(SocketClose::now(reason)),
            Err(error) if wire::socket::is_end(&error) => Ok(()),
            Err(error) => Err(SocketClose::now(Some(wire::socket::close_for(&error)))),
        }
    }

    async fn obey(&mut self, said: Said) -> Result<(), SocketClose> {
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
    async fn introduce(&self) -> Result<(), SocketClose> {
        let meta = RequestContext { fault: None, is_within: true, ..self.meta.another() };
        let known = self.shop.call(&meta, WhoAmI {}).await;
        hold(&meta.response, 1).await;
        match known {
            Err(error) if error.kind() == Kind::Unauthenticated => Err(close(FORBIDDEN, error.to_string())),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    fn start(&mut self, id: &str, asked: Asked) -> Result<(), Refusal> {
        let meta = self.meta.another();
        let prepared = prepare(&asked, &self.shop, &meta)?;
        let is_subscription = prepared.kind() == OperationType::Subscription;
        if is_subscription && self.open.values().filter(|open| open.is_subscription).count() >= SUBSCRIPTIONS_MAX {
            return Err(Error::too_large("subscriptions of one socket", SUBSCRIPTIONS_MAX).into());
        }
        let told = Told::default();
        let answers = prepared.answers(told.clone());
        let (going, stop) = abortable(follow(id.to_owned(), is_subscription, meta.response, told.clone(), answers));
        self.running.push(going.boxed());
        self.open.insert(id.to_owned(), Open { stop, is_subscription, told, sent: None });
        Ok(())
    }

    async fn say(&mut self, going: Going) -> Result<(), SocketClose> {
        let Going { id, kind, payload, fate, cursor } = going;
        let message = frames::write(&id, kind, payload.as_deref());
        let sent = wire::socket::answer(&mut self.session, message, fate, self.grip.as_deref()).await;
        sent.map_err(|unsent| self.end_after(unsent))?;
        if kind != NEXT {
            self.open.remove(&id);
        } else if let Some(open) = self.open.get_mut(&id) {
            open.sent = cursor;
        }
        Ok(())
    }

    /// Where the client can resume with all subscriptions that it has, and lose nothing.
    fn cursor(&self) -> Option<i32> {
        self.open.values().filter_map(|open| open.sent.or(open.told.start())).min()
    }

    fn end_after(&self, unsent: SendError) -> SocketClose {
        SocketClose::after(unsent, self.cursor())
    }

    /// By a ping of RFC 6455, which clients answer by themselves, and by one of the protocol, which they can see.
    async fn ask_for_a_sign(&mut self, beat: Tick) -> Result<(), SocketClose> {
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

/// The messages of an execution: `next` for each answer, then `complete`; or `error`, after which nothing comes. An answer
/// takes as long as the door has noted that it is to take; news do not wait, as nobody has asked for them just now.
fn follow(
    id: String,
    is_stream: bool,
    notes: ResponseMetadata,
    told: Told,
    answers: BoxStream<'static, Result<String, Refusal>>,
) -> BoxStream<'static, Going> {
    let following = stream::unfold(Some(answers), move |state| {
        let (id, notes, told) = (id.clone(), notes.clone(), told.clone());
        async move {
            let mut answers = state?;
            let answer = answers.next().await;
            let fate = match answer {
                Some(Ok(_)) if is_stream => ResponseFault::Whole,
                Some(_) => hold(&notes, 1).await,
                None => ResponseFault::Whole,
            };
            let going = |kind, payload| Going { id, kind, payload, fate, cursor: told.cursor() };
            Some(match answer {
                Some(Ok(answer)) => (going(NEXT, Some(answer)), Some(answers)),
                Some(Err(refusal)) => (going("error", Some(errors(&refusal.errors))), None),
                None => (going("complete", None), None),
            })
        }
    });
    following.boxed()
}
