//! The last exchanges of each watched sandbox, or of all together, within a limit for all of them.

use super::decoder::Exchange;
use domain::{Error, Sandbox};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::{Receiver, Sender};

/// Exchanges of one sandbox that can be opened: more than a person scrolls through.
const EXCHANGES_MAX: usize = 200;
/// Bytes of all exchanges that can be opened: the capture must not take the shop's memory.
const STORED_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Subscribers at the same time: each has a connection over which every exchange is sent.
pub const SUBSCRIBERS_MAX: usize = 64;
/// Exchanges that a subscriber may not have been sent yet. A slower one misses some and is sent their number.
pub const UNSENT_MAX: usize = 256;

/// How long a sandbox is watched on after its last subscriber has gone: a page that is reloaded comes back sooner.
const KEPT_MS: u64 = 10_000;

/// What a subscriber watches: a sandbox, or all of them.
pub type View = Option<Sandbox>;

/// The summary of an exchange, as JSON.
pub type Line = Arc<str>;

/// The exchanges that can be opened.
#[derive(Default)]
pub struct Exchanges {
    views: HashMap<View, Watched>,
    bytes: usize,
    last_id: u64,
}

/// A view that has subscribers, or had some until a moment ago.
struct Watched {
    subscribers: usize,
    /// Since when there is no subscriber.
    left: Option<Instant>,
    sender: Sender<Line>,
    exchanges: VecDeque<Arc<Exchange>>,
}

/// What a subscriber receives.
pub enum Delivery {
    /// An exchange.
    Exchange(Line),
    /// The number of exchanges that the subscriber missed.
    Missed(u64),
}

impl Exchanges {
    /// One more subscriber: the exchanges that are stored, oldest first, and the receiver of further ones.
    pub fn subscribe(&mut self, view: &View) -> Result<(Vec<Line>, Receiver<Line>), Error> {
        if self.views.values().map(|watched| watched.subscribers).sum::<usize>() >= SUBSCRIBERS_MAX {
            return Err(Error::overloaded(format!("the traffic has {SUBSCRIBERS_MAX} subscribers already")));
        }
        let watched = self.views.entry(view.clone()).or_insert_with(|| Watched {
            subscribers: 0,
            left: None,
            sender: Sender::new(UNSENT_MAX),
            exchanges: VecDeque::new(),
        });
        watched.subscribers += 1;
        watched.left = None;
        Ok((watched.exchanges.iter().map(|exchange| line(exchange)).collect(), watched.sender.subscribe()))
    }

    /// One subscriber less.
    pub fn unsubscribe(&mut self, view: &View) {
        let Some(watched) = self.views.get_mut(view) else { return };
        watched.subscribers -= 1;
        watched.left = (watched.subscribers == 0).then(Instant::now);
    }

    /// Drops the exchanges of views whose last subscriber has gone long enough before `now`. Returns whether any view is left.
    pub fn forget_left(&mut self, now: Instant) -> bool {
        let bytes = &mut self.bytes;
        self.views.retain(|_, watched| {
            let is_kept =
                watched.left.is_none_or(|left| now.saturating_duration_since(left) < Duration::from_millis(KEPT_MS));
            if !is_kept {
                *bytes -= watched.exchanges.iter().map(|exchange| exchange.memory()).sum::<usize>();
            }
            is_kept
        });
        !self.views.is_empty()
    }

    /// Whether a sandbox is watched, alone or with all.
    pub fn is_watched(&self, sandbox: &Sandbox) -> bool {
        self.views.contains_key(&None) || self.views.contains_key(&Some(sandbox.clone()))
    }

