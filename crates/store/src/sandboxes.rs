//! The sandboxes of the file: which exist, their settings and signals, and how they are created, reset and deleted.

use crate::reading::View;
use crate::rows::{self, SandboxRow};
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

/// What the readers and the writer share in memory.
#[derive(Default)]
pub(crate) struct Sandboxes {
    /// Committed sandboxes only: a sandbox in this map is in the file.
    committed: RwLock<HashMap<Sandbox, SandboxRow>>,
    /// Weak references: a signal without listeners is dropped, so a client cannot fill the memory with made-up names.
    event_signals: Mutex<HashMap<Sandbox, Weak<EventSignal>>>,
    webhook_signal: Arc<EventSignal>,
    commits: AtomicU64,
    observer: OnceLock<Arc<dyn Observer>>,
}

impl Sandboxes {
    /// Loads the sandboxes of the file.
    pub fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let mut statement =
            connection.prepare("SELECT name, id, access, rate_per_minute, rtt_ms, exercises FROM sandboxes")?;
        let mut rows = statement.query([])?;
        let mut committed = HashMap::new();
        while let Some(row) = rows.next()? {
            if let Some(sandbox) = Sandbox::parse(row.get_ref(0)?.as_str()?) {
                committed.insert(sandbox, rows::sandbox(row)?);
            }
        }
        Ok(Sandboxes { committed: RwLock::new(committed), ..Sandboxes::default() })
    }

    /// Returns a sandbox's id and settings, if it exists.
    pub fn get(&self, sandbox: &Sandbox) -> Option<SandboxRow> {
        self.committed.read().get(sandbox).copied()
    }

    /// Returns a sandbox's id, if it exists.
    pub fn id(&self, sandbox: &Sandbox) -> Option<i64> {
        self.get(sandbox).map(|row| row.id)
    }

    /// Returns the sandboxes that exist, each with its settings.
    pub fn all(&self) -> Vec<(Sandbox, Settings)> {
        self.committed.read().iter().map(|(sandbox, row)| (sandbox.clone(), row.settings)).collect()
    }

    /// Makes a committed sandbox, or its new settings, visible to readers.
    pub fn insert(&self, sandbox: Sandbox, row: SandboxRow) {
        self.committed.write().insert(sandbox, row);
    }

    /// Hides a sandbox that is about to be deleted: from now on readers send their jobs to the writer.
    pub fn remove(&self, sandbox: &Sandbox) {
        self.committed.write().remove(sandbox);
    }

    /// Returns the signal for new events of a sandbox, which need not exist yet: a listener takes the signal before its first
    /// read, so that it misses no event.
    pub fn event_signal(&self, sandbox: &Sandbox) -> Arc<EventSignal> {
        let mut signals = self.event_signals.lock();
        if let Some(signal) = signals.get(sandbox).and_then(Weak::upgrade) {
            return signal;
        }
        if signals.len() >= SANDBOXES_MAX {
            signals.retain(|_, signal| signal.strong_count() > 0);
        }
        let signal = Arc::new(EventSignal::default());
        signals.insert(sandbox.clone(), Arc::downgrade(&signal));
        signal
    }

    /// The signal for new webhook deliveries in any sandbox.
    pub fn webhook_signal(&self) -> &Arc<EventSignal> {
        &self.webhook_signal
    }

    /// Wakes the listeners of a sandbox.
    pub fn notify(&self, sandbox: &Sandbox) {
        let signal = self.event_signals.lock().get(sandbox).and_then(Weak::upgrade);
        if let Some(signal) = signal {
            signal.notify();
        }
    }

    /// Ends the signal of a sandbox whose log was deleted. Later listeners get a new signal.
    pub fn remove_signal(&self, sandbox: &Sandbox) {
        let signal = self.event_signals.lock().remove(sandbox);
        if let Some(signal) = signal.and_then(|signal| signal.upgrade()) {
            signal.remove();
        }
    }

    /// Number of commits since the start.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Counts a commit and reports its number of commands to the observer.
    pub fn record_commit(&self, commands: usize) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        if let Some(observer) = self.observer.get() {
            observer.committed(commands);
        }
    }

    /// Sets the observer of commits. Only the first call has an effect.
    pub fn set_observer(&self, observer: Arc<dyn Observer>) {
        let _ = self.observer.set(observer);
    }
}

