//! GraphQL over HTTP: statuses, media types, codes, and replies that come back as they were written.
#![allow(clippy::unwrap_used)]

mod canned;

use actix_web::dev::ServiceResponse;
use actix_web::http::header::{ALLOW, CONTENT_TYPE};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web::Data};
use canned::reply;
use domain::operations::{OPERATIONS, OperationKind};
use domain::schema::Schema;
use domain::{Error, Operation, Reason, Shop, Value};
use serde_json::json;
use testing::shop;
use wire::{CallRequest, Outcome, WireRequest, WireResponse};

const BOTH: [&str; 2] = ["application/json", "application/graphql-response+json"];

async fn send(shop: Data<Shop>, request: TestRequest) -> ServiceResponse {
    let mount = graphql::adapter().mount;
    let app =
        init_service(App::new().app_data(shop).wrap(from_fn(wire::middleware::middleware)).configure(mount)).await;
    call_service(&app, request.to_request()).await.map_into_boxed_body()
}

async fn body(response: ServiceResponse) -> serde_json::Value {
    assert!(response.headers().get(CONTENT_TYPE).unwrap().to_str().unwrap().ends_with("; charset=utf-8"));
    serde_json::from_slice(&read_body(response).await).unwrap()
}

fn post(accept: &str, body: impl ToString) -> TestRequest {
    let headers = [("content-type", "application/json"), ("accept", accept)];
    headers
        .into_iter()
        .fold(TestRequest::post().uri("/graphql"), |r, h| r.insert_header(h))
        .set_payload(body.to_string())
}

/// The statuses of a request in both media types, and the code of its first error.
async fn refused(request: serde_json::Value) -> ([u16; 2], String) {
    let mut statuses = [0; 2];
    let mut code = String::new();
    for (status, accept) in statuses.iter_mut().zip(BOTH) {
        let response = send(shop(Ok(reply("user"))), post(accept, &request)).await;
        *status = response.status().as_u16();
        let body = body(response).await;
        assert!(body.get("data").is_none(), "{body}");
        code = body["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned();
    }
    (statuses, code)
}

#[actix_web::test]
async fn a_request_error_has_a_status_by_media_type() {
    for (query, statuses, code) in [
        ("{", [200, 400], "GRAPHQL_PARSE_FAILED"),
        ("{ nothingSuch }", [200, 400], "GRAPHQL_VALIDATION_FAILED"),
        ("{ user(id: 1) { nothingSuch } }", [200, 400], "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...f } fragment f on Query { ...f }", [200, 400], "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", [200, 400], "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { orderEvents { seq } }", [200, 400], "GRAPHQL_VALIDATION_FAILED"),
        ("{ user { id } }", [200, 400], "INVALID"),
        ("query Q($id: ID!) { user(id: $id) { id } }", [200, 400], "INVALID"),
        (
            "{ a:__typename b:__typename c:__typename d:__typename e:__typename f:__typename g:__typename h:__typename
            i:__typename j:__typename k:__typename l:__typename m:__typename n:__typename o:__typename p:__typename
            q:__typename r:__typename s:__typename t:__typename u:__typename }",
            [200, 413],
            "TOO_LARGE",
        ),
        (
            "{ users(first:100) { nodes { orders(first:100) { nodes { id userId status total { amount } } } } } }",
            [200, 413],
            "TOO_LARGE",
        ),
    ] {
        assert_eq!(refused(json!({"query": query})).await, (statuses, code.to_owned()), "{query}");
    }
}

