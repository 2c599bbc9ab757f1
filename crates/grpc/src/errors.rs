//! Errors in gRPC: a code, a message, and details that are messages themselves.
//!
//! ```text
//! grpc-status: 9
//! grpc-message: product 10 has 0 pieces in stock, 1 were ordered
//! grpc-status-details-bin: CAkSNnByb2R1Y3QgMTAgaGFzIDAgcGllY2Vz...
//! ```
//!
//! The details are those of Google's error model: `ErrorInfo` has the reason, `BadRequest` the violations, `RetryInfo` the wait.
#![deny(clippy::wildcard_enum_match_arm)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use domain::schema::Violation;
use domain::{Error, Kind, Reason, Value};
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use prost::Message;
use prost_types::{Any, Duration};
use std::collections::BTreeMap;
use std::time;
use tokio::time::timeout;
use wire::Refused;
use wire::names::upper;

/// The code, as a number.
pub const STATUS: HeaderName = HeaderName::from_static("grpc-status");
/// The message.
pub const MESSAGE: HeaderName = HeaderName::from_static("grpc-message");
/// The details: a `google.rpc.Status`.
pub const DETAILS: HeaderName = HeaderName::from_static("grpc-status-details-bin");

/// The namespace of the reasons, in `ErrorInfo`.
const DOMAIN: &str = "parlance";
const TYPE_PREFIX: &str = "type.googleapis.com/";

/// Status-Message is percent-encoded, apart from visible ASCII and spaces (gRPC over HTTP/2, "Responses").
const NOT_IN_MESSAGE: &AsciiSet = &CONTROLS.add(b'%');

/// A code of gRPC ("Status codes and their use in gRPC").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The number in `grpc-status`.
    pub number: i32,
    /// The name.
    pub name: &'static str,
    /// The status of HTTP that Connect has for it (Connect protocol, "Error Codes").
    pub http: u16,
}

const fn code_of(number: i32, name: &'static str, http: u16) -> Code {
    Code { number, name, http }
}

/// The call succeeded.
pub const OK: Code = code_of(0, "OK", 200);
/// The deadline has passed.
pub const DEADLINE_EXCEEDED: Code = code_of(4, "DEADLINE_EXCEEDED", 504);
const INVALID_ARGUMENT: Code = code_of(3, "INVALID_ARGUMENT", 400);
/// There is nothing of that name.
pub const NOT_FOUND: Code = code_of(5, "NOT_FOUND", 404);
const ALREADY_EXISTS: Code = code_of(6, "ALREADY_EXISTS", 409);
const PERMISSION_DENIED: Code = code_of(7, "PERMISSION_DENIED", 403);
const RESOURCE_EXHAUSTED: Code = code_of(8, "RESOURCE_EXHAUSTED", 429);
const FAILED_PRECONDITION: Code = code_of(9, "FAILED_PRECONDITION", 400);
const ABORTED: Code = code_of(10, "ABORTED", 409);
const OUT_OF_RANGE: Code = code_of(11, "OUT_OF_RANGE", 400);
/// There is no such method.
pub const UNIMPLEMENTED: Code = code_of(12, "UNIMPLEMENTED", 501);
const INTERNAL: Code = code_of(13, "INTERNAL", 500);
const UNAVAILABLE: Code = code_of(14, "UNAVAILABLE", 503);
const UNAUTHENTICATED: Code = code_of(16, "UNAUTHENTICATED", 401);

const CODES: &[Code] = &[
    OK,
    INVALID_ARGUMENT,
    DEADLINE_EXCEEDED,
    NOT_FOUND,
    ALREADY_EXISTS,
    PERMISSION_DENIED,
    RESOURCE_EXHAUSTED,
    FAILED_PRECONDITION,
    ABORTED,
    OUT_OF_RANGE,
    UNIMPLEMENTED,
    INTERNAL,
    UNAVAILABLE,
    UNAUTHENTICATED,
];

