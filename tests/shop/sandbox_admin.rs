//! Sandbox administration: addresses that belong to no style, and who may use them.

use crate::trials::{Alone, PerStyle, Trials};
use domain::access::Credentials;
use domain::users::UserId;
use serde_json::{Value, json};
use std::sync::Arc;
use tests::raw::{Line, Response, request_with};
use tests::{Conversation, TestServer, ValueAccess};
use wire::{Adapter, credentials};

/// Once, because no protocol is involved.
const ALONE: &[Alone] = &[
    ("settings are returned, and reading creates no sandbox", returns_settings),
    ("PATCH changes the named members and leaves the rest", set),
    ("PATCH refuses invalid settings, and changes nothing", refused),
    ("everybody manages an open sandbox, admins a locked one", who),
    ("settings survive a reset, and end with the sandbox", outlives),
];

/// Tests over every protocol.
const TESTS: &[PerStyle] = &[("what is set counts from the next question on", counts)];

pub fn tests(trials: &mut Trials) {
    trials.alone(ALONE);
    trials.per_style(TESTS);
}

/// Sends a request about a sandbox.
fn send_request(server: &TestServer, method: &str, target: &str, who: Option<i32>, body: &str) -> Response {
    let key = who.map(|id| Credentials::ApiKey(auth::demo::api_key(UserId(id))));
    let header = key.as_ref().and_then(credentials::header);
    let headers: Vec<_> = header.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut line = Line::open(&server.address());
    line.send(&request_with(method, target, "application/json", &headers, body.as_bytes()));
    line.response().expect("an answer")
}

fn object(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_else(|error| panic!("{error}: {}", response.text()))
}

/// The settings of a sandbox.
fn settings(server: &TestServer, target: &str) -> Value {
    let response = send_request(server, "GET", target, None, "");
    assert_eq!(response.status, 200, "{}", response.text());
    object(&response)
}

fn returns_settings(server: &Arc<TestServer>) {
    let name = server.new_name();
    let target = format!("/sandboxes/{name}");
    let new =
        json!({"name": name, "access": "open", "rate_per_minute": 0, "rtt_ms": 0, "exercises": "off", "exists": false});
    assert_eq!(settings(server, &target), new);
    assert_eq!(settings(server, &target), new, "looking makes none");
    assert_eq!(settings(server, "/sandboxes/main")["access"], "open");
    for (method, target, status) in [
        ("GET", "/sandboxes/BAD", 404),
        ("PATCH", "/sandboxes/BAD", 404),
        ("PUT", target.as_str(), 405),
        ("GET", "/sandboxes/main/reset", 405),
    ] {
        let response = send_request(server, method, target, None, "");
        assert_eq!((response.status, &object(&response)["reason"]), (status, &json!("unknown_operation")), "{target}");
        assert_eq!(response.header("allow").is_empty(), status != 405, "RFC 9110 section 15.5.6");
    }
}

