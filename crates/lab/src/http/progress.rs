//! `GET /progress`: the exercises of a sandbox, and what was done of them; `GET /progress/stream`: each outcome and the instructor's
//! message, as server-sent events;
//! `POST /progress/{exercise}/hint` and `/answer`; `DELETE /progress/{exercise}`: to do it again.

use super::body::Body;
use super::lab::{Lab, NAME, refuse, respond};
use crate::exercises::{self, Exercise, Learners, Notice, Outcome, PATHS};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Caller;
use domain::progress::ExerciseProgress;
use domain::{Error, Reason, RequestContext, Sandbox, Shop};
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use wire::event_stream::{Blocks, event_stream};

/// Characters of an answer in writing.
const ANSWER_CHARS_MAX: usize = 5_000;

/// The exercises of a sandbox.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Progress {
    sandbox: String,
    /// Whether they are recognised: `on` or `off`.
    exercises: &'static str,
    /// The instructor's message to all learners; empty if there is none.
    message: String,
    done: usize,
    total: usize,
    paths: Vec<PathProgress>,
}

/// A path of exercises.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PathProgress {
    name: &'static str,
    title: &'static str,
    exercises: Vec<ExerciseState>,
}

/// An exercise, and what was done of it.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExerciseState {
    name: &'static str,
    title: &'static str,
    task: &'static str,
    why: &'static str,
    /// The styles in which it can be done; empty for all.
    styles: &'static [&'static str],
    lesson: &'static str,
    /// Whether it is solved by an answer in writing.
    takes_answer: bool,
    /// The hints that were taken.
    hints: &'static [&'static str],
    /// How many more there are.
    hints_left: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    done_at: Option<String>,
    /// What was recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
    /// What the last call that came close has missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    near_miss: Option<String>,
}

/// What was recognised in an exercise.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExerciseOutcome {
    exercise: &'static str,
    title: &'static str,
    is_done: bool,
    /// How it was done, or what is missing.
    text: String,
}

pub async fn read(request: HttpRequest, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let progress = async {
        let sandbox = authorized(&request, &shop).await?.sandbox;
        progress(&shop, lab.learners()?, &sandbox).await
    };
    respond(&request, progress.await)
}

pub async fn hint(request: HttpRequest, name: Path<String>, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let hint = async {
        let (sandbox, exercise) = (authorized(&request, &shop).await?.sandbox, find(&name)?);
        let learners = lab.learners()?;
        let taken = shop.store().transact(&sandbox, move |changes| {
            let known = changes.progress()?.into_iter().find(|known| known.exercise == exercise.name);
            let progress = known.unwrap_or_else(|| ExerciseProgress::none(exercise.name));
            let progress =
                ExerciseProgress { hints: exercise.hints.len().min(progress.hints as usize + 1) as u32, ..progress };
            changes.set_progress(&progress)?;
            Ok(progress)
        });
        Ok(state(exercise, Some(&taken.await?), learners, &sandbox))
    };
    respond(&request, hint.await)
}

pub async fn answer(request: HttpRequest, name: Path<String>, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let outcome = async {
        let (sandbox, exercise) = (authorized(&request, &shop).await?.sandbox, find(&name)?);
        let mut body = Body::of(&request)?;
        let answer = body.take("answer").and_then(|answer| answer.as_text().map(str::to_owned)).unwrap_or_default();
        if !(1..=ANSWER_CHARS_MAX).contains(&answer.chars().count()) {
            body.refuse("/answer", format!("must be a text of 1 to {ANSWER_CHARS_MAX} characters"));
        }
        body.close()?;
        let outcome = lab.learners()?.answer(&shop, &sandbox, exercise, &answer).await;
        let refused =
            || Error::invalid("/answer", format!("{name} takes no answer, or the sandbox has its exercises off"));
        outcome.map(described).ok_or_else(refused)
    };
    respond(&request, outcome.await)
}

pub async fn again(request: HttpRequest, name: Path<String>, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let deleted = async {
        let (sandbox, exercise) = (authorized(&request, &shop).await?.sandbox, find(&name)?);
        shop.store().transact(&sandbox, move |changes| changes.delete_progress(exercise.name)).await?;
        lab.learners()?.forget(&sandbox);
        Ok(())
    };
    match deleted.await {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => refuse(&request, &error),
    }
}

