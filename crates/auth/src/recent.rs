//! How does a table stay small? What is old goes, and where there is too much, the oldest.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::time::Duration;

/// A table of what was put there lately.
#[derive(Debug)]
pub struct Recent<K, V> {
    most: usize,
    kept_for: Duration,
    entries: HashMap<K, Entry<V>>,
    /// The keys in the order in which they were put there; each has a number of its own.
    order: BTreeMap<u64, K>,
    next: u64,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    number: u64,
    until: Duration,
}

impl<K: Clone + Eq + Hash, V> Recent<K, V> {
    /// A table of at most so many entries, each kept for so long.
    pub fn new(most: usize, kept_for: Duration) -> Self {
        Recent { most, kept_for, entries: HashMap::new(), order: BTreeMap::new(), next: 0 }
    }

    /// The value, if it is not too old.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q, now: Duration) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.entries.get(key).filter(|entry| now < entry.until).map(|entry| &entry.value)
    }

    /// The value, to be changed. It does not get younger by that.
    pub fn get_mut<Q: Eq + Hash + ?Sized>(&mut self, key: &Q, now: Duration) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.entries.get_mut(key).filter(|entry| now < entry.until).map(|entry| &mut entry.value)
    }

    /// Puts a value there, in place of the one that was.
    pub fn put(&mut self, key: K, value: V, now: Duration) {
        self.remove(&key);
        let entry = Entry { value, number: self.next, until: now + self.kept_for };
        self.order.insert(self.next, key.clone());
        self.entries.insert(key, entry);
        self.next += 1;
        self.make_room(now);
    }

    /// Takes it away.
    pub fn remove<Q: Eq + Hash + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        if let Some(entry) = self.entries.remove(key) {
            self.order.remove(&entry.number);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn make_room(&mut self, now: Duration) {
        while let Some(first) = self.order.first_entry() {
            let is_old = self.entries.get(first.get()).is_none_or(|entry| entry.until <= now);
            if !is_old && self.entries.len() <= self.most {
                return;
            }
            let key = first.remove();
            self.entries.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_oldest_go() {
        let mut table = Recent::new(3, at(10));
        for key in ["a", "b", "a", "c", "d"] {
            table.put(key, (), at(0));
        }
        let there: Vec<_> = ["a", "b", "c", "d"].iter().filter(|key| table.get(**key, at(0)).is_some()).collect();
        assert_eq!((there, table.order.len()), (vec![&"a", &"c", &"d"], 3));
    }

    #[test]
    fn what_is_old_is_not_there() {
        let mut table = Recent::new(3, at(10));
        table.put("a", 1, at(0));
        table.put("b", 2, at(5));
        assert_eq!((table.get("a", at(9)), table.get("a", at(10))), (Some(&1), None));
        table.put("c", 3, at(10));
        assert_eq!((table.len(), table.get("b", at(10))), (2, Some(&2)));
    }
}
