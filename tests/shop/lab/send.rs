//! The page's console: requests from its own client, and texts that are sent instead.

use super::{each, post, post_ok, server};
use serde_json::{Value, json};
use server::protocols::PROTOCOLS;
use tests::TestServer;

tests!(
    an_order_is_placed_and_processed_over_every_style,
    a_refusal_is_shown_in_the_style_and_normalised,
    a_text_is_sent_as_it_is,
    the_status_of_graphql_hangs_on_the_accepted_type,
    old_clients_read_what_they_can,
    headers_are_sent_as_they_are,
    requests_that_can_not_be_sent_are_refused,
    unchanged_resources_are_not_sent_twice,
);

fn sent(server: &TestServer, over: &str, operation: &str, more: Value) -> Value {
    let mut body = json!({"over": over, "operation": operation});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    post_ok(server, "/lab/send", &body)
}

fn an_order_is_placed_and_processed_over_every_style() {
    let server = TestServer::open();
    for style in PROTOCOLS.iter() {
        let input = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]});
        let placed = sent(&server, style.name, "place_order", json!({"input": input}));
        let id = placed["answer"]["id"].as_i64().unwrap_or_else(|| panic!("{placed}"));
        let paid = sent(&server, style.name, "set_order_status", json!({"input": {"id": id, "status": "paid"}}));
        assert_eq!((&paid["answer"]["id"], &paid["answer"]["status"]), (&id.into(), &"paid".into()), "{paid}");
        let at = |sent: &Value| sent["sent_at_us"].as_f64().unwrap();
        assert!(at(&paid) > at(&placed) && paid["time_us"].as_f64().unwrap() > 0.0, "{placed} {paid}");
        assert_eq!(paid.get("status"), (style.name != "websocket").then_some(&json!(200)).or(paid.get("status")));
    }
}

fn a_refusal_is_shown_in_the_style_and_normalised() {
    let codes = PROTOCOLS.iter().map(|style| {
        let refused = sent(server(), style.name, "get_user", json!({"input": {"id": 51}}));
        assert_eq!(refused["refused"]["reason"], "user_not_found", "{refused}");
        assert_eq!(refused["refused"]["message"], refused["error"]["message"], "{refused}");
        let status = refused["error"].get("status").and_then(Value::as_u64);
        (style.name, status, refused["error"]["code"].as_str().unwrap().to_owned())
    });
    let expected = [
        ("rest", Some(404), "user_not_found"),
        ("soap", Some(500), "Client"),
        ("jsonrpc", Some(200), "-32004"),
        ("xmlrpc", Some(200), "-32004"),
        ("websocket", None, "user_not_found"),
        ("graphql", Some(200), "NOT_FOUND"),
        ("grpc", Some(200), "NOT_FOUND"),
    ];
    let codes: Vec<_> = codes.collect();
    let returned: Vec<_> = codes.iter().map(|(style, status, code)| (*style, *status, code.as_str())).collect();
    assert_eq!(returned, expected);
}

fn a_text_is_sent_as_it_is() {
    for style in PROTOCOLS.iter() {
        let sent = sent(server(), style.name, "place_order", json!({"text": "{\"half"}));
        assert!(sent["error"]["message"].as_str().is_some_and(|message| !message.is_empty()), "{}: {sent}", style.name);
        assert!(sent.get("answer").is_none());
    }
}

