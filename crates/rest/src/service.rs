//! From a request to its operation and back.
//!
//! One handler serves every address, in the steps of a request: [`find`] the route, [`read`] the request, take its [`Conditions`],
//! call the shop, and [`respond()`].

mod pages;
mod preconditions;
mod respond;

use crate::errors::{Refusal, problem};
use crate::forms::wanted_form;
use crate::messages::read;
use crate::routes::{Route, Verb, find, nothing_at};
use crate::{CONTRACTS, NAME, PATH, SPELLING, events};
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, RequestContext, Shop, Value};
use preconditions::{Change, Conditions};
use respond::{add_accepted, add_deprecation, respond};
use wire::rate_limit::add_rate_limit;
use wire::refusal::{add_challenges, not_allowed};

/// Bytes of a request's target. RFC 9110 section 4.1: at least 8,000 are recommended; our longest is below 2,000.
const TARGET_BYTES_MAX: usize = 8_000;
/// Bytes of a request's header fields together: tokens have up to 2,000, and some proxies add a few.
const FIELDS_BYTES_MAX: usize = 32 * 1024;

pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    pages::mount(config);
    config.service(web::scope(PATH).default_service(web::to(handle)));
}

async fn handle(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    let context = match wire::request_context(&request, NAME) {
        Ok(context) => context.spelled(&SPELLING),
        Err(error) => return problem(&request, &error.into()),
    };
    if let Err(refusal) = ensure_short(&request) {
        return problem(&request, &refusal);
    }
    let (route, in_path) = match find(&request) {
        Ok(found) => found,
        Err(others) => return refuse_method(&request, &others),
    };
    let mut response = match answer(&request, &shop, &context, route, &in_path).await {
        Ok(response) => response,
        Err(refusal) => {
            let refusal = after_pipeline(&shop, &context, route, refusal).await;
            let mut response = problem(&request, &refusal);
            add_challenges(&mut response, &context, &refusal.error);
            response
        }
    };
    if response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE || route.method == Verb::Query {
        add_accepted(&mut response, &[route]);
    }
    route.old.iter().for_each(|old| add_deprecation(&request, &mut response, old, &in_path));
    add_rate_limit(&mut response, &context);
    response
}

/// Read, call, write.
async fn answer(
    request: &HttpRequest,
    shop: &Shop,
    context: &RequestContext,
    route: &'static Route,
    in_path: &[(&'static str, &str)],
) -> Result<HttpResponse, Refusal> {
    let parsed = read(request, route, in_path)?;
    // A request's future has the size of its largest part: rare parts are boxed.
    if route.operation.name == events::WATCH {
        return Ok(Box::pin(events::stream(request, shop, context, parsed.input)).await?);
    }
    let form = wanted_form(request, route)?;
    let conditions = Conditions::read(request, route)?;
    let mut wait = None;
    let reply = if route.method.is_safe() {
        let mut input = parsed.input.clone();
        if route.operation.name == events::LIST {
            wait = events::add_wait(request, &mut input);
        }
        shop.execute(context, route.operation, Value::Object(input)).await?
    } else {
        Box::pin(Change { shop, context, parsed: &parsed, conditions: &conditions }.make()).await?
    };
    let mut response = respond(request, context, &conditions, &parsed, form, &reply)?;
    if let Some(wait) = wait {
        response.headers_mut().insert(events::PREFERENCE_APPLIED, wait);
    }
    Ok(response)
}

/// Runs the pipeline before a refusal that is for authorized callers only: the others get the pipeline's own.
async fn after_pipeline(shop: &Shop, context: &RequestContext, route: &Route, refusal: Refusal) -> Refusal {
    if !refusal.is_for_authorized {
        return refusal;
    }
    let error = shop.refuse(context, Some(route.operation), refusal.error.clone()).await;
    if error == refusal.error { refusal } else { error.into() }
}

/// Refuses a request head that is too long.
fn ensure_short(request: &HttpRequest) -> Result<(), Refusal> {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > TARGET_BYTES_MAX {
        return Err(Refusal::new(Error::too_large("bytes of an address", TARGET_BYTES_MAX), StatusCode::URI_TOO_LONG));
    }
    let fields: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if fields > FIELDS_BYTES_MAX {
        let error = Error::too_large("bytes of header fields", FIELDS_BYTES_MAX);
        return Err(Refusal::new(error, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
    }
    Ok(())
}

/// The response where no route has the method: it lists the methods of the address, which is all that OPTIONS asks for.
fn refuse_method(request: &HttpRequest, others: &[&Route]) -> HttpResponse {
    if others.is_empty() {
        return problem(request, &nothing_at(request.path()).into());
    }
    let allowed = allow(others);
    let mut response = if request.method() == "OPTIONS" {
        HttpResponse::NoContent().insert_header((header::ALLOW, allowed)).finish()
    } else {
        not_allowed(request, &allowed, |status, error| problem(request, &Refusal::new(error, status)))
    };
    add_accepted(&mut response, others);
    response
}

/// The methods of an address, for `Allow` (RFC 9110 section 10.2.1).
fn allow(routes: &[&Route]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for route in routes {
        if !names.contains(&route.method.name()) {
            names.push(route.method.name());
            names.extend((route.method == Verb::Get).then_some("HEAD"));
        }
    }
    names.push("OPTIONS");
    names.join(", ")
}
