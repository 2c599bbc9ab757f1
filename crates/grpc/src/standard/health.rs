//! Health checks ("GRPC Health Checking Protocol").

use crate::PATH;
use crate::errors::{NOT_FOUND, Refusal};
use crate::messages::{Codec, Form, begin, form_of, refuse, respond, trailers};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::{Error, Reason};
use futures_util::stream::{StreamExt, iter, once};
use prost::Message;
use std::convert::Infallible;
use wire::shutdown::Shutdown;
use wire::trailers::Trailers;

const SERVICE: &str = "/grpc.health.v1.Health";

/// The service, by its name in a request.
#[derive(Clone, PartialEq, Message)]
struct HealthCheckRequest {
    #[prost(string, tag = "1")]
    service: String,
}

/// Whether it is served.
#[derive(Clone, PartialEq, Message)]
struct HealthCheckResponse {
    #[prost(int32, tag = "1")]
    status: i32,
}

const SERVING: i32 = 1;
const NOT_SERVING: i32 = 2;
const SERVICE_UNKNOWN: i32 = 3;

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    config.service(web::resource(format!("{SERVICE}/Check")).route(web::post().to(check)));
    config.service(web::resource(format!("{SERVICE}/Watch")).route(web::post().to(watch)));
}

/// Whether that is the path of one of its methods.
pub fn is_at(path: &str) -> bool {
    matches!(path.strip_prefix(SERVICE), Some("/Check" | "/Watch"))
}

/// Whether the service of a request is served now.
fn status(request: &HttpRequest, form: Form) -> Result<i32, Refusal> {
    let body = wire::body(request).map_err(|unread| unread.error)?;
    if form.codec() == Codec::Json {
        return Err(Error::unreadable("health checks are read in Protocol Buffers, not in JSON").into());
    }
    let message = form.message(request.headers(), body)?;
    let asked = HealthCheckRequest::decode(message)
        .map_err(|error| Error::unreadable(format!("can't read the message: {error}")))?;
    let is_known = asked.service.is_empty() || asked.service == PATH[1..] || asked.service == SERVICE[1..];
    Ok(match (is_known, Shutdown::of(request).has_started()) {
        (false, _) => SERVICE_UNKNOWN,
        (true, false) => SERVING,
        (true, true) => NOT_SERVING,
    })
}

fn message(status: i32) -> Vec<u8> {
    HealthCheckResponse { status }.encode_to_vec()
}

async fn check(request: HttpRequest) -> HttpResponse {
    let form = match form_of(&request) {
        Ok(form) => form,
        Err(response) => return *response,
    };
    match status(&request, form) {
        Ok(SERVICE_UNKNOWN) => {
            let error = Error::new(Reason::UnknownOperation, format!("there is no such service; use {}", &PATH[1..]));
            refuse(form, &Refusal { code: NOT_FOUND, error })
        }
        Ok(status) => respond(&mut begin(form, false), form, form.frame(message(status), false), None),
        Err(refusal) => refuse(form, &refusal),
    }
}

/// The status now, and once more when the server shuts down.
async fn watch(request: HttpRequest) -> HttpResponse {
    let form = match form_of(&request) {
        Ok(form @ (Form::Grpc | Form::Web { .. })) => form,
        Ok(form) => return refuse(form, &Error::unreadable("Watch is a stream: use gRPC or gRPC-Web").into()),
        Err(response) => return *response,
    };
    let first = match status(&request, form) {
        Ok(status) => status,
        Err(refusal) => return refuse(form, &refusal),
    };
    let shutdown = Shutdown::of(&request);
    let last = once(async move {
        shutdown.started().await;
        let status = if first == SERVING { NOT_SERVING } else { first };
        [form.frame(message(status), false), form.end(None).unwrap_or_default()].concat().into()
    });
    let frames = iter([form.frame(message(first), false)]).chain(last).map(Ok::<Bytes, Infallible>);
    let mut response = begin(form, false).streaming(frames);
    if form == Form::Grpc {
        Trailers::set(&mut response, trailers(None));
    }
    response
}
