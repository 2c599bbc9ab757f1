//! How is a document parsed, and how is it found again?

use super::weight;
use crate::errors::Refusal;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::ExecutableDocument;
use domain::Error;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Documents of one generation; there are two.
const DOCUMENTS_MAX: usize = 128;
/// Bytes of a document that is kept: those of programs are smaller, and what people type once need not be kept.
const KEPT_BYTES_MAX: usize = 8 * 1024;

/// The least recently used documents go: when the young are full, they become the old, and what was old and not asked for
/// in the meantime is forgotten.
#[derive(Default)]
struct Cache {
    young: HashMap<String, Arc<ExecutableDocument>>,
    old: HashMap<String, Arc<ExecutableDocument>>,
}

static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);

/// The document, parsed and within all bounds.
pub fn parse(query: &str) -> Result<Arc<ExecutableDocument>, Refusal> {
    let cache = || CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(document) = cache().get(query) {
        return Ok(document);
    }
    weight::check_text(query)?;
    let document = parse_query(query).map_err(|error| {
        Refusal::at(&Error::unreadable(format!("not a document: {error}")), error.positions().collect())
    })?;
    weight::check(&document)?;
    let document = Arc::new(document);
    if query.len() <= KEPT_BYTES_MAX {
        cache().keep(query.to_owned(), document.clone());
    }
    Ok(document)
}

impl Cache {
    fn get(&mut self, query: &str) -> Option<Arc<ExecutableDocument>> {
        if let Some(document) = self.young.get(query) {
            return Some(document.clone());
        }
        let (query, document) = self.old.remove_entry(query)?;
        self.keep(query, document.clone());
        Some(document)
    }

    fn keep(&mut self, query: String, document: Arc<ExecutableDocument>) {
        if self.young.len() >= DOCUMENTS_MAX {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(query, document);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let mut cache = Cache::default();
        let document = parse("{ __typename }").unwrap();
        cache.keep("often".to_owned(), document.clone());
        for number in 0..10 * DOCUMENTS_MAX {
            cache.keep(number.to_string(), document.clone());
            assert!(cache.get("often").is_some());
            assert!(cache.young.len() <= DOCUMENTS_MAX && cache.old.len() <= DOCUMENTS_MAX);
        }
        assert!(cache.get("0").is_none());
    }
}