fn set(server: &Arc<TestServer>) {
    let target = format!("/sandboxes/{}", server.new_name());
    for (body, access, rate_per_minute, rtt_ms) in [
        (r#"{"rtt_ms":5}"#, "open", 0, 5),
        (r#"{"rate_per_minute":1000000,"rtt_ms":5000}"#, "open", 1_000_000, 5_000),
        (r#"{"rtt_ms":0,"access":null}"#, "open", 1_000_000, 0),
        (r#"{"rate_per_minute":0}"#, "open", 0, 0),
        ("{}", "open", 0, 0),
        (r#"{"access":"locked"}"#, "locked", 0, 0),
        (r#"{"rate_per_minute":60}"#, "locked", 60, 0),
        (r#"{"access":"open"}"#, "open", 60, 0),
    ] {
        let changed = object(&send_request(server, "PATCH", &target, Some(3), body));
        let is = json!([access, rate_per_minute, rtt_ms]);
        assert_eq!(json!([changed["access"], changed["rate_per_minute"], changed["rtt_ms"]]), is, "{body}: {changed}");
        assert_eq!(settings(server, &target), changed, "{body}");
    }
}

fn refused(server: &Arc<TestServer>) {
    let target = format!("/sandboxes/{}", server.new_name());
    let before = settings(server, &target);
    for (body, status, pointer) in [
        ("", 400, None),
        ("{", 400, None),
        (r#"{"rtt_ms":1,"rtt_ms":2}"#, 400, None),
        (r#"{"access":"ajar","rtt_ms":1}"#, 422, Some("/access")),
        (r#"{"access":"locked","rtt_ms":5001}"#, 422, Some("/rtt_ms")),
        (r#"{"rtt_ms":-1}"#, 422, Some("/rtt_ms")),
        (r#"{"rtt_ms":"1"}"#, 422, Some("/rtt_ms")),
        (r#"{"rate_per_minute":1000001}"#, 422, Some("/rate_per_minute")),
        (r#"{"rate_per_minute":-1}"#, 422, Some("/rate_per_minute")),
        (r#"{"rate_per_minute":1.5}"#, 422, Some("/rate_per_minute")),
        (r#"{"rate":1}"#, 422, Some("/rate")),
        ("[]", 422, Some("")),
    ] {
        let response = send_request(server, "PATCH", &target, None, body);
        let error = object(&response);
        let reason = if status == 400 { "unreadable" } else { "invalid_input" };
        assert_eq!((response.status, error["reason"].as_str()), (status, Some(reason)), "{body}: {error}");
        assert_eq!(error["errors"][0]["pointer"].as_str(), pointer, "{body}: {error}");
    }
    assert_eq!(settings(server, &target), before);
}

fn who(server: &Arc<TestServer>) {
    let target = format!("/sandboxes/{}", server.new_name());
    let reset = format!("{target}/reset");
    let (customer, staff, admin) = (Some(1), Some(2), Some(3));
    for (who, access, then) in [
        (None, "open", 200),
        (customer, "open", 200),
        (staff, "locked", 200),
        (None, "open", 401),
        (customer, "open", 403),
        (staff, "open", 403),
        (admin, "locked", 200),
    ] {
        let response = send_request(server, "PATCH", &target, who, &format!(r#"{{"access":"{access}"}}"#));
        assert_eq!(response.status, then, "{access} by {who:?}: {}", response.text());
        assert_eq!(response.header("www-authenticate").is_empty(), then != 401, "RFC 9110 section 15.5.2");
    }
    // Everybody may read the settings.
    assert_eq!(settings(server, &target)["access"], "locked");
    for (method, target) in [("POST", &reset), ("DELETE", &target)] {
        for (who, reason) in [(None, "credentials_missing"), (customer, "not_allowed"), (staff, "not_allowed")] {
            assert_eq!(object(&send_request(server, method, target, who, ""))["reason"], reason, "{method} by {who:?}");
        }
        assert!([200, 204].contains(&send_request(server, method, target, admin, "").status), "{method}");
    }
    // No user has the key of user 99: wrong credentials are refused, also where none are required.
    let response = send_request(server, "PATCH", &target, Some(99), "{}");
    assert_eq!((response.status, object(&response)["reason"].as_str()), (401, Some("credentials_wrong")));
}

fn outlives(server: &Arc<TestServer>) {
    let target = format!("/sandboxes/{}", server.new_name());
    send_request(server, "PATCH", &target, None, r#"{"rate_per_minute":7,"rtt_ms":1}"#);
    let set = settings(server, &target);
    assert_eq!((&set["rate_per_minute"], &set["exists"]), (&json!(7), &json!(true)));
    assert_eq!(object(&send_request(server, "POST", &format!("{target}/reset"), None, "")), set);
    assert_eq!(send_request(server, "DELETE", &target, None, "").status, 204);
    let gone = settings(server, &target);
    assert_eq!((&gone["rate_per_minute"], &gone["rtt_ms"], &gone["exists"]), (&json!(0), &json!(0), &json!(false)));
}

fn counts(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut client = Conversation::over(server, style);
    let set = |client: &Conversation, body: &str| {
        let response = send_request(server, "PATCH", &client.address().prefix, Some(3), body);
        assert_eq!(response.status, 200, "{}", response.text());
    };
    let reason = |client: &mut Conversation| match client.outcome("get_user", json!({"id": 1})) {
        wire::Outcome::Reply(user) => user.words("name").to_owned(),
        wire::Outcome::Refused(refused) => refused.reason.unwrap_or_default(),
        result => panic!("{result:?}"),
    };
    assert_eq!(reason(&mut client), "Ada Lovelace");
    // On the same connection.
    set(&client, r#"{"access":"locked"}"#);
    assert_eq!(reason(&mut client), "credentials_missing");
    set(&client, r#"{"access":"open","rate_per_minute":1}"#);
    assert_eq!([reason(&mut client), reason(&mut client)], ["Ada Lovelace", "rate_limited"]);
    set(&client, r#"{"rate_per_minute":0,"rtt_ms":1}"#);
    assert_eq!([reason(&mut client), reason(&mut client)], ["Ada Lovelace", "Ada Lovelace"]);
}
