//! The read-only connections, one for each thread that reads, and how long their snapshots live.
//!
//! A snapshot stays open from one read to the next as long as nothing is written: to open and to close it takes SQLite three system
//! calls, as many as the rest of a small request. While the writer works, a snapshot ends with its read, so that the write-ahead log can
//! begin again from its start: it can't while a snapshot is open.

use crate::errors::internal;
use crate::schema;
use domain::Error;
use parking_lot::Mutex;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use thread_local::ThreadLocal;

/// The read-only connections.
pub(crate) struct Readers {
    file: PathBuf,
    /// Each is used by its own thread. The writer only ends its snapshot.
    readers: ThreadLocal<Mutex<Reader>>,
    /// Counts up when a batch of writes begins, and when it is committed or failed: it is odd while the writer works.
    age: AtomicU64,
}

struct Reader {
    connection: Connection,
    /// How old the data is that its open snapshot shows; `None` if there is none.
    snapshot: Option<u64>,
}

impl Readers {
    pub fn new(file: PathBuf) -> Readers {
        Readers { file, readers: ThreadLocal::new(), age: AtomicU64::new(0) }
    }

    /// Reads from one snapshot, which shows every write that was reported as done before.
    pub fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let reader = self.readers.get_or_try(|| Reader::open(&self.file).map(Mutex::new)).map_err(internal)?;
        let mut reader = reader.lock();
        let age = self.age();
        reader.renew(age).map_err(internal)?;
        let result = query(&reader.connection);
        if is_odd(age) || self.age() != age {
            reader.end().map_err(internal)?;
        }
        result
    }

    /// Called before a batch of writes begins: the snapshots end, those that are being read when their read ends.
    pub fn writing(&self) {
        self.age.fetch_add(1, Ordering::SeqCst);
        for reader in &self.readers {
            if let Some(mut reader) = reader.try_lock() {
                // A connection that fails here reports it at its next read.
                let _ = reader.end();
            }
        }
    }

    /// Called when the batch is on the disk or has failed, and before anybody learns of it.
    pub fn written(&self) {
        self.age.fetch_add(1, Ordering::SeqCst);
    }

    fn age(&self) -> u64 {
        self.age.load(Ordering::SeqCst)
    }
}

fn is_odd(age: u64) -> bool {
    age % 2 == 1
}

impl Reader {
    fn open(file: &Path) -> rusqlite::Result<Reader> {
        Ok(Reader { connection: schema::open_reader(file)?, snapshot: None })
    }

    /// Has a snapshot of this age. BEGIN reads nothing: the first query takes the snapshot.
    fn renew(&mut self, age: u64) -> rusqlite::Result<()> {
        if self.snapshot == Some(age) {
            return Ok(());
        }
        self.end()?;
        self.execute("BEGIN")?;
        self.snapshot = Some(age);
        Ok(())
    }

    fn end(&mut self) -> rusqlite::Result<()> {
        if self.snapshot.take().is_some() && !self.connection.is_autocommit() {
            self.execute("COMMIT")?;
        }
        Ok(())
    }

    fn execute(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn number(connection: &Connection) -> Result<i64, Error> {
        connection
            .query_row("SELECT next_user FROM sandboxes WHERE name = 'main'", [], |row| row.get(0))
            .map_err(internal)
    }

    fn write(connection: &Connection) {
        connection.execute("UPDATE sandboxes SET next_user = next_user + 1", []).unwrap();
    }

    fn open(file: &Path) -> (Readers, Connection) {
        let writer = schema::open_writer(file).unwrap();
        writer.execute("INSERT INTO sandboxes (name) VALUES ('main')", []).unwrap();
        (Readers::new(file.to_owned()), writer)
    }

    #[test]
    fn a_snapshot_lives_until_a_batch_begins() {
        let directory = tempfile::tempdir().unwrap();
        let (readers, writer) = open(&directory.path().join("shop.db"));
        let first = readers.read(number).unwrap();
        // A write that is not announced, so that a new snapshot would show it.
        write(&writer);
        assert_eq!(readers.read(number).unwrap(), first);
        readers.writing();
        assert_eq!(readers.read(number).unwrap(), first + 1);
        write(&writer);
        assert_eq!(readers.read(number).unwrap(), first + 2, "while the writer works, each read has its own snapshot");
        readers.written();
        assert_eq!(readers.read(number).unwrap(), first + 2);
    }

    #[test]
    fn a_snapshot_of_an_idle_thread_does_not_stop_the_log_from_beginning_again() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("shop.db");
        let (readers, writer) = open(&file);
        thread::scope(|scope| scope.spawn(|| readers.read(number)).join().unwrap()).unwrap();
        readers.read(number).unwrap();
        let log = |mode: &str| writer.query_row(mode, [], |row| row.get::<_, i32>(0)).unwrap();
        assert_eq!(log("PRAGMA wal_checkpoint(TRUNCATE)"), 1, "a snapshot is open");
        readers.writing();
        assert_eq!(log("PRAGMA wal_checkpoint(TRUNCATE)"), 0, "none is");
    }
}
