//! The configuration of a server's WebSockets, and the check of their origins.

use crate::limits::{HEARTBEAT_MS, MESSAGE_BYTES_MAX, SEND_TIMEOUT_MS};
use crate::request::base;
use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Data;
use domain::{Error, Reason};

/// The configuration of a server's WebSockets.
#[derive(Clone, Debug)]
pub struct SocketConfig {
    /// Bytes of a message, fragments together.
    pub message_bytes_max: usize,
    /// Interval of heartbeats.
    pub heartbeat_ms: u64,
    /// How long the client may leave messages unread before the socket is closed.
    pub unread_ms: u64,
    /// Origins, as in `https://example.com`, whose pages may open a socket to a locked sandbox.
    pub origins: Vec<String>,
}

impl Default for SocketConfig {
    fn default() -> Self {
        SocketConfig {
            message_bytes_max: MESSAGE_BYTES_MAX,
            heartbeat_ms: HEARTBEAT_MS,
            unread_ms: SEND_TIMEOUT_MS,
            origins: Vec::new(),
        }
    }
}

impl SocketConfig {
    /// The configuration of the server that received a request.
    pub fn of(request: &HttpRequest) -> SocketConfig {
        request.app_data::<Data<SocketConfig>>().map(|config| config.get_ref().clone()).unwrap_or_default()
    }

    /// Refuses a page of another origin (RFC 6455 section 10.2). Clients that are no browsers send none; the server's own pages have
    /// the host of the request.
    pub fn ensure_origin(&self, request: &HttpRequest) -> Result<(), Error> {
        let Some(origin) = request.headers().get(header::ORIGIN) else { return Ok(()) };
        let origin = origin.to_str().unwrap_or_default();
        let is_own = origin.split_once("://").is_some_and(|(_, host)| host == base(request).authority);
        if is_own || self.origins.iter().any(|allowed| allowed == origin) {
            return Ok(());
        }
        let shown = domain::value::shown(origin);
        let message = format!("the sandbox is locked, and pages of \"{shown}\" may open no socket to it");
        Err(Error::new(Reason::NotAllowed, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_page_is_of_the_own_origin_or_of_an_allowed_one() {
        let config = SocketConfig { origins: vec!["https://course.example".to_owned()], ..SocketConfig::default() };
        let is_let_in = |origin: Option<&str>| {
            let request = TestRequest::default().insert_header(("host", "shop:8080"));
            let request = origin.map_or(request.to_http_request(), |origin| {
                TestRequest::default()
                    .insert_header(("host", "shop:8080"))
                    .insert_header(("origin", origin))
                    .to_http_request()
            });
            config.ensure_origin(&request).is_ok()
        };
        for good in [None, Some("http://shop:8080"), Some("https://course.example")] {
            assert!(is_let_in(good), "{good:?}");
        }
        for bad in ["null", "", "http://shop", "https://course.example:444", "http://evil.example", "shop:8080"] {
            assert!(!is_let_in(Some(bad)), "{bad}");
        }
    }
}
