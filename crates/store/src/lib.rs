//! The shop's database: one SQLite file, a read-only connection per calling thread, and one thread that writes.
//!
//! A read runs at once on the connection of the calling thread (`readers`), and its future is ready: another thread would cost more
//! than the query. A write goes to the thread in `writer`, where writes that wait at the same time share one COMMIT. The tables are
//! in `schema.sql` and the files after it; the queries are in `reading` and `writing`.

mod errors;
mod readers;
mod reading;
mod rows;
mod sandboxes;
mod schema;
mod writer;
mod writing;

pub use errors::OpenError;

use domain::Error;
use domain::events::EventSignal;
use domain::observer::Observer;
use domain::sandbox::{Sandbox, Settings};
use domain::store::{JobResult, Pending, ReadJob, Seed, Store, WriteJob};
use domain::time::Timestamp;
use domain::webhooks::{DueDelivery, Endpoint};
use readers::Readers;
use sandboxes::Sandboxes;
use std::fs::{File, TryLockError};
use std::future::ready;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use writer::{Task, Writer};

/// Where the data is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In this file, which is created if it does not exist. SQLite's log and the store's lock file stand next to it.
    File(PathBuf),
    /// In a temporary directory that is deleted when the store is dropped.
    Temporary,
}

/// All sandboxes of a server, in one SQLite file.
pub struct Sqlite {
    // Rust drops fields in this order, and the order matters: first the readers close; then the writer completes its queue
    // and, as the last connection, copies the log into the file; then the lock is released and the directory deleted.
    readers: Arc<Readers>,
    writer: Writer,
    sandboxes: Arc<Sandboxes>,
    file: PathBuf,
    _lock: File,
    _directory: Option<TempDir>,
}

impl Sqlite {
    /// Opens the database, or creates it. `seed` fills each new sandbox. [`OpenError`] says what prevents it.
    pub fn open(location: Location, seed: Seed) -> Result<Self, OpenError> {
        errors::ensure_library(rusqlite::version_number())?;
        let (file, directory) = match location {
            Location::File(file) => (file, None),
            Location::Temporary => {
                let directory = tempfile::tempdir().map_err(|cause| OpenError::io(&std::env::temp_dir(), cause))?;
                (directory.path().join("shop.db"), Some(directory))
            }
        };
        let lock = lock(&file)?;
        let connection = schema::open_writer(&file)?;
        let sandboxes = Arc::new(Sandboxes::load(&connection).map_err(|cause| OpenError::database(&file, cause))?);
        let readers = Arc::new(Readers::new(file.clone()));
        let writer = Writer::start(connection, sandboxes.clone(), Arc::downgrade(&readers), seed);
        let writer = writer.map_err(|cause| OpenError::io(&file, cause))?;
        Ok(Sqlite { readers, writer, sandboxes, file, _lock: lock, _directory: directory })
    }

    fn submit(&self, sandbox: &Sandbox, task: Task) -> Pending<()> {
        let result = self.writer.submit(sandbox, task);
        Box::pin(async { result.await.map(drop) })
    }

    /// Number of commits since the start; one commit can contain many writes.
    pub fn commits(&self) -> u64 {
        self.sandboxes.commits()
    }

    /// Reports every commit to the observer from now on. Only the first call has an effect.
    pub fn set_observer(&self, observer: Arc<dyn Observer>) {
        self.sandboxes.set_observer(observer);
    }

    /// Returns the server's secret with this name, such as the key that signs tokens; if it does not exist, stores what `make`
    /// returns.
    pub fn secret(&self, name: &str, make: impl FnOnce() -> Vec<u8>) -> Result<Vec<u8>, OpenError> {
        schema::secret(&self.file, name, make).map_err(|cause| OpenError::database(&self.file, cause))
    }
}

impl Store for Sqlite {
    fn read(&self, sandbox: &Sandbox, job: ReadJob) -> Pending<JobResult> {
        let Some(id) = self.sandboxes.id(sandbox) else {
            return self.writer.submit(sandbox, Task::Read(job));
        };
        match self.readers.read(|connection| reading::read(connection, id, job)) {
            Ok(Ok(result)) => Box::pin(ready(Ok(result))),
            // The sandbox was deleted after its id was found: the writer creates it again and runs the job there.
            Ok(Err(job)) => self.writer.submit(sandbox, Task::Read(job)),
            Err(error) => Box::pin(ready(Err(error))),
        }
    }

    fn write(&self, sandbox: &Sandbox, job: WriteJob) -> Pending<JobResult> {
        self.writer.submit(sandbox, Task::Write(job))
    }

    fn update_if_exists(&self, sandbox: &Sandbox, job: WriteJob) -> Pending<()> {
        self.submit(sandbox, Task::UpdateIfExists(job))
    }

    fn reset(&self, sandbox: &Sandbox) -> Pending<()> {
        self.submit(sandbox, Task::Reset)
    }

    fn delete(&self, sandbox: &Sandbox) -> Pending<()> {
        self.submit(sandbox, Task::Delete)
    }

    fn exists(&self, sandbox: &Sandbox) -> bool {
        self.sandboxes.id(sandbox).is_some()
    }

    fn settings(&self, sandbox: &Sandbox) -> Settings {
        self.sandboxes.get(sandbox).map_or_else(Settings::default, |row| row.settings)
    }

    fn configure(&self, sandbox: &Sandbox, settings: Settings) -> Pending<()> {
        self.submit(sandbox, Task::Configure(settings))
    }

    fn sandboxes(&self) -> Vec<(Sandbox, Settings)> {
        self.sandboxes.all()
    }

    fn event_signal(&self, sandbox: &Sandbox) -> Arc<EventSignal> {
        self.sandboxes.event_signal(sandbox)
    }

    fn webhook_signal(&self) -> Arc<EventSignal> {
        self.sandboxes.webhook_signal().clone()
    }

    fn endpoints(&self) -> Result<Vec<(Endpoint, Timestamp)>, Error> {
        self.readers.read(reading::endpoints)
    }

    fn due_deliveries(&self, endpoint: &Endpoint, now: Timestamp, limit: u32) -> Result<Vec<DueDelivery>, Error> {
        let Some(id) = self.sandboxes.id(&endpoint.sandbox) else { return Ok(Vec::new()) };
        self.readers.read(|connection| reading::due_deliveries(connection, id, endpoint.webhook_id, now, limit))
    }
}

/// Locks the file against other processes until the lock is dropped; the operating system releases it after a crash, too.
/// SQLite's `locking_mode = EXCLUSIVE` would also exclude the readers of this process.
fn lock(file: &Path) -> Result<File, OpenError> {
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    let opened = File::options().create(true).truncate(false).write(true).open(&path);
    let lock = opened.map_err(|cause| OpenError::io(&path, cause))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { file: file.to_owned() }),
        Err(TryLockError::Error(cause)) => Err(OpenError::io(&path, cause)),
    }
}