/// The tables of the shop in a sandbox; each stands before the tables that it refers to.
const TABLES: [&str; 11] = [
    "deliveries",
    "webhooks",
    "commands_done",
    "api_keys",
    "passwords",
    "events",
    "order_lines",
    "orders",
    "cart_lines",
    "products",
    "users",
];

/// Returns a sandbox's id and settings, as the current transaction sees the file.
pub(crate) fn find(connection: &Connection, sandbox: &Sandbox) -> Result<Option<SandboxRow>, Error> {
    let sql = "SELECT name, id, access, rate_per_minute, rtt_ms, exercises FROM sandboxes WHERE name = ?1";
    View::new(connection, 0).one(sql, [sandbox.as_str()], rows::sandbox)
}

/// Stores the settings of a sandbox.
pub(crate) fn configure(connection: &Connection, id: i64, settings: Settings) -> Result<(), Error> {
    let sql = "UPDATE sandboxes SET access = ?2, rate_per_minute = ?3, rtt_ms = ?4, exercises = ?5 WHERE id = ?1";
    let Settings { access, rate_per_minute, rtt_ms, exercises } = settings;
    View::new(connection, id).execute(sql, (id, access.word(), rate_per_minute, rtt_ms, exercises.word()))
}

/// Creates a sandbox and seeds it. `main`, the shared shop, does not count towards the limit: private sandboxes cannot prevent
/// its creation.
pub(crate) fn create(connection: &Connection, sandbox: &Sandbox, seed: &Seed) -> Result<i64, Error> {
    let main = Sandbox::main();
    let root = View::new(connection, 0);
    let count: Option<i64> =
        root.one("SELECT count(*) FROM sandboxes WHERE name <> ?1", [main.as_str()], |row| row.get(0))?;
    if *sandbox != main && count.unwrap_or_default() >= SANDBOXES_MAX as i64 {
        let message = format!("the limit of {SANDBOXES_MAX} sandboxes is reached; \"{sandbox}\" does not exist");
        return Err(Error::overloaded(message));
    }
    root.execute("INSERT INTO sandboxes (name) VALUES (?1)", [sandbox.as_str()])?;
    let id = connection.last_insert_rowid();
    seed(sandbox, &mut View::new(connection, id))?;
    Ok(id)
}

/// Clears a sandbox and seeds it again. Its id, its settings and its progress stay.
pub(crate) fn reset(connection: &Connection, sandbox: &Sandbox, id: i64, seed: &Seed) -> Result<(), Error> {
    clear(connection, id)?;
    let mut view = View::new(connection, id);
    let sql = "UPDATE sandboxes SET next_user = 1, next_product = 1, next_order = 1, next_event = 1, \
               next_webhook = 1, next_delivery = 1 WHERE id = ?1";
    view.execute(sql, [id])?;
    seed(sandbox, &mut view)
}

/// Deletes a sandbox.
pub(crate) fn delete(connection: &Connection, id: i64) -> Result<(), Error> {
    clear(connection, id)?;
    let view = View::new(connection, id);
    view.execute("DELETE FROM progress WHERE sandbox_id = ?1", [id])?;
    view.execute("DELETE FROM sandboxes WHERE id = ?1", [id])
}

fn clear(connection: &Connection, id: i64) -> Result<(), Error> {
    let view = View::new(connection, id);
    TABLES.iter().try_for_each(|table| view.execute(&format!("DELETE FROM {table} WHERE sandbox_id = ?1"), [id]))
}
