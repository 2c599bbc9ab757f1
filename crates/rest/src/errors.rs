//! Refusals as an HTTP status and a problem document (RFC 9457).
#![deny(clippy::wildcard_enum_match_arm)]

pub mod pages;

pub use wire::refusal::status as code;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use domain::schema::Encoder;
use domain::{Error, RequestContext};
use wire::content::Unread;
use wire::json::JsonEncoder;
use wire::refusal::add_challenges;

/// A refusal with its status: that of its reason, or a more specific one (405, 406, 412, 415, 428).
#[derive(Debug)]
pub struct Refusal {
    /// The error.
    pub error: Error,
    /// The HTTP status.
    pub status: StatusCode,
}

impl Refusal {
    /// A refusal with a status of its own.
    pub fn new(error: Error, status: StatusCode) -> Self {
        Refusal { error, status }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal { status: code(error.reason), error }
    }
}

impl From<Unread> for Refusal {
    fn from(Unread { error, status }: Unread) -> Self {
        Refusal { status: status.unwrap_or(code(error.reason)), error }
    }
}

/// The response to a refusal of the pipeline or of the rule.
pub fn refusal(request: &HttpRequest, context: &RequestContext, refusal: &Refusal) -> HttpResponse {
    let mut response = problem(request, refusal);
    add_challenges(&mut response, context, &refusal.error);
    response
}

/// The response to an error.
pub fn problem(request: &HttpRequest, refusal: &Refusal) -> HttpResponse {
    let Refusal { error, status } = refusal;
    let mut response = HttpResponse::build(*status);
    if let Some(retry_after_ms) = error.retry_after_ms {
        // RFC 9110 section 10.2.3: whole seconds, so rounded up.
        response.insert_header((header::RETRY_AFTER, retry_after_ms.div_ceil(1_000)));
    }
    response.content_type("application/problem+json").body(document(request, error, *status))
}

/// RFC 9457 section 3.1, then our members.
fn document(request: &HttpRequest, error: &Error, status: StatusCode) -> String {
    let mut encoder = JsonEncoder::default();
    encoder.begin_object();
    let path = format!("/problems/{}", error.reason.word());
    encoder.text_member("type", &wire::base(request).http(&path));
    encoder.text_member("title", error.reason.meaning());
    encoder.raw_member("status", status.as_str());
    encoder.text_member("detail", &error.message);
    encoder.text_member("instance", &format!("{}{}", wire::base(request).prefix, request.path()));
    wire::json::error(&mut encoder, error, false);
    encoder.end_object();
    encoder.finish()
}
