//! `/ws/echo`: returns every message, text or binary, for testing clients.

use crate::messages::refuse;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::AggregatedMessageStream;
use domain::sandbox::Access;
use futures_util::StreamExt;
use wire::shutdown::Shutdown;
use wire::socket::{Heartbeat, Session, SocketClose, SocketConfig, SocketInput, Tick, UpgradeError};
use wire::socket::{accept, is_upgrade, ping, pong, send, send_binary};

/// Where the echo is served.
pub const PATH: &str = "/ws/echo";

/// Opens the socket.
pub async fn handle(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    if !is_upgrade(&request) {
        return UpgradeError::not_asked(&request).response(refuse);
    }
    let config = SocketConfig::of(&request);
    match accept(&request, payload, &[], &config, Access::Open) {
        Ok((response, session, messages)) => {
            let (heartbeat, shutdown) = (Heartbeat::new(config.heartbeat_ms), Shutdown::of(&request));
            actix_web::rt::spawn(echo(session, messages, heartbeat, shutdown));
            response
        }
        Err(no_upgrade) => no_upgrade.response(refuse),
    }
}

async fn echo(
    mut session: Session,
    mut messages: AggregatedMessageStream,
    mut heartbeat: Heartbeat,
    shutdown: Shutdown,
) {
    let close = loop {
        let sent = tokio::select! {
            message = messages.next() => match heartbeat.receive(message) {
                SocketInput::Text(text) => send(&mut session, text).await,
                SocketInput::Binary(bytes) => send_binary(&mut session, bytes).await,
                SocketInput::Ping(payload) => pong(&mut session, &payload).await,
                SocketInput::Nothing => Ok(()),
                SocketInput::End(close) => break close,
            },
            tick = heartbeat.next_tick() => match tick {
                Tick::Ping => ping(&mut session).await,
                Tick::Silent => break SocketClose::unread(None),
            },
            () = shutdown.started() => break SocketClose::drained(None),
        };
        if let Err(unsent) = sent {
            break SocketClose::after(unsent, None);
        }
    };
    close.send(session).await;
}
