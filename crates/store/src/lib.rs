//! What is the shop's database? SQLite, embedded: one file, readers on the callers' threads and one writer on its own.
//!
//! A read runs at once on a read-only connection of the calling thread and gives a future that is ready: handing it to
//! another thread would cost more than the query. A write goes to the one `writer`, where commands that wait together
//! share one COMMIT. Read on in `schema.sql` for the tables, `reading` and `writing` for the queries.

mod fault;
mod reading;
mod rows;
mod sandboxes;
mod schema;
mod writer;
mod writing;

pub use fault::OpenError;

use domain::Error;
use domain::events::EventSignal;
use domain::observer::Observer;
use domain::sandbox::{Sandbox, Settings};
use domain::store::{JobResult, Pending, ReadJob, Seed, Store, WriteJob};
use domain::time::Timestamp;
use domain::webhooks::{DueDelivery, Endpoint};
use rusqlite::Connection;
use sandboxes::Sandboxes;
use std::fs::{File, TryLockError};
use std::future::ready;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use thread_local::ThreadLocal;
use writer::{Task, Writer};

/// Where the data lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In this file, which is made if it is not there. Beside it SQLite keeps its log, and we a lock.
    File(PathBuf),
    /// In a directory of its own that goes when the store goes.
    Temporary,
}

/// All the shops of one server, in one SQLite file.
pub struct Sqlite {
    // Rust drops these from top to bottom, and so it must be: the readers close first, so that the writer, which then
    // finishes its queue, closes as the last connection and leaves one whole file; then the lock, then the directory.
    readers: ThreadLocal<Connection>,
    writer: Writer,
    sandboxes: Arc<Sandboxes>,
    file: PathBuf,
    _lock: File,
    _directory: Option<TempDir>,
}

impl Sqlite {
    /// Opens the file, or makes it. `seed` fills each new sandbox.
    pub fn open(place: Location, seed: Seed) -> Result<Self, OpenError> {
        fault::ensure_library(rusqlite::version_number())?;
        let (file, directory) = match place {
            Location::File(file) => (file, None),
            Location::Temporary => {
                let directory = tempfile::tempdir().map_err(|cause| OpenError::io(&std::env::temp_dir(), cause))?;
                (directory.path().join("shop.db"), Some(directory))
            }
        };
        let lock = lock(&file)?;
        let connection = schema::open_writer(&file)?;
        let sandboxes = Arc::new(Sandboxes::load(&connection).map_err(|cause| OpenError::database(&file, cause))?);
        let writer = Writer::start(connection, sandboxes.clone(), seed).map_err(|cause| OpenError::io(&file, cause))?;
        Ok(Sqlite { readers: ThreadLocal::new(), writer, sandboxes, file, _lock: lock, _directory: directory })
    }

    fn reader(&self) -> rusqlite::Result<&Connection> {
        self.readers.get_or_try(|| schema::open_reader(&self.file))
    }

    /// How often the writer has committed: with many commands at once fewer times than there were commands.
    pub fn commits(&self) -> u64 {
        self.sandboxes.commits()
    }

    /// Who is told of every commit, from now on.
    pub fn tell(&self, observer: Arc<dyn Observer>) {
        self.sandboxes.tell(observer);
    }

    /// What the server keeps for itself under a name; made and kept, if it is not there.
    pub fn secret(&self, name: &str, make: impl FnOnce() -> Vec<u8>) -> Result<Vec<u8>, OpenError> {
        schema::secret(&self.file, name, make).map_err(|cause| OpenError::database(&self.file, cause))
    }
}

impl Store for Sqlite {
    fn read(&self, sandbox: &Sandbox, job: ReadJob) -> Pending<JobResult> {
        let Some(id) = self.sandboxes.id(sandbox) else {
            return self.writer.ask(sandbox, Task::Read(job));
        };
        let connection = match self.reader() {
            Ok(connection) => connection,
            Err(cause) => return Box::pin(ready(Err(fault::internal(cause)))),
        };
        match reading::look(connection, id, job) {
            Ok(result) => Box::pin(ready(result)),
            // Forgotten since we looked up its id: the writer makes it anew and reads it there.
            Err(job) => self.writer.ask(sandbox, Task::Read(job)),
        }
    }

    fn write(&self, sandbox: &Sandbox, job: WriteJob) -> Pending<JobResult> {
        self.writer.ask(sandbox, Task::Write(job))
    }

    fn update_if_exists(&self, sandbox: &Sandbox, job: WriteJob) -> Pending<()> {
        done(self.writer.ask(sandbox, Task::Amend(job)))
    }

    fn reset(&self, sandbox: &Sandbox) -> Pending<()> {
        done(self.writer.ask(sandbox, Task::Reset))
    }

    fn delete(&self, sandbox: &Sandbox) -> Pending<()> {
        done(self.writer.ask(sandbox, Task::Forget))
    }

    fn exists(&self, sandbox: &Sandbox) -> bool {
        self.sandboxes.id(sandbox).is_some()
    }

    fn settings(&self, sandbox: &Sandbox) -> Settings {
        self.sandboxes.known(sandbox).map_or_else(Settings::default, |known| known.settings)
    }

    fn configure(&self, sandbox: &Sandbox, settings: Settings) -> Pending<()> {
        done(self.writer.ask(sandbox, Task::SetUp(settings)))
    }

    fn event_signal(&self, sandbox: &Sandbox) -> Arc<EventSignal> {
        self.sandboxes.event_signal(sandbox)
    }

    fn webhook_signal(&self) -> Arc<EventSignal> {
        self.sandboxes.webhook_signal().clone()
    }

    fn endpoints(&self) -> Result<Vec<(Endpoint, Timestamp)>, Error> {
        reading::ends(self.reader().map_err(fault::internal)?)
    }

    fn due_deliveries(&self, endpoint: &Endpoint, now: Timestamp, limit: u32) -> Result<Vec<DueDelivery>, Error> {
        let Some(id) = self.sandboxes.id(&endpoint.sandbox) else { return Ok(Vec::new()) };
        reading::due(self.reader().map_err(fault::internal)?, id, endpoint.webhook_id, now, limit)
    }
}

fn done(reply: Pending<JobResult>) -> Pending<()> {
    Box::pin(async { reply.await.map(|_| ()) })
}

/// Makes sure that no other process uses the file, for as long as the lock lives; the system frees it also after a crash.
/// SQLite could do it (`locking_mode = EXCLUSIVE`), but would shut out our own readers too.
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
