//! Conditional reads, in the order of RFC 9110 section 13.2.2.

use super::Exchange;
use crate::errors::Refusal;
use crate::events;
use crate::headers::accept::Form;
use crate::headers::unread;
use crate::messages::ParsedRequest;
use crate::messages::reply::{Representation, is_named, version_of, write};
use crate::routes::Verb;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use domain::{Error, Reason, Value};
use std::mem::take;
use wire::conditional::ETagCondition;

/// Reads, and returns the resource or 304.
pub async fn read_resource(
    exchange: &Exchange<'_>,
    mut parsed: ParsedRequest,
    form: Form,
) -> Result<HttpResponse, Refusal> {
    let Exchange { request, shop, context, route } = exchange;
    let if_match = ETagCondition::if_match(request.headers()).map_err(unread)?;
    let known = ETagCondition::if_none_match(request.headers()).map_err(unread)?;
    // Only the links to a next page, and from a QUERY to the same by GET, repeat the input.
    let needs_input_later = route.method == Verb::Query || route.resource().1;
    let input = Value::Object(if needs_input_later { parsed.input.clone() } else { take(&mut parsed.input) });
    let (input, waits) =
        if route.operation.name == events::LIST { events::with_wait(request, input) } else { (input, None) };
    let reply = shop.execute(context, route.operation, input).await?;
    let representation = Representation { route, parsed: &parsed, form, reply: &reply, known: known.as_ref() };
    if_match.map_or(Ok(()), |tags| ensure_named(exchange, &tags, &representation))?;
    let mut response = write(request, context, &representation);
    if let Some(waits) = waits {
        response.headers_mut().insert(HeaderName::from_static(events::PREFERENCE_APPLIED), waits);
    }
    Ok(response)
}

/// Refuses an `If-Match` that names neither the version nor the tag of this form.
fn ensure_named(exchange: &Exchange, tags: &ETagCondition, representation: &Representation) -> Result<(), Refusal> {
    let is_seen = version_of(representation.reply).is_some_and(|version| tags.matches_version(version));
    if is_seen || is_named(representation, tags, exchange.request) {
        return Ok(());
    }
    let error = Error::new(Reason::StaleVersion, "the resource has none of the tags in If-Match");
    Err(Refusal::new(error, StatusCode::PRECONDITION_FAILED))
}
