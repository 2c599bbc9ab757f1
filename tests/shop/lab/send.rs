//! The page's console: requests from its own client, and texts that are sent instead.

use super::{each, post, post_ok, server};
use serde_json::{Value, json};
use server::protocols::PROTOCOLS;
use tests::TestServer;

tests!(
    an_order_is_placed_and_processed_over_every_style,
    a_refusal_is_shown_in_the_style_and_normalised,
    a_text_is_sent_as_it_is,
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

fn requests_that_can_not_be_sent_are_refused() {
    for (body, pointer) in [
        (json!({"operation": "get_user"}), "/over"),
        (json!({"operation": "get_user", "over": "corba"}), "/over"),
        (json!({"operation": "watch_events", "over": "rest"}), "/operation"),
        (json!({"operation": "get_user", "over": "rest", "text": 1}), "/text"),
    ] {
        let (status, refusal) = post(server(), "/lab/send", &body);
        assert_eq!((status, &refusal["errors"][0]["pointer"]), (422, &pointer.into()), "{refusal}");
    }
}

fn unchanged_resources_are_not_sent_twice() {
    let rows_json = post_ok(server(), "/lab/again", &json!({"operation": "get_product", "input": {"id": 1}}));
    let rows: Vec<(&str, bool, u64)> = each(&rows_json)
        .map(|row| (row["title"].as_str().unwrap(), row["tagged"] == true, row["status"].as_u64().unwrap()))
        .collect();
    let rest = rows.iter().find(|(title, ..)| title.starts_with("REST")).unwrap();
    let graphql: Vec<_> = rows.iter().filter(|(title, ..)| title.starts_with("GraphQL")).collect();
    assert_eq!((rest.1, rest.2), (true, 304));
    assert_eq!(graphql.iter().map(|row| (row.1, row.2)).collect::<Vec<_>>(), [(true, 304), (false, 200)]);
    for row in each(&rows_json).filter(|row| row["tagged"] == true) {
        assert_eq!(row["again"]["body"], 0);
        assert!(row["first"]["body"].as_u64().unwrap() > 0, "{row}");
    }
}
