//! Which streams are there that several operations share? Those that were reserved: each is found by its token.

use super::operation::Operation;
use crate::locked;
use domain::{Error, Sandbox};
use futures_util::stream::{AbortHandle, AbortRegistration};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{Semaphore, SemaphorePermit};
use wire::limits::{SOCKET_CALLS_MAX, SUBSCRIPTIONS_MAX};

/// Streams that are reserved or open at once.
const STREAMS_MAX: usize = 5_000;
/// Operations, over all streams, that were started and that nobody has begun to listen to: each may hold a whole body.
const UNHEARD_MAX: usize = 128;
/// How long a reservation is kept for who does not come: clients open the stream at once.
const RESERVED_MS: u64 = 30_000;

static UNHEARD: Semaphore = Semaphore::const_new(UNHEARD_MAX);
static STREAMS: LazyLock<Mutex<HashMap<String, Arc<Reserved>>>> = LazyLock::new(Mutex::default);

/// An operation that nobody has begun to listen to, and its place among those.
pub type Unheard = (Operation, SemaphorePermit<'static>);

/// A stream that is reserved or open.
pub struct Reserved {
    token: String,
    sandbox: Sandbox,
    since: Instant,
    outbox: Sender<Unheard>,
    /// What has been started; nothing once somebody has opened the stream and listens.
    inbox: Mutex<Option<Receiver<Unheard>>>,
    /// The ids that are in use.
    open: Mutex<HashMap<String, Open>>,
}

struct Open {
    is_subscription: bool,
    stop: AbortHandle,
}

/// Reserves a stream, and gives its token.
pub fn make(sandbox: Sandbox) -> Result<String, Error> {
    let mut streams = locked(&STREAMS);
    purge(&mut streams);
    if streams.len() >= STREAMS_MAX {
        return Err(Error::overloaded(format!("{STREAMS_MAX} streams are open already")));
    }
    let reserved = Reserved::since(Instant::now(), sandbox);
    let token = reserved.token.clone();
    streams.insert(token.clone(), Arc::new(reserved));
    Ok(token)
}

/// Lets go of the reservations for which nobody came, and of what was started under them.
fn purge(streams: &mut HashMap<String, Arc<Reserved>>) {
    streams.retain(|_, reserved| !reserved.is_forgotten());
}

/// A place among what nobody has begun to listen to. If all are taken, those of streams for which nobody came are given back first.
fn place() -> Option<SemaphorePermit<'static>> {
    UNHEARD.try_acquire().ok().or_else(|| {
        purge(&mut locked(&STREAMS));
        UNHEARD.try_acquire().ok()
    })
}

/// The stream of that token.
pub fn find(token: &str) -> Option<Arc<Reserved>> {
    locked(&STREAMS).get(token).filter(|reserved| !reserved.is_forgotten()).cloned()
}

/// Who knows the token hears the answers, so it can't be guessed: two words of SipHash under keys that the system has drawn, and
/// which nobody is told.
fn new_token() -> String {
    let keys = RandomState::new();
    format!("{:016x}{:016x}", keys.hash_one("token"), keys.hash_one("of a stream"))
}

impl Reserved {
    fn since(since: Instant, sandbox: Sandbox) -> Self {
        let (outbox, inbox) = channel(SOCKET_CALLS_MAX);
        let (inbox, open) = (Mutex::new(Some(inbox)), Mutex::default());
        Reserved { token: new_token(), sandbox, since, outbox, inbox, open }
    }

    /// Which copy of the shop it is for.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// What has been started and will be; for one listener only.
    pub fn take_inbox(&self) -> Option<Receiver<Unheard>> {
        locked(&self.inbox).take()
    }

    /// Takes an id for an operation, and tells how that is stopped; nothing, if the id is in use.
    pub fn take_id(&self, id: &str, is_subscription: bool) -> Result<Option<AbortRegistration>, Error> {
        let mut open = locked(&self.open);
        if open.len() >= SOCKET_CALLS_MAX {
            return Err(Error::too_large("operations of one stream", SOCKET_CALLS_MAX));
        }
        if is_subscription && open.values().filter(|open| open.is_subscription).count() >= SUBSCRIPTIONS_MAX {
            return Err(Error::too_large("subscriptions of one stream", SUBSCRIPTIONS_MAX));
        }
        if open.contains_key(id) {
            return Ok(None);
        }
        let (stop, stopped) = AbortHandle::new_pair();
        open.insert(id.to_owned(), Open { is_subscription, stop });
        Ok(Some(stopped))
    }

    /// Hands an operation to who listens, or will.
    pub fn send(&self, operation: Operation) -> Result<(), Error> {
        let nobody = || Error::overloaded("nobody reads the stream");
        let place = place().ok_or_else(nobody)?;
        self.outbox.try_send((operation, place)).map_err(|_| nobody())
    }

    /// Stops an operation, if it is still going on, and frees its id.
    pub fn stop(&self, id: &str) {
        locked(&self.open).remove(id).iter().for_each(|open| open.stop.abort());
    }

    /// The stream is no more.
    pub fn forget(&self) {
        locked(&STREAMS).remove(&self.token);
    }

    fn is_forgotten(&self) -> bool {
        self.since.elapsed() > Duration::from_millis(RESERVED_MS) && locked(&self.inbox).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Refusal;

    /// What is started on a stream, until it takes no more: how many that were.
    fn fill(stream: &Reserved) -> usize {
        let refusal = Refusal::from(Error::unreadable("no"));
        (0..).find(|_| stream.send(Operation::refused(&refusal)).is_err()).unwrap()
    }

    #[test]
    fn who_never_came_takes_no_place_from_who_does() {
        let heard = find(&make(Sandbox::main()).unwrap()).unwrap();
        let long_ago = Instant::now().checked_sub(Duration::from_millis(RESERVED_MS + 1)).expect("it runs for longer");
        let forgotten = [(); 2].map(|()| Reserved::since(long_ago, Sandbox::main()));
        assert_eq!(forgotten.each_ref().map(fill), [SOCKET_CALLS_MAX; 2], "they take all places that there are");
        for stream in forgotten {
            locked(&STREAMS).insert(stream.token.clone(), Arc::new(stream));
        }
        assert_eq!(fill(&heard), SOCKET_CALLS_MAX);
    }
}
