//! How does one connection live? Many calls may be in flight at once; whatever is ready first is sent first.

use crate::errors::close_code;
use crate::events::{STOP, Streams, WATCH};
use crate::messages::{Unreadable, failure, read};
use crate::service::{call, require_upgrade};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseReason, Closed, Session};
use domain::{Meta, Shop};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use wire::drain::Drain;
use wire::limits::SOCKET_CALLS_MAX;
use wire::socket::{End, Heard, close, heard, send};

/// Serves one socket until either end closes it.
pub async fn live(shop: Shop, meta: Meta, mut session: Session, mut messages: AggregatedMessageStream, drain: Drain) {
    let mut streams = Streams::default();
    let mut calls = FuturesUnordered::new();
    let mut end = loop {
        let outgoing = tokio::select! {
            // While too many calls are in flight, further messages wait unread: the client feels it as back pressure.
            message = messages.next(), if calls.len() < SOCKET_CALLS_MAX => match heard(message) {
                Heard::Text(text) => match read(&text) {
                    Ok(frame) if frame.op == WATCH => vec![streams.start(&shop, &meta, frame).await],
                    Ok(frame) if frame.op == STOP => streams.stop(&frame),
                    Ok(frame) => {
                        calls.push(call(shop.clone(), meta.clone(), frame));
                        continue;
                    }
                    Err(Unreadable { id, error }) => match close_code(error.kind()) {
                        Some(code) => break End::now(Some(CloseReason { code, description: Some(error.message) })),
                        None => vec![failure(id.as_ref(), &error)],
                    },
                },
                Heard::Ping(payload) => match session.pong(&payload).await {
                    Ok(()) => continue,
                    Err(Closed) => break End::now(None),
                },
                Heard::Nothing => continue,
                Heard::End(end) => break end,
            },
            Some(text) = calls.next(), if !calls.is_empty() => vec![text],
            news = streams.next() => vec![news],
            () = drain.begun() => break End::drained(streams.good_bye()),
        };
        if send_all(&mut session, outgoing).await.is_err() {
            break End::now(None);
        }
    };
    while let Some(text) = calls.next().await {
        end.answers_first = end.answers_first && send(&mut session, text).await.is_ok();
    }
    close(session, end.reason).await;
}

async fn send_all(session: &mut Session, texts: Vec<String>) -> Result<(), Closed> {
    for text in texts {
        send(session, text).await?;
    }
    Ok(())
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
