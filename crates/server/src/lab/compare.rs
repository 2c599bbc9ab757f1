//! What does one question cost in each style, and what did each send for it?

use super::body::Body;
use super::{Lab, MEASURING_MS, answer, beside, broken_off, tell};
use crate::protocols::{self, PROTOCOLS};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Credentials;
use domain::operations::OperationKind;
use domain::users::UserId;
use domain::{Error, Operation, Value};
use lab::Effort;
use std::time::Duration;
use wire::client::Beside;
use wire::{Adapter, Ask};

/// Calls that the page may have measured.
const CALLS_MAX: i64 = 100;
/// Calls that are measured when the page does not say.
const CALLS_DEFAULT: i64 = 20;
/// The admin of every new shop, who may manage the throw-away copies of a locked one.
const ADMIN: UserId = UserId(3);

/// What the page asks.
struct Wanted {
    ask: Ask,
    styles: Vec<&'static Adapter>,
    n: usize,
}

/// `POST /lab/compare`
pub async fn compare(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    answer(&request, compared(&request, &lab).await)
}

async fn compared(request: &HttpRequest, lab: &Lab) -> Result<Value, Error> {
    let Wanted { ask, styles, n } = wanted(request)?;
    let room = lab.take_room()?;
    let (own, here) = (lab.address_for(request), wire::base(request));
    let effort = Effort { n, within: Duration::from_millis(MEASURING_MS), keeper: keeper() };
    // On its own, so that it ends well, and throws its sandboxes away, also when the page has gone.
    let comparing = actix_web::rt::spawn(async move {
        let compared = lab::compare(&own, &styles, ask, &effort).await;
        drop(room);
        compared.map(|comparison| tell::comparison(&comparison, &here))
    });
    comparing.await.map_err(|_| Error::internal())?.map_err(broken_off)
}

/// Who may manage a throw-away copy of a locked sandbox: the admin of every new shop, whose key is no secret.
pub fn keeper() -> Credentials {
    Credentials::ApiKey(auth::demo::api_key(ADMIN))
}

fn wanted(request: &HttpRequest) -> Result<Wanted, Error> {
    let mut body = Body::read(&wire::body(request)?)?;
    let operation = body.needed_text("operation");
    if Operation::find(&operation).is_some_and(|row| row.kind == OperationKind::Stream) {
        body.refuse("/operation", format!("must have one answer to compare; {operation} streams"));
    }
    let input = body.take("input").unwrap_or_else(|| Value::record([]));
    let styles = styles(&mut body);
    let n = body.number("n", 1..=CALLS_MAX).unwrap_or(CALLS_DEFAULT);
    let (api_key, gzip) = (body.text("api_key"), body.flag("gzip"));
    body.close()?;
    let beside = Beside { gzip, ..beside(request, api_key)? };
    let ask = Ask::beside(&operation, input, beside);
    Ok(Wanted { ask, styles, n: n.unsigned_abs() as usize })
}

/// The styles that are named, in the order in which they are shown; all of them, if none is.
fn styles(body: &mut Body) -> Vec<&'static Adapter> {
    let Some(over) = body.take("over") else { return PROTOCOLS.iter().collect() };
    let mut named = Vec::new();
    for (position, name) in over.items().iter().enumerate() {
        match name.as_text().and_then(protocols::find) {
            Some(style) => named.push(style.name),
            None => body.refuse(format!("/over/{position}"), format!("must name a style, was {name}")),
        }
    }
    if over.items().is_empty() {
        body.refuse("/over", "must be a list of styles, with one at least");
    }
    PROTOCOLS.iter().filter(|style| named.contains(&style.name)).collect()
}
