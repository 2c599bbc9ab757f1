//! The writer thread: writes that wait at the same time share one COMMIT.
//!
//! A COMMIT waits for the disk, and takes about as long for one write as for a hundred. The thread therefore begins a transaction
//! with the first write and runs every other waiting write in the same transaction. Each write has its own savepoint, so a write
//! that fails does not affect the others. The thread commits once and only then sends the replies: a result that was replied is
//! on the disk.

use crate::errors::{catch_panic, internal};
use crate::readers::Readers;
use crate::reading::View;
use crate::rows::SandboxRow;
use crate::sandboxes::{self, Sandboxes};
use domain::Error;
use domain::sandbox::{Sandbox, Settings};
use domain::store::{JobResult, Pending, ReadJob, Seed, WriteJob, boxed};
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};
use std::future::ready;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Weak};
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

/// Tasks in the queue. The thread completes some thousands per second; a task beyond the limit would wait too long, and is
/// refused at once.
const QUEUE_MAX: usize = 4_096;
/// Tasks in one commit. The first waits for all of them, so the limit keeps a batch to a few milliseconds.
const BATCH_MAX: usize = 256;

/// A task for the writer thread, in one sandbox.
pub(crate) enum Task {
    /// Run a job that only reads. Readers send it when the sandbox may not exist, so that the writer creates it first.
    Read(ReadJob),
    /// Run a job that writes; creates the sandbox first if needed.
    Write(WriteJob),
    /// Run a job that writes, if the sandbox exists.
    UpdateIfExists(WriteJob),
    /// Clear the sandbox and seed it again.
    Reset,
    /// Delete the sandbox.
    Delete,
    /// Store the settings of the sandbox.
    Configure(Settings),
}

type TaskResult = Result<JobResult, Error>;
type ReplySender = oneshot::Sender<TaskResult>;

struct QueuedTask {
    sandbox: Sandbox,
    task: Task,
    reply: ReplySender,
}

/// Sends tasks to the writer thread. Dropping it waits until all queued tasks are complete.
pub(crate) struct Writer {
    queue: Option<SyncSender<QueuedTask>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(
        connection: Connection,
        sandboxes: Arc<Sandboxes>,
        readers: Weak<Readers>,
        seed: Seed,
    ) -> io::Result<Self> {
        let (queue, tasks) = sync_channel(QUEUE_MAX);
        let thread = WriterThread { connection, sandboxes, readers, seed };
        let thread = thread::Builder::new().name("writer".to_owned()).spawn(move || thread.run(&tasks))?;
        Ok(Writer { queue: Some(queue), thread: Some(thread) })
    }

