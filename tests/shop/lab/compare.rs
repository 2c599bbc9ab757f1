//! The page's comparisons match the wire, and hide secrets.

use super::{copies_in, each, post, post_ok, server};
use auth::demo;
use domain::Sandbox;
use domain::sandbox::{Access, Settings};
use domain::users::UserId;
use serde_json::{Value, json};
use server::protocols::PROTOCOLS;
use tests::{TestServer, runtime};

tests!(
    the_numbers_match_the_bytes,
    refusals_are_compared_too,
    the_styles_of_http_go_over_http_2_if_asked,
    different_replies_are_not_timed,
    a_command_runs_in_temporary_sandboxes,
    a_locked_sandbox_is_called_with_the_callers_credentials,
    secrets_are_redacted_in_every_style,
    issued_tokens_are_redacted,
    invalid_requests_are_refused,
    each_reported_round_trip_was_delayed,
);

/// As few calls as possible.
fn requested(operation: &str, input: Value) -> Value {
    json!({"operation": operation, "input": input, "n": 1})
}

fn the_numbers_match_the_bytes() {
    for (operation, input) in [("get_user", json!({"id": 1})), ("search_products", json!({"limit": 40}))] {
        let comparison = post_ok(server(), "/lab/compare", &requested(operation, input));
        assert_eq!((&comparison["equal"], each(&comparison["styles"]).count()), (&true.into(), PROTOCOLS.len()));
        for row in each(&comparison["styles"]) {
            for (direction, parts) in [("request", "sent"), ("response", "received")] {
                let counted = &row["call"][direction];
                assert_eq!(sums(&row["wire"][parts]), sums_of(counted), "{} of {}", direction, row["style"]);
            }
            assert_eq!(row["round_trips"]["warm"], 1);
            let is_socket = row["style"] == "websocket";
            assert_eq!(row["round_trips"]["cold"], if is_socket { 3 } else { 2 }, "TCP's, the call's, the handshake's");
            assert_eq!(row["time_us"]["n"], 1);
        }
    }
}

fn the_styles_of_http_go_over_http_2_if_asked() {
    let body = |http2: bool| json!({"operation": "get_user", "input": {"id": 1}, "n": 1, "http2": http2});
    let versions = |http2: bool| -> Vec<(String, String)> {
        let comparison = post_ok(server(), "/lab/compare", &body(http2));
        assert_eq!(comparison["equal"], true);
        for row in each(&comparison["styles"]) {
            let (is_http2, sent) = (row["http_version"] == "HTTP/2", &row["wire"]["sent"]);
            // The messages are shown as they were sent: in frames with a header of nine bytes, or in text.
            assert_eq!(each(sent).any(|part| http2_payload(part).is_some()), is_http2, "{sent}");
            let has_settings = each(&row["wire"]["handshake"]["sent"]).any(|part| part["opcode"] == "SETTINGS");
            assert_eq!(has_settings, is_http2, "{row}");
            let curl = each(&row["snippets"]).find(|snippet| snippet["name"] == "curl");
            let over_http2 =
                curl.is_some_and(|curl| curl["text"].as_str().unwrap().contains("--http2-prior-knowledge"));
            // The message of gRPC that a person writes is one of Connect, which goes over both.
            assert_eq!(over_http2, http2 && row["style"] != "websocket", "{curl:?}");
        }
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        each(&comparison["styles"]).map(|row| (text(&row["style"]), text(&row["http_version"]))).collect()
    };
    for (style, version) in versions(false) {
        assert_eq!(version == "HTTP/2", style == "grpc", "{style}");
    }
    for (style, version) in versions(true) {
        assert_eq!(version == "HTTP/2", style != "websocket", "{style}");
    }
}

/// Headers, body and framing of the parts, counted again.
fn sums(parts: &Value) -> [u64; 3] {
    let length = |value: &Value| value.as_str().unwrap().len() as u64;
    let mut sums = [0; 3];
    for part in each(parts) {
        if part["kind"] == "http" {
            assert!(part.get("chunks").is_none(), "{part}");
            sums[0] += length(&part["head"]);
            sums[1] += length(&part["body"]);
        } else if let Some(payload) = http2_payload(part) {
            let kind = part["opcode"].as_str().unwrap();
            let at = match kind {
                "HEADERS" | "CONTINUATION" => 0,
                "DATA" => 1,
                _ => 2,
            };
            sums[at] += payload;
            sums[2] += HTTP2_HEADER_BYTES;
        } else {
            sums[1] += length(&part["text"]);
            // Two digits for each byte, and a space between them.
            sums[2] += (length(&part["hex"]) + 1) / 3;
        }
    }
    sums
}

