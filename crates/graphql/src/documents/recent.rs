//! What is kept of what came, when not everything can be? What was asked for lately.

use std::collections::HashMap;

/// Things by their names. The least recently used go: when the young are full, they become the old, and what was old and not
/// asked for in the meantime is forgotten.
pub struct Recent<T> {
    young: HashMap<String, T>,
    old: HashMap<String, T>,
    /// Things of one generation; there are two.
    generation_max: usize,
}

impl<T: Clone> Recent<T> {
    /// Nothing yet, and never more than two generations.
    pub fn new(generation_max: usize) -> Self {
        Recent { young: HashMap::new(), old: HashMap::new(), generation_max }
    }

    /// The thing of that name, which stays a while longer.
    pub fn get(&mut self, name: &str) -> Option<T> {
        if let Some(thing) = self.young.get(name) {
            return Some(thing.clone());
        }
        let (name, thing) = self.old.remove_entry(name)?;
        self.keep(name, thing.clone());
        Some(thing)
    }

    /// Keeps a thing.
    pub fn keep(&mut self, name: String, thing: T) {
        if self.young.len() >= self.generation_max {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(name, thing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let mut recent = Recent::new(10);
        recent.keep("often".to_owned(), 0);
        for number in 1..100 {
            recent.keep(number.to_string(), number);
            assert_eq!(recent.get("often"), Some(0));
            assert!(recent.young.len() <= 10 && recent.old.len() <= 10);
        }
        assert_eq!(recent.get("1"), None);
    }
}