/// The code of a reason: that of its kind, and three for conflicts.
pub const fn code(reason: Reason) -> Code {
    match reason.kind() {
        Kind::Unreadable | Kind::Invalid => INVALID_ARGUMENT,
        Kind::UnknownOperation => UNIMPLEMENTED,
        Kind::TooLarge | Kind::RateLimited => RESOURCE_EXHAUSTED,
        Kind::Unauthenticated => UNAUTHENTICATED,
        Kind::Forbidden => PERMISSION_DENIED,
        Kind::NotFound => NOT_FOUND,
        Kind::Conflict if matches!(reason, Reason::StaleVersion) => ABORTED,
        Kind::Conflict if matches!(reason, Reason::IdempotencyKeyReused) => FAILED_PRECONDITION,
        Kind::Conflict => ALREADY_EXISTS,
        Kind::RuleBroken => FAILED_PRECONDITION,
        Kind::Gone => OUT_OF_RANGE,
        Kind::Unavailable => UNAVAILABLE,
        Kind::Internal => INTERNAL,
    }
}

/// An error with its code.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The code.
    pub code: Code,
    /// What is refused, and why.
    pub error: Error,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal { code: code(error.reason), error }
    }
}

/// `google.rpc.Status`.
#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

/// `google.rpc.ErrorInfo`.
#[derive(Clone, PartialEq, Message)]
struct ErrorInfo {
    #[prost(string, tag = "1")]
    reason: String,
    #[prost(string, tag = "2")]
    domain: String,
    #[prost(btree_map = "string, string", tag = "3")]
    metadata: BTreeMap<String, String>,
}

/// `google.rpc.BadRequest`.
#[derive(Clone, PartialEq, Message)]
struct BadRequest {
    #[prost(message, repeated, tag = "1")]
    field_violations: Vec<FieldViolation>,
}

/// `google.rpc.BadRequest.FieldViolation`.
#[derive(Clone, PartialEq, Message)]
struct FieldViolation {
    #[prost(string, tag = "1")]
    field: String,
    #[prost(string, tag = "2")]
    description: String,
}

/// `google.rpc.RetryInfo`.
#[derive(Clone, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    retry_delay: Option<Duration>,
}

fn any(name: &str, message: &impl Message) -> Any {
    Any { type_url: format!("{TYPE_PREFIX}google.rpc.{name}"), value: message.encode_to_vec() }
}

/// Runs a call until its deadline. What it has begun to write is written all the same.
pub async fn within<T>(deadline: Option<u64>, call: impl Future<Output = T>) -> Result<T, Refusal> {
    match deadline {
        Some(ms) => timeout(time::Duration::from_millis(ms), call).await.map_err(|_| Refusal::deadline_exceeded(ms)),
        None => Ok(call.await),
    }
}

impl Refusal {
    /// The deadline of the call has passed.
    pub fn deadline_exceeded(ms: u64) -> Self {
        let message = format!("the call took longer than its deadline of {ms} ms; try again with more time");
        Refusal { code: DEADLINE_EXCEEDED, error: Error::new(Reason::Overloaded, message) }
    }

    /// The client's library broke a rule of the protocol, which has INTERNAL for that.
    pub fn broken(message: &str) -> Self {
        Refusal { code: INTERNAL, error: Error::unreadable(message) }
    }

    fn details(&self) -> Vec<Any> {
        if self.code == DEADLINE_EXCEEDED {
            return Vec::new();
        }
        let Error { reason, errors, retry_after_ms, .. } = &self.error;
        let metadata = BTreeMap::from([("kind".to_owned(), reason.kind().word().to_owned())]);
        let info = ErrorInfo { reason: upper(reason.word()), domain: DOMAIN.to_owned(), metadata };
        let mut details = vec![any("ErrorInfo", &info)];
        if !errors.is_empty() {
            let violation = |error: &Violation| FieldViolation {
                field: field_of(&error.pointer),
                description: error.message.clone(),
            };
            details.push(any("BadRequest", &BadRequest { field_violations: errors.iter().map(violation).collect() }));
        }
        if let Some(ms) = *retry_after_ms {
            let delay = Duration { seconds: (ms / 1_000).into(), nanos: (ms % 1_000 * 1_000_000) as i32 };
            details.push(any("RetryInfo", &RetryInfo { retry_delay: Some(delay) }));
        }
        details
    }

