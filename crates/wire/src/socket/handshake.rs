//! Which requests become a WebSocket, and the response to the others (RFC 6455 section 4.2).

use actix_http::ws::{HandshakeError, verify_handshake};
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode, Version};
use actix_web::{HttpRequest, HttpResponse};
use domain::value::shown;
use domain::{Error, Kind};

/// The one version of the protocol (RFC 6455 section 4.1).
const VERSION: HeaderValue = HeaderValue::from_static("13");
const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");

/// Whether the request asks for a WebSocket. RFC 9110 section 7.8: a server ignores an Upgrade in HTTP/1.0; RFC 6455
/// section 4.2.1: a handshake is a GET.
pub fn is_upgrade(request: &HttpRequest) -> bool {
    // A list of several protocols may be ignored too, and is: actix-http does not hand out the connection for it.
    let is_websocket = |value: &HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"websocket");
    request.version() == Version::HTTP_11
        && request.method() == Method::GET
        && request.headers().get_all(header::UPGRADE).any(is_websocket)
}

/// Why a request does not become a WebSocket.
#[derive(Debug)]
pub struct UpgradeError {
    status: StatusCode,
    error: Error,
}

impl UpgradeError {
    /// The request asks for none, at an address that serves nothing else.
    pub fn not_asked(request: &HttpRequest) -> Self {
        let method = shown(request.method().as_str());
        let message =
            format!("this address speaks WebSocket (RFC 6455), got {method}: open a WebSocket, by GET and an upgrade");
        let error = Error::unreadable(message);
        UpgradeError { status: StatusCode::UPGRADE_REQUIRED, error }
    }

    /// The response; `write` writes its body in the style's own grammar.
    pub fn response(&self, write: impl FnOnce(StatusCode, &Error) -> HttpResponse) -> HttpResponse {
        let mut response = write(self.status, &self.error);
        if self.status == StatusCode::UPGRADE_REQUIRED {
            // RFC 9110 section 15.5.22 and RFC 6455 section 4.2.2 (4): the protocol, and its version.
            response.headers_mut().insert(header::UPGRADE, WEBSOCKET);
            response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, VERSION);
        }
        response
    }
}

impl From<Error> for UpgradeError {
    fn from(error: Error) -> Self {
        let status = match error.kind() {
            Kind::Forbidden => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        };
        UpgradeError { status, error }
    }
}

/// Refuses a handshake that does not follow section 4.2.1.
pub(super) fn verify(request: &HttpRequest) -> Result<(), UpgradeError> {
    let refused = |status, message: &str| {
        Err(UpgradeError { status, error: Error::unreadable(format!("no WebSocket handshake: {message}")) })
    };
    let (status, name, rule) = match verify_handshake(request.head()) {
        Ok(()) => return Ok(()),
        Err(HandshakeError::UnsupportedVersion | HandshakeError::NoVersionHeader) => {
            (StatusCode::UPGRADE_REQUIRED, header::SEC_WEBSOCKET_VERSION, "Sec-WebSocket-Version must be 13")
        }
        Err(HandshakeError::BadWebsocketKey) => {
            (StatusCode::BAD_REQUEST, header::SEC_WEBSOCKET_KEY, "Sec-WebSocket-Key must be the base64 of 16 bytes")
        }
        Err(HandshakeError::NoConnectionUpgrade) => {
            (StatusCode::BAD_REQUEST, header::CONNECTION, "Connection must name upgrade")
        }
        Err(error) => return refused(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    let value = request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    refused(status, &format!("{rule}, got \"{}\"", shown(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    /// A handshake of the RFC (section 1.2), with one header changed or, without a value, absent.
    fn handshake(name: &str, value: &str) -> TestRequest {
        let headers = [
            ("upgrade", "websocket"),
            ("connection", "Upgrade"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let others = headers.into_iter().filter(|(other, _)| *other != name);
        let changed = (!value.is_empty()).then_some((name, value));
        others.chain(changed).fold(TestRequest::get(), |request, header| request.insert_header(header))
    }

    #[test]
    fn a_websocket_is_asked_for_by_a_get_of_http_1_1() {
        let is_asked = |request: TestRequest| is_upgrade(&request.to_http_request());
        assert!(is_asked(handshake("", "")) && is_asked(handshake("upgrade", "WebSocket ")));
        assert!(!is_asked(handshake("", "").version(Version::HTTP_10)));
        assert!(!is_asked(handshake("", "").version(Version::HTTP_2)));
        assert!(!is_asked(handshake("", "").method(Method::POST)));
        for other in ["", "h2c", "TLS/1.2", "websocket/13", "websockets", "h2c, websocket"] {
            assert!(!is_asked(handshake("upgrade", other)), "{other}");
        }
    }

    #[test]
    fn a_handshake_is_verified_and_the_version_is_named() {
        let refused = |name: &str, value: &str| {
            let refused = verify(&handshake(name, value).to_http_request()).err()?;
            let response = refused.response(|status, error| HttpResponse::build(status).body(error.message.clone()));
            let version = response.headers().get(header::SEC_WEBSOCKET_VERSION).cloned();
            assert_eq!(version.is_some(), response.headers().contains_key(header::UPGRADE));
            Some((response.status().as_u16(), version == Some(VERSION)))
        };
        assert_eq!(refused("", ""), None);
        assert_eq!(refused("connection", "keep-alive, Upgrade"), None);
        for version in ["", "8", "0", "14", "013", "13, 8", "x"] {
            assert_eq!(refused("sec-websocket-version", version), Some((426, true)), "{version}");
        }
        for key in [
            "",
            "x",
            "dGhlIHNhbXBsZSBub25jZQ",
            "dGhlIHNhbXBsZSBub25jZQ=",
            "dGhlIHNhbXBsZSBub25jZSE=",
            "!GhlIHNhbXBsZSBub25jZQ==",
        ] {
            assert_eq!(refused("sec-websocket-key", key), Some((400, false)), "{key}");
        }
        for connection in ["", "keep-alive", "upgraded", "close, upgrade"] {
            assert_eq!(refused("connection", connection), Some((400, false)), "{connection}");
        }
    }
}
