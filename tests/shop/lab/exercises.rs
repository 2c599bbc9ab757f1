//! Exercises are recognised in every style, and what was done of them is stored with the sandbox. Other people's clients solve all of
//! them in tests/clients/exercises.

use super::{Stream, call_measured, each, get, post};
use auth::demo;
use domain::Sandbox;
use domain::sandbox::{Access, Exercises, Settings};
use domain::users::UserId;
use serde_json::{Value, json};
use server::protocols::PROTOCOLS;
use tests::raw::{Line, request_with};
use tests::{TestServer, runtime};

tests!(
    a_call_over_each_style_is_recognised,
    the_stream_says_what_is_missing_and_then_what_was_done,
    hints_are_counted_and_progress_survives_a_reset,
    an_answer_in_writing_is_read,
    what_the_lab_compares_is_not_done_by_the_learner,
    a_sandbox_without_exercises_recognises_nothing,
    a_locked_sandbox_shows_its_progress_to_users_alone,
);

/// A sandbox of the server.
struct Learner<'s> {
    server: &'s TestServer,
    name: &'static str,
}

impl Learner<'_> {
    fn with<'s>(server: &'s TestServer, name: &'static str, settings: Settings) -> Learner<'s> {
        runtime().block_on(server.shop.store().configure(&Sandbox::parse(name).unwrap(), settings)).unwrap();
        let learner = Learner { server, name };
        learner.send("PATCH", "", r#"{"exercises": "on"}"#);
        learner
    }

    fn new<'s>(server: &'s TestServer, name: &'static str) -> Learner<'s> {
        Learner::with(server, name, Settings::default())
    }

    fn send(&self, method: &str, path: &str, body: &str) -> u16 {
        let mut line = Line::open(&self.server.address());
        let key = demo::api_key(UserId(3));
        let headers = [("x-api-key", key.reveal())];
        let target = format!("/sandboxes/{}{path}", self.name);
        line.send(&request_with(method, &target, "application/json", &headers, body.as_bytes()));
        line.response().unwrap().status
    }

    fn call(&self, style: usize, user: i32) {
        call_measured(&self.server.address().in_sandbox(self.name), &PROTOCOLS[style], "get_user", json!({"id": user}));
    }

    fn progress(&self) -> Value {
        serde_json::from_slice(&get(self.server, &format!("/sandboxes/{}/progress", self.name), &[]).body).unwrap()
    }

    fn exercise(&self, name: &str) -> Value {
        let progress = self.progress();
        let mut all = each(&progress["paths"]).flat_map(|path| each(&path["exercises"]));
        all.find(|exercise| exercise["name"] == name).unwrap_or_else(|| panic!("{name}")).clone()
    }

    fn outcomes(&self) -> Outcomes {
        Outcomes(Stream::open(self.server, &format!("/sandboxes/{}/progress/stream", self.name), &[]))
    }
}

struct Outcomes(Stream);

impl Outcomes {
    /// The next outcome of an exercise.
    fn of(&mut self, exercise: &str) -> Value {
        loop {
            let block = self.0.block().expect("the stream goes on");
            let outcome =
                block.strip_prefix("event: outcome\ndata: ").map(|data| serde_json::from_str::<Value>(data).unwrap());
            if let Some(outcome) = outcome.filter(|outcome| outcome["exercise"] == exercise) {
                return outcome;
            }
        }
    }
}

fn a_call_over_each_style_is_recognised() {
    let server = TestServer::open();
    let learner = Learner::new(&server, "styles");
    let mut outcomes = learner.outcomes();
    for (position, style) in PROTOCOLS.iter().enumerate() {
        learner.call(position, 1);
        if position < PROTOCOLS.len() - 1 {
            let text = outcomes.of("every-style")["text"].to_string();
            assert!(text.contains(&format!("{} of 7", position + 1)) && text.contains(style.name), "{text}");
        }
    }
    assert_eq!(outcomes.of("every-style")["is_done"], true);
    let (done, evidence) =
        (learner.progress()["done"].as_u64().unwrap(), learner.exercise("every-style")["evidence"].to_string());
    assert!(done >= 3 && PROTOCOLS.iter().all(|style| evidence.contains(style.name)), "{done}: {evidence}");
}

