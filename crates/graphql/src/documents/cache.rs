//! How is a document parsed, and how is it found again?

use super::older::older;
use super::recent::Recent;
use super::{sound, weight};
use crate::errors::Refusal;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::ExecutableDocument;
use domain::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Documents of one generation; there are two.
const DOCUMENTS_MAX: usize = 128;
/// Bytes of a document that is kept: those of programs are smaller, and what people type once need not be kept.
pub const KEPT_BYTES_MAX: usize = 8 * 1024;

static CACHE: LazyLock<Mutex<Recent<Arc<Document>>>> = LazyLock::new(|| Mutex::new(Recent::new(DOCUMENTS_MAX)));

/// A document that was parsed.
pub struct Document {
    /// What it says.
    pub parsed: ExecutableDocument,
    /// Whether the validation (GraphQL section 5) has nothing against it. That is about the document alone, so it is asked once.
    is_valid: AtomicBool,
}

impl Document {
    /// Whether it is known to be valid.
    pub fn is_valid(&self) -> bool {
        self.is_valid.load(Ordering::Relaxed)
    }

    /// It is.
    pub fn set_valid(&self) {
        self.is_valid.store(true, Ordering::Relaxed);
    }
}

/// The document, parsed and within all bounds. What its fields and types are is for the validation.
pub fn parse(query: &str) -> Result<Arc<Document>, Refusal> {
    let cache = || CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(document) = cache().get(query) {
        return Ok(document);
    }
    weight::check_text(query)?;
    let parsed = parse_query(older(query)).map_err(|error| {
        Refusal::at(&Error::unreadable(format!("not a document: {error}")), error.positions().collect())
    })?;
    weight::check(&parsed)?;
    sound::check(&parsed)?;
    let document = Arc::new(Document { parsed, is_valid: AtomicBool::new(false) });
    if query.len() <= KEPT_BYTES_MAX {
        cache().keep(query.to_owned(), document.clone());
    }
    Ok(document)
}
