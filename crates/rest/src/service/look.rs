//! Conditional reads, in the order of RFC 9110 section 13.2.2.

use super::Exchange;
use crate::errors::Refusal;
use crate::events;
use crate::headers::accept::Form;
use crate::headers::unread;
use crate::messages::Asked;
use crate::messages::reply::{Told, is_named, version_of, write};
use crate::routes::Verb;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use domain::{Error, Reason, Value};
use std::mem::take;
use wire::conditional::ETagCondition;

/// Reads, and returns the resource or 304.
pub async fn look(exchange: &Exchange<'_>, mut asked: Asked, form: Form) -> Result<HttpResponse, Refusal> {
    let Exchange { request, shop, meta, route } = exchange;
    let if_match = ETagCondition::if_match(request.headers()).map_err(unread)?;
    let known = ETagCondition::if_none_match(request.headers()).map_err(unread)?;
    // Only the links to a next page, and from a QUERY to the same by GET, repeat the input.
    let is_said_again = route.method == Verb::Query || route.told().1;
    let input = Value::Object(if is_said_again { asked.input.clone() } else { take(&mut asked.input) });
    let (input, waits) =
        if route.operation.name == events::LIST { events::with_wait(request, input) } else { (input, None) };
    let reply = shop.execute(meta, route.operation, input).await?;
    let told = Told { route, asked: &asked, form, reply: &reply, known: known.as_ref() };
    if_match.map_or(Ok(()), |tags| ensure_named(exchange, &tags, &told))?;
    let mut response = write(request, meta, &told);
    if let Some(waits) = waits {
        response.headers_mut().insert(HeaderName::from_static(events::PREFERENCE_APPLIED), waits);
    }
    Ok(response)
}

/// Refuses an `If-Match` that names neither the version nor the tag of this form.
fn ensure_named(exchange: &Exchange, tags: &ETagCondition, told: &Told) -> Result<(), Refusal> {
    let is_seen = version_of(told.reply).is_some_and(|version| tags.matches_version(version));
    if is_seen || is_named(told, tags, exchange.request) {
        return Ok(());
    }
    let error = Error::new(Reason::StaleVersion, "what is there now is none of those that If-Match names");
    Err(Refusal::new(error, StatusCode::PRECONDITION_FAILED))
}
