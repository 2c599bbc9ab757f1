//! What does one question cost in each style, and what did each send for it?

use super::body::Body;
use super::{Lab, MEASURING_MS, answer, broken_off, options};
use crate::Effort;
use crate::report::Comparison;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::operations::OperationKind;
use domain::{Error, Operation, Value};
use std::time::Duration;
use wire::client::CallOptions;
use wire::{Adapter, CallRequest};

/// Calls that the page may have measured.
const CALLS_MAX: i64 = 100;
/// Calls that are measured when the page does not say.
const CALLS_DEFAULT: i64 = 20;

/// What the page asks.
struct Wanted {
    ask: CallRequest,
    styles: Vec<&'static Adapter>,
    n: usize,
}

/// `POST /lab/compare`
pub async fn compare(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    answer(&request, compared(&request, &lab).await)
}

async fn compared(request: &HttpRequest, lab: &Lab) -> Result<Comparison, Error> {
    let Wanted { ask, styles, n } = wanted(request, lab.setting.styles)?;
    let room = lab.take_room()?;
    let (own, here) = (lab.address_for(request), wire::base(request));
    let effort = Effort { n, within: Duration::from_millis(MEASURING_MS), keeper: lab.setting.keeper.clone() };
    // On its own, so that it ends well, and throws its sandboxes away, also when the page has gone.
    let comparing = actix_web::rt::spawn(async move {
        let compared = crate::compare(&own, &styles, ask, &effort).await;
        drop(room);
        compared.map(|comparison| Comparison::of(&comparison, &here))
    });
    comparing.await.map_err(|_| Error::internal())?.map_err(broken_off)
}

fn wanted(request: &HttpRequest, all: &'static [Adapter]) -> Result<Wanted, Error> {
    let mut body = Body::read(&wire::body(request)?)?;
    let operation = body.needed_text("operation");
    if Operation::find(&operation).is_some_and(|row| row.kind == OperationKind::Stream) {
        body.refuse("/operation", format!("must have one answer to compare; {operation} streams"));
    }
    let input = body.take("input").unwrap_or_else(|| Value::object([]));
    let styles = styles(&mut body, all);
    let n = body.number("n", 1..=CALLS_MAX).unwrap_or(CALLS_DEFAULT);
    let (api_key, gzip) = (body.text("api_key"), body.flag("gzip"));
    body.close()?;
    let options = CallOptions { gzip, ..options(request, api_key)? };
    let ask = CallRequest::with_options(&operation, input, options);
    Ok(Wanted { ask, styles, n: n.unsigned_abs() as usize })
}

/// The styles that are named, in the order in which they are shown; all of them, if none is.
fn styles(body: &mut Body, all: &'static [Adapter]) -> Vec<&'static Adapter> {
    let Some(over) = body.take("over") else { return all.iter().collect() };
    let mut named = Vec::new();
    for (position, name) in over.items().iter().enumerate() {
        match all.iter().find(|style| name.as_text() == Some(style.name)) {
            Some(style) => named.push(style.name),
            None => body.refuse(format!("/over/{position}"), format!("must name a style, was {name}")),
        }
    }
    if over.items().is_empty() {
        body.refuse("/over", "must be a list of styles, with one at least");
    }
    all.iter().filter(|style| named.contains(&style.name)).collect()
}
