//! The context of an HTTP request, from its headers.

use crate::address::Address;
use crate::control::control_of;
use crate::credentials::{self, text};
use crate::forwarded::{Forwarded, is_authority};
use crate::http::received::ReceivedRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{HttpMessage, HttpRequest};
use domain::{Error, Reason, RequestContext, Sandbox};

/// The idempotency key (draft-ietf-httpapi-idempotency-key-header).
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Marks a response from a stored result.
pub const IDEMPOTENCY_REPLAYED: &str = "idempotency-replayed";
/// The faults to inject.
pub const FAULT: &str = "x-fault";
/// The request's id in logs.
pub const REQUEST_ID: &str = "x-request-id";
/// The trace of a request (W3C Trace Context, section 3.2).
pub const TRACE: &str = "traceparent";

// The same for look-ups in actix-web, without cost: a text would be checked and copied each time.
static KEY_NAME: HeaderName = HeaderName::from_static(IDEMPOTENCY_KEY);
static FAULT_NAME: HeaderName = HeaderName::from_static(FAULT);
/// [`IDEMPOTENCY_REPLAYED`], as actix-web has it.
pub(crate) static REPLAYED_NAME: HeaderName = HeaderName::from_static(IDEMPOTENCY_REPLAYED);
/// [`REQUEST_ID`], as actix-web has it.
pub(crate) static REQUEST_ID_NAME: HeaderName = HeaderName::from_static(REQUEST_ID);
/// [`TRACE`], as actix-web has it.
pub(crate) static TRACE_NAME: HeaderName = HeaderName::from_static(TRACE);

/// Maximum characters of a request id in logs.
const REQUEST_ID_CHARS_MAX: usize = 100;

/// The context of a request, for the pipeline. `protocol` is the adapter's name.
pub fn request_context(request: &HttpRequest, protocol: &'static str) -> Result<RequestContext, Error> {
    let extensions = request.extensions();
    let received = extensions.get::<ReceivedRequest>();
    let sandbox = match received.and_then(|received| received.sandbox.as_deref()) {
        None => Sandbox::main(),
        Some(name) => sandbox_named(name)?,
    };
    Ok(RequestContext {
        peer: Forwarded::of(request).from.or_else(|| request.peer_addr().map(|peer| peer.ip())),
        connection_id: control_of(request).and_then(|control| control.connection_id()),
        stream_id: control_of(request).and_then(|control| control.stream_id()),
        response: received.map(|received| received.response.clone()).unwrap_or_default(),
        ..context_of(request.headers(), protocol, sandbox)
    })
}

/// What the headers of a request say about its context.
pub(crate) fn context_of(headers: &HeaderMap, protocol: &'static str, sandbox: Sandbox) -> RequestContext {
    RequestContext {
        credentials: credentials::read(headers),
        idempotency_key: text(headers, &KEY_NAME).map(unquoted),
        fault: text(headers, &FAULT_NAME).map(str::to_owned),
        request_id: request_id(headers).map(Into::into),
        ..RequestContext::new(protocol, sandbox)
    }
}

/// The sandbox with that name; an error if the name is not allowed.
pub fn sandbox_named(name: &str) -> Result<Sandbox, Error> {
    Sandbox::parse(name).ok_or_else(|| {
        let shown = domain::value::shown(name);
        let message = format!("a sandbox can't be named \"{shown}\": a name has up to 40 small letters, digits and hyphens, and starts with a letter or digit");
        Error::new(Reason::UnknownOperation, message)
    })
}

/// The address that the client used, for links and contracts: the proxy's, else the Host header, if valid; and the
/// sandbox.
pub fn base(request: &HttpRequest) -> Address {
    let Forwarded { tls, host, prefix, .. } = Forwarded::of(request);
    let own_host = || text(request.headers(), &header::HOST).filter(|host| is_authority(host)).map(str::to_owned);
    let authority = host.or_else(own_host).unwrap_or_else(|| "localhost".to_owned());
    let root = Address { tls: tls.unwrap_or(false), authority, prefix: prefix.unwrap_or_default() };
    let extensions = request.extensions();
    let name = extensions.get::<ReceivedRequest>().and_then(|received| received.sandbox.as_deref());
    name.and_then(Sandbox::parse).map_or_else(|| root.clone(), |sandbox| root.in_sandbox(sandbox.as_str()))
}

/// The request's id, if it can be written to a log.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let is_sound =
        |id: &&str| (1..=REQUEST_ID_CHARS_MAX).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_graphic());
    text(headers, &REQUEST_ID_NAME).filter(is_sound)
}

/// The request's trace, if valid (W3C Trace Context, section 3.2.2): version, trace, parent, flags.
pub(crate) fn trace(headers: &HeaderMap) -> Option<&str> {
    let is_hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_something = |part: &str| part.bytes().any(|c| c != b'0');
    text(headers, &TRACE_NAME).filter(|trace| match trace.split('-').collect::<Vec<_>>().as_slice() {
        [version, of, parent, flags] => {
            is_hex(version, 2)
                && *version != "ff"
                && is_hex(flags, 2)
                && is_hex(of, 32)
                && is_hex(parent, 16)
                && is_something(of)
                && is_something(parent)
        }
        _ => false,
    })
}

/// The draft has the key as a string of RFC 9651, in quotes; most clients omit them. It is the same key.
fn unquoted(key: &str) -> String {
    key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn a_trace_is_of_the_form() {
        let is_one = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(TRACE_NAME.clone(), HeaderValue::from_static(value));
            trace(&headers).is_some()
        };
        assert!(is_one("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        assert!(!is_one("00-00000000000000000000000000000000-00f067aa0ba902b7-01"));
        assert!(!is_one("00-4BF92F3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        assert!(!is_one("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        assert!(!is_one("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"));
    }
}