    /// Stores an exchange, sends it to the subscribers, and drops the oldest where there are too many.
    pub fn add(&mut self, mut exchange: Exchange) {
        if !self.is_watched(&exchange.sandbox) {
            return;
        }
        self.last_id += 1;
        exchange.summary.id = self.last_id;
        let (line, exchange) = (line(&exchange), Arc::new(exchange));
        for view in [None, Some(exchange.sandbox.clone())] {
            let Some(watched) = self.views.get_mut(&view) else { continue };
            // It fails without a subscriber.
            let _ = watched.sender.send(line.clone());
            self.bytes += exchange.memory();
            watched.exchanges.push_back(exchange.clone());
            if watched.exchanges.len() > EXCHANGES_MAX {
                self.bytes -= watched.exchanges.pop_front().map_or(0, |oldest| oldest.memory());
            }
        }
        while self.bytes > STORED_BYTES_MAX {
            let id_of_oldest =
                |watched: &&mut Watched| watched.exchanges.front().map_or(u64::MAX, |exchange| exchange.summary.id);
            let watched = self.views.values_mut().min_by_key(id_of_oldest);
            let Some(oldest) = watched.and_then(|watched| watched.exchanges.pop_front()) else { break };
            self.bytes -= oldest.memory();
        }
    }

    /// The exchange of that number, if it is in that view and still stored.
    pub fn find(&self, view: &View, id: u64) -> Option<Arc<Exchange>> {
        self.views.get(view)?.exchanges.iter().find(|exchange| exchange.summary.id == id).cloned()
    }
}

fn line(exchange: &Exchange) -> Line {
    serde_json::to_string(&exchange.line()).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_exchanges_are_dropped_first() {
        let (mut stored, [one, two]) = (Exchanges::default(), ["one", "two"].map(|name| Sandbox::parse(name).unwrap()));
        let [view_of_one, view_of_two] = [&one, &two].map(|sandbox| Some(sandbox.clone()));
        let _receivers = [stored.subscribe(&view_of_one).unwrap(), stored.subscribe(&view_of_two).unwrap()];
        for _ in 0..EXCHANGES_MAX + 5 {
            stored.add(Exchange::of_bytes(&one, 1));
        }
        assert_eq!(stored.views[&view_of_one].exchanges.len(), EXCHANGES_MAX);
        let is_found = |view: &View, id| stored.find(view, id).is_some();
        assert!(!is_found(&view_of_one, 5) && is_found(&view_of_one, 6) && !is_found(&view_of_two, 6));
        for _ in 0..100 {
            stored.add(Exchange::of_bytes(&two, 128 * 1024));
        }
        assert!(stored.views[&view_of_one].exchanges.is_empty(), "the oldest of all go first");
        assert!(stored.bytes <= STORED_BYTES_MAX && stored.bytes > STORED_BYTES_MAX - 256 * 1024);
        stored.add(Exchange::of_bytes(&Sandbox::parse("three").unwrap(), 1));
        stored.unsubscribe(&view_of_one);
        stored.unsubscribe(&view_of_two);
        assert!(
            !stored.forget_left(Instant::now() + Duration::from_millis(KEPT_MS)) && stored.bytes == 0,
            "nothing is stored without subscribers"
        );
    }

    #[test]
    fn who_comes_back_soon_finds_what_was_there() {
        let (mut stored, main) = (Exchanges::default(), Sandbox::main());
        let view = Some(main.clone());
        let count = |stored: &mut Exchanges| stored.subscribe(&view).unwrap().0.len();
        assert_eq!(count(&mut stored), 0);
        stored.add(Exchange::of_bytes(&main, 1));
        stored.unsubscribe(&view);
        assert!(stored.forget_left(Instant::now()));
        stored.add(Exchange::of_bytes(&main, 1));
        assert_eq!(count(&mut stored), 2, "also what passed in between");
        assert!(stored.forget_left(Instant::now() + Duration::from_millis(KEPT_MS)), "it is watched again");
    }

    #[test]
    fn all_sandboxes_are_one_view() {
        let mut stored = Exchanges::default();
        let _receivers = [stored.subscribe(&None).unwrap(), stored.subscribe(&Some(Sandbox::main())).unwrap()];
        stored.add(Exchange::of_bytes(&Sandbox::main(), 1));
        stored.add(Exchange::of_bytes(&Sandbox::parse("another").unwrap(), 1));
        let found = |view: &View| [1, 2].map(|id| stored.find(view, id).is_some());
        assert_eq!((found(&None), found(&Some(Sandbox::main()))), ([true, true], [true, false]));
    }
}
