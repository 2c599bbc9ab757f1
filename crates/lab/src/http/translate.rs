//! What is a pasted request in every other style?

use super::body::Body;
use super::{Lab, answer};
use crate::copies::{Copy, copies, raw_of};
use crate::report::JsonObject;
use crate::translate::{Understood, can_say, parse_request};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Value};
use serde::Serialize;
#[cfg(test)]
use ts_rs::TS;
use wire::{Adapter, Address, CallRequest};

/// What was pasted, and how every style says it.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Translation {
    /// The style that it was pasted in.
    from: &'static str,
    #[serde(flatten)]
    first: Call,
    /// Those after the first, where several were pasted at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<Call>,
}

/// A call, said in every style.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Call {
    operation: String,
    input: JsonObject,
    styles: Vec<SaidCall>,
}

/// A call, said in one style.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct SaidCall {
    style: &'static str,
    title: &'static str,
    raw: String,
    copies: Vec<Copy>,
}

/// `POST /lab/translate`
pub async fn translate(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    answer(&request, translated(&request, lab.setting.styles))
}

/// Nothing is asked of the shop: it is only said anew. Of a batch, the first question stands where a single one does, and the
/// others after it.
fn translated(request: &HttpRequest, styles: &'static [Adapter]) -> Result<Translation, Error> {
    let text = wanted(request)?;
    let Understood { from, asks } = parse_request(&text, styles).map_err(|problem| Error::invalid("/text", problem))?;
    let here = wire::base(request);
    let mut calls = asks.iter().map(|ask| in_every_style(ask, styles, &here));
    let first = calls.next().ok_or_else(Error::internal)?;
    Ok(Translation { from: from.name, first, others: calls.collect() })
}

fn wanted(request: &HttpRequest) -> Result<String, Error> {
    let mut body = Body::read(&wire::body(request)?)?;
    let text = match body.take("text") {
        Some(Value::Text(text)) if !text.trim().is_empty() => text,
        other => {
            let was = other.map_or_else(|| "nothing".to_owned(), |other| other.to_string());
            body.refuse("/text", format!("must be a request in any style, was {was}"));
            String::new()
        }
    };
    body.close()?;
    Ok(text)
}

fn in_every_style(ask: &CallRequest, styles: &'static [Adapter], here: &Address) -> Call {
    let said = |style: &'static Adapter| {
        let outgoing = style.client.encode(ask);
        let (raw, copies) = (raw_of(&outgoing, here), copies(&outgoing, here));
        SaidCall { style: style.name, title: style.title, raw, copies }
    };
    let styles = styles.iter().filter(|style| can_say(style, ask)).map(said).collect();
    Call { operation: ask.operation.clone(), input: JsonObject(ask.input.clone()), styles }
}
