//! How is something said on a WebSocket, and how long may the other end leave it unread?

use super::SocketConfig;
use crate::io::ConnectionControl;
use crate::limits::WRITE_STALL_MS;
use actix_http::ws::Item;
use actix_web::web::Bytes;
use actix_ws::{CloseReason, Closed};
use domain::faults::ResponseFault;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// What one end of a socket says. Clones share it.
#[derive(Clone)]
pub struct Session {
    said: actix_ws::Session,
    unread: Duration,
    grip: Option<Arc<ConnectionControl>>,
}

impl Session {
    /// What is said by these rules, over a connection of that grip.
    pub fn new(said: actix_ws::Session, rules: &SocketConfig, grip: Option<Arc<ConnectionControl>>) -> Self {
        Session { said, unread: Duration::from_millis(rules.unread_ms), grip }
    }
}

/// Why something could not be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The connection is gone.
    Gone,
    /// Nobody has read for long.
    Unread,
    /// It was to be lost.
    Lost,
}

/// Sends a message; fails if the connection is gone, or if nobody reads.
pub async fn send(session: &mut Session, text: impl Into<String>) -> Result<(), SendError> {
    in_time(session.unread, session.said.text(text.into())).await
}

/// Sends a message that is no text; fails as [`send`] does.
pub async fn send_binary(session: &mut Session, bytes: Bytes) -> Result<(), SendError> {
    in_time(session.unread, session.said.binary(bytes)).await
}

/// Asks for a sign of life; fails as [`send`] does.
pub async fn ping(session: &mut Session) -> Result<(), SendError> {
    in_time(session.unread, session.said.ping(b"")).await
}

/// Gives a sign of life; fails as [`send`] does.
pub async fn pong(session: &mut Session, payload: &[u8]) -> Result<(), SendError> {
    in_time(session.unread, session.said.pong(payload)).await
}

async fn in_time(unread: Duration, saying: impl Future<Output = Result<(), Closed>>) -> Result<(), SendError> {
    let sent = timeout(unread, saying).await;
    sent.map_or(Err(SendError::Unread), |sent| sent.map_err(|Closed| SendError::Gone))
}

/// Sends as much of an answer as is to come (see [`crate::pace`]). Of an answer that is cut off,
/// the beginning comes as a fragment whose rest never follows (RFC 6455 section 5.4).
pub async fn answer(
    session: &mut Session,
    text: String,
    fate: ResponseFault,
    grip: Option<&ConnectionControl>,
) -> Result<(), SendError> {
    match fate {
        ResponseFault::Whole => send(session, text).await,
        ResponseFault::Dropped => {
            grip.into_iter().for_each(ConnectionControl::drop_connection);
            Err(SendError::Lost)
        }
        ResponseFault::Cut(hundredths) => {
            let bytes = text.len() * usize::from(hundredths) / 100;
            let beginning = Item::FirstText(Bytes::from(text).slice(..bytes));
            // Whether it got through or not, nothing follows.
            let _ = in_time(session.unread, session.said.continuation(beginning)).await;
            Err(SendError::Lost)
        }
    }
}

/// Closes. The other end may be gone already, so whether it was heard is nobody's business; but who has not read for long can
/// hear it for as long as the connection is left open, and who is still sending hears it too.
pub async fn close(session: Session, reason: Option<CloseReason>) {
    session.grip.iter().for_each(|grip| grip.linger());
    let _ = timeout(Duration::from_millis(WRITE_STALL_MS), session.said.close(reason)).await;
}
