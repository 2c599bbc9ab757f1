//! `POST /lab/translate`: the call in a pasted request, and its form in each style.

use super::body::Body;
use super::lab::{Lab, respond};
use crate::report::JsonObject;
use crate::snippets::{Snippet, raw, snippets};
use crate::translate::{Translated, can_encode, parse_request};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Value};
use serde::Serialize;
use wire::request::sandbox_named;
use wire::{Adapter, Address, CallRequest};

/// A pasted request in every style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Translation {
    /// The style that it was pasted in.
    from: &'static str,
    /// The sandbox that the calls are for: that of the pasted address, or else that of this request.
    sandbox: String,
    /// What it says that has no place in other styles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dropped: Option<&'static str>,
    #[serde(flatten)]
    first: Call,
    /// The calls after the first, if a batch was pasted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<Call>,
}

/// A call in every style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Call {
    operation: String,
    input: JsonObject,
    styles: Vec<CallInStyle>,
}

/// A call in one style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CallInStyle {
    style: &'static str,
    title: &'static str,
    raw: String,
    snippets: Vec<Snippet>,
}

pub async fn translate(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    respond(&request, translation(&request, lab.config.styles))
}

fn translation(request: &HttpRequest, styles: &'static [Adapter]) -> Result<Translation, Error> {
    let mut body = Body::of(request)?;
    let text = match body.take("text") {
        Some(Value::Text(text)) if !text.trim().is_empty() => text,
        other => {
            let got = other.map_or_else(|| "nothing".to_owned(), |other| other.to_string());
            body.refuse("/text", format!("must be a request in any style, got {got}"));
            String::new()
        }
    };
    body.close()?;
    let Translated { from, calls, sandbox, dropped } =
        parse_request(&text, styles).map_err(|problem| Error::invalid("/text", problem))?;
    let here = wire::base(request);
    let here = match sandbox {
        Some(name) => here.in_sandbox(sandbox_named(&name)?.as_str()),
        None => here,
    };
    let mut calls = calls.iter().map(|call| in_every_style(call, styles, &here));
    let first = calls.next().ok_or_else(Error::internal)?;
    let sandbox = here.sandbox().unwrap_or("main").to_owned();
    Ok(Translation { from: from.name, sandbox, dropped, first, others: calls.collect() })
}

fn in_every_style(call: &CallRequest, styles: &'static [Adapter], here: &Address) -> Call {
    let encoded = |style: &'static Adapter| {
        let request = style.client.encode_by_hand(call);
        let (raw, snippets) = (raw(&request, here), snippets(&request, here));
        CallInStyle { style: style.name, title: style.title, raw, snippets }
    };
    let styles = styles.iter().filter(|style| can_encode(style, call)).map(encoded).collect();
    Call { operation: call.operation.clone(), input: JsonObject(call.input.clone()), styles }
}
