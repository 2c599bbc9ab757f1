//! What is a pasted request in every other style?

use super::body::Body;
use super::{answer, tell};
use crate::protocols::PROTOCOLS;
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Value};
use lab::translate::{Understood, can_say, understand};
use wire::{Address, Ask};

/// `POST /lab/translate`
pub async fn translate(request: HttpRequest) -> HttpResponse {
    answer(&request, translated(&request))
}

/// Nothing is asked of the shop: it is only said anew. Of a batch, the first question stands where a single one does, and the
/// others after it.
fn translated(request: &HttpRequest) -> Result<Value, Error> {
    let text = wanted(request)?;
    let Understood { from, asks } =
        understand(&text, &PROTOCOLS).map_err(|problem| Error::invalid("/text", problem))?;
    let here = wire::base(request);
    let mut told = vec![("from", Value::text(from.name))];
    let mut each = asks.iter().map(|ask| in_every_style(ask, &here));
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

fn in_every_style(ask: &Ask, here: &Address) -> [(&'static str, Value); 3] {
    let styles = PROTOCOLS.iter().filter(|style| can_say(style, ask)).map(|style| {
        let outgoing = style.client.encode(ask);
        Value::record([
            ("style", style.name.into()),
            ("title", style.title.into()),
            ("raw", Value::text(lab::copies::raw_of(&outgoing, here))),
            ("copies", tell::copies(&outgoing, here)),
        ])
    });
    [("operation", Value::text(&ask.operation)), ("input", ask.input.clone()), ("styles", tell::list(styles))]
}
