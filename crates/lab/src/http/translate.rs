//! What is a pasted request in every other style?

use super::body::Body;
use super::{Lab, answer};
use crate::report;
use crate::translate::{Understood, can_say, understand};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Value};
use wire::{Adapter, Address, Ask};

/// `POST /lab/translate`
pub async fn translate(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    answer(&request, translated(&request, lab.setting.styles))
}

/// Nothing is asked of the shop: it is only said anew. Of a batch, the first question stands where a single one does, and the
/// others after it.
fn translated(request: &HttpRequest, all: &'static [Adapter]) -> Result<Value, Error> {
    let text = wanted(request)?;
    let Understood { from, asks } = understand(&text, all).map_err(|problem| Error::invalid("/text", problem))?;
    let here = wire::base(request);
    let mut told = vec![("from", Value::text(from.name))];
    let mut each = asks.iter().map(|ask| in_every_style(ask, all, &here));
    told.extend(each.next().into_iter().flatten());
    let others: Vec<Value> = each.map(Value::record).collect();
    if !others.is_empty() {
        told.push(("others", Value::List(others)));
    }
    Ok(Value::record(told))
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

fn in_every_style(ask: &Ask, all: &'static [Adapter], here: &Address) -> [(&'static str, Value); 3] {
    let styles = all.iter().filter(|style| can_say(style, ask)).map(|style| {
        let outgoing = style.client.encode(ask);
        Value::record([
            ("style", style.name.into()),
            ("title", style.title.into()),
            ("raw", Value::text(crate::copies::raw_of(&outgoing, here))),
            ("copies", report::copies(&outgoing, here)),
        ])
    });
    [("operation", Value::text(&ask.operation)), ("input", ask.input.clone()), ("styles", report::list(styles))]
}