    /// Queues a task. The result is ready when it is on the disk; if the queue is full, the result is an error at once.
    pub fn submit(&self, sandbox: &Sandbox, task: Task) -> Pending<JobResult> {
        let (reply, result) = oneshot::channel();
        let task = QueuedTask { sandbox: sandbox.clone(), task, reply };
        match self.queue.as_ref().map(|queue| queue.try_send(task)) {
            Some(Ok(())) => Box::pin(async { result.await.unwrap_or_else(|_| Err(stopped())) }),
            Some(Err(TrySendError::Full(_))) => {
                let message = format!("{QUEUE_MAX} writes are waiting already");
                Box::pin(ready(Err(Error::overloaded(message))))
            }
            Some(Err(TrySendError::Disconnected(_))) | None => Box::pin(ready(Err(stopped()))),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread ends when its queue is empty and closed.
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn stopped() -> Error {
    tracing::error!("the writer thread has stopped");
    Error::internal()
}

/// What the thread owns.
struct WriterThread {
    connection: Connection,
    sandboxes: Arc<Sandboxes>,
    /// Gone once the store is dropped: they close before the writer ends.
    readers: Weak<Readers>,
    seed: Seed,
}

/// The tasks of one transaction, and what becomes visible to others when it is committed.
#[derive(Default)]
struct Batch {
    replies: Vec<(ReplySender, TaskResult)>,
    /// Sandboxes that were created or configured.
    changed: HashMap<Sandbox, SandboxRow>,
    /// Sandboxes that were reset or deleted.
    cleared: HashSet<Sandbox>,
    /// Sandboxes with new events.
    with_events: HashSet<Sandbox>,
    has_deliveries: bool,
}

impl WriterThread {
    fn run(self, tasks: &Receiver<QueuedTask>) {
        while let Ok(first) = tasks.recv() {
            self.run_batch(first, tasks);
        }
        // All readers are closed now. This copies the log into the file, which is then the whole database.
        if let Err(cause) = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
            tracing::error!(%cause, "the write-ahead log could not be copied into the database file");
        }
    }

    fn run_batch(&self, first: QueuedTask, tasks: &Receiver<QueuedTask>) {
        let mut batch = Batch::default();
        let readers = self.readers.upgrade();
        readers.iter().for_each(|readers| readers.writing());
        let committed = self.run_tasks(first, tasks, &mut batch);
        readers.iter().for_each(|readers| readers.written());
        match committed {
            Ok(()) => batch.publish(&self.sandboxes),
            Err(_) => self.fail(&mut batch),
        }
        batch.send_replies();
    }

    /// Runs the waiting tasks in one transaction, and commits it.
    fn run_tasks(&self, first: QueuedTask, tasks: &Receiver<QueuedTask>, batch: &mut Batch) -> Result<(), Error> {
        let begun = self.execute("BEGIN IMMEDIATE");
        let mut next = Some(first);
        while let Some(QueuedTask { sandbox, task, reply }) = next {
            let result = begun.clone().and_then(|()| self.perform(sandbox, task, batch));
            batch.replies.push((reply, result));
            // When the disk is full, SQLite may roll back the whole transaction; then no more tasks may join it.
            let is_open = !self.connection.is_autocommit();
            next = if is_open && batch.replies.len() < BATCH_MAX { tasks.try_recv().ok() } else { None };
        }
        begun.and_then(|()| self.execute("COMMIT"))
    }

    fn perform(&self, sandbox: Sandbox, task: Task, batch: &mut Batch) -> TaskResult {
        match task {
            Task::Read(job) => {
                let view = self.view(self.find_or_create(&sandbox, batch)?);
                catch_panic(|| job(&view))
            }
            Task::Write(job) => {
                let id = self.find_or_create(&sandbox, batch)?;
                self.write(sandbox, id, job, batch)
            }
            // The transaction may have created or deleted the sandbox: `find` sees that, and the shared map does not.
            Task::UpdateIfExists(job) => match sandboxes::find(&self.connection, &sandbox)? {
                Some(SandboxRow { id, .. }) => self.write(sandbox, id, job, batch),
                None => Ok(boxed(())),
            },
            Task::Reset => self.reset(sandbox, batch).map(boxed),
            Task::Delete => self.delete(sandbox, batch).map(boxed),
            Task::Configure(settings) => self.configure(sandbox, settings, batch).map(boxed),
        }
    }

    /// Returns the id of a sandbox. If it does not exist, it is created; it stays even if the job then fails.
    fn find_or_create(&self, sandbox: &Sandbox, batch: &mut Batch) -> Result<i64, Error> {
        if let Some(id) = self.sandboxes.id(sandbox).or_else(|| batch.changed.get(sandbox).map(|row| row.id)) {
            return Ok(id);
        }
        let row = match sandboxes::find(&self.connection, sandbox)? {
            Some(row) => row,
            None => {
                let id = self.in_savepoint(|| sandboxes::create(&self.connection, sandbox, &self.seed))?;
                SandboxRow { id, settings: Settings::default() }
            }
        };
        batch.changed.insert(sandbox.clone(), row);
        Ok(row.id)
    }

    fn write(&self, sandbox: Sandbox, id: i64, job: WriteJob, batch: &mut Batch) -> TaskResult {
        let mut view = self.view(id);
        let result = self.in_savepoint(|| job(&mut view))?;
        batch.has_deliveries |= view.has_deliveries;
        if view.has_events {
            batch.with_events.insert(sandbox);
        }
        Ok(result)
    }

    fn reset(&self, sandbox: Sandbox, batch: &mut Batch) -> Result<(), Error> {
        match sandboxes::find(&self.connection, &sandbox)? {
            Some(SandboxRow { id, .. }) => {
                self.in_savepoint(|| sandboxes::reset(&self.connection, &sandbox, id, &self.seed))?;
            }
            None => _ = self.find_or_create(&sandbox, batch)?,
        }
        batch.cleared.insert(sandbox);
        Ok(())
    }

    fn delete(&self, sandbox: Sandbox, batch: &mut Batch) -> Result<(), Error> {
        // Before the commit: a reader that already has the id sees the sandbox as it was, or not at all; later readers wait in
        // the queue. If the commit fails, the next task finds the sandbox in the file.
        self.sandboxes.remove(&sandbox);
        batch.changed.remove(&sandbox);
        if let Some(SandboxRow { id, .. }) = sandboxes::find(&self.connection, &sandbox)? {
            self.in_savepoint(|| sandboxes::delete(&self.connection, id))?;
            batch.cleared.insert(sandbox);
        }
        Ok(())
    }

    fn configure(&self, sandbox: Sandbox, settings: Settings, batch: &mut Batch) -> Result<(), Error> {
        let id = self.find_or_create(&sandbox, batch)?;
        self.in_savepoint(|| sandboxes::configure(&self.connection, id, settings))?;
        batch.changed.insert(sandbox, SandboxRow { id, settings });
        Ok(())
    }

    /// Runs a part of the transaction; if it fails, only this part is rolled back.
    fn in_savepoint<T>(&self, part: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        self.execute("SAVEPOINT part")?;
        let result = catch_panic(part);
        if result.is_err() {
            self.execute("ROLLBACK TO part")?;
        }
        self.execute("RELEASE part")?;
        result
    }

    fn execute(&self, sql: &str) -> Result<(), Error> {
        self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map(drop).map_err(internal)
    }

    /// Rolls the transaction back and replies with an error to every task, also to those that had failed by a rule: the data
    /// that the rule saw was not committed.
    fn fail(&self, batch: &mut Batch) {
        if !self.connection.is_autocommit() {
            let _ = self.execute("ROLLBACK");
        }
        for (_, result) in &mut batch.replies {
            *result = Err(Error::internal());
        }
    }

    fn view(&self, sandbox_id: i64) -> View<'_> {
        View::new(&self.connection, sandbox_id)
    }
}

impl Batch {
    /// Makes the committed changes visible. It runs before the replies are sent: a caller with a reply sees its own write.
    fn publish(&mut self, sandboxes: &Sandboxes) {
        sandboxes.record_commit(self.replies.len());
        self.changed.drain().for_each(|(sandbox, row)| sandboxes.insert(sandbox, row));
        self.cleared.iter().for_each(|sandbox| sandboxes.remove_signal(sandbox));
        self.with_events.iter().for_each(|sandbox| sandboxes.notify(sandbox));
        if self.has_deliveries {
            sandboxes.webhook_signal().notify();
        }
    }