fn the_stream_says_what_is_missing_and_then_what_was_done() {
    let server = TestServer::open();
    let (learner, other) = (Learner::new(&server, "one"), Learner::new(&server, "two"));
    let (mut outcomes, mut others) = (learner.outcomes(), other.outcomes());
    learner.call(0, 2);
    let missed = json!({"exercise": "read-a-user", "title": "Read a user", "is_done": false, "text": "you have read user 2, not user 1"});
    assert_eq!(outcomes.of("read-a-user"), missed);
    assert_eq!(learner.exercise("read-a-user")["near_miss"], missed["text"]);
    learner.call(0, 1);
    assert_eq!(outcomes.of("read-a-user")["is_done"], true);
    let exercise = learner.exercise("read-a-user");
    assert!(exercise["done_at"].is_string() && exercise.get("near_miss").is_none(), "{exercise}");
    // Another sandbox has its own.
    other.call(1, 1);
    assert_eq!(others.of("read-a-user")["text"], format!("user 1, over {}", PROTOCOLS[1].name));
}

fn hints_are_counted_and_progress_survives_a_reset() {
    let server = TestServer::open();
    let learner = Learner::new(&server, "hints");
    let hint = || post(&server, "/sandboxes/hints/progress/poll/hint", &json!({}));
    let counts: Vec<_> = (0..3)
        .map(|_| hint().1)
        .map(|one| (one["hints"].as_array().unwrap().len(), one["hints_left"].as_u64()))
        .collect();
    assert_eq!(counts, [(1, Some(1)), (2, Some(0)), (2, Some(0))]);
    let mut outcomes = learner.outcomes();
    learner.call(0, 1);
    outcomes.of("read-a-user");
    assert_eq!(learner.send("POST", "/reset", ""), 200);
    assert_eq!(
        (learner.exercise("poll")["hints_left"].as_u64(), learner.progress()["done"].as_u64()),
        (Some(0), Some(1))
    );
    assert_eq!(learner.send("DELETE", "/progress/read-a-user", ""), 204);
    assert_eq!(learner.progress()["done"], 0);
    learner.call(0, 1);
    assert_eq!(outcomes.of("read-a-user")["is_done"], true, "it can be done again");
    assert_eq!(learner.send("DELETE", "", ""), 204);
    assert_eq!((&learner.progress()["done"], &learner.progress()["exercises"]), (&0.into(), &"off".into()));
}

fn an_answer_in_writing_is_read() {
    let server = TestServer::open();
    let _learner = Learner::new(&server, "answers");
    let answer = |exercise: &str, answer: Value| {
        post(&server, &format!("/sandboxes/answers/progress/{exercise}/answer"), &answer)
    };
    let (status, outcome) = answer("defend", json!({"answer": "REST, of course."}));
    assert_eq!((status, &outcome["text"]), (200, &"16 characters: write at least 200".into()));
    assert_eq!(answer("poll", json!({"answer": "yes"})).0, 422);
    assert_eq!(answer("defend", json!({"answer": "a".repeat(5_001)})).0, 422);
    assert_eq!(answer("defend", json!({"reply": "yes"})).0, 422);
    assert_eq!(answer("no-such", json!({"answer": "yes"})).0, 404);
}

fn what_the_lab_compares_is_not_done_by_the_learner() {
    let server = TestServer::open();
    let learner = Learner::new(&server, "compared");
    let mut outcomes = learner.outcomes();
    let question = json!({"operation": "get_user", "input": {"id": 1}, "n": 1});
    assert_eq!(post(&server, "/sandboxes/compared/lab/compare", &question).0, 200);
    learner.call(0, 2);
    assert_eq!(outcomes.of("read-a-user")["is_done"], false, "the first that counts is the call of user 2");
    assert_eq!(learner.progress()["done"], 0);
}

fn a_sandbox_without_exercises_recognises_nothing() {
    let server = TestServer::open();
    let (on, off) = (Learner::new(&server, "on"), Learner::new(&server, "off"));
    assert_eq!(off.send("PATCH", "", r#"{"exercises": "off"}"#), 200);
    let mut outcomes = on.outcomes();
    off.call(0, 1);
    on.call(0, 1);
    outcomes.of("read-a-user");
    assert_eq!((&off.progress()["done"], &on.progress()["done"]), (&0.into(), &1.into()));
}

fn a_locked_sandbox_shows_its_progress_to_users_alone() {
    let server = TestServer::open();
    let settings = Settings { access: Access::Locked, exercises: Exercises::On, ..Settings::default() };
    Learner::with(&server, "locked", settings);
    let key = demo::api_key(UserId(1));
    for path in ["/sandboxes/locked/progress", "/sandboxes/locked/progress/stream"] {
        assert_eq!(get(&server, path, &[]).status, 401, "{path}");
        assert_eq!(get(&server, path, &[("x-api-key", "wrong")]).status, 401, "{path}");
    }
    assert_eq!(get(&server, "/sandboxes/locked/progress", &[("x-api-key", key.reveal())]).status, 200);
}
