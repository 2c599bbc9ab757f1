//! What was read of a request before routing, or why it was not.

use crate::decompression::GZIP;
use actix_web::http::StatusCode;
use bytes::Bytes;
use domain::Error;
use domain::request::ResponseMetadata;
use domain::value::shown;

/// What the [`middleware`](crate::middleware) found before routing.
#[derive(Clone)]
pub(crate) struct ReceivedRequest {
    /// The sandbox's name in the path, valid or not; `None` without the prefix.
    pub sandbox: Option<String>,
    /// The whole body.
    pub body: Result<Bytes, Unread>,
    /// What the pipeline records.
    pub response: ResponseMetadata,
}

/// Why the content of a request was not read.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    /// The error for the caller.
    pub error: Error,
    /// HTTP's own status for it: 413 and 415, and 100 while it is still to come.
    pub status: Option<StatusCode>,
}

impl Unread {
    /// It has not come yet; see [`HeadOnly`](crate::content::HeadOnly).
    pub(crate) fn awaited() -> Self {
        Unread { error: Error::unreadable("the body has not come yet"), status: Some(StatusCode::CONTINUE) }
    }

    /// It is larger than allowed, as sent or decompressed (RFC 9110 section 15.5.14).
    pub(crate) fn too_large(bytes_max: usize) -> Self {
        let error = Error::too_large("bytes of a body", bytes_max);
        Unread { error, status: Some(StatusCode::PAYLOAD_TOO_LARGE) }
    }

    /// Its coding is not supported (RFC 9110 section 15.5.16).
    pub(crate) fn unknown_coding(coding: &str) -> Self {
        let error = Error::unreadable(format!("Content-Encoding must be {GZIP}, got \"{}\"", shown(coding)));
        Unread { error, status: Some(StatusCode::UNSUPPORTED_MEDIA_TYPE) }
    }
}

impl From<Error> for Unread {
    fn from(error: Error) -> Self {
        Unread { error, status: None }
    }
}

impl From<Unread> for Error {
    fn from(unread: Unread) -> Self {
        unread.error
    }
}
