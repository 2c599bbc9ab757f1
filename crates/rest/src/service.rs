//! How does a request reach its operation, and the answer get back?
//!
//! One handler serves every address: it finds the route, reads the input, calls, and writes.

use crate::errors::{problem, problem_with};
use crate::messages::{read_input, unsupported_media_type, write_reply};
use crate::routes::{ROUTES, Route, Verb};
use crate::{CONTRACTS, NAME, events};
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Reason, Shop};

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    config.service(web::scope("/rest").default_service(web::to(handle)));
    config.service(web::resource("/problems/{reason}").to(crate::errors::explain));
}

async fn handle(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    let path = request.path().strip_prefix("/rest").unwrap_or_default();
    let mut fitting: Vec<_> = ROUTES.iter().filter_map(|route| Some((route, route.fit(path)?))).collect();
    // `cart/check-out` fits `cart/{product_id}` too: where a word of the path is meant, no member is.
    let fewest_members = fitting.iter().map(|(_, in_path)| in_path.len()).min();
    fitting.retain(|(_, in_path)| Some(in_path.len()) == fewest_members);
    if fitting.is_empty() {
        let message = format!("there is nothing at {}", domain::value::shown(request.path()));
        return problem(&request, &Error::new(Reason::UnknownOperation, message));
    }
    let allowed = || allow(fitting.iter().map(|(route, _)| route.method));
    // RFC 9110 section 9.3.2: HEAD is GET without the content, which is left off where the bytes are written.
    let method = if request.method() == "HEAD" { "GET" } else { request.method().as_str() };
    let mut meant = fitting.iter().filter(|(route, _)| route.method.name() == method && is_meant(route, &request));
    match meant.next_back() {
        Some((route, in_path)) => match answer(&request, &shop, route, in_path).await {
            Ok(response) => response,
            Err(error) => problem(&request, &error),
        },
        None if method == "OPTIONS" => HttpResponse::NoContent().insert_header((header::ALLOW, allowed())).finish(),
        None => {
            let message = format!("{method} is not done here, but {}", allowed());
            let error = Error::new(Reason::UnknownOperation, message);
            let mut response = problem_with(&request, &error, StatusCode::METHOD_NOT_ALLOWED);
            if let Ok(allowed) = allowed().parse() {
                response.headers_mut().insert(header::ALLOW, allowed);
            }
            response
        }
    }
}

async fn answer(
    request: &HttpRequest,
    shop: &Shop,
    route: &Route,
    in_path: &[(&'static str, &str)],
) -> Result<HttpResponse, Error> {
    if let Some(error) = unsupported_media_type(request, route) {
        return Ok(problem_with(request, &error, StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let input = read_input(request, route, in_path)?;
    let meta = wire::meta(request, NAME)?;
    if route.operation == events::WATCH {
        return events::stream(request, shop, &meta, input).await;
    }
    let reply = shop.answer(&meta, route.operation, input).await?;
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
