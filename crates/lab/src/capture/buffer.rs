//! The last exchanges of each watched sandbox, within a limit for all of them.

use super::decoder::Exchange;
use domain::{Error, Sandbox};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use tokio::sync::broadcast::{Receiver, Sender};

/// Exchanges of one sandbox that can be opened: more than a person scrolls through.
const EXCHANGES_MAX: usize = 200;
/// Bytes of all exchanges that can be opened: the capture must not take the shop's memory.
const STORED_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Subscribers at the same time: each has a connection over which every exchange is sent.
pub const SUBSCRIBERS_MAX: usize = 64;
/// Exchanges that a subscriber may not have been sent yet. A slower one misses some and is sent their number.
pub const UNSENT_MAX: usize = 256;

/// The exchanges that can be opened.
#[derive(Default)]
pub struct Exchanges {
    sandboxes: HashMap<Sandbox, Watched>,
    bytes: usize,
    last_id: u64,
}

/// A sandbox that has subscribers.
struct Watched {
    subscribers: usize,
    sender: Sender<Arc<str>>,
    exchanges: VecDeque<Arc<Exchange>>,
}

/// What a subscriber receives.
pub enum Delivery {
    /// The summary of an exchange, as JSON.
    Exchange(Arc<str>),
    /// The number of exchanges that the subscriber missed.
    Missed(u64),
}

impl Exchanges {
    /// One more subscriber of a sandbox.
    pub fn subscribe(&mut self, sandbox: &Sandbox) -> Result<Receiver<Arc<str>>, Error> {
        if self.sandboxes.values().map(|watched| watched.subscribers).sum::<usize>() >= SUBSCRIBERS_MAX {
            return Err(Error::overloaded(format!("the traffic has {SUBSCRIBERS_MAX} subscribers already")));
        }
        let watched = self.sandboxes.entry(sandbox.clone()).or_insert_with(|| Watched {
            subscribers: 0,
            sender: Sender::new(UNSENT_MAX),
            exchanges: VecDeque::new(),
        });
        watched.subscribers += 1;
        Ok(watched.sender.subscribe())
    }

    /// One subscriber less. With the last one the exchanges of the sandbox go.
    pub fn unsubscribe(&mut self, sandbox: &Sandbox) {
        let Some(watched) = self.sandboxes.get_mut(sandbox) else { return };
        watched.subscribers -= 1;
        if watched.subscribers == 0 {
            self.bytes -= watched.exchanges.iter().map(|exchange| exchange.memory()).sum::<usize>();
            self.sandboxes.remove(sandbox);
        }
    }

    /// Whether a sandbox has subscribers.
    pub fn is_watched(&self, sandbox: &Sandbox) -> bool {
        self.sandboxes.contains_key(sandbox)
    }

    /// Stores an exchange, sends it to the subscribers, and drops the oldest where there are too many.
    pub fn add(&mut self, mut exchange: Exchange) {
        let Some(watched) = self.sandboxes.get_mut(&exchange.sandbox) else { return };
        self.last_id += 1;
        exchange.summary.id = self.last_id;
        self.bytes += exchange.memory();
        let line = serde_json::to_string(&exchange.line()).unwrap_or_default();
        // It fails when the last subscriber is just going.
        let _ = watched.sender.send(line.into());
        watched.exchanges.push_back(Arc::new(exchange));
        if watched.exchanges.len() > EXCHANGES_MAX {
            self.bytes -= watched.exchanges.pop_front().map_or(0, |oldest| oldest.memory());
        }
        while self.bytes > STORED_BYTES_MAX {
            let id_of_oldest =
                |watched: &&mut Watched| watched.exchanges.front().map_or(u64::MAX, |exchange| exchange.summary.id);
            let watched = self.sandboxes.values_mut().min_by_key(id_of_oldest);
            let Some(oldest) = watched.and_then(|watched| watched.exchanges.pop_front()) else { break };
            self.bytes -= oldest.memory();
        }
    }

    /// The exchange of that number, if it is of that sandbox and still stored.
    pub fn find(&self, sandbox: &Sandbox, id: u64) -> Option<Arc<Exchange>> {
        self.sandboxes.get(sandbox)?.exchanges.iter().find(|exchange| exchange.summary.id == id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_exchanges_are_dropped_first() {
        let (mut stored, [one, two]) = (Exchanges::default(), ["one", "two"].map(|name| Sandbox::parse(name).unwrap()));
        let _receivers = [stored.subscribe(&one).unwrap(), stored.subscribe(&two).unwrap()];
        for _ in 0..EXCHANGES_MAX + 5 {
            stored.add(Exchange::of_bytes(&one, 1));
        }
        assert_eq!(stored.sandboxes[&one].exchanges.len(), EXCHANGES_MAX);
        assert!(stored.find(&one, 5).is_none() && stored.find(&one, 6).is_some() && stored.find(&two, 6).is_none());
        for _ in 0..100 {
            stored.add(Exchange::of_bytes(&two, 128 * 1024));
        }
        assert!(stored.sandboxes[&one].exchanges.is_empty(), "the oldest of all go first");
        assert!(stored.bytes <= STORED_BYTES_MAX && stored.bytes > STORED_BYTES_MAX - 256 * 1024);
        stored.add(Exchange::of_bytes(&Sandbox::parse("three").unwrap(), 1));
        stored.unsubscribe(&one);
        stored.unsubscribe(&two);
        assert!(stored.sandboxes.is_empty() && stored.bytes == 0, "nothing is stored without subscribers");
    }
}
