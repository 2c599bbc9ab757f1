//! What does one style answer to one message: to that of its own client, or to a text that somebody has written instead of it?

use super::body::Body;
use super::{Lab, answer, broken_off, by_the_clock, options};
use crate::parts::{Exchange, Part};
use crate::report::{Json, Refusal, Said, us};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::operations::OperationKind;
use domain::{Error, Operation, Value};
use serde::Serialize;
use std::time::Instant;
#[cfg(test)]
use ts_rs::TS;
use wire::connection::{Connection, Failure};
use wire::{Adapter, Address, CallRequest, Outcome, WireRequest};

/// Characters of a text that is sent as it is: what is refused for its length is refused by the style, and not here.
const TEXT_CHARS_MAX: usize = 500_000;

/// What came of a message.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Sent {
    /// Of HTTP; a frame has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// What came back: the content, or the text of a frame.
    text: String,
    /// What it says, if it is an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<Json>,
    /// What it was refused with, if it was, in the words of no style.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<Refusal>,
    /// The same as the style says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<Said>,
    /// When it was sent, by the server's clock.
    sent_at_us: f64,
    /// How long the answer took.
    time_us: f64,
}

/// What the page asks.
struct Wanted {
    style: &'static Adapter,
    ask: CallRequest,
    /// What is to be said instead.
    text: Option<String>,
}

/// `POST /lab/send`
pub async fn send(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    answer(&request, sent(&request, &lab).await)
}

async fn sent(request: &HttpRequest, lab: &Lab) -> Result<Sent, Error> {
    let Wanted { style, ask, text } = wanted(request, lab.setting.styles)?;
    let mut outgoing = style.client.encode(&ask);
    if let Some(text) = text {
        match &mut outgoing {
            WireRequest::Http(request) | WireRequest::EventStream(request) => *request.body_mut() = Bytes::from(text),
            WireRequest::Socket(message) => message.text = text,
        }
    }
    exchange(&lab.address_for(request), style, &ask, &outgoing).await.map_err(broken_off)
}

fn wanted(request: &HttpRequest, styles: &'static [Adapter]) -> Result<Wanted, Error> {
    let mut body = Body::read(&wire::body(request)?)?;
    let over = body.needed_text("over");
    let style = styles.iter().find(|style| style.name == over);
    if style.is_none() && !over.is_empty() {
        body.refuse("/over", format!("must name a style, was \"{}\"", domain::value::shown(&over)));
    }
    let operation = body.needed_text("operation");
    if Operation::find(&operation).is_some_and(|row| row.kind == OperationKind::Stream) {
        body.refuse("/operation", format!("must have one answer; {operation} streams"));
    }
    let input = body.take("input").unwrap_or_else(|| Value::object([]));
    let text = match body.take("text") {
        Some(Value::Text(text)) if text.len() <= TEXT_CHARS_MAX => Some(text),
        None => None,
        Some(_) => {
            body.refuse("/text", format!("must be a text of up to {TEXT_CHARS_MAX} characters"));
            None
        }
    };
    let api_key = body.text("api_key");
    body.close()?;
    let ask = CallRequest { options: options(request, api_key)?, ..CallRequest::new(&operation, input) };
    Ok(Wanted { style: style.ok_or_else(Error::internal)?, ask, text })
}

/// Sends it on a connection of its own.
async fn exchange(
    address: &Address,
    style: &Adapter,
    ask: &CallRequest,
    outgoing: &WireRequest,
) -> Result<Sent, Failure> {
    let mut connection = Connection::open(address, outgoing).await?;
    let at = Instant::now();
    let heard = connection.call(style.client, ask, outgoing).await;
    let took = at.elapsed();
    let is_socket = matches!(outgoing, WireRequest::Socket(_));
    let opening = Exchange::of(&connection.handshake_recordings().1, is_socket);
    let received = opening.then(Exchange::of(&connection.take_recording(), is_socket)).received;
    connection.close().await;
    // Who was refused with who one is was answered to the opening words.
    let (status, text) = match received.last() {
        Some(Part::Http { head, body, .. }) => {
            (head.split(' ').nth(1).and_then(|code| code.parse().ok()), body.clone())
        }
        Some(Part::Frame { text, .. }) => (None, text.clone()),
        None => (None, String::new()),
    };
    let (sent_at_us, time_us) = (by_the_clock(at), us(took));
    let sent = Sent { status, text, answer: None, refused: None, said: None, sent_at_us, time_us };
    match heard {
        Ok(Outcome::Reply(value)) => Ok(Sent { answer: Some(Json(value)), ..sent }),
        Ok(Outcome::Refused(refused)) => {
            let said = Some(Said::of(&refused, status));
            Ok(Sent { refused: Some(Refusal::of(&refused)), said, ..sent })
        }
        // It is shown as it came.
        Ok(Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control) | Err(Failure::DecodeError(_)) => {
            Ok(sent)
        }
        Err(Failure::Closed(code, reason)) => Ok(Sent { said: Some(Said::closed(code, reason)), ..sent }),
        Err(failure) => Err(failure),
    }
}