/// Bytes before the payload of a frame of HTTP/2 (RFC 9113 section 4.1).
const HTTP2_HEADER_BYTES: u64 = 9;

/// The length of a frame's payload, which its first three bytes say; `None` if it is one of a WebSocket, whose header is never as long.
fn http2_payload(part: &Value) -> Option<u64> {
    let bytes: Vec<&str> = part["hex"].as_str()?.split(' ').collect();
    let is_http2 = bytes.len() as u64 == HTTP2_HEADER_BYTES;
    is_http2.then(|| u64::from_str_radix(&bytes[..3].concat(), 16).unwrap())
}

fn sums_of(counted: &Value) -> [u64; 3] {
    ["headers", "body", "framing"].map(|part| counted[part].as_u64().unwrap())
}

fn refusals_are_compared_too() {
    let cases = [
        ("get_user", json!({"id": "x"}), "invalid_input", "invalid"),
        ("get_user", json!({"id": 51}), "user_not_found", "not_found"),
        ("no_such_operation", json!({}), "unknown_operation", "unknown_operation"),
    ];
    for (operation, input, reason, kind) in cases {
        let comparison = post_ok(server(), "/lab/compare", &requested(operation, input));
        let refused = &comparison["refused"];
        assert_eq!((&refused["reason"], &refused["kind"]), (&reason.into(), &kind.into()), "{comparison}");
        assert!(each(&comparison["styles"]).all(|row| row["time_us"]["n"] == 1));
    }
}

fn different_replies_are_not_timed() {
    // In a merge patch null removes, and a name can't be removed; in every other style null means absent.
    let comparison = post_ok(server(), "/lab/compare", &requested("update_user", json!({"id": 1, "name": null})));
    assert_eq!(comparison["equal"], false);
    assert_eq!(each(&comparison["differences"]).count(), PROTOCOLS.len() - 1);
    assert!(each(&comparison["differences"]).all(|one| one["style"] != "rest" && each(&one["places"]).count() > 0));
    for row in each(&comparison["styles"]) {
        let parts = if row["style"] == "grpc" { 3 } else { 1 };
        assert!(row.get("time_us").is_none() && each(&row["wire"]["received"]).count() == parts, "{row}");
    }
}

fn a_command_runs_in_temporary_sandboxes() {
    let over = json!(["rest", "websocket"]);
    let body = json!({"operation": "update_product", "input": {"id": 1, "description": "New."}, "over": over, "n": 1});
    let comparison = post_ok(server(), "/lab/compare", &body);
    assert_eq!((&comparison["equal"], &comparison["answer"]["description"]), (&true.into(), &"New.".into()));
    let copies = copies_in(&comparison, "compare-");
    assert_eq!(copies.len(), 2, "{comparison}");
    assert!(copies.iter().all(|name| !server().shop.store().exists(&Sandbox::parse(name).unwrap())), "{copies:?}");
    let product = super::get(server(), "/rest/products/1", &[]);
    assert!(!product.text().contains("New."), "the shop itself is as it was");
}

fn a_locked_sandbox_is_called_with_the_callers_credentials() {
    let (sandbox, settings) =
        (Sandbox::parse("locked").unwrap(), Settings { access: Access::Locked, ..Settings::default() });
    runtime().block_on(server().shop.store().configure(&sandbox, settings)).unwrap();
    let key = demo::api_key(UserId(1)).reveal().to_owned();
    let call_request = |operation: &str, input: &Value, key: Option<&str>| {
        let body = json!({"operation": operation, "input": input, "over": ["rest", "xmlrpc"], "n": 1, "api_key": key});
        post_ok(server(), "/sandboxes/locked/lab/compare", &body)
    };
    let order = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]});
    for (operation, input) in [("get_user", json!({"id": 1})), ("place_order", order)] {
        let anonymous = call_request(operation, &input, None);
        assert_eq!(anonymous["refused"]["reason"], "credentials_missing", "{operation}");
        let statuses: Vec<&str> = each(&anonymous["styles"]).map(status).collect();
        assert_eq!(statuses, ["401", "200"], "XML-RPC says it in a fault");
        assert_eq!(
            call_request(operation, &input, Some("wrong"))["refused"]["reason"],
            "credentials_wrong",
            "{operation}"
        );
        assert!(call_request(operation, &input, Some(&key)).get("answer").is_some(), "{operation}");
    }
}

