//! `GET /class`: all learners, for an admin of `main`; `POST /class`: makes sandboxes for a list of names; `PUT /class/message`: shows a
//! message to all; `POST /class/reset`: resets all their shops. A browser that opens `/class` gets the view of the page.

pub(crate) mod export;

use super::body::Body;
use super::lab::{Lab, NAME, authorize_instructor, refuse, respond};
use crate::class::{self, NAME_CHARS_MAX};
use crate::exercises::{Activity, LastCall, PATHS, Path};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::limits::SANDBOXES_MAX;
use domain::progress::ExerciseProgress;
use domain::{Error, Sandbox, Shop, Value};
use serde::Serialize;
use wire::Address;
use wire::accept::wants_page;

/// Characters of a message to all.
const MESSAGE_CHARS_MAX: usize = 500;

/// All learners, by name.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Class {
    /// Where learners join.
    join: String,
    /// The message to all; empty if there is none.
    message: String,
    /// The server's time.
    now: String,
    exercises: Vec<ClassExercise>,
    learners: Vec<LearnerState>,
}

/// An exercise as a column.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClassExercise {
    name: &'static str,
    title: &'static str,
    /// The title of its path.
    path: &'static str,
}

/// A learner: a sandbox that has its exercises on.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LearnerState {
    name: String,
    /// The first done first.
    done: Vec<DoneExercise>,
    /// The hints that were taken.
    hints: u32,
    /// The number of calls since the server has started.
    calls: u64,
    styles: Vec<&'static str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_call: Option<LastCall>,
    /// How many calls were refused since one succeeded.
    refusals: u32,
    /// Whether the learner gets nowhere.
    is_stuck: bool,
}

/// When an exercise was done.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DoneExercise {
    name: String,
    at: String,
}

/// The sandbox of a name.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Place {
    name: String,
    sandbox: String,
    /// The address of the learner's page.
    address: String,
}

pub async fn read(request: HttpRequest, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    if wants_page(request.headers()) {
        let page = wire::base(&request).http("/#/class");
        let headers = [(header::LOCATION, page.as_str()), (header::VARY, "Accept")];
        let mut response = HttpResponse::SeeOther();
        headers.into_iter().for_each(|header| _ = response.insert_header(header));
        return response.finish();
    }
    let class = async {
        let address = authorized(&request, &shop).await?;
        let learners = lab.learners()?;
        let state = |(sandbox, progress)| state(&sandbox, progress, learners.activity(&sandbox));
        let all = progress(&shop).await?.into_iter().map(state).collect();
        let (join, message) = (address.http("/class/join"), learners.message());
        let now = (shop.config().clock)().to_string();
        Ok(Class { join, message, now, exercises: exercises(), learners: all })
    };
    respond(&request, class.await)
}

pub async fn create(request: HttpRequest, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let places = async {
        let address = authorized(&request, &shop).await?;
        let names = names(Body::of(&request)?)?;
        let sandboxes = class::make(&shop, lab.learners()?, &names).await?;
        let place = |(name, sandbox): (String, Sandbox)| {
            let page = address.in_sandbox(sandbox.as_str()).http("/#/exercises");
            Place { name, sandbox: sandbox.to_string(), address: page }
        };
        Ok(names.into_iter().zip(sandboxes).map(place).collect::<Vec<_>>())
    };
    respond(&request, places.await)
}

pub async fn message(request: HttpRequest, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let shown = async {
        authorized(&request, &shop).await?;
        let mut body = Body::of(&request)?;
        let text = body.take("text").and_then(|text| text.as_text().map(|text| text.trim().to_owned()));
        if text.as_ref().is_none_or(|text| text.chars().count() > MESSAGE_CHARS_MAX) {
            body.refuse("/text", format!("must be a text of at most {MESSAGE_CHARS_MAX} characters"));
        }
        body.close()?;
        lab.learners()?.set_message(&text.unwrap_or_default());
        Ok(())
    };
    done(&request, shown.await)
}

pub async fn reset(request: HttpRequest, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let reset = async {
        authorized(&request, &shop).await?;
        class::reset(&shop, lab.learners()?).await
    };
    done(&request, reset.await)
}

/// The address of the server, if the caller is an admin of `main`.
async fn authorized(request: &HttpRequest, shop: &Shop) -> Result<Address, Error> {
    authorize_instructor(&wire::request_context(request, NAME)?, shop).await?;
    Ok(wire::base(request))
}

fn done(request: &HttpRequest, result: Result<(), Error>) -> HttpResponse {
    result.map_or_else(|error| refuse(request, &error), |()| HttpResponse::NoContent().finish())
}

/// The names in a body.
fn names(mut body: Body) -> Result<Vec<String>, Error> {
    let names: Vec<Value> = body.take("names").map(|names| names.items().to_vec()).unwrap_or_default();
    if !(1..=SANDBOXES_MAX).contains(&names.len()) {
        body.refuse("/names", format!("must be a list of 1 to {SANDBOXES_MAX} names"));
    }
    let fits = |name: &&str| !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX;
    for (position, name) in names.iter().enumerate() {
        if name.as_text().map(str::trim).filter(fits).is_none() {
            body.refuse(format!("/names/{position}"), format!("must be a text of 1 to {NAME_CHARS_MAX} characters"));
        }
    }
    body.close()?;
    Ok(names.iter().filter_map(Value::as_text).map(|name| name.trim().to_owned()).collect())
}

/// The learners' progress, by name.
async fn progress(shop: &Shop) -> Result<Vec<(Sandbox, Vec<ExerciseProgress>)>, Error> {
    let mut all = Vec::new();
    for sandbox in class::sandboxes(shop) {
        let mut progress = shop.store().query(&sandbox, |records| records.progress()).await?;
        progress.sort_by(|one, other| (one.done_at, &one.exercise).cmp(&(other.done_at, &other.exercise)));
        all.push((sandbox, progress));
    }
    Ok(all)
}

fn exercises() -> Vec<ClassExercise> {
    let column = |path: &'static str| move |(name, title)| ClassExercise { name, title, path };
    let of = |path: &Path| {
        path.exercises
            .iter()
            .map(|exercise| (exercise.name, exercise.title))
            .map(column(path.title))
            .collect::<Vec<_>>()
    };
    PATHS.iter().flat_map(of).collect()
}

fn state(sandbox: &Sandbox, progress: Vec<ExerciseProgress>, activity: Activity) -> LearnerState {
    let hints = progress.iter().map(|progress| progress.hints).sum();
    let done = |ExerciseProgress { exercise, done_at, .. }: ExerciseProgress| {
        Some(DoneExercise { at: done_at?.to_string(), name: exercise })
    };
    let is_stuck = activity.is_stuck();
    let Activity { calls, styles, last_call, refusals, .. } = activity;
    let (name, styles) = (sandbox.to_string(), styles.into_iter().collect());
    LearnerState {
        name,
        done: progress.into_iter().filter_map(done).collect(),
        hints,
        calls,
        styles,
        last_call,
        refusals,
        is_stuck,
    }
}