    /// The trailers.
    pub fn trailers(&self) -> HeaderMap {
        let mut trailers = HeaderMap::new();
        trailers.insert(STATUS, self.code.number.into());
        let message = utf8_percent_encode(&self.error.message, NOT_IN_MESSAGE).to_string();
        trailers.extend(HeaderValue::from_str(&message).ok().map(|message| (MESSAGE, message)));
        let details = self.details();
        if !details.is_empty() {
            let status = Status { code: self.code.number, message: self.error.message.clone(), details };
            let encoded = STANDARD_NO_PAD.encode(status.encode_to_vec());
            trailers.extend(HeaderValue::from_str(&encoded).ok().map(|details| (DETAILS, details)));
        }
        trailers
    }

    /// The error in JSON (Connect protocol, "Error Response").
    pub fn object(&self) -> Value {
        let detail = |any: Any| {
            let name = any.type_url.trim_start_matches(TYPE_PREFIX).to_owned();
            Value::object([("type", Value::Text(name)), ("value", Value::Text(STANDARD_NO_PAD.encode(any.value)))])
        };
        let details = self.details();
        let members = [
            ("code", Some(Value::Text(self.code.name.to_lowercase()))),
            ("message", Some(Value::text(self.error.message.as_str()))),
            ("details", (!details.is_empty()).then(|| Value::List(details.into_iter().map(detail).collect()))),
        ];
        Value::object(members.into_iter().filter_map(|(name, value)| Some((name, value?))))
    }
}

/// The trailers of a call that succeeded.
pub fn ok() -> HeaderMap {
    HeaderMap::from_iter([(STATUS, HeaderValue::from_static("0"))])
}

/// A pointer as `BadRequest` has it: `/lines/0/quantity` as `lines[0].quantity`.
fn field_of(pointer: &str) -> String {
    let mut field = String::with_capacity(pointer.len());
    for step in pointer.split('/').skip(1) {
        match step.parse::<usize>() {
            Ok(position) => field.push_str(&format!("[{position}]")),
            Err(_) if field.is_empty() => field.push_str(step),
            Err(_) => field.push_str(&format!(".{step}")),
        }
    }
    field
}

/// The other way round.
fn pointer_of(field: &str) -> String {
    if field.is_empty() {
        return String::new();
    }
    format!("/{}", field.replace('[', "/").replace("].", "/").replace(']', "").replace('.', "/"))
}

/// The refusal in trailers, at the client's end; `None` if the call succeeded.
pub fn refused(trailers: &HeaderMap) -> Result<Option<Refused>, String> {
    let text = |name: &HeaderName| trailers.get(name).and_then(|value| value.to_str().ok());
    let number: i32 =
        text(&STATUS).ok_or("the response has no grpc-status")?.parse().map_err(|_| "grpc-status is no number")?;
    if number == OK.number {
        return Ok(None);
    }
    let known = CODES.iter().find(|code| code.number == number);
    let code = known.map_or_else(|| number.to_string(), |code| code.name.to_owned());
    let message = percent_decode_str(text(&MESSAGE).unwrap_or_default()).decode_utf8_lossy().into_owned();
    let mut refused = Refused { code, message, ..Refused::default() };
    if let Some(details) = text(&DETAILS) {
        let bytes = STANDARD_NO_PAD.decode(details.trim_end_matches('=')).map_err(|error| error.to_string())?;
        let status = Status::decode(bytes.as_slice()).map_err(|error| error.to_string())?;
        status.details.iter().try_for_each(|any| add_detail(&mut refused, any)).map_err(|error| error.to_string())?;
    }
    Ok(Some(refused))
}

fn add_detail(refused: &mut Refused, any: &Any) -> Result<(), prost::DecodeError> {
    match any.type_url.rsplit('.').next() {
        Some("ErrorInfo") => {
            let info = ErrorInfo::decode(any.value.as_slice())?;
            refused.reason = Some(info.reason.to_lowercase());
            refused.kind = info.metadata.get("kind").cloned();
        }
        Some("BadRequest") => {
            let violations = BadRequest::decode(any.value.as_slice())?.field_violations;
            let violation =
                |one: FieldViolation| Violation { pointer: pointer_of(&one.field), message: one.description };
            refused.errors = violations.into_iter().map(violation).collect();
        }
        Some("RetryInfo") => {
            let delay = RetryInfo::decode(any.value.as_slice())?.retry_delay.unwrap_or_default();
            refused.retry_after_ms = Some(delay.seconds * 1_000 + i64::from(delay.nanos / 1_000_000));
        }
        // A detail of another server.
        Some(_) | None => {}
    }
    Ok(())
}
