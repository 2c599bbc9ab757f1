//! `POST /lab/send`: one call in one style, as its client sends it or with a text that the caller has written instead.

use super::body::Body;
use super::lab::{Lab, call_request, clock_us, error_of, respond};
use crate::exchange::Exchange;
use crate::report::{Json, NativeError, Refusal, microseconds};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::operations::OperationKind;
use domain::{Error, Operation, Value};
use http::header::ACCEPT;
use http::{HeaderName, HeaderValue};
use serde::Serialize;
use std::time::Instant;
use wire::connection::{Connection, Failure};
use wire::recorder::RecordedKind;
use wire::{Adapter, Address, CallRequest, Outcome, WireRequest};

/// Characters of a text that is sent as it is. It is greater than the limits of the styles: they refuse what is too long for them.
const TEXT_CHARS_MAX: usize = 500_000;

/// Headers that are sent as they are: more than a client of any style sends.
const HEADERS_MAX: usize = 50;

/// What became of a message.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Sent {
    /// The HTTP status; a frame has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// What came back: the content, or the text of a frame.
    text: String,
    /// What crossed the wire.
    wire: Exchange,
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
    let Message { style, call, text, headers, accept } = read(request, lab.config.styles)?;
    let mut encoded = style.client.encode(&call);
    let of_call = match &mut encoded {
        WireRequest::Http(request) | WireRequest::EventStream(request) => {
            if let Some(text) = text {
                *request.body_mut() = Bytes::from(text);
            }
            request.headers_mut()
        }
        WireRequest::Socket(message) => {
            if let Some(text) = text {
                message.text = text;
            }
            &mut message.headers
        }
    };
    if let Some(headers) = headers {
        *of_call = headers.into_iter().chain(call.options.headers()).collect();
    }
    if let Some(accept) = accept {
        of_call.insert(ACCEPT, accept);
    }
    exchange(&lab.address_for(request), style, &call, &encoded).await.map_err(error_of)
}

/// What is to be sent.
struct Message {
    style: &'static Adapter,
    call: CallRequest,
    /// Replaces what the style's client would send.
    text: Option<String>,
    /// Replace all headers, but for those of the call's options; of a socket those of its handshake.
    headers: Option<Vec<(HeaderName, HeaderValue)>>,
    /// Replaces the client's `Accept`: on it may hang which status a refusal gets.
    accept: Option<HeaderValue>,
}

fn read(request: &HttpRequest, styles: &'static [Adapter]) -> Result<Message, Error> {
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
    let headers = read_headers(&mut body);
    // Visible ASCII characters are a valid value.
    let accept = body.text("accept").and_then(|accept| HeaderValue::from_str(&accept).ok());
    body.close()?;
    Ok(Message { style: style.ok_or_else(Error::internal)?, call: call_request(request, call)?, text, headers, accept })
}

/// The member `headers`: an object of texts.
fn read_headers(body: &mut Body) -> Option<Vec<(HeaderName, HeaderValue)>> {
    let given = body.take("headers")?;
    let header = |(name, value): &(String, Value)| Some((name.parse().ok()?, value.as_text()?.parse().ok()?));
    let headers = match &given {
        Value::Object(members) if members.len() <= HEADERS_MAX => members.iter().map(header).collect(),
        _ => None,
    };
    if headers.is_none() {
        body.refuse("/headers", format!("must be an object of up to {HEADERS_MAX} headers, got {given}"));
    }
    headers
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
    // Wrong credentials are refused in the reply to the opening message.
    let opening = connection.handshake_recordings().iter().filter(|opening| opening.kind == RecordedKind::WebSocket);
    let opening = opening.map(Exchange::of).fold(Exchange::default(), Exchange::then);
    let wire = opening.then(Exchange::of(&connection.take_recording()));
    connection.close().await;
    let (status, text) = (wire.status(), wire.text().to_owned());
    let (sent_at_us, time_us) = (clock_us(at), microseconds(took));
    let mut sent = Sent { status, text, wire, answer: None, refused: None, error: None, sent_at_us, time_us };
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
