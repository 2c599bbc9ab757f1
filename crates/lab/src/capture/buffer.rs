//! Which exchanges can still be opened? The last ones of each sandbox that somebody looks at, within a limit for all of them.

use super::Tap;
use super::decoder::Exchange;
use domain::{Error, Sandbox};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender};

/// Exchanges of one sandbox that can be opened: more than anybody scrolls through.
pub const EXCHANGES_MAX: usize = 200;
/// Bytes of all that can be opened: the tap must not take the shop's memory.
pub const KEPT_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Who may look at once: each is a connection that everything is told to.
pub const WATCHERS_MAX: usize = 64;
/// Exchanges that somebody who looks may not have been told yet; who is slower misses some, and hears how many.
const UNTOLD_MAX: usize = 256;

/// What is kept for those who look.
#[derive(Default)]
pub struct Kept {
    rooms: HashMap<Sandbox, Room>,
    bytes: usize,
    last_id: u64,
}

/// One sandbox that somebody looks at.
struct Room {
    looking: usize,
    news: Sender<Arc<str>>,
    exchanges: VecDeque<Arc<Exchange>>,
}

/// Somebody who looks, until dropped.
pub struct Look {
    tap: Arc<Tap>,
    sandbox: Sandbox,
    news: Receiver<Arc<str>>,
}

/// What somebody who looks is told.
pub enum Heard {
    /// Of an exchange, as a document of JSON.
    Exchange(Arc<str>),
    /// That so many were missed.
    Missed(u64),
}

impl Kept {
    /// One more who looks at a sandbox.
    pub fn look(&mut self, sandbox: &Sandbox) -> Result<Receiver<Arc<str>>, Error> {
        if self.rooms.values().map(|room| room.looking).sum::<usize>() >= WATCHERS_MAX {
            return Err(Error::overloaded(format!("{WATCHERS_MAX} look at the wire already")));
        }
        let room = self.rooms.entry(sandbox.clone()).or_insert_with(|| Room {
            looking: 0,
            news: Sender::new(UNTOLD_MAX),
            exchanges: VecDeque::new(),
        });
        room.looking += 1;
        Ok(room.news.subscribe())
    }

    /// One less. What was kept for the last one goes too.
    pub fn look_away(&mut self, sandbox: &Sandbox) {
        let Some(room) = self.rooms.get_mut(sandbox) else { return };
        room.looking -= 1;
        if room.looking == 0 {
            self.bytes -= room.exchanges.iter().map(|exchange| exchange.bytes()).sum::<usize>();
            self.rooms.remove(sandbox);
        }
    }

    /// Whether anybody looks at a sandbox.
    pub fn is_looked_at(&self, sandbox: &Sandbox) -> bool {
        self.rooms.contains_key(sandbox)
    }

    /// Keeps an exchange, tells those who look, and forgets the oldest where there are too many.
    pub fn keep(&mut self, mut exchange: Exchange) {
        let Some(room) = self.rooms.get_mut(&exchange.sandbox) else { return };
        self.last_id += 1;
        exchange.told.id = self.last_id;
        self.bytes += exchange.bytes();
        let line = serde_json::to_string(&exchange.line()).unwrap_or_default();
        // Nobody may hear it, if the last one is just going.
        let _ = room.news.send(line.into());
        room.exchanges.push_back(Arc::new(exchange));
        if room.exchanges.len() > EXCHANGES_MAX {
            self.bytes -= room.exchanges.pop_front().map_or(0, |oldest| oldest.bytes());
        }
        while self.bytes > KEPT_BYTES_MAX && self.forget_oldest() {}
    }

    /// Forgets the oldest exchange of all, if there is one.
    fn forget_oldest(&mut self) -> bool {
        let oldest_of = |room: &&mut Room| room.exchanges.front().map_or(u64::MAX, |exchange| exchange.told.id);
        let oldest = self.rooms.values_mut().min_by_key(oldest_of).and_then(|room| room.exchanges.pop_front());
        self.bytes -= oldest.as_ref().map_or(0, |oldest| oldest.bytes());
        oldest.is_some()
    }

    /// The exchange of that number, if it is of that sandbox and still kept.
    pub fn find(&self, sandbox: &Sandbox, id: u64) -> Option<Arc<Exchange>> {
        self.rooms.get(sandbox)?.exchanges.iter().find(|exchange| exchange.told.id == id).cloned()
    }
}

impl Look {
    /// One who looks at a sandbox through this tap, and hears its news.
    pub(super) fn new(tap: Arc<Tap>, sandbox: Sandbox, news: Receiver<Arc<str>>) -> Look {
        Look { tap, sandbox, news }
    }

    /// What comes next; nothing, when nothing will.
    pub async fn next(&mut self) -> Option<Heard> {
        match self.news.recv().await {
            Ok(exchange) => Some(Heard::Exchange(exchange)),
            Err(RecvError::Lagged(missed)) => Some(Heard::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        self.tap.look_away(&self.sandbox);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sandbox(name: &str) -> Sandbox {
        Sandbox::parse(name).unwrap()
    }

    #[test]
    fn no_more_is_kept_than_may_be() {
        let (mut kept, [one, two]) = (Kept::default(), ["one", "two"].map(sandbox));
        let _heard = [kept.look(&one).unwrap(), kept.look(&two).unwrap()];
        for _ in 0..EXCHANGES_MAX + 5 {
            kept.keep(Exchange::of_bytes(&one, 1));
        }
        assert_eq!(kept.rooms[&one].exchanges.len(), EXCHANGES_MAX);
        assert!(kept.find(&one, 5).is_none() && kept.find(&one, 6).is_some() && kept.find(&two, 6).is_none());
        for _ in 0..100 {
            kept.keep(Exchange::of_bytes(&two, 128 * 1024));
        }
        assert!(kept.rooms[&one].exchanges.is_empty(), "the oldest of all go first");
        assert!(kept.bytes <= KEPT_BYTES_MAX && kept.bytes > KEPT_BYTES_MAX - 256 * 1024);
        kept.keep(Exchange::of_bytes(&sandbox("three"), 1));
        kept.look_away(&one);
        kept.look_away(&two);
        assert!(kept.rooms.is_empty() && kept.bytes == 0, "nothing is kept once nobody looks");
    }

    #[tokio::test]
    async fn who_is_too_slow_hears_how_many_were_missed() {
        let (tap, main) = (Arc::new(Tap::new(&[])), Sandbox::main());
        let mut look = tap.look(main.clone()).unwrap();
        for _ in 0..UNTOLD_MAX + 3 {
            super::super::locked(&tap.kept).keep(Exchange::of_bytes(&main, 1));
        }
        assert!(matches!(look.next().await, Some(Heard::Missed(3))));
        assert!(matches!(look.next().await, Some(Heard::Exchange(_))));
    }

    #[test]
    fn only_so_many_may_look() {
        let tap = Arc::new(Tap::new(&[]));
        let mut looks: Vec<_> = (0..WATCHERS_MAX).map(|_| tap.look(Sandbox::main()).unwrap()).collect();
        assert!(tap.look(sandbox("another")).is_err());
        looks.pop();
        assert!(tap.look(sandbox("another")).is_ok());
        looks.clear();
        assert!(!tap.is_watched());
    }
}