/// The status of the last response.
fn status(row: &Value) -> &str {
    let head = row["wire"]["received"][0]["head"].as_str().unwrap();
    head.split(' ').nth(1).unwrap()
}

fn secrets_are_redacted_in_every_style() {
    let (key, password) = (demo::api_key(UserId(3)).reveal().to_owned(), "correct-horse");
    let input = json!({"name": "Eve", "email": "eve@example.com", "password": password});
    let body = json!({"operation": "create_user", "input": input, "n": 1, "api_key": key});
    let comparison = post_ok(server(), "/lab/compare", &body);
    assert_eq!(comparison["equal"], true);
    for row in each(&comparison["styles"]) {
        let shown = row["wire"].to_string();
        assert!(!shown.contains(password) && !shown.contains(&key), "{shown}");
        assert!(shown.contains(&"*".repeat(password.len())) && shown.contains(&"*".repeat(key.len())), "{shown}");
        let snippets = row["snippets"].to_string();
        assert!(snippets.contains(password) && snippets.contains(&key), "who pastes it sends the same");
    }
}

fn issued_tokens_are_redacted() {
    let input = json!({"email": "ada@example.com", "password": demo::PASSWORD});
    let body = json!({"operation": "log_in", "input": input, "over": ["soap", "graphql"], "n": 1});
    let comparison = post_ok(server(), "/lab/compare", &body);
    assert_eq!(comparison["answer"]["token"], "(a token)");
    for row in each(&comparison["styles"]) {
        // A signed token has three parts with dots between, the first of which starts like this (RFC 7515 section 3.1).
        assert!(!row["wire"].to_string().contains("eyJ"), "{row}");
    }
}

fn invalid_requests_are_refused() {
    let cases = [
        (json!({}), "/operation"),
        (json!({"operation": "watch_events"}), "/operation"),
        (json!({"operation": "get_user", "over": ["rest", "corba"]}), "/over/1"),
        (json!({"operation": "get_user", "n": 101}), "/n"),
        (json!({"operation": "get_user", "api_key": "a\r\nb"}), "/api_key"),
        (json!({"operation": "get_user", "http2": "yes"}), "/http2"),
        (json!({"operation": "get_user", "verbose": true}), "/verbose"),
    ];
    for (body, pointer) in cases {
        let (status, refusal) = post(server(), "/lab/compare", &body);
        assert_eq!((status, &refusal["reason"]), (422, &"invalid_input".into()), "{body}");
        assert_eq!(refusal["errors"][0]["pointer"], pointer, "{refusal}");
    }
    let (status, _) = post(server(), "/lab/compare", &json!([]));
    assert_eq!(status, 422);
    let refused = super::get(server(), "/lab/compare", &[]);
    assert_eq!((refused.status, refused.header("allow")), (405, "POST"));
}

fn each_reported_round_trip_was_delayed() {
    let server = TestServer::open();
    let (sandbox, settings) = (Sandbox::parse("far").unwrap(), Settings { rtt_ms: 20, ..Settings::default() });
    runtime().block_on(server.shop.store().configure(&sandbox, settings)).unwrap();
    let comparison = post_ok(&server, "/sandboxes/far/lab/compare", &requested("get_user", json!({"id": 1})));
    for row in each(&comparison["styles"]) {
        let us = |state: &str| row["time_us"][format!("{state}_median")].as_f64().unwrap();
        let trips = |state: &str| row["round_trips"][state].as_f64().unwrap();
        assert!(us("cold") >= trips("cold") * 20_000.0 && us("warm") >= trips("warm") * 20_000.0, "{row}");
    }
}
