//! How does a request reach its operation, and the answer get back?
//!
//! One handler serves every address: it finds the route, reads the input, calls, and writes.

use crate::errors::{problem, problem_with, refusal};
use crate::headers::add_quota;
use crate::messages::{read_input, unsupported_media_type, write_reply};
use crate::routes::{ROUTES, Route, Verb};
use crate::{CONTRACTS, NAME, events};
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Meta, Reason, Shop};

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    config.service(web::scope("/rest").default_service(web::to(handle)));
    config.service(web::resource("/problems/{reason}").to(crate::errors::explain));
}

async fn handle(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    let meta = match wire::meta(&request, NAME) {
        Ok(meta) => meta,
        Err(error) => return problem(&request, &error),
    };
    let mut response = match find(&request) {
        Ok((route, in_path)) => match answer(&request, &shop, &meta, route, &in_path).await {
            Ok(response) => response,
            Err(error) => refusal(&request, &meta, &error),
        },
        Err(missed) => say_missed(&request, missed),
    };
    add_quota(&mut response, &meta.notes);
    response
}

/// A route, and the members of its operation's input that the path holds, as they were written.
type Found<'p> = (&'static Route, Vec<(&'static str, &'p str)>);

/// Why a request means no route.
enum Missed {
    /// There is nothing at its address.
    Address,
    /// There is something, for these other methods.
    Method(String),
}

/// The route that the request means.
fn find(request: &HttpRequest) -> Result<Found<'_>, Missed> {
    let path = request.path().strip_prefix("/rest").unwrap_or_default();
    let mut fitting: Vec<Found> = ROUTES.iter().filter_map(|route| Some((route, route.fit(path)?))).collect();
    // `cart/check-out` fits `cart/{product_id}` too: where a word of the path is meant, no member is.
    let fewest_members = fitting.iter().map(|(_, in_path)| in_path.len()).min().ok_or(Missed::Address)?;
    fitting.retain(|(_, in_path)| in_path.len() == fewest_members);
    // RFC 9110 section 9.3.2: HEAD is GET without the content, which is left off where the bytes are written.
    let method = if request.method() == "HEAD" { "GET" } else { request.method().as_str() };
    let is_it = |(route, _): &Found| route.method.name() == method && is_meant(route, request);
    match fitting.iter().rposition(is_it) {
        Some(position) => Ok(fitting.swap_remove(position)),
        None => Err(Missed::Method(allow(fitting.iter().map(|(route, _)| route.method)))),
    }
}

fn say_missed(request: &HttpRequest, missed: Missed) -> HttpResponse {
    let Missed::Method(allowed) = missed else {
        let message = format!("there is nothing at {}", domain::value::shown(request.path()));
        return problem(request, &Error::new(Reason::UnknownOperation, message));
    };
    let mut response = if request.method() == "OPTIONS" {
        HttpResponse::NoContent().finish()
    } else {
        let message = format!("{} is not done here, but {allowed}", domain::value::shown(request.method().as_str()));
        let error = Error::new(Reason::UnknownOperation, message);
        problem_with(request, &error, StatusCode::METHOD_NOT_ALLOWED)
    };
    if let Ok(allowed) = allowed.parse() {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}

async fn answer(
    request: &HttpRequest,
    shop: &Shop,
    meta: &Meta,
    route: &Route,
    in_path: &[(&'static str, &str)],
) -> Result<HttpResponse, Error> {
    if let Some(error) = unsupported_media_type(request, route) {
        return Ok(problem_with(request, &error, StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let input = read_input(request, route, in_path)?;
    if route.operation == events::WATCH {
        return events::stream(request, shop, meta, input).await;
    }
    let reply = shop.answer(meta, route.operation, input).await?;
    Ok(write_reply(request, route, &reply))
}

/// Where two routes share address and verb, the request's query or `Accept` says which operation is meant.
fn is_meant(route: &Route, request: &HttpRequest) -> bool {
    if route.operation == events::WATCH {
        return request.method() == "GET" && events::wants_stream(request);
    }
    match route.only_with {
        None => true,
        Some((name, _)) => request.query_string().split('&').any(|pair| pair.split('=').next() == Some(name)),
    }
}

/// The methods of an address, as `Allow` lists them (RFC 9110 section 10.2.1).
fn allow(verbs: impl Iterator<Item = Verb>) -> String {
    let mut names: Vec<&str> = verbs.map(Verb::name).collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.push("OPTIONS");
    names.dedup();
    names.join(", ")
}