#[actix_web::test]
async fn what_is_no_request_has_a_status_of_its_own() {
    let ok = json!({"query": "{ __typename }"}).to_string();
    for (request, status) in [
        (post("*/*", "{ \"not"), 400),
        (post("*/*", "[]"), 400),
        (post("*/*", json!([{"query": "{ __typename }"}])), 400),
        (post("*/*", json!({"documentId": "md5:00"})), 400),
        (post("*/*", json!({"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "00"}}})), 400),
        (post("*/*", json!({"qeury": "{ __typename }"})), 400),
        (post("*/*", json!({"query": "{ __typename }", "variables": []})), 400),
        (post("text/html", &ok), 406),
        (TestRequest::post().uri("/graphql").set_payload(ok.clone()), 415),
        (
            TestRequest::post().uri("/graphql").insert_header(("content-type", "text/plain")).set_payload(ok.clone()),
            415,
        ),
        (post("*/*", " ".repeat(wire::limits::BODY_BYTES_MAX + 1)), 413),
        (TestRequest::get().uri("/graphql"), 400),
        (TestRequest::get().uri("/graphql?query=%7Ba%7D&query=%7Bb%7D"), 400),
        (TestRequest::get().uri("/graphql?query=%7Ba%7D&variables=1"), 400),
        (TestRequest::get().uri("/sandboxes/No/graphql?query=%7B__typename%7D"), 400),
        (TestRequest::delete().uri("/graphql"), 405),
    ] {
        let response = send(shop(Ok(reply("user"))), request).await;
        assert_eq!(response.status().as_u16(), status);
        let body = body(response).await;
        assert!(body["errors"][0]["extensions"]["reason"].is_string() && body.get("data").is_none(), "{body}");
    }
}

#[actix_web::test]
async fn get_looks_and_changes_nothing() {
    let get = |query: &str| send(shop(Ok(reply("order"))), TestRequest::get().uri(&format!("/graphql?query={query}")));
    let response =
        get("query%20Q($id:ID!)%7Border(id:$id)%7Bid%7D%7D&variables=%7B%22id%22:7%7D&operationName=Q").await;
    assert_eq!(response.status().as_u16(), 200);
    let body_of = body(response).await;
    assert_eq!((&body_of["data"], body_of.get("errors")), (&json!({"order": {"id": "7"}}), None));
    for query in
        ["mutation%7Bcancel:cancelOrder(input:%7Bid:7%7D)%7B__typename%7D%7D", "subscription%7BorderEvents%7Bseq%7D%7D"]
    {
        let response = get(query).await;
        assert_eq!(
            (response.status().as_u16(), response.headers().get(ALLOW).unwrap().to_str().unwrap()),
            (405, "POST")
        );
    }
}

/// RFC 9110 sections 8.8.3, 13.1 and 15.4.5: by GET a response is cached and validated; by POST it is not, nor an error.
#[actix_web::test]
async fn what_was_had_by_get_is_not_sent_again() {
    let get = |accept: &str, tags: Option<(&'static str, &str)>| {
        let request =
            TestRequest::get().uri("/graphql?query=%7Border(id:7)%7Bid%7D%7D").insert_header(("accept", accept));
        send(shop(Ok(reply("order"))), tags.into_iter().fold(request, |request, tags| request.insert_header(tags)))
    };
    let errors_of = |response: &ServiceResponse| {
        let progress = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        ["etag", "cache-control", "vary"].map(progress)
    };
    for (accept, ends) in [("*/*", ""), (BOTH[1], "-graphql")] {
        let first = get(accept, None).await;
        let progress = errors_of(&first);
        let tag = progress[0].clone().unwrap();
        assert!(first.status() == 200 && tag.starts_with("\"h") && tag.len() == 19 + ends.len(), "{tag}");
        assert!(tag.trim_end_matches('"').ends_with(ends));
        assert_eq!(progress[1..], ["no-cache", "Accept, Accept-Encoding"].map(|errors_of| Some(errors_of.to_owned())));
        let again = get(accept, Some(("if-none-match", &tag))).await;
        assert_eq!((again.status().as_u16(), errors_of(&again)), (304, progress));
        assert!(!again.headers().contains_key(CONTENT_TYPE) && read_body(again).await.is_empty());
        for (name, tags, status) in [
            ("if-none-match", "\"h0\"", 200),
            ("if-match", tag.as_str(), 200),
            ("if-match", "\"h0\"", 412),
            ("if-none-match", "h0", 400),
        ] {
            assert_eq!(get(accept, Some((name, tags))).await.status().as_u16(), status, "{name}: {tags}");
        }
    }
    let by_post = send(shop(Ok(reply("order"))), post("*/*", json!({"query": "{order(id:7){id}}"}))).await;
    let error = Error::new(Reason::OrderNotFound, "there is no order 7");
    let failed = send(shop(Err(error)), TestRequest::get().uri("/graphql?query=%7Border(id:7)%7Bid%7D%7D")).await;
    for response in [by_post, failed] {
        assert_eq!((response.status().as_u16(), errors_of(&response)), (200, [None, None, None]));
    }
}

#[actix_web::test]
async fn the_grammar_of_september_2025_is_understood() {
    let query = r#""""What it asks.""" query Q("Which." $id: ID!) { order(id: $id) { id } } "A part." fragment f on Order { id }"#;
    let query = query.replace("{ id } }", "{ ...f } }");
    let request = json!({"query": query, "variables": {"id": 7}});
    assert_eq!(body(send(shop(Ok(reply("order"))), post("*/*", request)).await).await["data"]["order"]["id"], "7");
}

#[actix_web::test]
async fn a_failed_field_is_null_and_its_error_says_where() {
    let error = Error::new(Reason::UserNotFound, "there is no user 9");
    for accept in BOTH {
        let query = json!({"query": "{ a: user(id: 9) { id } __typename }"});
        let response = send(shop(Err(error.clone())), post(accept, query)).await;
        assert_eq!(response.status().as_u16(), 200);
        let body = body(response).await;
        assert_eq!(body["data"], json!({"a": null, "__typename": "Query"}));
        let error = json!({
            "message": "there is no user 9; users lists those that exist",
            "locations": [{"line": 1, "column": 3}],
            "path": ["a"],
            "extensions": {"code": "NOT_FOUND", "reason": "user_not_found"},
        });
        assert_eq!(body["errors"], json!([error]));
    }
}

#[actix_web::test]
async fn every_violation_is_reported_whether_the_types_match_or_not() {
    let lines = json!([{"productId": "x", "quantity": 0}, {"productId": "2", "quantity": 100}]);
    let fits = json!({"userId": "1", "lines": lines});
    let does_not = json!({"userId": [], "colour": 1, "lines": [{"productId": "1", "quantity": "many"}]});
    for (input, status, pointers) in [
        (fits, 200, vec!["/lines/0/productId", "/lines/0/quantity", "/lines/1/quantity"]),
        (does_not, 400, vec!["/userId", "/lines/0/quantity", "/colour"]),
    ] {
        let query = "mutation M($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }";
        let request = post(BOTH[1], json!({"query": query, "variables": {"input": input}}));
        let response = send(shop(Ok(reply("order"))), request).await;
        assert_eq!(response.status().as_u16(), status);
        let errors_of = &body(response).await["errors"][0]["extensions"];
        assert_eq!(
            (errors_of["code"].as_str(), errors_of["reason"].as_str()),
            (Some("INVALID"), Some("invalid_input"))
        );
        let progress: Vec<_> =
            errors_of["errors"].as_array().unwrap().iter().map(|v| v["pointer"].as_str().unwrap()).collect();
        assert_eq!(progress, pointers);
    }
}

#[actix_web::test]
async fn pages_are_connections() {
    let query = "{ users { nodes { id } edges { cursor node { id } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
    let response = send(shop(Ok(reply("users"))), post("*/*", json!({"query": query}))).await;
    let users = body(response).await["data"]["users"].clone();
    let cursor = users["edges"][0]["cursor"].clone();
    assert_eq!((&users["nodes"][0]["id"], &users["edges"][0]["node"]["id"]), (&json!("1"), &json!("1")));
    assert_eq!(
        users["pageInfo"],
        json!({"hasNextPage": true, "hasPreviousPage": false, "startCursor": cursor, "endCursor": cursor})
    );
}

/// The required members of an operation's input.
fn least_input(shape: &Schema) -> Value {
    match shape {
        Schema::Int { min, .. } => Value::Int((*min).into()),
        Schema::Id { .. } => Value::Int(1),
        Schema::Text { email, .. } => Value::text(if *email { "a@b" } else { "a" }),
        Schema::Enum(words) => Value::text(words.words[0]),
        Schema::List { item, .. } => Value::List(vec![least_input(item)]),
        Schema::Object(record) => {
            let members = record.members.iter().filter(|member| member.required);
            Value::object(members.map(|member| (member.name, least_input(&member.schema))))
        }
        Schema::Cursor | Schema::Time => Value::Null,
    }
}

async fn result(call_request: &CallRequest, shop: Data<Shop>) -> Outcome {
    let client = graphql::adapter().client;
    let WireRequest::Http(request) = client.encode(call_request) else { panic!("{call_request:?} goes over HTTP") };
    let sent = TestRequest::post().uri(request.uri().path()).set_payload(request.body().clone());
    let sent = request
        .headers()
        .iter()
        .fold(sent, |sent, (name, value)| sent.insert_header((name.as_str(), value.to_str().unwrap())));
    let response = read_body(send(shop, sent).await).await;
    client.decode(call_request, &WireResponse::Http(http::Response::new(response))).unwrap()
}

#[actix_web::test]
async fn both_ends_understand_each_other_about_every_operation() {
    // log_in needs a store, so its reply is decoded below, and tested with the real shop.
    let is_canned = |operation: &&&Operation| operation.kind != OperationKind::Stream && operation.name != "log_in";
    for operation in OPERATIONS.iter().filter(is_canned) {
        let canned = reply(operation.reply_name);
        let call_request = CallRequest::new(operation.name, least_input(&Schema::Object(operation.input)));
        assert_eq!(
            result(&call_request, shop(Ok(canned.clone()))).await,
            Outcome::Reply(canned.to_value()),
            "{}",
            operation.name
        );
    }
}

#[test]
fn a_token_and_a_caller_are_read() {
    let client = graphql::adapter().client;
    let read = |operation: &str, data: serde_json::Value| {
        let incoming = WireResponse::Http(http::Response::new(json!({"data": data}).to_string().into()));
        client.decode(&CallRequest::new(operation, Value::object([])), &incoming).unwrap()
    };
    let token = json!({"token": "e30.e30.c2ln", "expiresAt": "2026-11-20T19:30:00Z"});
    assert_eq!(read("log_in", json!({"logIn": {"token": token}})), Outcome::Reply(reply("token").to_value()));
    let me = json!({"userId": "7", "name": "Ada", "role": "ADMIN", "proof": "API_KEY", "sandbox": "main"});
    let caller = [("user_id", 7.into()), ("name", "Ada".into()), ("role", "admin".into()), ("proof", "api_key".into())];
    let caller = caller.into_iter().chain([("sandbox", "main".into())]);
    assert_eq!(read("who_am_i", json!({"me": me})), Outcome::Reply(Value::object(caller)));
}

#[actix_web::test]
async fn what_is_asked_wrongly_is_refused_at_the_right_place() {
    let order = |status: &str| Value::object([("id", 1.into()), ("status", status.into())]);
    for (operation, input, pointers) in [
        ("get_user", Value::object([]), vec!["/id"]),
        ("get_user", Value::object([("id", Value::Null)]), vec!["/id"]),
        ("get_user", Value::object([("id", "one".into())]), vec!["/id"]),
        ("get_user", Value::object([("id", Value::Bool(true))]), vec!["/id"]),
        ("get_user", Value::object([("id", Value::Int(1)), ("eye_colour", "blue".into())]), vec!["/eye_colour"]),
        ("list_users", Value::object([("limit", "many".into())]), vec!["/limit"]),
        ("list_users", Value::object([("limit", Value::Int(101)), ("after", Value::Int(1))]), vec!["/limit", "/after"]),
        ("set_order_status", order("lost"), vec!["/status"]),
        ("set_order_status", order("PAID"), vec!["/status"]),
        ("create_user", Value::object([]), vec!["/name", "/email"]),
        ("create_user", Value::object([("name", Value::Int(1)), ("email", "a".into())]), vec!["/name", "/email"]),
        ("list_orders", Value::object([("ids", Value::List(vec![1.into(), "x".into()]))]), vec!["/ids/1"]),
    ] {
        let call_request = CallRequest::new(operation, input);
        let Outcome::Refused(refused) = result(&call_request, shop(Ok(reply("order")))).await else {
            panic!("{call_request:?}")
        };
        assert_eq!(refused.reason.as_deref(), Some("invalid_input"), "{call_request:?} {refused:?}");
        let progress: Vec<_> = refused.errors.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(progress, pointers, "{call_request:?} {refused:?}");
    }
    let Outcome::Refused(refused) =
        result(&CallRequest::new("no-such op", Value::object([])), shop(Ok(reply("user")))).await
    else {
        panic!("there is no such operation")
    };
    assert_eq!(
        (refused.code.as_str(), refused.reason.as_deref()),
        ("GRAPHQL_VALIDATION_FAILED", Some("unknown_operation"))
    );
}
