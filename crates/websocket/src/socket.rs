//! How does one connection live? Many calls may be in flight at once; whatever is ready first is sent first.

use crate::errors::close_code;
use crate::events::{STOP, Streams, WATCH};
use crate::messages::{Unreadable, failure, read};
use crate::service::{call, require_upgrade};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, Closed, Session};
use domain::{Meta, Shop};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::time::Duration;
use tokio::time::timeout;
use wire::drain::Drain;
use wire::limits::SOCKET_CALLS_MAX;

/// How long a client may leave what we send unread before it is closed. Nobody else waits for it meanwhile.
const SEND_TIMEOUT_MS: u64 = 10_000;

/// Serves one socket until either end closes it.
pub async fn live(shop: Shop, meta: Meta, mut session: Session, mut messages: AggregatedMessageStream, drain: Drain) {
    let mut streams = Streams::default();
    let mut calls = FuturesUnordered::new();
    // How it ends, and whether what is in flight is answered before.
    let (reason, answers_first) = loop {
        let outgoing = tokio::select! {
            // While too many calls are in flight, further messages wait unread: the client feels it as back pressure.
            message = messages.next(), if calls.len() < SOCKET_CALLS_MAX => match message {
                Some(Ok(AggregatedMessage::Text(text))) => match read(&text) {
                    Ok(frame) if frame.op == WATCH => vec![streams.start(&shop, &meta, frame).await],
                    Ok(frame) if frame.op == STOP => streams.stop(&frame),
                    Ok(frame) => {
                        calls.push(call(shop.clone(), meta.clone(), frame));
                        continue;
                    }
                    Err(Unreadable { id, error }) => match close_code(error.kind()) {
                        Some(code) => break (Some(CloseReason { code, description: Some(error.message) }), false),
                        None => vec![failure(id.as_ref(), &error)],
                    },
                },
                Some(Ok(AggregatedMessage::Ping(payload))) => {
                    if session.pong(&payload).await.is_err() {
                        return;
                    }
                    continue;
                }
                Some(Ok(AggregatedMessage::Pong(_))) => continue,
                // RFC 6455 section 5.5.1: a close is answered by a close, with the same code.
                Some(Ok(AggregatedMessage::Close(reason))) => break (reason, false),
                Some(Ok(AggregatedMessage::Binary(_))) => {
                    let description = Some("only text messages are read here".to_owned());
                    break (Some(CloseReason { code: CloseCode::Unsupported, description }), false);
                }
                Some(Err(error)) if wire::socket::is_end(&error) => continue,
                Some(Err(error)) => break (Some(wire::socket::close_for(&error)), false),
                // It says no more, but what it has said is done, and perhaps it still reads.
                None => break (None, true),
            },
            Some(text) = calls.next(), if !calls.is_empty() => vec![text],
            news = streams.next() => vec![news],
            () = drain.begun() => {
                break (Some(CloseReason { code: CloseCode::Away, description: Some(streams.good_bye()) }), true);
            }
        };
        for text in outgoing {
            if send(&mut session, text).await.is_err() {
                return;
            }
        }
    };
    while answers_first && let Some(text) = calls.next().await {
        if send(&mut session, text).await.is_err() {
            // Nobody reads the answers; the calls run to their end all the same.
            while calls.next().await.is_some() {}
        }
    }
    // The other end may be gone already.
    let _ = session.close(reason).await;
}

/// Sends a message; fails if the connection is gone, or if nobody reads and a close frame would not get through either.
async fn send(session: &mut Session, text: String) -> Result<(), Closed> {
    timeout(Duration::from_millis(SEND_TIMEOUT_MS), session.text(text)).await.unwrap_or(Err(Closed))
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
        let _ = session.close(reason).await;
    });
    response
}
