//! An instructor makes a class, sees what it does, and takes the results away.

use super::{Stream, call_measured, each, get};
use auth::demo;
use domain::Sandbox;
use domain::limits::SANDBOXES_MAX;
use domain::sandbox::{Access, Exercises, Settings};
use domain::users::UserId;
use serde_json::{Value, json};
use server::protocols::PROTOCOLS;
use tests::raw::{Line, Response, request_with};
use tests::{TestServer, runtime};
use wire::Address;

tests!(
    only_an_admin_of_main_has_a_class,
    names_become_sandboxes,
    a_class_that_does_not_fit_is_not_begun,
    a_learner_joins_with_a_name,
    the_class_shows_what_everybody_does,
    refusals_in_a_row_show_that_a_learner_is_stuck,
    a_message_reaches_every_learner,
    a_reset_of_all_shops_leaves_their_progress,
    results_are_exported,
);

const ADMIN: UserId = UserId(3);

/// The address of every server, as these requests name it.
fn base() -> Address {
    Address { tls: false, authority: "localhost".to_owned(), prefix: String::new() }
}

/// Sends a request as this user, or without credentials.
fn send(server: &TestServer, method: &str, target: &str, user: Option<UserId>, body: &str) -> Response {
    let mut line = Line::open(&server.address());
    let key = user.map(demo::api_key);
    let headers: Vec<_> = key.iter().map(|key| ("x-api-key", key.reveal())).collect();
    line.send(&request_with(method, target, "application/json", &headers, body.as_bytes()));
    line.response().unwrap()
}

fn as_admin(server: &TestServer, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let response = send(server, method, target, Some(ADMIN), &body.to_string());
    (response.status, serde_json::from_slice(&response.body).unwrap_or_default())
}

fn make(server: &TestServer, names: &[&str]) -> Vec<String> {
    let (status, places) = as_admin(server, "POST", "/class", &json!({"names": names}));
    assert_eq!(status, 200, "{places}");
    each(&places).map(|place| place["sandbox"].as_str().unwrap().to_owned()).collect()
}

fn learner(server: &TestServer, name: &str) -> Value {
    let (_, class) = as_admin(server, "GET", "/class", &Value::Null);
    each(&class["learners"]).find(|learner| learner["name"] == name).unwrap().clone()
}

/// The outcomes of a learner's calls, as they come.
struct Outcomes<'s>(&'s TestServer, &'static str, Stream);

impl Outcomes<'_> {
    fn of<'s>(server: &'s TestServer, name: &'static str) -> Outcomes<'s> {
        Outcomes(server, name, Stream::open(server, &format!("/sandboxes/{name}/progress/stream"), &[]))
    }

    /// The state of the learner, as soon as it is like that.
    fn until(&mut self, is_so: impl Fn(&Value) -> bool) -> Value {
        loop {
            let learner = learner(self.0, self.1);
            if is_so(&learner) {
                return learner;
            }
            self.2.block().expect("the stream goes on");
        }
    }
}

fn call(server: &TestServer, sandbox: &str, style: usize, user: i32) {
    call_measured(&server.address().in_sandbox(sandbox), &PROTOCOLS[style], "get_user", json!({"id": user}));
}

fn configure(server: &TestServer, sandbox: &str, settings: Settings) {
    runtime().block_on(server.shop.store().configure(&Sandbox::parse(sandbox).unwrap(), settings)).unwrap();
}

