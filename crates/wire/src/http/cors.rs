//! CORS: any page may call the shop, which has no cookies to protect.
//!
//! Only a request with an origin gets these headers (Fetch standard, section 3.2): comparisons of bytes must not count what
//! their client did not ask for.

use actix_web::Error;
use actix_web::HttpResponse;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;

/// How long a browser may cache a preflight.
const PREFLIGHT_SECONDS: u32 = 86_400;
static PRIVATE_NETWORK_ASKED: HeaderName = HeaderName::from_static("access-control-request-private-network");
const PRIVATE_NETWORK_ALLOWED: &str = "access-control-allow-private-network";

/// The middleware, for `actix_web::middleware::from_fn`.
pub async fn cors<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if !request.headers().contains_key(header::ORIGIN) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let requested = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD).cloned();
    let mut response = match requested.filter(|_| request.method() == Method::OPTIONS) {
        Some(method) => preflight(request, method).map_into_right_body(),
        None => next.call(request).await?.map_into_left_body(),
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
    Ok(response)
}

/// Every method and header that the page requests is allowed. They are named, because `*` does not cover `Authorization`.
fn preflight(request: ServiceRequest, method: HeaderValue) -> ServiceResponse {
    let mut response = HttpResponse::NoContent();
    response.insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, method));
    if let Some(names) = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        response.insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone()));
    }
    // Private Network Access, section 3.1.3: a page of the internet asks whether it may call a server of a local network.
    if request.headers().contains_key(&PRIVATE_NETWORK_ASKED) {
        response.insert_header((PRIVATE_NETWORK_ALLOWED, "true"));
    }
    response.insert_header((header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS));
    request.into_response(response.finish())
}
