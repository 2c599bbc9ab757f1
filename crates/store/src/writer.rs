//! How do many writes become few commits? One thread writes; commands that wait together share one COMMIT.
//!
//! A COMMIT waits for the disk, which takes about as long for one command as for a hundred. So the writer begins a
//! transaction with the first command, runs whatever else waits in the same one, each in a savepoint of its own so that a
//! failing command fails alone, commits once, and only then answers: what was answered is on the disk.

use crate::fault::{guarded, internal};
use crate::reading::View;
use crate::rows::Known;
use crate::sandboxes::{self, Sandboxes};
use domain::Error;
use domain::sandbox::{Sandbox, Settings};
use domain::store::{JobResult, Pending, ReadJob, Seed, WriteJob, boxed};
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};
use std::future::ready;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

/// Commands that may wait. Some thousand are written in a second, so who would wait longer is better told at once.
const WRITES_WAITING_MAX: usize = 4_096;
/// Commands of one commit: the first of them waits for all, so it must be no more than some milliseconds of work.
const WRITES_TOGETHER_MAX: usize = 256;

/// What the writer is asked to do.
pub(crate) enum Task {
    /// Look. Only if the sandbox may not be there: the writer makes it first.
    Read(ReadJob),
    /// Change something.
    Write(WriteJob),
    /// Change something, if the sandbox is there.
    Amend(WriteJob),
    /// Make the sandbox as it was when new.
    Reset,
    /// Remove the sandbox.
    Forget,
    /// Set what is set for the sandbox.
    SetUp(Settings),
}

/// Where the answer goes.
type Asker = oneshot::Sender<Result<JobResult, Error>>;

struct Work {
    sandbox: Sandbox,
    task: Task,
    answer: Asker,
}

/// The way to the writer's thread. Dropping it waits until all that was asked for is written.
pub(crate) struct Writer {
    queue: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(connection: Connection, sandboxes: Arc<Sandboxes>, seed: Seed) -> io::Result<Self> {
        let (queue, works) = sync_channel(WRITES_WAITING_MAX);
        let desk = Desk { connection, sandboxes, seed };
        let thread = thread::Builder::new().name("writer".to_owned()).spawn(move || desk.run(&works))?;
        Ok(Writer { queue: Some(queue), thread: Some(thread) })
    }

