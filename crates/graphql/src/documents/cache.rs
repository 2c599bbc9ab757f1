//! How is a document parsed, and how is it found again?

use super::direct::Plan;
use super::older::older;
use super::recent::Recent;
use super::{merged, sound, weight};
use crate::errors::Refusal;
use crate::locked;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition};
use domain::Error;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

/// Documents of one generation; there are two.
const DOCUMENTS_MAX: usize = 128;
/// Bytes of a document that is kept: those of programs are smaller, and what people type once need not be kept.
pub const KEPT_BYTES_MAX: usize = 8 * 1024;

static CACHE: LazyLock<Mutex<Recent<Arc<Document>>>> = LazyLock::new(|| Mutex::new(Recent::new(DOCUMENTS_MAX)));

/// A document that was parsed.
pub struct Document {
    /// What it says.
    pub parsed: ExecutableDocument,
    /// There is something, if the validation (GraphQL section 5) has nothing against it. That is about the document alone, so it is
    /// asked once. Then it has a plan, if it is plain.
    valid: OnceLock<Option<Plan>>,
}

impl Document {
    /// Whether it is known to be valid.
    pub fn is_valid(&self) -> bool {
        self.valid.get().is_some()
    }

    /// It is, and that operation is its only one.
    pub fn set_valid(&self, operation: &OperationDefinition) {
        self.valid.get_or_init(|| Plan::of(&self.parsed, operation));
    }

    /// How it is answered, where that is known.
    pub fn plan(&self) -> Option<&Plan> {
        self.valid.get()?.as_ref()
    }
}

/// The document, parsed and within all bounds. What its fields and types are is for the validation.
pub fn parse(query: &str) -> Result<Arc<Document>, Refusal> {
    let cache = || locked(&CACHE);
    if let Some(document) = cache().get(query) {
        return Ok(document);
    }
    weight::check_text(query)?;
    let mut parsed = parse_query(older(query)).map_err(|error| {
        Refusal::at(&Error::unreadable(format!("not a document: {error}")), error.positions().collect())
    })?;
    weight::check(&parsed)?;
    sound::check(&parsed)?;
    merged::merge(&mut parsed);
    let document = Arc::new(Document { parsed, valid: OnceLock::new() });
    if query.len() <= KEPT_BYTES_MAX {
        cache().keep(query.to_owned(), document.clone());
    }
    Ok(document)
}
