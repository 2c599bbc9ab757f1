//! How does a WebSocket live? Every message is a request or a batch; many may be in flight, and whatever is ready is sent.

use crate::events::Subscriptions;
use crate::service::respond;
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, Closed, Session};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jsonrpsee::Extensions;
use std::time::Duration;
use tokio::time::timeout;
use wire::drain::Drain;
use wire::limits::SOCKET_CALLS_MAX;

/// How long a client may leave what we send unread before it is closed. Nobody else waits for it meanwhile.
const SEND_TIMEOUT_MS: u64 = 10_000;

/// How a socket ends.
struct End {
    /// With what the close says.
    reason: Option<CloseReason>,
    /// Whether what is in flight is answered before. It is done in any case, because a notification expects no more.
    answers_first: bool,
}

/// Serves one socket until either end closes it.
pub async fn live(about: Extensions, mut session: Session, mut messages: AggregatedMessageStream, drain: Drain) {
    let subscriptions = Subscriptions::default();
    let mut calls = FuturesUnordered::new();
    let mut last = 0;
    let mut end = loop {
        let (answered, text) = tokio::select! {
            // While too many are in flight, further messages wait unread: the client feels it as back pressure.
            message = messages.next(), if calls.len() < SOCKET_CALLS_MAX => match heard(message) {
                Heard::Request(text) => {
                    last += 1;
                    let (message, mut about) = (last, about.clone());
                    about.insert(subscriptions.for_message(message));
                    calls.push(async move { (message, respond(text.as_bytes(), &about).await) });
                    continue;
                }
                Heard::Ping(payload) => match session.pong(&payload).await {
                    Ok(()) => continue,
                    Err(Closed) => break End { reason: None, answers_first: false },
                },
                Heard::Nothing => continue,
                Heard::End(end) => break end,
            },
            Some((message, answer)) = calls.next(), if !calls.is_empty() => (Some(message), answer),
            notification = subscriptions.next() => (None, Some(notification)),
            () = drain.begun() => {
                let reason = CloseReason { code: CloseCode::Away, description: Some(subscriptions.good_bye()) };
                break End { reason: Some(reason), answers_first: true };
            }
        };
        // Section 4.1: a notification is not answered.
        if let Some(text) = text
            && send(&mut session, text).await.is_err()
        {
            break End { reason: None, answers_first: false };
        }
        answered.iter().for_each(|message| subscriptions.answered(*message));
    };
    while let Some((_, answer)) = calls.next().await {
        if let Some(text) = answer.filter(|_| end.answers_first) {
            end.answers_first = send(&mut session, text).await.is_ok();
        }
    }
    // The other end may be gone already.
    let _ = timeout(Duration::from_millis(SEND_TIMEOUT_MS), session.close(end.reason)).await;
}

/// What a message asks of the socket.
enum Heard {
    Request(String),
    Ping(actix_web::web::Bytes),
    Nothing,
    End(End),
}

fn heard(message: Option<Result<AggregatedMessage, actix_ws::ProtocolError>>) -> Heard {
    let closed = |reason| Heard::End(End { reason, answers_first: false });
    match message {
        Some(Ok(AggregatedMessage::Text(text))) => Heard::Request(text.into()),
        Some(Ok(AggregatedMessage::Ping(payload))) => Heard::Ping(payload),
        Some(Ok(AggregatedMessage::Pong(_))) => Heard::Nothing,
        // RFC 6455 section 5.5.1: a close is answered by a close, with the same code.
        Some(Ok(AggregatedMessage::Close(reason))) => closed(reason),
        Some(Ok(AggregatedMessage::Binary(_))) => {
            let description = Some("only text messages are read here".to_owned());
            closed(Some(CloseReason { code: CloseCode::Unsupported, description }))
        }
        Some(Err(error)) if wire::socket::is_end(&error) => Heard::Nothing,
        Some(Err(error)) => closed(Some(wire::socket::close_for(&error))),
        // It says no more, but what it has said is done, and perhaps it still reads.
        None => Heard::End(End { reason: None, answers_first: true }),
    }
}

/// Sends a message; fails if the connection is gone, or if nobody reads and a close frame would not get through either.
async fn send(session: &mut Session, text: String) -> Result<(), Closed> {
    timeout(Duration::from_millis(SEND_TIMEOUT_MS), session.text(text)).await.unwrap_or(Err(Closed))
}
