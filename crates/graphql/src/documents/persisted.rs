//! Persisted documents: a client may send the SHA-256 of a document instead of its text.
//!
//! async-graphql's extension parses the text itself, without our validation, and doesn't know `documentId`.
//!
//! Clients send the hash first, as Apollo's automatic persisted queries or as GraphQL over HTTP, appendix A, defines it:
//!
//! ```text
//! {"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ecf4edb46db4..."}}}
//! {"documentId":"sha256:ecf4edb46db4..."}
//! ```
//!
//! If it is unknown, they get the code PERSISTED_QUERY_NOT_FOUND, and send hash and document together once.

use super::CACHED_DOCUMENT_BYTES_MAX;
use crate::errors::Refusal;
use crate::messages::RequestParams;
use domain::{Error, Reason, Shop, Value};
use quick_cache::sync::Cache;
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

/// Persisted documents. With [`CACHED_DOCUMENT_BYTES_MAX`] they take 8 MiB.
const PERSISTED_MAX: usize = 1_024;

/// The message that clients expect before they send the document itself.
const NOT_FOUND: (&str, &str) = ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");

static KNOWN: LazyLock<Cache<String, Arc<str>>> = LazyLock::new(|| Cache::new(PERSISTED_MAX));

/// The text of the document, from the request or by its hash. It is found by its hash once `keep` was called.
pub fn text(params: &RequestParams, shop: &Shop) -> Result<Arc<str>, Refusal> {
    let Some(name) = &params.sha256 else { return Ok(params.query.as_str().into()) };
    if params.query.is_empty() {
        let (code, message) = NOT_FOUND;
        return KNOWN.get(name).ok_or_else(|| Refusal::coded(&Error::new(Reason::UnknownOperation, message), code));
    }
    if *name != hexadecimal(shop.digest(params.query.as_bytes())) {
        return Err(Error::unreadable("the sha256Hash is not that of the query").into());
    }
    Ok(params.query.as_str().into())
}

/// Stores the text of a valid document under its hash.
pub fn keep(params: &RequestParams, text: Arc<str>) {
    if let Some(name) = &params.sha256
        && text.len() <= CACHED_DOCUMENT_BYTES_MAX
    {
        KNOWN.insert(name.clone(), text);
    }
}

/// The hash in the extensions of a request.
pub fn name_among(extensions: &Value) -> Result<Option<String>, Error> {
    let Some(persisted) = extensions.get("persistedQuery") else { return Ok(None) };
    match (persisted.get("version"), persisted.get("sha256Hash")) {
        (Some(Value::Int(1)), Some(Value::Text(name))) => Ok(Some(name.to_ascii_lowercase())),
        _ => Err(Error::unreadable("a persistedQuery has the version 1 and a sha256Hash")),
    }
}

/// The hash in a document identifier.
pub fn name_of(identifier: &str) -> Result<String, Error> {
    let name = identifier.strip_prefix("sha256:").map(str::to_owned);
    name.ok_or_else(|| Error::unreadable("a documentId is sha256: and the hash of the document in hexadecimal"))
}

fn hexadecimal(digest: [u8; 32]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
