//! A request as an adapter's decoder reads it: one that came over a connection, or one that was pasted.

use crate::content::{self, Unread};
use crate::http::received::ReceivedRequest;
use crate::request::request_context;
use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::{HttpMessage, HttpRequest};
use bytes::Bytes;
use domain::{Error, RequestContext};

/// A request whose head is known. Its body may be missing, so a decoder checks the head first.
pub trait IncomingRequest {
    /// The method, the address and the headers.
    fn head(&self) -> &RequestHead;
    /// The content, decompressed, or why it was not read.
    fn body(&self) -> Result<Bytes, Unread>;
    /// Whether there is content, read or not.
    fn has_body(&self) -> bool;
    /// The context, for the pipeline. `protocol` is the adapter's name.
    fn context(&self, protocol: &'static str) -> Result<RequestContext, Error>;

    /// The method.
    fn method(&self) -> &Method {
        &self.head().method
    }
    /// The path, as it was written.
    fn path(&self) -> &str {
        self.head().uri.path()
    }
    /// The query, as it was written; empty without one.
    fn query_string(&self) -> &str {
        self.head().uri.query().unwrap_or_default()
    }
    /// The headers.
    fn headers(&self) -> &HeaderMap {
        &self.head().headers
    }
}

impl IncomingRequest for HttpRequest {
    fn head(&self) -> &RequestHead {
        self.head()
    }
    fn body(&self) -> Result<Bytes, Unread> {
        content::body(self)
    }
    fn has_body(&self) -> bool {
        let extensions = self.extensions();
        let received = extensions.get::<ReceivedRequest>();
        received.is_some_and(|received| received.body.as_ref().map_or(true, |body| !body.is_empty()))
    }
    fn context(&self, protocol: &'static str) -> Result<RequestContext, Error> {
        request_context(self, protocol)
    }
}
