//! Documents asked for by their name alone. A name is the SHA-256 of the text, so no client can give it another's.
//!
//! async-graphql's extension for it parses the text itself, past our validation, and knows no `documentId`.
//!
//! Clients send the name first, as what Apollo calls an automatic persisted query or as GraphQL over HTTP, appendix A, has it:
//!
//! ```text
//! {"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ecf4edb46db4..."}}}
//! {"documentId":"sha256:ecf4edb46db4..."}
//! ```
//!
//! Where it is not known, they are told so by the code PERSISTED_QUERY_NOT_FOUND, and send name and document together once.

use super::KEPT_BYTES_MAX;
use crate::errors::Refusal;
use crate::messages::Asked;
use domain::{Error, Reason, Shop, Value};
use quick_cache::sync::Cache;
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

/// Documents that are known by their names. With [`KEPT_BYTES_MAX`] they take 8 MiB.
const PERSISTED_MAX: usize = 1_024;

/// The words that clients wait for, before they send the document itself.
const NOT_FOUND: (&str, &str) = ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");

static KNOWN: LazyLock<Cache<String, Arc<str>>> = LazyLock::new(|| Cache::new(PERSISTED_MAX));

/// The text of the document that was asked for, by itself or by its name. It is known by its name once `keep` is called.
pub fn text(asked: &Asked, shop: &Shop) -> Result<Arc<str>, Refusal> {
    let Some(name) = &asked.sha256 else { return Ok(asked.query.as_str().into()) };
    if asked.query.is_empty() {
        let (code, message) = NOT_FOUND;
        return KNOWN.get(name).ok_or_else(|| Refusal::coded(&Error::new(Reason::UnknownOperation, message), code));
    }
    if *name != hexadecimal(shop.digest(asked.query.as_bytes())) {
        return Err(Error::unreadable("the sha256Hash is not that of the query").into());
    }
    Ok(asked.query.as_str().into())
}

/// Keeps the text of a valid document under the name that it came with.
pub fn keep(asked: &Asked, text: Arc<str>) {
    if let Some(name) = &asked.sha256
        && text.len() <= KEPT_BYTES_MAX
    {
        KNOWN.insert(name.clone(), text);
    }
}

/// The name among the extensions of a request, if there is one.
pub fn name_among(extensions: &Value) -> Result<Option<String>, Error> {
    let Some(persisted) = extensions.get("persistedQuery") else { return Ok(None) };
    match (persisted.get("version"), persisted.get("sha256Hash")) {
        (Some(Value::Int(1)), Some(Value::Text(name))) => Ok(Some(name.to_ascii_lowercase())),
        _ => Err(Error::unreadable("a persistedQuery has the version 1 and a sha256Hash")),
    }
}

/// The name that a document's identifier says.
pub fn name_of(identifier: &str) -> Result<String, Error> {
    let name = identifier.strip_prefix("sha256:").map(str::to_owned);
    name.ok_or_else(|| Error::unreadable("a documentId is sha256: and the hash of the document in hexadecimal"))
}

fn hexadecimal(digest: [u8; 32]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
