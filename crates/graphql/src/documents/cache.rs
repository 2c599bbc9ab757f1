//! Documents that were prepared before, by their text or by its SHA-256: programs send the same one again.
//!
//! async-graphql's extension for hashes parses the text itself, without our validation, and doesn't know `documentId`.
//!
//! Clients send the hash first, as Apollo's automatic persisted queries or as GraphQL over HTTP, appendix A, defines it:
//!
//! ```text
//! {"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ecf4edb46db4..."}}}
//! {"documentId":"sha256:ecf4edb46db4..."}
//! ```
//!
//! If it is unknown, they get the code PERSISTED_QUERY_NOT_FOUND, and send hash and document together once.

use super::patches::collect_fields::collect;
use super::{syntax, validation};
use crate::errors::Refusal;
use crate::messages::RequestParams;
use apollo_compiler::ast::Document;
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name};
use async_graphql::Variables;
use async_graphql::parser::types::OperationDefinition;
use domain::{Error, Reason, Shop};
use quick_cache::sync::Cache;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

/// Documents in the cache.
const DOCUMENTS_MAX: usize = 256;
/// Maximum bytes of a cached document: those of programs are smaller, and what people type once need not be cached.
const CACHED_DOCUMENT_BYTES_MAX: usize = 8 * 1024;
/// Persisted documents. With [`CACHED_DOCUMENT_BYTES_MAX`] they take 8 MiB.
const PERSISTED_MAX: usize = 1_024;

/// The code and the message that clients expect before they send the document itself.
const NOT_FOUND: (&str, &str) = ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");

static BY_TEXT: LazyLock<Cache<Box<str>, Arc<CachedDocument>>> = LazyLock::new(|| Cache::new(DOCUMENTS_MAX));
static TEXT_BY_HASH: LazyLock<Cache<String, Arc<str>>> = LazyLock::new(|| Cache::new(PERSISTED_MAX));

/// A parsed and valid document.
pub struct CachedDocument {
    pub parsed: Document,
    pub valid: Valid<ExecutableDocument>,
    /// Its operations for the executor, by name, if no directive depends on variables.
    operations: HashMap<Option<Name>, Arc<OperationDefinition>>,
}

impl CachedDocument {
    /// One of its operations for the executor.
    pub fn operation(&self, parsed: &Operation, variables: &Variables) -> Arc<OperationDefinition> {
        let fixed = self.operations.get(&parsed.name).cloned();
        fixed.unwrap_or_else(|| Arc::new(collect(&self.valid, parsed, variables).0))
    }
}

/// The document of a request, by its text or by its hash.
pub fn document(params: &RequestParams, shop: &Shop) -> Result<Arc<CachedDocument>, Refusal> {
    let Some(hash) = &params.sha256 else { return by_text(&params.query, params) };
    if params.query.is_empty() {
        let (code, message) = NOT_FOUND;
        let unknown = || Refusal::from(Error::new(Reason::UnknownOperation, message)).with("code", code);
        return by_text(&TEXT_BY_HASH.get(hash).ok_or_else(unknown)?, params);
    }
    if *hash != hexadecimal(shop.digest(params.query.as_bytes())) {
        return Err(Error::unreadable("the sha256Hash is not that of the query").into());
    }
    let document = by_text(&params.query, params)?;
    if params.query.len() <= CACHED_DOCUMENT_BYTES_MAX {
        TEXT_BY_HASH.insert(hash.clone(), params.query.as_str().into());
    }
    Ok(document)
}

fn by_text(text: &str, params: &RequestParams) -> Result<Arc<CachedDocument>, Refusal> {
    if let Some(known) = BY_TEXT.get(text) {
        return Ok(known);
    }
    let parsed = syntax::parse(text)?;
    let valid = validation::validate(&parsed, params)?;
    let fixed = valid.operations.iter().filter_map(|operation| {
        let (collected, uses_variables) = collect(&valid, operation, &Variables::default());
        (!uses_variables).then(|| (operation.name.clone(), Arc::new(collected)))
    });
    let operations = fixed.collect();
    let document = Arc::new(CachedDocument { parsed, valid, operations });
    if text.len() <= CACHED_DOCUMENT_BYTES_MAX {
        BY_TEXT.insert(text.into(), document.clone());
    }
    Ok(document)
}

fn hexadecimal(digest: [u8; 32]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
