//! Trailers: header fields after the body of a response (RFC 9110 section 6.5). actix-web has none, so they are an extension of its
//! response, and are sent over HTTP/2 alone.

use actix_web::HttpResponse;
use http::HeaderMap;
use parking_lot::Mutex;
use std::sync::Arc;

/// The trailers of a response, which may be known only at its end. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Trailers(Arc<Mutex<HeaderMap>>);

impl Trailers {
    /// Sets the trailers of a response.
    pub fn set(response: &mut HttpResponse, trailers: HeaderMap) {
        Trailers(Arc::new(Mutex::new(trailers))).add_to(response);
    }

    /// Makes these the trailers of a response.
    pub fn add_to(&self, response: &mut HttpResponse) {
        response.extensions_mut().insert(self.clone());
    }

    /// Replaces them, until they are sent.
    pub fn replace(&self, trailers: HeaderMap) {
        *self.0.lock() = trailers;
    }

    /// Takes them, to be sent.
    pub fn take(&self) -> HeaderMap {
        std::mem::take(&mut self.0.lock())
    }
}