    fn send_replies(self) {
        for (reply, result) in self.replies {
            // The caller may have gone; its write stays.
            let _ = reply.send(result);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::store::{Sequence, Transaction};

    /// Runs the writer on this thread, with all jobs in its queue before it starts.
    fn run(thread: WriterThread, jobs: Vec<WriteJob>) -> Vec<TaskResult> {
        let (queue, tasks) = sync_channel(QUEUE_MAX);
        let submit = |job| {
            let (reply, result) = oneshot::channel();
            assert!(queue.try_send(QueuedTask { sandbox: Sandbox::main(), task: Task::Write(job), reply }).is_ok());
            result
        };
        let results: Vec<_> = jobs.into_iter().map(submit).collect();
        drop(queue);
        thread.run(&tasks);
        results.into_iter().map(|result| result.blocking_recv().unwrap()).collect()
    }

    fn number(job: impl Fn(&mut dyn Transaction) -> Result<i32, Error> + Send + 'static) -> WriteJob {
        Box::new(move |shop| job(shop).map(boxed))
    }

    #[test]
    fn a_write_that_a_full_disk_rolled_back_is_not_reported_as_done() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("shop.db");
        let connection = crate::schema::open_writer(&file).unwrap();
        let full: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        connection.pragma_update(None, "max_page_count", full + 8).unwrap();
        let sandboxes = Arc::new(Sandboxes::default());
        let seed: Seed = Arc::new(|_, shop| shop.next(Sequence::Users).map(|_| ()));
        let thread = WriterThread { connection, sandboxes: sandboxes.clone(), readers: Weak::new(), seed };
        let small = || number(|shop| shop.next(Sequence::Users));
        let large = number(|shop| {
            let text = domain::text::Description::parse("x".repeat(2_000)).unwrap();
            let name = domain::text::Name::parse("x".to_owned()).unwrap();
            for id in 1..100 {
                let (id, price) = (domain::products::ProductId(id), domain::money::Money::cents(1));
                let (name, description) = (name.clone(), text.clone());
                shop.insert_product(&domain::products::Product { id, name, description, price, stock: 1, version: 1 })?;
            }
            Ok(0)
        });
        let results = run(thread, vec![small(), large, small()]);
        // SQLite may undo one write or the whole transaction; in both cases the results agree with the file.
        let succeeded: i64 = results.iter().filter(|result| result.is_ok()).count() as i64;
        assert!(results[1].is_err());
        let connection = crate::schema::open_reader(&file).unwrap();
        let written = connection.query_row("SELECT sum(next_user - 2) FROM sandboxes", [], |row| row.get(0));
        assert_eq!(written.unwrap_or(0), succeeded);
        assert_eq!(sandboxes.id(&Sandbox::main()).is_some(), succeeded > 0);
    }
}
