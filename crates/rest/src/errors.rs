//! Refusals as an HTTP status and a problem document (RFC 9457).
#![deny(clippy::wildcard_enum_match_arm)]

pub use wire::refusal::status as code;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use domain::schema::Encoder;
use domain::{Error, Reason};
use wire::content::Unread;
use wire::json::JsonEncoder;
use wire::refusal::set_retry_after;

/// A refusal with its status: that of its reason, or a more specific one (405, 406, 412, 415, 428).
#[derive(Debug)]
pub struct Refusal {
    /// The error.
    pub error: Error,
    /// The HTTP status.
    pub status: StatusCode,
    /// Whether only authorized callers may learn of it: others get the pipeline's own refusal.
    pub is_for_authorized: bool,
}

impl Refusal {
    /// A refusal with a status of its own.
    pub fn new(error: Error, status: StatusCode) -> Self {
        Refusal { error, status, is_for_authorized: false }
    }

    /// The same, for authorized callers only.
    pub fn for_authorized(self) -> Self {
        Refusal { is_for_authorized: true, ..self }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = code(error.reason);
        Refusal::new(error, status)
    }
}

impl From<Unread> for Refusal {
    fn from(Unread { error, status }: Unread) -> Self {
        let status = status.unwrap_or(code(error.reason));
        Refusal::new(error, status)
    }
}

/// The more specific statuses, with their reasons.
pub const FURTHER: &[(StatusCode, Reason)] = &[
    (StatusCode::METHOD_NOT_ALLOWED, Reason::UnknownOperation),
    (StatusCode::NOT_ACCEPTABLE, Reason::Unreadable),
    (StatusCode::PRECONDITION_FAILED, Reason::StaleVersion),
    (StatusCode::URI_TOO_LONG, Reason::TooLarge),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, Reason::Unreadable),
    (StatusCode::PRECONDITION_REQUIRED, Reason::InvalidInput),
    (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, Reason::TooLarge),
];

/// The response to a refusal.
pub fn problem(request: &HttpRequest, Refusal { error, status, .. }: &Refusal) -> HttpResponse {
    let document = document(request, error, *status);
    let mut response = HttpResponse::build(*status).content_type("application/problem+json").body(document);
    set_retry_after(&mut response, error.retry_after_ms);
    response
}

/// RFC 9457 section 3.1, then our members.
pub fn document(request: &HttpRequest, error: &Error, status: StatusCode) -> String {
    let base = wire::base(request);
    let mut encoder = JsonEncoder::default();
    encoder.begin_object();
    encoder.text_member("type", &base.http(&format!("/problems/{}", error.reason.word())));
    encoder.text_member("title", error.reason.meaning());
    encoder.raw_member("status", status.as_str());
    encoder.text_member("detail", &error.message);
    encoder.text_member("instance", &format!("{}{}", base.prefix, request.path()));
    wire::json::error(&mut encoder, error, false);
    encoder.end_object();
    encoder.finish()
}
