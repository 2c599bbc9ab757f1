//! How does the server half of a WebSocket begin, what does it hear, and with which code does it end?

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

use crate::io::ConnectionControl;
use actix_http::error::PayloadError;
use actix_http::ws::ProtocolError;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason};
use domain::Error;
use domain::sandbox::Access;
use std::io::ErrorKind;
use std::sync::Arc;

/// The three ends of an accepted WebSocket: the response, what is sent, what comes in.
pub type Accepted = (HttpResponse, Session, AggregatedMessageStream);

/// Accepts a WebSocket with the first subprotocol on offer that is among these, or says what is wrong with the handshake
/// (RFC 6455 section 4.2). A locked sandbox does not accept it from any page.
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
    let payload = guard::guarded(request, payload, rules.message_bytes_max).map_err(no_handshake)?;
    let handled = actix_ws::handle_with_protocols(request, payload, subprotocols);
    let (mut response, session, messages) = handled.map_err(no_handshake)?;
    let messages = messages.max_frame_size(rules.message_bytes_max).aggregate_continuations();
    let messages = messages.max_continuation_size(rules.message_bytes_max);
    let grip = request.conn_data::<Arc<ConnectionControl>>().cloned();
    // Field names have no case (RFC 9110 section 5.1), but some clients look for those of the RFC's examples.
    response.head_mut().set_camel_case_headers(true);
    grip.iter().for_each(|grip| grip.spell_head());
    Ok((response, Session::new(session, rules, grip), messages))
}

/// Whether the other end has only ended its half of the connection. actix-ws tells of that first, and then of the messages
/// that came before it, the close among them: so one listens on, until there is nothing more.
pub fn is_end(error: &ProtocolError) -> bool {
    matches!(cause(error), Some(PayloadError::Incomplete(_)))
}

/// What was wrong with the bytes, if it was not what they say.
fn cause(error: &ProtocolError) -> Option<&PayloadError> {
    let ProtocolError::Io(error) = error else { return None };
    error.get_ref().and_then(|cause| cause.downcast_ref::<PayloadError>())
}

/// What a message means to the life of the socket, in a protocol of texts.
pub enum SocketInput {
    /// A text, which the protocol reads.
    Text(String),
    /// A binary message; most protocols close with [`only_text`].
    Binary(web::Bytes),
    /// A ping, to be answered by a pong.
    Ping(web::Bytes),
    /// Nothing to do.
    Nothing,
    /// The socket ends.
    End(SocketClose),
}

/// How a socket ends.
pub struct SocketClose {
    /// What the close says.
    pub reason: Option<CloseReason>,
    /// Whether what is in flight is answered before. It is done in any case, if nobody waits for the answer then after the close.
    pub answers_first: bool,
    /// Whether the connection just breaks: then not even a close is said.
    pub breaks: bool,
}

impl SocketClose {
    /// At once.
    pub fn now(reason: Option<CloseReason>) -> Self {
        SocketClose { reason, answers_first: false, breaks: false }
    }

    /// Says it; where the connection just breaks, by letting it go.
    pub async fn send(self, session: Session) {
        if !self.breaks {
            close(session, self.reason).await;
        }
    }

    /// At once, and without a word: an answer was to be lost.
    pub fn broken() -> Self {
        SocketClose { breaks: true, ..SocketClose::now(None) }
    }

    /// The server shuts down: what is in flight is answered, then it is said where to resume.
    pub fn drained(cursor: Option<i32>) -> Self {
        SocketClose { answers_first: true, ..SocketClose::now(Some(resumable(CloseCode::Away, "draining", cursor))) }
    }

    /// The other end does not read, or gives no sign of life: it is told so, should it read on, and where to resume.
    pub fn unread(cursor: Option<i32>) -> Self {
        SocketClose::now(Some(resumable(CloseCode::Again, "nobody reads", cursor)))
    }

    /// How a socket ends on which something could not be sent.
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

/// How a protocol of texts closes after a binary message.
pub fn only_text() -> SocketClose {
    let description = Some("only text messages are read here".to_owned());
    SocketClose::now(Some(CloseReason { code: CloseCode::Unsupported, description }))
}

/// Tells what came.
pub fn heard(message: Option<Result<AggregatedMessage, ProtocolError>>) -> SocketInput {
    match message {
        Some(Ok(AggregatedMessage::Text(text))) => SocketInput::Text(text.into()),
        Some(Ok(AggregatedMessage::Ping(payload))) => SocketInput::Ping(payload),
        Some(Ok(AggregatedMessage::Pong(_))) => SocketInput::Nothing,
        // RFC 6455 section 5.5.1: a close is answered by a close, with the same code.
        Some(Ok(AggregatedMessage::Close(reason))) => SocketInput::End(SocketClose::now(reason)),
        Some(Ok(AggregatedMessage::Binary(bytes))) => SocketInput::Binary(bytes),
        Some(Err(error)) if is_end(&error) => SocketInput::Nothing,
        Some(Err(error)) => SocketInput::End(SocketClose::now(Some(close_for(&error)))),
        // It says no more, but what it has said is done, and perhaps it still reads.
        None => SocketInput::End(SocketClose { answers_first: true, ..SocketClose::now(None) }),
    }
}

/// How to close after what can't be read (RFC 6455 section 7.4.1): 1009 for too much, 1007 for text that is not UTF-8, 1002
/// for what breaks the protocol.
pub fn close_for(error: &ProtocolError) -> CloseReason {
    if let Some(PayloadError::Io(refused)) = cause(error) {
        let code = if refused.kind() == ErrorKind::FileTooLarge { CloseCode::Size } else { CloseCode::Protocol };
        return CloseReason { code, description: Some(refused.to_string()) };
    }
    let code = match error {
        ProtocolError::Overflow => CloseCode::Size,
        // Broken frames arrive as invalid data too; only a text that is no UTF-8 says so by the error within.
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