fn the_status_of_graphql_hangs_on_the_accepted_type() {
    for (accept, status) in [("application/json", 200), ("application/graphql-response+json", 400)] {
        let more = json!({"text": r#"{"query": "{ user(id: 1) {"}"#, "accept": accept});
        let sent = sent(server(), "graphql", "get_user", more);
        assert_eq!(sent["status"], status, "{accept}: {sent}");
        let head = sent["wire"]["sent"][0]["head"].as_str().unwrap().to_lowercase();
        assert_eq!(head.matches("accept:").count(), 1, "{head}");
    }
}

/// For each change what becomes of the tolerant and of the strict client of a style.
fn old_clients_read_what_they_can() {
    for (change, usual, graphql) in [
        ("added", ["works", "breaks"], ["works", "works"]),
        ("renamed", ["wrong", "breaks"], ["breaks", "breaks"]),
        ("removed", ["wrong", "breaks"], ["breaks", "breaks"]),
    ] {
        let styles = post_ok(server(), "/lab/old-clients", &json!({"change": change}));
        assert_eq!(each(&styles).count(), PROTOCOLS.len());
        for style in each(&styles).filter(|style| style["named"] == true || style["style"] == "graphql") {
            let words = [&style["tolerant"]["word"], &style["strict"]["word"]];
            let expected = if style["style"] == "graphql" { graphql } else { usual };
            assert_eq!(words, expected, "{change}: {style}");
            let why = style["strict"]["why"].as_str().unwrap();
            assert_eq!(why.is_empty(), expected[1] == "works", "{change}: {style}");
            assert!(style["wire"]["received"].to_string().contains("Laptop") || expected[0] == "breaks", "{style}");
        }
    }
    let (status, refusal) = post(server(), "/lab/old-clients", &json!({"change": "moved"}));
    assert_eq!((status, &refusal["errors"][0]["pointer"]), (422, &"/change".into()), "{refusal}");
}

fn headers_are_sent_as_they_are() {
    let ada = &server::seed::people()[0];
    for style in PROTOCOLS.iter() {
        let with = |headers: Value| sent(server(), style.name, "who_am_i", json!({"headers": headers}));
        let as_ada = with(json!({"Content-Type": content_type(style), "X-API-Key": ada.api_key}));
        assert_eq!(as_ada["answer"]["user_id"], 1, "{}: {as_ada}", style.name);
    }
    let wrong = sent(server(), "soap", "who_am_i", json!({"headers": {"Content-Type": "text/plain"}}));
    assert_eq!(wrong["status"], 415, "{wrong}");
}

/// The media type with which a style's own client sends.
fn content_type(style: &wire::Adapter) -> String {
    match style.client.encode(&wire::CallRequest::new("who_am_i", domain::Value::object([]))) {
        wire::WireRequest::Http(request) => {
            request.headers().get("content-type").map_or("application/json", |value| value.to_str().unwrap()).to_owned()
        }
        _ => "application/json".to_owned(),
    }
}

fn requests_that_can_not_be_sent_are_refused() {
    for (body, pointer) in [
        (json!({"operation": "get_user"}), "/over"),
        (json!({"operation": "get_user", "over": "corba"}), "/over"),
        (json!({"operation": "watch_events", "over": "rest"}), "/operation"),
        (json!({"operation": "get_user", "over": "rest", "text": 1}), "/text"),
        (json!({"operation": "get_user", "over": "rest", "headers": {"a b": ""}}), "/headers"),
        (json!({"operation": "get_user", "over": "rest", "headers": {"a": 1}}), "/headers"),
        (json!({"operation": "get_user", "over": "rest", "headers": []}), "/headers"),
    ] {
        let (status, refusal) = post(server(), "/lab/send", &body);
        assert_eq!((status, &refusal["errors"][0]["pointer"]), (422, &pointer.into()), "{refusal}");
    }
}

fn unchanged_resources_are_not_sent_twice() {
    let rows_json = post_ok(server(), "/lab/again", &json!({"operation": "get_product", "input": {"id": 1}}));
    let rows: Vec<(&str, bool, u64)> = each(&rows_json)
        .map(|row| (row["title"].as_str().unwrap(), row["tagged"] == true, row["status"].as_u64().unwrap_or(0)))
        .collect();
    // GraphQL is read by GET and by POST.
    assert_eq!(rows.len(), PROTOCOLS.len() + 1);
    let rest = rows.iter().find(|(title, ..)| title.starts_with("REST")).unwrap();
    let graphql: Vec<_> = rows.iter().filter(|(title, ..)| title.starts_with("GraphQL")).collect();
    assert_eq!((rest.1, rest.2), (true, 304));
    assert_eq!(graphql.iter().map(|row| (row.1, row.2)).collect::<Vec<_>>(), [(true, 304), (false, 200)]);
    for row in each(&rows_json) {
        let body = |read: &str| row[read]["response"]["body"].as_u64().unwrap();
        let expected = if row["tagged"] == true { 0 } else { body("first") };
        assert_eq!(body("again"), expected, "{row}");
        assert!(body("first") > 0 && row["again"]["request"]["total"].as_u64().unwrap() > 0, "{row}");
        assert_eq!(row["round_trips"], 1, "{row}");
    }
}
