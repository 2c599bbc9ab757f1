//! Preconditions of changes: If-Match, If-None-Match and `expected_version`.
//!
//! A precondition is not checked here and then trusted: it becomes the `expected_version` of the one operation that makes the
//! change, which compares it in the same transaction. Only where that is not enough, the resource is read first: for
//! several tags, for a resource that must not exist, and for a JSON Patch, which starts from the current state.

use super::Exchange;
use crate::errors::Refusal;
use crate::headers::unread;
use crate::messages::reply::version_of;
use crate::messages::{EXPECTED_VERSION, ParsedRequest, Patch, difference};
use crate::routes::Verb;
use actix_web::http::StatusCode;
use domain::sandbox::Access;
use domain::{Error, Operation, Reason, Reply, Value};
use wire::conditional::ETagCondition;

/// The preconditions of a request.
struct Conditions {
    if_match: Option<ETagCondition>,
    if_none_match: Option<ETagCondition>,
}

/// Makes a change if the preconditions hold.
pub async fn change(exchange: &Exchange<'_>, parsed: &ParsedRequest) -> Result<Reply, Refusal> {
    let conditions = read(exchange)?;
    let mut input = parsed.input.clone();
    match exchange.route.changes {
        None => ensure_none_named(exchange, &conditions).await?,
        Some(read_by) if must_read_first(parsed, &conditions) => {
            input.extend(read_first(exchange, read_by, parsed, &conditions).await?);
        }
        Some(_) => {
            let version = conditions.if_match.as_ref().and_then(ETagCondition::only_version);
            input.extend(version.map(expected));
            ensure_version(exchange, parsed, &conditions).await?;
        }
    }
    let by_header = conditions.if_match.is_some() && parsed.given(EXPECTED_VERSION).is_none();
    let done = exchange.shop.execute(exchange.context, exchange.route.operation, Value::Object(input)).await;
    done.map_err(|error| if by_header { failed(error) } else { error.into() })
}

/// RFC 9110 section 13.2.1: POST selects no representation of its target, so it has no conditions.
fn read(exchange: &Exchange) -> Result<Conditions, Refusal> {
    if exchange.route.method == Verb::Post {
        return Ok(Conditions { if_match: None, if_none_match: None });
    }
    let headers = exchange.request.headers();
    let (if_match, if_none_match) = (ETagCondition::if_match(headers), ETagCondition::if_none_match(headers));
    Ok(Conditions { if_match: if_match.map_err(unread)?, if_none_match: if_none_match.map_err(unread)? })
}

/// A resource without a version has no tag, so none matches.
async fn ensure_none_named(exchange: &Exchange<'_>, conditions: &Conditions) -> Result<(), Refusal> {
    if let Some(ETagCondition::These(_)) = conditions.if_match {
        let error = Error::new(Reason::StaleVersion, "this resource has no version for If-Match");
        return Err(exchange.refuse(failed(error)).await);
    }
    Ok(())
}

/// In a locked sandbox several clients change the same resources, so a change must have an expected version (RFC 6585 section 3). The
/// missing input member is reported; `If-Match: *` is possible too.
async fn ensure_version(
    exchange: &Exchange<'_>,
    parsed: &ParsedRequest,
    conditions: &Conditions,
) -> Result<(), Refusal> {
    let is_given = conditions.if_match.is_some() || parsed.given(EXPECTED_VERSION).is_some();
    if is_given || exchange.shop.settings(exchange.context).access == Access::Open {
        return Ok(());
    }
    let message = "is required in a locked sandbox, here or as If-Match";
    let error = Error::invalid(&format!("/{EXPECTED_VERSION}"), message);
    Err(exchange.refuse(Refusal::new(error, StatusCode::PRECONDITION_REQUIRED)).await)
}

/// Whether the resource must be read first: more is needed than an expected version.
fn must_read_first(parsed: &ParsedRequest, conditions: &Conditions) -> bool {
    let by_header = match &conditions.if_match {
        Some(ETagCondition::These(_)) => {
            let one = conditions.if_match.as_ref().and_then(ETagCondition::only_version);
            one.is_none() || parsed.given(EXPECTED_VERSION).is_some()
        }
        Some(ETagCondition::Any) | None => false,
    };
    by_header || conditions.if_none_match.is_some() || parsed.patch.is_some()
}

/// Reads the resource, in the order of RFC 9110 section 13.2.2, and returns the input to add:
/// the version that was read, and the differences of a JSON Patch.
async fn read_first(
    exchange: &Exchange<'_>,
    read_by: &'static Operation,
    parsed: &ParsedRequest,
    conditions: &Conditions,
) -> Result<Vec<(String, Value)>, Refusal> {
    // It is a part of the change, and counted with it.
    let id = parsed.input.iter().filter(|(name, _)| name == "id").cloned().collect();
    let resource = match exchange.shop.execute(&exchange.context.within(), read_by, Value::Object(id)).await {
        Ok(resource) => resource,
        Err(error) => return Err(exchange.refuse(error.into()).await),
    };
    let version = version_of(&resource).unwrap_or_default();
    if let Err(refused) = check(conditions, version) {
        return Err(exchange.refuse(refused).await);
    }
    ensure_version(exchange, parsed, conditions).await?;
    let mut input = match changes(&resource, parsed.patch.as_ref(), exchange) {
        Ok(changes) => changes,
        Err(error) => return Err(exchange.refuse(error.into()).await),
    };
    if parsed.given(EXPECTED_VERSION).is_none() {
        input.push(expected(version));
    }
    Ok(input)
}

fn check(conditions: &Conditions, version: i32) -> Result<(), Refusal> {
    if conditions.if_match.as_ref().is_some_and(|tags| !tags.matches_version(version)) {
        let message = format!("the resource has version {version}, and If-Match has none of its tags");
        return Err(failed(Error::new(Reason::StaleVersion, message)));
    }
    if conditions.if_none_match.as_ref().is_some_and(|tags| tags.matches_version_weakly(version)) {
        let message = format!("the resource has version {version}, which If-None-Match has");
        return Err(failed(Error::new(Reason::StaleVersion, message)));
    }
    Ok(())
}

fn changes(resource: &Reply, patch: Option<&Patch>, exchange: &Exchange) -> Result<Vec<(String, Value)>, Error> {
    let Some(patch) = patch else { return Ok(Vec::new()) };
    let before = serde_json::from_str(&wire::json::reply(resource)).map_err(|_| Error::internal())?;
    difference(&before, &patch.applied_to(&before)?, exchange.route)
}

fn expected(version: i32) -> (String, Value) {
    (EXPECTED_VERSION.to_owned(), Value::Int(version.into()))
}

/// RFC 9110 section 15.5.13: the failed condition was a header.
fn failed(error: Error) -> Refusal {
    match error.reason {
        Reason::StaleVersion => Refusal::new(error, StatusCode::PRECONDITION_FAILED),
        _ => error.into(),
    }
}