    /// Asks for something; the answer comes once it is durable. A full queue answers at once.
    pub fn ask(&self, sandbox: &Sandbox, task: Task) -> Pending<JobResult> {
        let (answer, answered) = oneshot::channel();
        let work = Work { sandbox: sandbox.clone(), task, answer };
        let sent = self.queue.as_ref().map(|queue| queue.try_send(work));
        match sent {
            Some(Ok(())) => Box::pin(async { answered.await.unwrap_or_else(|_| Err(gone())) }),
            Some(Err(TrySendError::Full(_))) => {
                let message = format!("{WRITES_WAITING_MAX} commands wait to be written already");
                Box::pin(ready(Err(Error::overloaded(message))))
            }
            Some(Err(TrySendError::Disconnected(_))) | None => Box::pin(ready(Err(gone()))),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread ends when the queue is empty and nobody can add to it any more.
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn gone() -> Error {
    tracing::error!("the writer's thread is gone");
    Error::internal()
}

/// What the thread works with.
struct Desk {
    connection: Connection,
    sandboxes: Arc<Sandboxes>,
    seed: Seed,
}

/// What is to be told once the transaction is committed.
#[derive(Default)]
struct Batch {
    answers: Vec<(Asker, Result<JobResult, Error>)>,
    made: HashMap<Sandbox, Known>,
    emptied: HashSet<Sandbox>,
    news: HashSet<Sandbox>,
    post: bool,
}

impl Desk {
    fn run(self, works: &Receiver<Work>) {
        while let Ok(first) = works.recv() {
            self.write_together(first, works);
        }
        // All readers are closed: the log goes back into the file, which then is all there is.
        if let Err(cause) = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
            tracing::error!(%cause, "the log could not be copied back into the file");
        }
    }

    fn write_together(&self, first: Work, works: &Receiver<Work>) {
        let mut batch = Batch::default();
        if let Err(error) = self.step("BEGIN IMMEDIATE") {
            batch.answers.push((first.answer, Err(error)));
            return batch.answer();
        }
        let mut next = Some(first);
        while let Some(work) = next {
            self.perform(work, &mut batch);
            // A full disk may make SQLite roll back the whole transaction: then nothing may be added to it.
            let open = !self.connection.is_autocommit();
            next = if open && batch.answers.len() < WRITES_TOGETHER_MAX { works.try_recv().ok() } else { None };
        }
        match self.step("COMMIT") {
            Ok(()) => batch.publish(&self.sandboxes),
            Err(_) => self.give_up(&mut batch),
        }
        batch.answer();
    }

    fn perform(&self, work: Work, batch: &mut Batch) {
        let Work { sandbox, task, answer } = work;
        let result = match task {
            Task::Read(job) => self.home(&sandbox, batch).and_then(|id| guarded(|| job(&self.view(id)))),
            Task::Write(job) => self.home(&sandbox, batch).and_then(|id| self.change(sandbox, id, job, batch)),
            Task::Amend(job) => self.update_if_exists(sandbox, job, batch),
            Task::Reset => self.reset(sandbox, batch),
            Task::Forget => self.forget(sandbox, batch),
            Task::SetUp(settings) => self.set_up(sandbox, settings, batch),
        };
        batch.answers.push((answer, result));
    }

    /// The number of a sandbox, which is made if it is not there. That stays, whatever becomes of the job.
    fn home(&self, sandbox: &Sandbox, batch: &mut Batch) -> Result<i64, Error> {
        if let Some(id) = self.sandboxes.id(sandbox).or_else(|| batch.made.get(sandbox).map(|known| known.id)) {
            return Ok(id);
        }
        let known = match sandboxes::find(&self.connection, sandbox)? {
            Some(known) => known,
            None => {
                let id = self.atomically(|| sandboxes::make(&self.connection, sandbox, &self.seed))?;
                Known { id, settings: Settings::default() }
            }
        };
        batch.made.insert(sandbox.clone(), known);
        Ok(known.id)
    }

    fn set_up(&self, sandbox: Sandbox, settings: Settings, batch: &mut Batch) -> Result<JobResult, Error> {
        let id = self.home(&sandbox, batch)?;
        self.atomically(|| sandboxes::set_up(&self.connection, id, settings))?;
        batch.made.insert(sandbox, Known { id, settings });
        Ok(boxed(()))
    }

    fn change(&self, sandbox: Sandbox, id: i64, job: WriteJob, batch: &mut Batch) -> Result<JobResult, Error> {
        let mut view = self.view(id);
        let reply = self.atomically(|| job(&mut view))?;
        batch.post |= view.post;
        if view.news {
            batch.news.insert(sandbox);
        }
        Ok(reply)
    }

    fn update_if_exists(&self, sandbox: Sandbox, job: WriteJob, batch: &mut Batch) -> Result<JobResult, Error> {
        // As far as this transaction goes: it may have made the sandbox, or forgotten it.
        match sandboxes::find(&self.connection, &sandbox)? {
            Some(Known { id, .. }) => self.change(sandbox, id, job, batch),
            None => Ok(boxed(())),
        }
    }

    fn reset(&self, sandbox: Sandbox, batch: &mut Batch) -> Result<JobResult, Error> {
        match sandboxes::find(&self.connection, &sandbox)? {
            Some(Known { id, .. }) => {
                self.atomically(|| sandboxes::refill(&self.connection, &sandbox, id, &self.seed))?;
            }
            None => self.home(&sandbox, batch).map(|_| ())?,
        }
        batch.emptied.insert(sandbox);
        Ok(boxed(()))
    }

    fn forget(&self, sandbox: Sandbox, batch: &mut Batch) -> Result<JobResult, Error> {
        // Before the commit: a reader that still has the number finds the sandbox as it was or not at all, and one that
        // comes now waits in our queue. Should the commit fail, the next who asks finds the sandbox in the file.
        self.sandboxes.remove(&sandbox);
        batch.made.remove(&sandbox);
        if let Some(Known { id, .. }) = sandboxes::find(&self.connection, &sandbox)? {
            self.atomically(|| sandboxes::remove(&self.connection, id))?;
            batch.emptied.insert(sandbox);
        }
        Ok(boxed(()))
    }

    /// Runs a part of the transaction, all of which is undone if it fails.
    fn atomically<T>(&self, part: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        self.step("SAVEPOINT part")?;
        let result = guarded(part);
        if result.is_err() {
            self.step("ROLLBACK TO part")?;
        }
        self.step("RELEASE part")?;
        result
    }

    fn step(&self, sql: &str) -> Result<(), Error> {
        self.connection.prepare_cached(sql).and_then(|mut step| step.execute([])).map(|_| ()).map_err(internal)
    }

    /// Nothing was committed, so nobody may believe that it was, not even those who were refused because of it.
    fn give_up(&self, batch: &mut Batch) {
        if !self.connection.is_autocommit() {
            let _ = self.step("ROLLBACK");
        }
        for (_, result) in &mut batch.answers {
            *result = Err(Error::internal());
        }
    }

    fn view(&self, sandbox_id: i64) -> View<'_> {
        View::new(&self.connection, sandbox_id)
    }
}

impl Batch {
    /// Makes known what was committed. Before the answers: who has one finds the world changed.
    fn publish(&mut self, sandboxes: &Sandboxes) {
        sandboxes.count_commit(self.answers.len());
        self.made.drain().for_each(|(sandbox, known)| sandboxes.add(sandbox, known));
        self.emptied.iter().for_each(|sandbox| sandboxes.take_bell_away(sandbox));
        self.news.iter().for_each(|sandbox| sandboxes.notify(sandbox));
        if self.post {
            sandboxes.webhook_signal().notify();
        }
    }

