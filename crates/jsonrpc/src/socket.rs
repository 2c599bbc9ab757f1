//! How does a WebSocket live? Every message is a request or a batch; many may be in flight, and whatever is ready is sent.
//!
//! What rides beside a call in headers is said once, in the handshake, and goes for every message. But each message comes to
//! the door for itself: who it is from is asked anew, so that what a sandbox allows now counts, and each is a round trip.

use crate::events::Subscriptions;
use crate::service::{About, methods, respond};
use actix_ws::AggregatedMessageStream;
use domain::faults::ResponseFault;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::sync::Arc;
use wire::io::ConnectionControl;
use wire::latency::{connected, hold};
use wire::limits::SOCKET_CALLS_MAX;
use wire::shutdown::Shutdown;
use wire::socket::{Heartbeat, Session, SocketClose, SocketInput, Tick, answer, ping, pong, send};

/// What a socket knows of the connection and the house that it is in.
pub struct Place {
    /// What a method may know beside its parameters.
    pub about: About,
    /// What the connection can be broken by.
    pub grip: Option<Arc<ConnectionControl>>,
    /// By what it is known whether the client is still there.
    pub pulse: Heartbeat,
    /// Where it is said that the server shuts down.
    pub drain: Shutdown,
}

/// Serves one socket until either end closes it.
pub async fn live(place: Place, mut session: Session, mut messages: AggregatedMessageStream) {
    let Place { about, grip, mut pulse, drain } = place;
    connected(&about.shop, &about.meta).await;
    let subscriptions = Subscriptions::default();
    let mut calls = FuturesUnordered::new();
    let mut last = 0;
    let mut end = loop {
        // What is not sent must not count as told.
        let resume = subscriptions.cursor();
        tokio::select! {
            // While too many are in flight, further messages wait unread: the client feels it as back pressure.
            message = messages.next(), if calls.len() < SOCKET_CALLS_MAX => match pulse.hear(message) {
                SocketInput::Text(text) => {
                    last += 1;
                    calls.push(call(about.for_message(&subscriptions, last), last, text));
                }
                SocketInput::Ping(payload) => if let Err(unsent) = pong(&mut session, &payload).await {
                    break SocketClose::after(unsent, subscriptions.cursor());
                },
                SocketInput::Nothing => {}
                SocketInput::End(end) => break end,
            },
            Some(Called { message, text, fate }) = calls.next(), if !calls.is_empty() => {
                // Section 4.1: a notification is not answered.
                if let Some(text) = text && let Err(unsent) = answer(&mut session, text, fate, grip.as_deref()).await {
                    break SocketClose::after(unsent, subscriptions.cursor());
                }
                subscriptions.answered(message);
            }
            notification = subscriptions.next() => if let Err(unsent) = send(&mut session, notification).await {
                break SocketClose::after(unsent, resume);
            },
            beat = pulse.beat() => if let Err(end) = sign_of_life(&mut session, beat, &subscriptions).await {
                break end;
            },
            () = drain.begun() => break SocketClose::drained(subscriptions.cursor()),
        }
    };
    while end.answers_first
        && let Some(Called { text, fate, .. }) = calls.next().await
    {
        if let Some(text) = text
            && let Err(unsent) = answer(&mut session, text, fate, grip.as_deref()).await
        {
            end = SocketClose::after(unsent, subscriptions.cursor());
        }
    }
    // Nobody is told any more, though it may take a while until the last word is heard.
    drop(subscriptions);
    end.say(session).await;
    // What was asked for is done in any case.
    calls.for_each(async |_| {}).await;
}

/// Asks for a sign of life, and gives one of each subscription.
async fn sign_of_life(session: &mut Session, beat: Tick, subscriptions: &Subscriptions) -> Result<(), SocketClose> {
    let cursor = subscriptions.cursor();
    if beat == Tick::Silent {
        return Err(SocketClose::unread(cursor));
    }
    ping(session).await.map_err(|unsent| SocketClose::after(unsent, cursor))?;
    for heartbeat in subscriptions.heartbeats() {
        send(session, heartbeat).await.map_err(|unsent| SocketClose::after(unsent, cursor))?;
    }
    Ok(())
}

/// A message that has been worked off.
struct Called {
    message: u64,
    /// What it is answered; nothing, if all of it were notifications.
    text: Option<String>,
    /// How much of that comes.
    fate: ResponseFault,
}

/// Works a message off, and waits as long as its answer is to take: while it does, others go on.
async fn call(about: About, message: u64, text: String) -> Called {
    let notes = about.meta.response.clone();
    let text = respond(methods, text.as_bytes(), &about).await;
    // What is not answered makes no round trip.
    let fate = if text.is_some() { hold(&notes, 1).await } else { ResponseFault::Whole };
    Called { message, text, fate }
}
