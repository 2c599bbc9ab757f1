//! `GET /class/progress.csv`: what all learners have done, as a table (RFC 4180); `GET /class/progress.jsonl`: the same as statements of
//! xAPI 1.0.3, one per line.

use super::super::lab::{Lab, refuse};
use super::{authorized, progress};
use crate::exercises::{Exercise, PATHS, Path};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use csv::{Terminator, WriterBuilder};
use domain::progress::ExerciseProgress;
use domain::{Error, Sandbox, Shop};
use serde_json::{Value, json};
use wire::Address;

/// The columns.
const COLUMNS: [&str; 8] = ["learner", "exercise", "title", "path", "lesson", "done_at", "hints", "evidence"];
/// What was done, in the vocabulary of xAPI.
const VERB: &str = "http://adlnet.gov/expapi/verbs/completed";
/// What an exercise is, in the same vocabulary: a task within a context.
const ACTIVITY_TYPE: &str = "http://adlnet.gov/expapi/activities/performance";

/// The progress of a learner in an exercise.
struct Row {
    learner: Sandbox,
    path: &'static Path,
    exercise: &'static Exercise,
    progress: ExerciseProgress,
}

pub async fn table(request: HttpRequest, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let text = async { csv(rows(&request, &shop, &lab).await?.1) };
    sent(&request, "text/csv; charset=utf-8; header=present", text.await)
}

pub async fn statements(request: HttpRequest, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let text = async {
        let (server, rows) = rows(&request, &shop, &lab).await?;
        let lines = rows.iter().filter_map(|row| Some(format!("{}\n", statement(&shop, &server, row)?)));
        Ok(lines.collect::<String>())
    };
    sent(&request, "application/x-ndjson", text.await)
}

fn sent(request: &HttpRequest, media_type: &str, text: Result<String, Error>) -> HttpResponse {
    text.map_or_else(|error| refuse(request, &error), |text| HttpResponse::Ok().content_type(media_type).body(text))
}

/// The progress of all learners, and the address of the server.
async fn rows(request: &HttpRequest, shop: &Shop, lab: &Lab) -> Result<(Address, Vec<Row>), Error> {
    let server = authorized(request, shop).await?;
    lab.learners()?;
    let mut rows = Vec::new();
    for (learner, progress) in progress(shop).await? {
        rows.extend(progress.into_iter().filter_map(|progress| row(learner.clone(), progress)));
    }
    Ok((server, rows))
}

fn row(learner: Sandbox, progress: ExerciseProgress) -> Option<Row> {
    let mut all = PATHS.iter().flat_map(|path| path.exercises.iter().map(move |exercise| (path, exercise)));
    let (path, exercise) = all.find(|(_, exercise)| exercise.name == progress.exercise)?;
    Some(Row { learner, path, exercise, progress })
}

fn csv(rows: Vec<Row>) -> Result<String, Error> {
    // RFC 4180 section 2: a line ends with CR LF.
    let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let mut add = |cells: [&str; 8]| out.write_record(cells).map_err(|_| Error::internal());
    add(COLUMNS)?;
    for Row { learner, path, exercise, progress } in &rows {
        let done_at = progress.done_at.map(|at| at.to_string()).unwrap_or_default();
        let (hints, evidence) = (progress.hints.to_string(), progress.evidence.as_str());
        let Exercise { name, title, lesson, .. } = exercise;
        add([learner.as_str(), name, title, path.name, lesson, &done_at, &hints, evidence])?;
    }
    String::from_utf8(out.into_inner().map_err(|_| Error::internal())?).map_err(|_| Error::internal())
}

/// The statement of an exercise that was done.
fn statement(shop: &Shop, server: &Address, row: &Row) -> Option<Value> {
    let Row { learner, exercise, progress, .. } = row;
    let done_at = progress.done_at?.to_string();
    let object = json!({
        "objectType": "Activity",
        "id": server.http(&format!("/exercises/{}", exercise.name)),
        "definition": {"type": ACTIVITY_TYPE, "name": {"en": exercise.title}, "description": {"en": exercise.task}},
    });
    Some(json!({
        "id": uuid(shop.digest(format!("{learner} {} {done_at}", exercise.name).as_bytes())),
        "actor": {"objectType": "Agent", "account": {"homePage": server.http(""), "name": learner.as_str()}},
        "verb": {"id": VERB, "display": {"en": "completed"}},
        "object": object,
        "result": {"completion": true, "response": progress.evidence},
        "timestamp": done_at,
    }))
}

/// The UUID of a statement: the same in every export, so that a store of statements has each once. Made as in RFC 4122 section 4.3,
/// with SHA-256.
fn uuid(digest: [u8; 32]) -> String {
    let mut bytes: [u8; 16] = std::array::from_fn(|position| digest[position]);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
