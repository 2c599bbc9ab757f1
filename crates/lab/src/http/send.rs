//! `POST /lab/send`: one call in one style, as its client sends it or with a text that the caller has written instead.

use super::body::Body;
use super::lab::{Lab, call_request, clock_us, error_of, respond};
use crate::exchange::{Exchange, Part};
use crate::report::{Json, NativeError, Refusal, microseconds};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::operations::OperationKind;
use domain::{Error, Operation, Value};
use serde::Serialize;
use std::time::Instant;
use wire::connection::{Connection, Failure};
use wire::{Adapter, Address, CallRequest, Outcome, WireRequest};

/// Characters of a text that is sent as it is. It is greater than the limits of the styles: they refuse what is too long for them.
const TEXT_CHARS_MAX: usize = 500_000;

/// What became of a message.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Sent {
    /// The HTTP status; a frame has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// What came back: the content, or the text of a frame.
    text: String,
    /// The decoded reply, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<Json>,
    /// The refusal, if there was one, the same in every style.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<Refusal>,
    /// The refusal as the client of this style reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<NativeError>,
    /// When it was sent, by the server's clock.
    sent_at_us: f64,
    /// How long the reply took.
    time_us: f64,
}

pub async fn send(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    respond(&request, send_one(&request, &lab).await)
}

async fn send_one(request: &HttpRequest, lab: &Lab) -> Result<Sent, Error> {
    let (style, call, text) = read(request, lab.config.styles)?;
    let mut encoded = style.client.encode(&call);
    if let Some(text) = text {
        match &mut encoded {
            WireRequest::Http(request) | WireRequest::EventStream(request) => *request.body_mut() = Bytes::from(text),
            WireRequest::Socket(message) => message.text = text,
        }
    }
    exchange(&lab.address_for(request), style, &call, &encoded).await.map_err(error_of)
}

/// The style, the call, and the text that replaces what its client would send.
fn read(
    request: &HttpRequest,
    styles: &'static [Adapter],
) -> Result<(&'static Adapter, CallRequest, Option<String>), Error> {
    let mut body = Body::of(request)?;
    let over = body.required_text("over");
    let style = styles.iter().find(|style| style.name == over);
    if style.is_none() && !over.is_empty() {
        body.refuse("/over", format!("must be the name of a style, got \"{}\"", domain::value::shown(&over)));
    }
    let call = body.call();
    if Operation::find(&call.operation).is_some_and(|row| row.kind == OperationKind::Stream) {
        body.refuse("/operation", format!("must have one reply; {} streams", call.operation));
    }
    let text = match body.take("text") {
        Some(Value::Text(text)) if text.len() <= TEXT_CHARS_MAX => Some(text),
        None => None,
        Some(_) => {
            body.refuse("/text", format!("must be a text of up to {TEXT_CHARS_MAX} characters"));
            None
        }
    };
    body.close()?;
    Ok((style.ok_or_else(Error::internal)?, call_request(request, call)?, text))
}

/// Sends it on a connection of its own.
async fn exchange(
    address: &Address,
    style: &Adapter,
    call: &CallRequest,
    encoded: &WireRequest,
) -> Result<Sent, Failure> {
    let mut connection = Connection::open(address, encoded).await?;
    let at = Instant::now();
    let outcome = connection.call(style.client, call, encoded).await;
    let took = at.elapsed();
    let is_socket = matches!(encoded, WireRequest::Socket(_));
    // Wrong credentials are refused in the reply to the opening message.
    let opening = Exchange::of(&connection.handshake_recordings().1, is_socket);
    let received = opening.then(Exchange::of(&connection.take_recording(), is_socket)).received;
    connection.close().await;
    let status = received.last().and_then(Part::status);
    let text = received.last().map(Part::text).unwrap_or_default().to_owned();
    let (sent_at_us, time_us) = (clock_us(at), microseconds(took));
    let mut sent = Sent { status, text, answer: None, refused: None, error: None, sent_at_us, time_us };
    match outcome {
        Ok(Outcome::Reply(value)) => sent.answer = Some(Json(value)),
        Ok(Outcome::Refused(refused)) => {
            sent.error = Some(NativeError::of(&refused, status));
            sent.refused = Some(Refusal::of(&refused));
        }
        // The text alone is shown.
        Ok(Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control) | Err(Failure::DecodeError(_)) => {
        }
        Err(Failure::Closed(code, reason)) => sent.error = Some(NativeError::closed(code, reason)),
        Err(failure) => return Err(failure),
    }
    Ok(sent)
}
