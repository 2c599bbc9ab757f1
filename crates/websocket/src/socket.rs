//! How does one connection live? Many calls may be in flight at once; whatever is ready first is sent first.

use crate::errors::{close_code, refusal};
use crate::events::{STOP, Streams};
use crate::messages::{Unreadable, failure, read};
use crate::service::{Called, Outcome, call};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason};
use domain::faults::ResponseFault;
use domain::sandbox::Access;
use domain::{RequestContext, Shop};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::sync::Arc;
use wire::io::ConnectionControl;
use wire::limits::SOCKET_CALLS_MAX;
use wire::shutdown::Shutdown;
use wire::socket::{
    Heartbeat, SendError, Session, SocketClose, SocketConfig, SocketInput, Tick, UpgradeError, answer, close, ping,
    pong, send, send_binary,
};

/// What a socket is served with.
pub struct Socket {
    /// The shop.
    pub shop: Shop,
    /// What its messages say of themselves. The credentials are those of the handshake, until a message brings others.
    pub meta: RequestContext,
    /// By what the connection can be broken.
    pub grip: Option<Arc<ConnectionControl>>,
    /// How often it has been wrong about who its messages are from, since it was right.
    pub wrong_proofs: u32,
}

/// How often in a row one socket may be wrong about who its messages are from: more is not forgetting, but guessing.
pub const WRONG_PROOFS_MAX: u32 = 10;

impl Socket {
    /// Serves the socket until either end closes it.
    pub async fn live(
        mut self,
        mut session: Session,
        mut messages: AggregatedMessageStream,
        mut pulse: Heartbeat,
        drain: Shutdown,
    ) {
        wire::latency::connected(&self.shop, &self.meta).await;
        let mut streams = Streams::default();
        let mut calls = FuturesUnordered::new();
        let mut end = loop {
            // What is not sent must not count as told.
            let resume = streams.cursor();
            let (texts, fate) = tokio::select! {
                // While too many calls are in flight, further messages wait unread: the client feels it as back pressure.
                message = messages.next(), if calls.len() < SOCKET_CALLS_MAX => match pulse.hear(message) {
                    SocketInput::Text(text) => match read(&text) {
                        Ok(frame) if frame.op == STOP => (streams.stop(&frame), ResponseFault::Whole),
                        Ok(frame) => {
                            calls.push(call(self.shop.clone(), self.meta.clone(), frame));
                            continue;
                        }
                        Err(Unreadable { id, error }) => match close_code(error.kind()) {
                            Some(code) => {
                                break SocketClose::now(Some(CloseReason { code, description: Some(error.message) }));
                            }
                            None => (vec![failure(id.as_ref(), &error)], ResponseFault::Whole),
                        },
                    },
                    SocketInput::Ping(payload) => match pong(&mut session, &payload).await {
                        Ok(()) => continue,
                        Err(unsent) => break SocketClose::after(unsent, streams.cursor()),
                    },
                    SocketInput::Nothing => continue,
                    SocketInput::End(end) => break end,
                },
                Some(called) = calls.next(), if !calls.is_empty() => {
                    let fate = called.fate;
                    (vec![self.settle(called, &mut streams)], fate)
                }
                news = streams.next() => (vec![news], ResponseFault::Whole),
                beat = pulse.beat() => match beat {
                    Tick::Silent => break SocketClose::unread(streams.cursor()),
                    Tick::Ping => match ping(&mut session).await {
                        Ok(()) => (streams.heartbeats(), ResponseFault::Whole),
                        Err(unsent) => break SocketClose::after(unsent, streams.cursor()),
                    },
                },
                () = drain.begun() => break SocketClose::drained(streams.cursor()),
            };
            if let Err(unsent) = self.say(&mut session, texts, fate).await {
                break SocketClose::after(unsent, resume);
            }
            if self.wrong_proofs >= WRONG_PROOFS_MAX {
                break SocketClose::now(Some(guessing()));
            }
        };
        while end.answers_first
            && let Some(called) = calls.next().await
        {
            let fate = called.fate;
            let texts = vec![self.settle(called, &mut streams)];
            if let Err(unsent) = self.say(&mut session, texts, fate).await {
                end = SocketClose::after(unsent, streams.cursor());
            }
        }
        // Nobody is told any more, though it may take a while until the last word is heard.
        drop(streams);
        end.say(session).await;
        // What was asked for is done in any case.
        calls.for_each(async |_| {}).await;
    }

    /// The answer to a message, with what it changes about the socket. What is read from now on is asked in the new name.
    fn settle(&mut self, called: Called, streams: &mut Streams) -> String {
        match called.outcome {
            Outcome::Answered(text) => text,
            Outcome::Unknown(text) => {
                self.wrong_proofs += 1;
                text
            }
            Outcome::Known(text, credentials) => {
                self.meta.credentials = credentials;
                self.wrong_proofs = 0;
                text
            }
            Outcome::Watched(watch) => streams.begin(&self.shop, &self.meta, called.id, *watch),
        }
    }

    async fn say(&self, session: &mut Session, texts: Vec<String>, fate: ResponseFault) -> Result<(), SendError> {
        for text in texts {
            answer(session, text, fate, self.grip.as_deref()).await?;
        }
        Ok(())
    }
}

/// RFC 6455 section 7.4.1: 1008 is for what a policy forbids, where no other code fits.
fn guessing() -> CloseReason {
    let description = format!("wrong credentials {WRONG_PROOFS_MAX} times in a row");
    CloseReason { code: CloseCode::Policy, description: Some(description) }
}

/// `/ws/echo`: gives back every message as it came, for those who test their client.
pub async fn echo(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    if !wire::socket::is_upgrade(&request) {
        return UpgradeError::not_asked().response(refusal);
    }
    let rules = SocketConfig::of(&request);
    let (response, mut session, mut messages) = match wire::socket::accept(&request, payload, &[], &rules, Access::Open)
    {
        Ok(accepted) => accepted,
        Err(no_handshake) => return no_handshake.response(refusal),
    };
    let drain = Shutdown::of(&request);
    let mut pulse = Heartbeat::new(rules.heartbeat_ms);
    actix_web::rt::spawn(async move {
        let reason = loop {
            let message = tokio::select! {
                message = messages.next() => message,
                beat = pulse.beat() => match beat {
                    Tick::Ping if ping(&mut session).await.is_ok() => continue,
                    Tick::Ping => return,
                    Tick::Silent => break SocketClose::unread(None).reason,
                },
                () = drain.begun() => break SocketClose::drained(None).reason,
            };
            pulse.sign();
            let sent = match message {
                Some(Ok(AggregatedMessage::Text(text))) => send(&mut session, text).await,
                Some(Ok(AggregatedMessage::Binary(bytes))) => send_binary(&mut session, bytes).await,
                Some(Ok(AggregatedMessage::Ping(payload))) => pong(&mut session, &payload).await,
                Some(Ok(AggregatedMessage::Pong(_))) => Ok(()),
                Some(Ok(AggregatedMessage::Close(reason))) => break reason,
                Some(Err(error)) if wire::socket::is_end(&error) => continue,
                Some(Err(error)) => break Some(wire::socket::close_for(&error)),
                None => return,
            };
            if sent.is_err() {
                return;
            }
        };
        close(session, reason).await;
    });
    response
}
