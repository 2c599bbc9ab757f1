//! The server half of a WebSocket: its handshake, its input, and its close codes.

mod config;
mod guard;
mod handshake;
mod heartbeat;
mod serve;
mod session;
mod streams;

pub use config::SocketConfig;
pub use handshake::{UpgradeError, is_upgrade};
pub use heartbeat::{Heartbeat, Tick};
pub use serve::{Received, SocketProtocol, SocketReply, serve};
pub use session::{SendError, Session, answer, close, ping, pong, send, send_binary};
pub use streams::{StreamId, Streams};

use crate::control::ConnectionControl;
use actix_http::error::PayloadError;
use actix_http::ws::ProtocolError;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason};
use domain::Error;
use domain::sandbox::Access;
use std::io::ErrorKind;
use std::sync::Arc;

/// The parts of an accepted WebSocket: the response, the sender, the receiver.
pub type Accepted = (HttpResponse, Session, AggregatedMessageStream);

/// Accepts a WebSocket with the first offered subprotocol that is supported, or returns what is wrong with the handshake
/// (RFC 6455 section 4.2). A locked sandbox restricts the origins.
pub fn accept(
    request: &HttpRequest,
    payload: web::Payload,
    subprotocols: &[&str],
    rules: &SocketConfig,
    access: Access,
) -> Result<Accepted, UpgradeError> {
    if access == Access::Locked {
        rules.ensure_origin(request)?;
    }
    handshake::verify(request)?;
    let no_handshake = |error: actix_web::Error| Error::unreadable(format!("no WebSocket handshake: {error}"));
    let payload = guard::limited(request, payload, rules.message_bytes_max).map_err(no_handshake)?;
    let handled = actix_ws::handle_with_protocols(request, payload, subprotocols);
    let (mut response, session, messages) = handled.map_err(no_handshake)?;
    let messages = messages.max_frame_size(rules.message_bytes_max).aggregate_continuations();
    let messages = messages.max_continuation_size(rules.message_bytes_max);
    let control = request.conn_data::<Arc<ConnectionControl>>().cloned();
    // Header names have no case (RFC 9110 section 5.1), but some clients look for those of the RFC's examples.
    response.head_mut().set_camel_case_headers(true);
    control.iter().for_each(|control| control.spell_head());
    Ok((response, Session::new(session, rules, control), messages))
}

/// Whether the peer has only closed its sending direction. actix-ws reports that first, and then the messages
/// that came before it, the close among them: so reading continues until there is nothing more.
fn is_end(error: &ProtocolError) -> bool {
    matches!(cause(error), Some(PayloadError::Incomplete(_)))
}

/// The cause in invalid bytes.
fn cause(error: &ProtocolError) -> Option<&PayloadError> {
    let ProtocolError::Io(error) = error else { return None };
    error.get_ref().and_then(|cause| cause.downcast_ref::<PayloadError>())
}

/// What a message means for the session, in a protocol of texts.
pub enum SocketInput {
    /// A text, which the protocol reads.
    Text(String),
    /// A binary message; most protocols close with [`only_text`].
    Binary(web::Bytes),
    /// A ping, to be answered with a pong.
    Ping(web::Bytes),
    /// Nothing to do.
    Nothing,
    /// The socket ends.
    End(SocketClose),
}

/// How a socket closes.
pub struct SocketClose {
    /// The close frame.
    pub reason: Option<CloseReason>,
    /// Whether calls in progress are answered before. They are executed in any case.
    pub answers_first: bool,
    /// Whether the connection breaks without a close frame.
    pub breaks: bool,
}

impl SocketClose {
    /// At once.
    pub fn now(reason: Option<CloseReason>) -> Self {
        SocketClose { reason, answers_first: false, breaks: false }
    }

    /// Sends the close frame, or breaks the connection.
    pub async fn send(self, session: Session) {
        if !self.breaks {
            close(session, self.reason).await;
        }
    }

    /// At once, without a close frame: a response was to be dropped.
    pub fn broken() -> Self {
        SocketClose { breaks: true, ..SocketClose::now(None) }
    }

    /// The server shuts down: calls in progress are answered, then the close frame has the cursor.
    pub fn drained(cursor: Option<i32>) -> Self {
        SocketClose { answers_first: true, ..SocketClose::now(Some(resumable(CloseCode::Away, "draining", cursor))) }
    }

    /// The client does not read, or sends no sign of life: the close frame has the cursor.
    pub fn unread(cursor: Option<i32>) -> Self {
        SocketClose::now(Some(resumable(CloseCode::Again, "the client does not read", cursor)))
    }

    /// The close after a message could not be sent.
    pub fn after(unsent: SendError, cursor: Option<i32>) -> Self {
        match unsent {
            SendError::Gone => SocketClose::now(None),
            SendError::Unread => SocketClose::unread(cursor),
            SendError::Lost => SocketClose::broken(),
        }
    }
}

fn resumable(code: CloseCode, why: &str, cursor: Option<i32>) -> CloseReason {
    let description = match cursor {
        Some(cursor) => format!("{why}; resume after {cursor}"),
        None => why.to_owned(),
    };
    CloseReason { code, description: Some(description) }
}

/// The close of a protocol of texts after a binary message.
pub fn only_text() -> SocketClose {
    let description = Some("only text messages are supported".to_owned());
    SocketClose::now(Some(CloseReason { code: CloseCode::Unsupported, description }))
}

/// Classifies a message.
fn input(message: Option<Result<AggregatedMessage, ProtocolError>>) -> SocketInput {
    match message {
        Some(Ok(AggregatedMessage::Text(text))) => SocketInput::Text(text.into()),
        Some(Ok(AggregatedMessage::Ping(payload))) => SocketInput::Ping(payload),
        Some(Ok(AggregatedMessage::Pong(_))) => SocketInput::Nothing,
        // RFC 6455 section 5.5.1: a close is answered by a close, with the same code.
        Some(Ok(AggregatedMessage::Close(reason))) => SocketInput::End(SocketClose::now(reason)),
        Some(Ok(AggregatedMessage::Binary(bytes))) => SocketInput::Binary(bytes),
        Some(Err(error)) if is_end(&error) => SocketInput::Nothing,
        Some(Err(error)) => SocketInput::End(SocketClose::now(Some(close_for(&error)))),
        // The client sends nothing more, but may still read.
        None => SocketInput::End(SocketClose { answers_first: true, ..SocketClose::now(None) }),
    }
}

/// The close after unreadable bytes (RFC 6455 section 7.4.1): 1009 for too many, 1007 for text that is not UTF-8, 1002
/// for what breaks the protocol.
fn close_for(error: &ProtocolError) -> CloseReason {
    if let Some(PayloadError::Io(refused)) = cause(error) {
        let code = if refused.kind() == ErrorKind::FileTooLarge { CloseCode::Size } else { CloseCode::Protocol };
        return CloseReason { code, description: Some(refused.to_string()) };
    }
    let code = match error {
        ProtocolError::Overflow => CloseCode::Size,
        // Broken frames are invalid data too; only text that is not UTF-8 has that error inside.
        ProtocolError::Io(error) if error.kind() == ErrorKind::InvalidData && is_utf8_error(error) => {
            CloseCode::Invalid
        }
        _ => CloseCode::Protocol,
    };
    CloseReason { code, description: Some(error.to_string()) }
}

fn is_utf8_error(error: &std::io::Error) -> bool {
    let inner = error.get_ref();
    inner.is_some_and(|inner| inner.is::<std::str::Utf8Error>() || inner.to_string().contains("utf-8"))
}
