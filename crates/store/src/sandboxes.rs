//! Which sandboxes are there, and how does one come and go?

use crate::reading::View;
use crate::rows::{self, Known};
use domain::Error;
use domain::events::EventSignal;
use domain::limits::SANDBOXES_MAX;
use domain::observer::Observer;
use domain::sandbox::{Sandbox, Settings};
use domain::store::Seed;
use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};

/// What readers and the writer both know: the numbers of the sandboxes, and their bells.
#[derive(Default)]
pub(crate) struct Sandboxes {
    /// Committed sandboxes only: whoever finds one here finds it in the file.
    known: RwLock<HashMap<Sandbox, Known>>,
    /// Weak, as a bell that nobody listens to need not be kept: so no name that somebody made up stays.
    bells: Mutex<HashMap<Sandbox, Weak<EventSignal>>>,
    /// What rings when there is something to deliver to a webhook.
    couriers: Arc<EventSignal>,
    commits: AtomicU64,
    observer: OnceLock<Arc<dyn Observer>>,
}

impl Sandboxes {
    /// Those in the file.
    pub fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare("SELECT name, id, access, rate_per_minute, rtt_ms FROM sandboxes")?;
        let mut rows = statement.query([])?;
        let mut known = HashMap::new();
        while let Some(row) = rows.next()? {
            if let Some(sandbox) = Sandbox::parse(row.get_ref(0)?.as_str()?) {
                known.insert(sandbox, rows::known(row)?);
            }
        }
        Ok(Sandboxes { known: RwLock::new(known), ..Sandboxes::default() })
    }

    /// The number of a sandbox, if it is there.
    pub fn id(&self, sandbox: &Sandbox) -> Option<i64> {
        self.known(sandbox).map(|known| known.id)
    }

    /// What is known of a sandbox, if it is there.
    pub fn known(&self, sandbox: &Sandbox) -> Option<Known> {
        self.known.read().get(sandbox).copied()
    }

    /// A sandbox was made, and that is committed.
    pub fn add(&self, sandbox: Sandbox, known: Known) {
        self.known.write().insert(sandbox, known);
    }

    /// A sandbox is about to go; from now on readers ask the writer for it.
    pub fn remove(&self, sandbox: &Sandbox) {
        self.known.write().remove(sandbox);
    }

    /// The bell of a sandbox. It need not be there yet: who takes the bell before the first reading misses nothing.
    pub fn event_signal(&self, sandbox: &Sandbox) -> Arc<EventSignal> {
        let mut bells = self.bells.lock();
        if let Some(bell) = bells.get(sandbox).and_then(Weak::upgrade) {
            return bell;
        }
        if bells.len() >= SANDBOXES_MAX {
            bells.retain(|_, bell| bell.strong_count() > 0);
        }
        let bell = Arc::new(EventSignal::default());
        bells.insert(sandbox.clone(), Arc::downgrade(&bell));
        bell
    }

    /// What rings when any sandbox has something to deliver to a webhook.
    pub fn webhook_signal(&self) -> &Arc<EventSignal> {
        &self.couriers
    }

    /// Wakes those who listen.
    pub fn notify(&self, sandbox: &Sandbox) {
        let bell = self.bells.lock().get(sandbox).and_then(Weak::upgrade);
        if let Some(bell) = bell {
            bell.notify();
        }
    }

    /// Tells those who listen that the log is gone. Who asks for the bell after this gets a new one.
    pub fn take_bell_away(&self, sandbox: &Sandbox) {
        let bell = self.bells.lock().remove(sandbox);
        if let Some(bell) = bell.and_then(|bell| bell.upgrade()) {
            bell.remove();
        }
    }

    /// How often the writer has committed.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// The writer has committed so many commands.
    pub fn count_commit(&self, commands: usize) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        if let Some(observer) = self.observer.get() {
            observer.committed(commands);
        }
    }

    /// Who is told of every commit. There is one; a second is not heard.
    pub fn tell(&self, observer: Arc<dyn Observer>) {
        let _ = self.observer.set(observer);
    }
}

