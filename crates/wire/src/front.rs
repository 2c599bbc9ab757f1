//! What happens to every request before it is routed? The sandbox is taken off the path, and the body is read.
//!
//! The body is read here, for every address and method, because whatever is left unread would be taken for the next
//! request of the connection, and because a client that is still sending does not hear a refusal.

use crate::limits::{BODY_BYTES_MAX, BODY_TIMEOUT_MS, DRAIN_BYTES_MAX, DRAIN_TIMEOUT_MS};
use crate::meta::Arrived;
use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::Uri;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, http::header};
use bytes::{Bytes, BytesMut};
use domain::Error;
use futures_util::StreamExt;
use std::time::Duration;
use tokio::time::timeout;

/// The layer, for `actix_web::middleware::from_fn`.
pub async fn front<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let sandbox = take_sandbox(&mut request);
    let body = read_body(&mut request).await;
    request.extensions_mut().insert(Arrived { sandbox, body });
    next.call(request).await
}

/// Takes `/sandboxes/{name}` off a path that goes on after it. What is about the sandbox itself is left as it is.
fn take_sandbox(request: &mut ServiceRequest) -> Option<String> {
    let uri = request.uri();
    let (name, rest) = uri.path().strip_prefix("/sandboxes/")?.split_once('/')?;
    if rest == "reset" {
        return None;
    }
    let name = name.to_owned();
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let stripped: Uri = format!("/{rest}{query}").parse().ok()?;
    request.match_info_mut().get_mut().update(&stripped);
    request.head_mut().uri = stripped;
    Some(name)
}

async fn read_body(request: &mut ServiceRequest) -> Result<Bytes, Error> {
    // After an upgrade (RFC 9110 section 7.8) what follows is not a body.
    if request.headers().contains_key(header::UPGRADE) && request.head().upgrade() {
        return Ok(Bytes::new());
    }
    let mut payload = request.take_payload();
    if matches!(payload, Payload::None) {
        return Ok(Bytes::new());
    }
    match timeout(Duration::from_millis(BODY_TIMEOUT_MS), collect(&mut payload)).await {
        Ok(Ok(Some(body))) => Ok(body),
        Ok(Ok(None)) => {
            let drain = timeout(Duration::from_millis(DRAIN_TIMEOUT_MS), drain(&mut payload));
            // Whether it ended well or not makes no difference: the refusal is said either way.
            let _ = drain.await;
            Err(Error::too_large("bytes of a body", BODY_BYTES_MAX))
        }
        Ok(Err(error)) => Err(Error::unreadable(format!("the body could not be read: {error}"))),
        Err(_) => Err(Error::unreadable(format!("the body did not arrive within {BODY_TIMEOUT_MS} ms"))),
    }
}

/// The whole body, or nothing if it is larger than the limit.
async fn collect(payload: &mut Payload) -> Result<Option<Bytes>, PayloadError> {
    let Some(first) = payload.next().await.transpose()? else {
        return Ok(Some(Bytes::new()));
    };
    if first.len() > BODY_BYTES_MAX {
        return Ok(None);
    }
    let Some(second) = payload.next().await.transpose()? else {
        return Ok(Some(first));
    };
    let mut body = BytesMut::from(first);
    body.extend_from_slice(&second);
    while let Some(chunk) = payload.next().await.transpose()? {
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body.freeze()))
}

async fn drain(payload: &mut Payload) {
    let mut drained = 0;
    while let Some(Ok(chunk)) = payload.next().await {
        drained += chunk.len();
        if drained > DRAIN_BYTES_MAX {
            return;
        }
    }
}