    fn answer(self) {
        for (answer, result) in self.answers {
            // Who asked may have gone away meanwhile; what was written stays written.
            let _ = answer.send(result);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::store::{Sequence, Transaction};

    /// Asks the desk on this thread, so that all of it waits together.
    fn run(desk: Desk, jobs: Vec<WriteJob>) -> Vec<Result<JobResult, Error>> {
        let (queue, works) = sync_channel(WRITES_WAITING_MAX);
        let ask = |job| {
            let (answer, answered) = oneshot::channel();
            assert!(queue.try_send(Work { sandbox: Sandbox::main(), task: Task::Write(job), answer }).is_ok());
            answered
        };
        let answers: Vec<_> = jobs.into_iter().map(ask).collect();
        drop(queue);
        desk.run(&works);
        answers.into_iter().map(|answer| answer.blocking_recv().unwrap()).collect()
    }

    fn number(job: impl Fn(&mut dyn Transaction) -> Result<i32, Error> + Send + 'static) -> WriteJob {
        Box::new(move |shop| job(shop).map(boxed))
    }

    #[test]
    fn nobody_is_told_of_what_a_full_disk_took_back() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("shop.db");
        let connection = crate::schema::open_writer(&file).unwrap();
        let full: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        connection.pragma_update(None, "max_page_count", full + 8).unwrap();
        let sandboxes = Arc::new(Sandboxes::default());
        let seed: Seed = Arc::new(|_, shop| shop.next(Sequence::Users).map(|_| ()));
        let desk = Desk { connection, sandboxes: sandboxes.clone(), seed };
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
        let answers = run(desk, vec![small(), large, small()]);
        // SQLite may undo the one command or the whole transaction; either way the answers say what is in the file.
        let told: i64 = answers.iter().filter(|answer| answer.is_ok()).count() as i64;
        assert!(answers[1].is_err());
        let connection = crate::schema::open_reader(&file).unwrap();
        let written = connection.query_row("SELECT sum(next_user - 2) FROM sandboxes", [], |row| row.get(0));
        assert_eq!(written.unwrap_or(0), told);
        assert_eq!(sandboxes.id(&Sandbox::main()).is_some(), told > 0);
    }
}
