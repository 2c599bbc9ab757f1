//! Routing: from the address and method to the route, or to 404, 405 and OPTIONS.

use crate::errors::{Refusal, problem};
use crate::events;
use crate::headers::add_accepted;
use crate::routes::{ROUTES, Route, Verb};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Reason};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A route, and the input members in its path, as written.
pub type Found<'p> = (&'static Route, Vec<(&'static str, &'p str)>);

/// Why a request has no route.
pub enum Missed {
    /// The address is unknown.
    Address,
    /// The address has other methods.
    Method(Vec<&'static Route>),
}

/// The routes by what is visible at once, so that a request is compared with few of them.
static BY_OUTLINE: LazyLock<HashMap<(&str, usize), Vec<&Route>>> = LazyLock::new(|| {
    let mut routes: HashMap<_, Vec<_>> = HashMap::new();
    ROUTES.iter().for_each(|route| routes.entry(outline(route.path)).or_default().push(route));
    routes
});

/// The first segment of a path, and the number of further ones. No route starts with a member.
fn outline(path: &str) -> (&str, usize) {
    let below = path.strip_prefix('/').unwrap_or(path);
    let (word, further) = below.split_once('/').map_or((below, None), |(word, further)| (word, Some(further)));
    (word, further.map_or(0, |further| 1 + further.bytes().filter(|byte| *byte == b'/').count()))
}

/// The route of a request.
pub fn find(request: &HttpRequest) -> Result<Found<'_>, Missed> {
    let path = request.path().strip_prefix("/rest").unwrap_or_default();
    let near = BY_OUTLINE.get(&outline(path)).ok_or(Missed::Address)?;
    let mut fitting: Vec<Found> = near.iter().filter_map(|route| Some((*route, route.fit(path)?))).collect();
    // `cart/check-out` matches `cart/{product_id}` too: a word of the path takes precedence over a member.
    let fewest_members = fitting.iter().map(|(_, in_path)| in_path.len()).min().ok_or(Missed::Address)?;
    fitting.retain(|(_, in_path)| in_path.len() == fewest_members);
    // RFC 9110 section 9.3.2: HEAD is GET without the content, which is left out where the bytes are written.
    let method = if request.method() == "HEAD" { "GET" } else { request.method().as_str() };
    let is_it = |(route, _): &Found| route.method.name() == method && is_meant(route, request);
    match fitting.iter().rposition(is_it) {
        Some(position) => Ok(fitting.swap_remove(position)),
        None => Err(Missed::Method(fitting.into_iter().map(|(route, _)| route).collect())),
    }
}

/// Where two routes share address and method, the query or `Accept` selects the operation.
fn is_meant(route: &Route, request: &HttpRequest) -> bool {
    if route.operation.name == events::WATCH {
        return events::wants_stream(request);
    }
    match route.only_with {
        None => true,
        Some((name, _)) => request.query_string().split('&').any(|pair| pair.split('=').next() == Some(name)),
    }
}

/// The response without a route: it has the methods of the address, which is all that OPTIONS asks for.
pub fn refuse_unrouted(request: &HttpRequest, missed: Missed) -> HttpResponse {
    let Missed::Method(routes) = missed else {
        let message = format!("there is nothing at {}", domain::value::shown(request.path()));
        return problem(request, &Error::new(Reason::UnknownOperation, message).into());
    };
    let allowed = allow(routes.iter().map(|route| route.method));
    let mut response = if request.method() == "OPTIONS" {
        HttpResponse::NoContent().insert_header((header::ALLOW, allowed)).finish()
    } else {
        wire::refusal::not_allowed(request, &allowed, |status, error| problem(request, &Refusal::new(error, status)))
    };
    add_accepted(&mut response, routes.into_iter());
    response
}

/// The methods of an address, for `Allow` (RFC 9110 section 10.2.1).
fn allow(verbs: impl Iterator<Item = Verb>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for verb in verbs {
        let also = if verb == Verb::Get { Some("HEAD") } else { None };
        for name in [verb.name()].into_iter().chain(also) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.push("OPTIONS");
    names.join(", ")
}
