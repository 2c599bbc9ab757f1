//! How does one connection live? Many calls may be in flight at once; whatever is ready first is sent first.

use crate::errors::close_code;
use crate::events::{STOP, Streams};
use crate::messages::{Unreadable, failure, read};
use crate::service::{Called, Outcome, call, require_upgrade};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseReason, Closed, Session};
use domain::faults::Fate;
use domain::{Meta, Shop};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::sync::Arc;
use wire::drain::Drain;
use wire::io::Grip;
use wire::limits::SOCKET_CALLS_MAX;
use wire::socket::{End, Heard, answer, close, heard};

/// What a socket is served with.
pub struct Socket {
    /// The shop.
    pub shop: Shop,
    /// What its messages say of themselves. The credentials are those of the handshake, until a message brings others.
    pub meta: Meta,
    /// By what the connection can be broken.
    pub grip: Option<Arc<Grip>>,
}

impl Socket {
    /// Serves the socket until either end closes it.
    pub async fn live(mut self, mut session: Session, mut messages: AggregatedMessageStream, drain: Drain) {
        wire::pace::connected(&self.shop, &self.meta).await;
        let mut streams = Streams::default();
        let mut calls = FuturesUnordered::new();
        let mut end = loop {
            let (texts, fate) = tokio::select! {
                // While too many calls are in flight, further messages wait unread: the client feels it as back pressure.
                message = messages.next(), if calls.len() < SOCKET_CALLS_MAX => match heard(message) {
                    Heard::Text(text) => match read(&text) {
                        Ok(frame) if frame.op == STOP => (streams.stop(&frame), Fate::Whole),
                        Ok(frame) => {
                            calls.push(call(self.shop.clone(), self.meta.clone(), frame));
                            continue;
                        }
                        Err(Unreadable { id, error }) => match close_code(error.kind()) {
                            Some(code) => {
                                break End::now(Some(CloseReason { code, description: Some(error.message) }));
                            }
                            None => (vec![failure(id.as_ref(), &error)], Fate::Whole),
                        },
                    },
                    Heard::Ping(payload) => match session.pong(&payload).await {
                        Ok(()) => continue,
                        Err(Closed) => break End::now(None),
                    },
                    Heard::Nothing => continue,
                    Heard::End(end) => break end,
                },
                Some(called) = calls.next(), if !calls.is_empty() => {
                    let fate = called.fate;
                    (vec![self.settle(called, &mut streams)], fate)
                }
                news = streams.next() => (vec![news], Fate::Whole),
                () = drain.begun() => break End::drained(streams.good_bye()),
            };
            if let Err(end) = self.say(&mut session, texts, fate).await {
                break end;
            }
        };
        if end.breaks {
            // At once; but what was asked for is done in any case.
            drop(session);
            return calls.for_each(async |_| {}).await;
        }
        while let Some(called) = calls.next().await {
            let fate = called.fate;
            let texts = vec![self.settle(called, &mut streams)];
            if end.answers_first
                && let Err(sooner) = self.say(&mut session, texts, fate).await
            {
                end = sooner;
            }
        }
        if !end.breaks {
            close(session, end.reason).await;
        }
    }

    /// The answer to a message, with what it changes about the socket. What is read from now on is asked in the new name.
    fn settle(&mut self, called: Called, streams: &mut Streams) -> String {
        match called.outcome {
            Outcome::Answered(text) => text,
            Outcome::Known(text, credentials) => {
                self.meta.credentials = credentials;
                text
            }
            Outcome::Watched(watch) => streams.begin(&self.shop, &self.meta, called.id, *watch),
        }
    }

    async fn say(&self, session: &mut Session, texts: Vec<String>, fate: Fate) -> Result<(), End> {
        for text in texts {
            answer(session, text, fate, self.grip.as_deref()).await?;
        }
        Ok(())
    }
}

/// `/ws/echo`: gives back every message as it came, for those who test their client.
pub async fn echo(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    if let Some(response) = require_upgrade(&request) {
        return response;
    }
    let (response, mut session, mut messages) = match wire::socket::accept(&request, payload, &[]) {
        Ok(accepted) => accepted,
        Err(error) => return crate::errors::refusal(actix_web::http::StatusCode::BAD_REQUEST, &error),
    };
    actix_web::rt::spawn(async move {
        let reason = loop {
            let sent = match messages.next().await {
                Some(Ok(AggregatedMessage::Text(text))) => session.text(text).await,
                Some(Ok(AggregatedMessage::Binary(bytes))) => session.binary(bytes).await,
                Some(Ok(AggregatedMessage::Ping(payload))) => session.pong(&payload).await,
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