fn only_an_admin_of_main_has_a_class() {
    for access in [Access::Open, Access::Locked] {
        let server = TestServer::open();
        configure(&server, "main", Settings { access, ..Settings::default() });
        for (method, path, body) in [
            ("GET", "/class", ""),
            ("POST", "/class", r#"{"names": ["a"]}"#),
            ("PUT", "/class/message", r#"{"text": "a"}"#),
            ("POST", "/class/reset", ""),
            ("GET", "/class/progress.csv", ""),
            ("GET", "/class/progress.jsonl", ""),
        ] {
            let status = |user, target: &str| send(&server, method, target, user, body).status;
            assert_eq!(status(None, path), 401, "{method} {path}");
            assert_eq!(status(Some(UserId(1)), path), 403, "{method} {path}");
            assert_eq!(status(Some(ADMIN), &format!("/sandboxes/other{path}")), 403, "{method} {path}");
            assert!([200, 204].contains(&status(Some(ADMIN), path)), "{method} {path}");
        }
        let page = get(&server, "/class", &[("accept", "text/html")]);
        assert_eq!((page.status, page.header("location").ends_with("/#/class")), (303, true));
    }
}

fn names_become_sandboxes() {
    let server = TestServer::open();
    let (status, places) = as_admin(&server, "POST", "/class", &json!({"names": ["Jürgen Groß", " Ada L. "]}));
    let address = |name: &str| base().in_sandbox(name).http("/#/exercises");
    let place = |name: &str, sandbox: &str| json!({"name": name, "sandbox": sandbox, "address": address(sandbox)});
    assert_eq!((status, places), (200, json!([place("Jürgen Groß", "juergen-gross"), place("Ada L.", "ada-l")])));
    assert_eq!(
        make(&server, &["Ada L", "ada-l", "main"]),
        ["ada-l", "ada-l-2", "main-2"],
        "the first is the one before"
    );
    let (_, class) = as_admin(&server, "GET", "/class", &Value::Null);
    let names: Vec<_> = each(&class["learners"]).map(|learner| learner["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ada-l", "ada-l-2", "juergen-gross", "main-2"]);
    for (names, pointer) in [(json!([]), "/names"), (json!(["a", " "]), "/names/1"), (json!(["a", 7]), "/names/1")] {
        let (status, refusal) = as_admin(&server, "POST", "/class", &json!({"names": names}));
        assert_eq!((status, &refusal["errors"][0]["pointer"]), (422, &pointer.into()), "{refusal}");
    }
}

fn a_class_that_does_not_fit_is_not_begun() {
    let server = TestServer::open();
    make(&server, &["ada"]);
    let names: Vec<_> = (0..SANDBOXES_MAX).map(|number| format!("learner {number}")).collect();
    let (status, refusal) = as_admin(&server, "POST", "/class", &json!({"names": names}));
    let message = format!(
        "the class needs {SANDBOXES_MAX} more sandboxes, and {} of {SANDBOXES_MAX} are left; none was made",
        SANDBOXES_MAX - 1
    );
    assert_eq!((status, &refusal["message"]), (503, &message.into()));
    assert!(!server.shop.store().exists(&Sandbox::parse("learner-0").unwrap()));
}

fn a_learner_joins_with_a_name() {
    let server = TestServer::open();
    configure(&server, "main", Settings { access: Access::Locked, ..Settings::default() });
    configure(&server, "taken", Settings::default());
    let join = |query: &str| get(&server, &format!("/class/join{query}"), &[]);
    let form = join("");
    assert_eq!((form.status, form.text().contains("<form action=\"join\">")), (200, true));
    assert!(form.header("content-security-policy").starts_with("default-src 'none'"));
    for _ in 0..2 {
        let joined = join("?name=Ada+L%C3%B6we");
        let place = base().in_sandbox("ada-loewe").http("/#/exercises");
        assert_eq!((joined.status, joined.header("location")), (303, place.as_str()));
    }
    let sandbox = Sandbox::parse("ada-loewe").unwrap();
    assert!(server.shop.store().settings(&sandbox).exercises == Exercises::On);
    for (query, status) in [("?name=taken", 403), ("?name=main", 403), ("?name=%E6%9D%8E", 422)] {
        let refused = join(query);
        assert_eq!((refused.status, refused.text().contains("role=\"alert\"")), (status, true), "{query}");
    }
    let quoted = join("?name=%3C%3E%22");
    assert!(!quoted.text().contains("<>") && quoted.text().contains("&lt;&gt;&quot;"), "{}", quoted.text());
}

fn the_class_shows_what_everybody_does() {
    let server = TestServer::open();
    make(&server, &["ada", "bob"]);
    let nothing =
        json!({"name": "bob", "done": [], "hints": 0, "calls": 0, "styles": [], "refusals": 0, "is_stuck": false});
    assert_eq!(learner(&server, "bob"), nothing);
    let mut outcomes = Outcomes::of(&server, "ada");
    call(&server, "ada", 0, 1);
    call(&server, "ada", 1, 999);
    send(&server, "POST", "/sandboxes/ada/progress/poll/hint", None, "");
    let ada = outcomes.until(|ada| ada["calls"] == 2 && ada["done"] != json!([]));
    assert_eq!(ada["hints"], 1);
    let mut styles = [PROTOCOLS[0].name, PROTOCOLS[1].name];
    styles.sort_unstable();
    assert_eq!((&ada["styles"], &ada["refusals"]), (&json!(styles), &json!(1)), "{ada}");
    let last = &ada["last_call"];
    assert_eq!(
        (&last["style"], &last["operation"], &last["outcome"]),
        (&json!(PROTOCOLS[1].name), &json!("get_user"), &json!("user_not_found"))
    );
    assert!(
        last["at"].is_string()
            && each(&ada["done"]).any(|done| done["name"] == "read-a-user" && done["at"].is_string())
    );
    assert_eq!(learner(&server, "bob"), nothing, "each has their own");
}

fn refusals_in_a_row_show_that_a_learner_is_stuck() {
    let server = TestServer::open();
    make(&server, &["ada"]);
    let mut outcomes = Outcomes::of(&server, "ada");
    (0..8).for_each(|_| call(&server, "ada", 0, 999));
    assert_eq!(outcomes.until(|ada| ada["is_stuck"] == true)["refusals"], 8);
    call(&server, "ada", 0, 2);
    assert_eq!(outcomes.until(|ada| ada["refusals"] == 0)["is_stuck"], false);
}

fn a_message_reaches_every_learner() {
    let server = TestServer::open();
    make(&server, &["ada", "bob"]);
    let mut streams: Vec<_> = ["ada", "bob"]
        .map(|name| Stream::open(&server, &format!("/sandboxes/{name}/progress/stream"), &[]))
        .into_iter()
        .collect();
    let put =
        |text: &str| send(&server, "PUT", "/class/message", Some(ADMIN), &json!({"text": text}).to_string()).status;
    let shown = || -> Value { serde_json::from_slice(&get(&server, "/sandboxes/bob/progress", &[]).body).unwrap() };
    for text in ["Break until ten", ""] {
        assert_eq!(put(text), 204);
        assert_eq!(shown()["message"], text);
        for stream in &mut streams {
            let expected = format!("event: message\ndata: {}\n\n", json!({"message": text}));
            assert!(std::iter::from_fn(|| stream.block()).any(|block| block == expected));
        }
    }
    assert_eq!((put(&"x".repeat(500)), put(&"x".repeat(501))), (204, 422));
    assert_eq!(as_admin(&server, "PUT", "/class/message", &json!({"text": 1})).0, 422);
}

fn a_reset_of_all_shops_leaves_their_progress() {
    let server = TestServer::open();
    make(&server, &["ada"]);
    configure(&server, "other", Settings::default());
    let eve = json!({"name": "Eve", "email": "eve@example.org", "password": "correct-horse"}).to_string();
    let new_user = |sandbox| {
        let created = send(&server, "POST", &format!("/sandboxes/{sandbox}/rest/users"), None, &eve);
        let user: Value = serde_json::from_slice(&created.body).unwrap();
        format!("/sandboxes/{sandbox}/rest/users/{}", user["id"])
    };
    let users = ["ada", "other"].map(new_user);
    let mut outcomes = Outcomes::of(&server, "ada");
    call(&server, "ada", 0, 1);
    let before = outcomes.until(|ada| each(&ada["done"]).any(|done| done["name"] == "read-a-user"));
    assert_eq!(as_admin(&server, "POST", "/class/reset", &Value::Null).0, 204);
    assert_eq!(users.map(|user| get(&server, &user, &[]).status), [404, 200]);
    assert_eq!(learner(&server, "ada"), before);
}

fn results_are_exported() {
    let server = TestServer::open();
    make(&server, &["ada", "bob"]);
    let mut outcomes = Outcomes::of(&server, "ada");
    call(&server, "ada", 0, 1);
    send(&server, "POST", "/sandboxes/bob/progress/poll/hint", None, "");
    outcomes.until(|ada| each(&ada["done"]).any(|done| done["name"] == "read-a-user"));
    let export = |path: &str| send(&server, "GET", path, Some(ADMIN), "");
    let table = export("/class/progress.csv");
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8; header=present");
    let lines: Vec<_> = table.text().split("\r\n").map(str::to_owned).collect();
    assert_eq!(lines[0], "learner,exercise,title,path,lesson,done_at,hints,evidence");
    let row = lines.iter().find(|line| line.starts_with("ada,read-a-user,")).unwrap();
    assert!(row.starts_with("ada,read-a-user,Read a user,first-steps,") && row.contains("\"user 1, over "), "{row}");
    assert!(lines.iter().any(|line| line.starts_with("bob,poll,") && line.ends_with(",,1,")), "{lines:?}");
    let statements = export("/class/progress.jsonl");
    assert_eq!(statements.text(), export("/class/progress.jsonl").text(), "their ids are stable");
    let statements: Vec<Value> = statements.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of_ada = |statement: &&Value| statement["object"]["id"].as_str().unwrap().ends_with("/exercises/read-a-user");
    let statement = statements.iter().find(of_ada).unwrap();
    assert_eq!(statement["actor"]["account"], json!({"homePage": base().http(""), "name": "ada"}));
    assert_eq!(statement["verb"]["id"], "http://adlnet.gov/expapi/verbs/completed");
    let id = statement["id"].as_str().unwrap();
    assert_eq!((id.len(), &id[14..15], id.matches('-').count()), (36, "5", 4), "{id}");
    assert!(statements.iter().all(|statement| statement["actor"]["account"]["name"] == "ada"), "bob has done nothing");
}
