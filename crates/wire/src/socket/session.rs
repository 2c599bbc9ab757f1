//! Sending on a WebSocket, with a limit of time.

use super::SocketConfig;
use crate::control::ConnectionControl;
use crate::limits::WRITE_STALL_MS;
use actix_http::ws::Item;
use actix_web::web::Bytes;
use actix_ws::{CloseReason, Closed};
use domain::faults::ResponseFault;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// The sending half of a socket. Clones share it.
#[derive(Clone)]
pub struct Session {
    sender: actix_ws::Session,
    unread: Duration,
    control: Option<Arc<ConnectionControl>>,
}

impl Session {
    /// A sender with that configuration, over a connection with that control.
    pub fn new(sender: actix_ws::Session, config: &SocketConfig, control: Option<Arc<ConnectionControl>>) -> Self {
        Session { sender, unread: Duration::from_millis(config.unread_ms), control }
    }
}

/// Why a message could not be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The connection is gone.
    Gone,
    /// The client does not read.
    Unread,
    /// It was to be dropped.
    Lost,
}

/// Sends a text message; fails if the connection is gone, or if the client does not read.
pub async fn send(session: &mut Session, text: impl Into<String>) -> Result<(), SendError> {
    in_time(session.unread, session.sender.text(text.into())).await
}

/// Sends a binary message; fails as [`send`] does.
pub async fn send_binary(session: &mut Session, bytes: Bytes) -> Result<(), SendError> {
    in_time(session.unread, session.sender.binary(bytes)).await
}

/// Sends a ping; fails as [`send`] does.
pub async fn ping(session: &mut Session) -> Result<(), SendError> {
    in_time(session.unread, session.sender.ping(b"")).await
}

/// Sends a pong; fails as [`send`] does.
pub async fn pong(session: &mut Session, payload: &[u8]) -> Result<(), SendError> {
    in_time(session.unread, session.sender.pong(payload)).await
}

async fn in_time(unread: Duration, saying: impl Future<Output = Result<(), Closed>>) -> Result<(), SendError> {
    let sent = timeout(unread, saying).await;
    sent.map_or(Err(SendError::Unread), |sent| sent.map_err(|Closed| SendError::Gone))
}

/// Sends as much of a response as an injected fault leaves (see [`crate::latency`]). Of a cut response
/// the beginning is a fragment whose rest never follows (RFC 6455 section 5.4).
pub async fn answer(
    session: &mut Session,
    text: String,
    fault: ResponseFault,
    control: Option<&ConnectionControl>,
) -> Result<(), SendError> {
    match fault {
        ResponseFault::Whole => send(session, text).await,
        ResponseFault::Dropped => {
            control.into_iter().for_each(ConnectionControl::drop_connection);
            Err(SendError::Lost)
        }
        ResponseFault::Cut(hundredths) => {
            let bytes = text.len() * usize::from(hundredths) / 100;
            let beginning = Item::FirstText(Bytes::from(text).slice(..bytes));
            // Whether it was sent or not, nothing follows.
            let _ = in_time(session.unread, session.sender.continuation(beginning)).await;
            Err(SendError::Lost)
        }
    }
}

/// Closes. The client may be gone already, so errors are ignored; but a client that has not read for long can
/// receive the close as long as the connection is open, and so can one that is still sending.
pub async fn close(session: Session, reason: Option<CloseReason>) {
    session.control.iter().for_each(|control| control.linger());
    let _ = timeout(Duration::from_millis(WRITE_STALL_MS), session.sender.close(reason)).await;
}
