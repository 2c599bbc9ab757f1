//! How does a WebSocket live? Every message is a request or a batch; many may be in flight, and whatever is ready is sent.

use crate::events::Subscriptions;
use crate::service::respond;
use actix_ws::{AggregatedMessageStream, Closed, Session};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jsonrpsee::Extensions;
use wire::drain::Drain;
use wire::limits::SOCKET_CALLS_MAX;
use wire::socket::{End, Heard, close, heard, send};

/// Serves one socket until either end closes it.
pub async fn live(about: Extensions, mut session: Session, mut messages: AggregatedMessageStream, drain: Drain) {
    let subscriptions = Subscriptions::default();
    let mut calls = FuturesUnordered::new();
    let mut last = 0;
    let mut end = loop {
        let (answered, text) = tokio::select! {
            // While too many are in flight, further messages wait unread: the client feels it as back pressure.
            message = messages.next(), if calls.len() < SOCKET_CALLS_MAX => match heard(message) {
                Heard::Text(text) => {
                    last += 1;
                    let (message, mut about) = (last, about.clone());
                    about.insert(subscriptions.for_message(message));
                    calls.push(async move { (message, respond(text.as_bytes(), &about).await) });
                    continue;
                }
                Heard::Ping(payload) => match session.pong(&payload).await {
                    Ok(()) => continue,
                    Err(Closed) => break End::now(None),
                },
                Heard::Nothing => continue,
                Heard::End(end) => break end,
            },
            Some((message, answer)) = calls.next(), if !calls.is_empty() => (Some(message), answer),
            notification = subscriptions.next() => (None, Some(notification)),
            () = drain.begun() => break End::drained(subscriptions.good_bye()),
        };
        // Section 4.1: a notification is not answered.
        if let Some(text) = text
            && send(&mut session, text).await.is_err()
        {
            break End::now(None);
        }
        answered.iter().for_each(|message| subscriptions.answered(*message));
    };
    while let Some((_, answer)) = calls.next().await {
        if let Some(text) = answer.filter(|_| end.answers_first) {
            end.answers_first = send(&mut session, text).await.is_ok();
        }
    }
    close(session, end.reason).await;
}