/// The tables of a sandbox, each before those that it refers to.
const EMPTY: [&str; 11] = [
    "DELETE FROM deliveries WHERE sandbox_id = ?1",
    "DELETE FROM webhooks WHERE sandbox_id = ?1",
    "DELETE FROM commands_done WHERE sandbox_id = ?1",
    "DELETE FROM api_keys WHERE sandbox_id = ?1",
    "DELETE FROM passwords WHERE sandbox_id = ?1",
    "DELETE FROM events WHERE sandbox_id = ?1",
    "DELETE FROM order_lines WHERE sandbox_id = ?1",
    "DELETE FROM orders WHERE sandbox_id = ?1",
    "DELETE FROM cart_lines WHERE sandbox_id = ?1",
    "DELETE FROM products WHERE sandbox_id = ?1",
    "DELETE FROM users WHERE sandbox_id = ?1",
];

/// What is known of a sandbox in the file, as far as this transaction goes.
pub(crate) fn find(connection: &Connection, sandbox: &Sandbox) -> Result<Option<Known>, Error> {
    let sql = "SELECT name, id, access, rate_per_minute, rtt_ms FROM sandboxes WHERE name = ?1";
    view(connection, 0).one(sql, [sandbox.as_str()], rows::known)
}

/// Sets what is set for a sandbox.
pub(crate) fn set_up(connection: &Connection, id: i64, settings: Settings) -> Result<(), Error> {
    let sql = "UPDATE sandboxes SET access = ?2, rate_per_minute = ?3, rtt_ms = ?4 WHERE id = ?1";
    let Settings { access, rate_per_minute, rtt_ms } = settings;
    view(connection, id).change(sql, (id, access.word(), rate_per_minute, rtt_ms))?;
    Ok(())
}

/// Makes a sandbox and fills it. `main` is the shop that everybody shares: it is not counted, so private copies, however
/// many, can't keep it from being made.
pub(crate) fn make(connection: &Connection, sandbox: &Sandbox, seed: &Seed) -> Result<i64, Error> {
    let main = Sandbox::main();
    let count = "SELECT count(*) FROM sandboxes WHERE name <> ?1";
    let count: Option<i64> = view(connection, 0).one(count, [main.as_str()], |row| row.get(0))?;
    if *sandbox != main && count.unwrap_or_default() >= SANDBOXES_MAX as i64 {
        return Err(Error::overloaded(format!(
            "there are {SANDBOXES_MAX} sandboxes already, \"{sandbox}\" is not one"
        )));
    }
    view(connection, 0).change("INSERT INTO sandboxes (name) VALUES (?1)", [sandbox.as_str()])?;
    let id = connection.last_insert_rowid();
    seed(sandbox, &mut view(connection, id))?;
    Ok(id)
}

/// Makes a sandbox as it was when new. It keeps its number.
pub(crate) fn refill(connection: &Connection, sandbox: &Sandbox, id: i64, seed: &Seed) -> Result<(), Error> {
    empty(connection, id)?;
    let sql = "UPDATE sandboxes SET next_user = 1, next_product = 1, next_order = 1, next_event = 1, \
               next_webhook = 1, next_delivery = 1 WHERE id = ?1";
    view(connection, id).change(sql, [id])?;
    seed(sandbox, &mut view(connection, id))
}

/// Removes a sandbox.
pub(crate) fn remove(connection: &Connection, id: i64) -> Result<(), Error> {
    empty(connection, id)?;
    view(connection, id).change("DELETE FROM sandboxes WHERE id = ?1", [id])?;
    Ok(())
}

fn empty(connection: &Connection, id: i64) -> Result<(), Error> {
    EMPTY.iter().try_for_each(|sql| view(connection, id).change(sql, [id]).map(|_| ()))
}

fn view(connection: &Connection, sandbox_id: i64) -> View<'_> {
    View::new(connection, sandbox_id)
}