pub async fn stream(request: HttpRequest, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let notices = async {
        let context = wire::request_context(&request, NAME)?;
        let caller = shop.authorize_user(&context).await?;
        let notices = lab.learners()?.notices();
        Ok(Notices { notices, shop: shop.get_ref().clone(), context, caller, _permit: lab.follower_permit()? })
    };
    match notices.await {
        Ok(notices) => event_stream(&request, notices),
        Err(error) => refuse(&request, &error),
    }
}

/// The context of a caller who may see the progress: everybody in an open sandbox, every user in a locked one.
async fn authorized(request: &HttpRequest, shop: &Shop) -> Result<RequestContext, Error> {
    let context = wire::request_context(request, NAME)?;
    shop.authorize_user(&context).await?;
    Ok(context)
}

fn find(name: &str) -> Result<&'static Exercise, Error> {
    let shown = domain::value::shown(name);
    exercises::find(name)
        .ok_or_else(|| Error::new(Reason::UnknownOperation, format!("there is no exercise \"{shown}\"")))
}

async fn progress(shop: &Shop, learners: &Learners, sandbox: &Sandbox) -> Result<Progress, Error> {
    let settings = shop.store().settings(sandbox);
    let exists = shop.store().exists(sandbox);
    let known = if exists { shop.store().query(sandbox, |records| records.progress()).await? } else { Vec::new() };
    let state = |exercise: &'static Exercise| {
        state(exercise, known.iter().find(|known| known.exercise == exercise.name), learners, sandbox)
    };
    let paths: Vec<PathProgress> = PATHS
        .iter()
        .map(|path| PathProgress {
            name: path.name,
            title: path.title,
            exercises: path.exercises.iter().map(state).collect(),
        })
        .collect();
    let all = || paths.iter().flat_map(|path| &path.exercises);
    let (done, total) = (all().filter(|exercise| exercise.done_at.is_some()).count(), all().count());
    let (sandbox, exercises) = (sandbox.to_string(), settings.exercises.word());
    Ok(Progress { sandbox, exercises, message: learners.message(), done, total, paths })
}

fn state(
    exercise: &'static Exercise,
    known: Option<&ExerciseProgress>,
    learners: &Learners,
    sandbox: &Sandbox,
) -> ExerciseState {
    let hints = known.map_or(0, |known| known.hints as usize).min(exercise.hints.len());
    let done_at = known.and_then(|known| known.done_at);
    ExerciseState {
        name: exercise.name,
        title: exercise.title,
        task: exercise.task,
        why: exercise.why,
        styles: exercise.styles,
        lesson: exercise.lesson,
        takes_answer: exercise.takes_answer(),
        hints: &exercise.hints[..hints],
        hints_left: exercise.hints.len() - hints,
        done_at: done_at.map(|at| at.to_string()),
        evidence: known.filter(|_| done_at.is_some()).map(|known| known.evidence.clone()),
        near_miss: if done_at.is_none() { learners.near(sandbox, exercise.name) } else { None },
    }
}

fn described(outcome: Outcome) -> ExerciseOutcome {
    let Outcome { exercise, text, is_done, .. } = outcome;
    ExerciseOutcome { exercise, title: exercises::find(exercise).map_or("", |exercise| exercise.title), is_done, text }
}

struct Notices {
    notices: Receiver<Notice>,
    shop: Shop,
    context: RequestContext,
    caller: Caller,
    _permit: OwnedSemaphorePermit,
}

impl Blocks for Notices {
    fn first(&self) -> String {
        "\n".to_owned()
    }

    async fn next(&mut self) -> Option<Result<String, Error>> {
        loop {
            match self.notices.recv().await {
                Ok(Notice::Outcome(outcome)) if outcome.sandbox == self.context.sandbox => {
                    let outcome = serde_json::to_string(&described(outcome)).unwrap_or_default();
                    return Some(Ok(format!("event: outcome\ndata: {outcome}\n\n")));
                }
                Ok(Notice::Outcome(_)) => {}
                Ok(Notice::Message(text)) => {
                    let message = serde_json::json!({"message": text});
                    return Some(Ok(format!("event: message\ndata: {message}\n\n")));
                }
                Err(RecvError::Lagged(_)) => return Some(Ok("event: missed\ndata: {}\n\n".to_owned())),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn check(&self) -> Result<(), Error> {
        // What an anonymous caller saw of an open sandbox, it may not see once it is locked.
        self.caller.ensure_still_known(self.shop.settings(&self.context))
    }
}
