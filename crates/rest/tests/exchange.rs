//! The server half uses HTTP's own means for the decisions of the pipeline.
#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

use actix_web::App;
use actix_web::body::to_bytes;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use domain::rate_limit::{RateLimit, RateLimitKey, RateLimiter};
use domain::shop::ShopConfig;
use domain::{Error, Reason, Reply, Sandbox, Shop};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).map(|value| value.to_str().unwrap()).collect()
    }
}

async fn send(shop: &Data<Shop>, request: TestRequest) -> Answer {
    let app =
        App::new().wrap(from_fn(wire::middleware::middleware)).app_data(shop.clone()).configure(rest::adapter().mount);
    let response = call_service(&init_service(app).await, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = to_bytes(response.into_body()).await.unwrap_or_default();
    Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
}

fn shop() -> Data<Shop> {
    testing::shop(Ok(testing::replies("order").remove(0)))
}

fn refusing(reason: Reason) -> Data<Shop> {
    testing::shop(Err(Error::new(reason, "no")))
}

fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

fn post(path: &str, body: &'static str) -> TestRequest {
    TestRequest::post().uri(path).insert_header(("content-type", "application/json")).set_payload(body)
}

const ORDER: &str = r#"{"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}"#;

#[actix_web::test]
async fn who_comes_without_credentials_is_a_visitor() {
    let answer = send(&shop(), get("/rest/me")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"role":"staff","proof":"none","sandbox":"main"}"#));
    let answer = send(&shop(), post("/rest/login", "{}")).await;
    assert!(answer.status == 422 && answer.body.contains("/password"), "{}", answer.body);
}

/// RFC 9110 section 11.6.1, RFC 6750 section 3, RFC 7617 section 2.1.
#[actix_web::test]
async fn an_unknown_caller_gets_challenges() {
    let basic = "Basic realm=\"parlance\", charset=\"UTF-8\"";
    for path in ["/rest/users/1", "/rest/products", "/rest/events"] {
        let request = get(path).insert_header(("authorization", "Bearer nonsense"));
        let answer = send(&shop(), request.insert_header(("accept", "text/event-stream"))).await;
        assert_eq!(answer.status, 401, "{path}");
        let bearer = format!(
            "Bearer realm=\"parlance\", error=\"invalid_token\", error_description=\"this server accepts no credentials; {}\"",
            wire::credentials::HOW
        );
        assert_eq!(answer.header("www-authenticate"), [bearer.as_str(), basic]);
        assert_eq!(answer.header("content-type"), ["application/problem+json"]);
    }
    let answer = send(&shop(), get("/rest/me").insert_header(("authorization", "Digest x"))).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("www-authenticate"), ["Bearer realm=\"parlance\"", basic]);
}

/// draft-ietf-httpapi-idempotency-key-header, "Error Scenarios".
#[actix_web::test]
async fn a_key_for_another_command_is_422_and_other_conflicts_are_409() {
    for (reason, status) in [(Reason::IdempotencyKeyReused, 422), (Reason::EmailTaken, 409), (Reason::OutOfStock, 409)]
    {
        let answer = send(&refusing(reason), post("/rest/orders", ORDER)).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.body.contains(&format!("\"status\":{status}")) && answer.body.contains(reason.word()));
    }
}

/// A rate limit of three that recovers after half a minute.
#[derive(Default)]
struct Three(AtomicU32);

impl RateLimiter for Three {
    fn acquire(&self, _: &Sandbox, _: RateLimitKey, per_minute: u32) -> Result<RateLimit, RateLimit> {
        let used = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let rate_limit = RateLimit { per_minute, remaining: 3_u32.saturating_sub(used), reset_ms: 29_001 };
        if used > 3 { Err(rate_limit) } else { Ok(rate_limit) }
    }
}

#[actix_web::test]
async fn every_answer_tells_of_the_quota() {
    let limited = |reply: Result<Reply, Error>| {
        let shop = testing::shop(reply).get_ref().clone().with_rate_limiter(Arc::new(Three::default()));
        Data::new(shop.with_config(ShopConfig { rate_per_minute: 3, ..ShopConfig::default() }))
    };
    let shop = limited(Err(Error::new(Reason::OrderNotFound, "no")));
    let requests = [get("/rest/me"), get("/rest/orders/1"), get("/rest/orders?limit=x"), get("/rest/me")];
    for (request, (status, left)) in requests.into_iter().zip([(200, 2), (404, 1), (422, 0), (429, 0)]) {
        let answer = send(&shop, request).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("ratelimit-policy"), ["\"default\";q=3;w=60"]);
        assert_eq!(answer.header("ratelimit"), [format!("\"default\";r={left};t=30")]);
        assert_eq!(answer.header("retry-after"), if status == 429 { vec!["30"] } else { vec![] });
    }
    let unlimited = send(&self::shop(), get("/rest/me")).await;
    assert!(unlimited.header("ratelimit").is_empty() && unlimited.header("ratelimit-policy").is_empty());
}

/// RFC 9110 sections 9.3.7 and 15.5.6.
#[actix_web::test]
async fn another_method_is_405_and_options_tells_which_there_are() {
    let answer = send(&shop(), TestRequest::delete().uri("/rest/me")).await;
    assert_eq!((answer.status, answer.header("allow")), (405, vec!["GET, HEAD, OPTIONS"]));
    let answer = send(&shop(), TestRequest::default().method("OPTIONS".parse().unwrap()).uri("/rest/login")).await;
    assert_eq!((answer.status, answer.header("allow")), (204, vec!["POST, OPTIONS"]));
}

/// RFC 9110 section 12.5.1: `Accept` is about content, and here there is none.
#[actix_web::test]
async fn an_answer_without_content_is_refused_for_no_accept() {
    let nothing = || testing::shop(Ok(testing::replies("nothing").remove(0)));
    for path in ["/rest/users/50", "/rest/webhooks/1"] {
        for accept in ["application/problem+json", "text/html", "*/*;q=0"] {
            let answer = send(&nothing(), TestRequest::delete().uri(path).insert_header(("accept", accept))).await;
            assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{path} {accept}");
        }
    }
}

fn method(name: &str, path: &str) -> TestRequest {
    TestRequest::default().method(name.parse().unwrap()).uri(path)
}

/// RFC 9110 sections 8.8.3 and 13.1.2: each form has a tag of its own, and a client with it gets 304.
#[actix_web::test]
async fn what_is_known_is_not_sent_again() {
    for (path, accept, tag) in [
        ("/rest/orders/1", "application/json", "\"3-864d3c06\""),
        ("/rest/orders/1", "application/xml", "\"3-50eaf9b0\""),
        ("/rest/orders/1?fields=id", "application/json", "\"heae780b141b62740\""),
    ] {
        let call = || get(path).insert_header(("accept", accept));
        let answer = send(&shop(), call()).await;
        assert_eq!((answer.status, answer.header("etag")), (200, vec![tag]), "{path}");
        for known in [tag.to_owned(), format!("W/{tag}"), format!("\"0\", {tag}"), "*".to_owned()] {
            let again = send(&shop(), call().insert_header(("if-none-match", known.as_str()))).await;
            assert_eq!((again.status, again.body.as_str()), (304, ""), "{known}");
            // RFC 9110 section 15.4.5.
            for name in ["etag", "cache-control", "vary"] {
                assert_eq!(again.header(name), answer.header(name), "{name}");
            }
        }
        let other = send(&shop(), call().insert_header(("if-none-match", "\"3\", \"4-00000000\", \"h0\""))).await;
        assert_eq!(other.status, 200);
    }
}

/// Null means absent: the expected version is that of the header.
#[actix_web::test]
async fn a_version_that_is_null_does_not_contradict_if_match() {
    let put = |path: &str, body: &'static str| {
        TestRequest::put().uri(path).insert_header(("content-type", "application/json")).set_payload(body)
    };
    let matching = |body| put("/rest/orders/1/status", body).insert_header(("if-match", "\"3-00000000\""));
    let nothing = r#"{"status":"paid","expected_version":null}"#;
    assert_eq!(send(&shop(), matching(nothing)).await.status, 200);
    let another = r#"{"status":"paid","expected_version":2,"expected_version":null}"#;
    assert_eq!(send(&shop(), matching(another)).await.status, 400, "a member may come once");
    let unknown = send(&shop(), put("/rest/users/1/cart/1", r#"{"quantity":1,"expected_version":null}"#)).await;
    assert_eq!(unknown.status, 422, "where there is no version, it is no member");
}

#[actix_web::test]
async fn cacheable_responses_have_cache_control() {
    let caching = |answer: Answer| answer.header("cache-control").join("|");
    assert_eq!(caching(send(&shop(), get("/rest/orders/1")).await), "no-cache");
    assert_eq!(caching(send(&shop(), get("/rest/me")).await), "no-store");
    assert_eq!(caching(send(&shop(), post("/rest/orders", ORDER)).await), "", "a response to POST is not cached");
}

/// RFC 9110 section 12.5.5 and RFC 4180, RFC 8288.
#[actix_web::test]
async fn a_list_has_three_forms_and_a_link_to_the_next_page() {
    let users = || testing::shop(Ok(testing::replies("users").remove(2)));
    let next = "<http://localhost/rest/users?after=9e7a4f3400000001&fields=id>; rel=\"next\"";
    for (accept, media_type, body) in [
        ("*/*", "application/json", r#"{"items":[{"id":1}],"next":"9e7a4f3400000001"}"#),
        (
            "application/xml",
            "application/xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><users><items><item><id>1</id></item></items><next>9e7a4f3400000001</next></users>",
        ),
        ("text/csv, application/json;q=0.9", "text/csv; charset=utf-8; header=present", "id\r\n1\r\n"),
    ] {
        let answer = send(&users(), get("/rest/users?after=x&fields=id").insert_header(("accept", accept))).await;
        assert_eq!((answer.header("content-type"), answer.body.as_str()), (vec![media_type], body));
        assert_eq!((answer.header("link"), answer.header("vary")), (vec![next], vec!["Accept, Accept-Encoding"]));
    }
}

/// RFC 9110 section 8.8.3.3: compressed content has another tag, which is computed without compressing.
#[actix_web::test]
async fn what_is_large_is_packed() {
    let orders = || testing::shop(Ok(testing::replies("orders").remove(0)));
    let plain = send(&orders(), get("/rest/orders")).await;
    let tag = plain.header("etag")[0].trim_end_matches('"').to_owned();
    for (accepted, coding) in [("gzip", "gzip"), ("br, gzip;q=0.9", "gzip")] {
        let call = || get("/rest/orders").insert_header(("accept-encoding", accepted));
        let answer = send(&orders(), call()).await;
        assert_eq!(
            (answer.header("content-encoding"), answer.header("etag")),
            (vec![coding], vec![&*format!("{tag}-{coding}\"")])
        );
        assert!(answer.body.len() < plain.body.len() / 20);
        let again = send(&orders(), call().insert_header(("if-none-match", format!("{tag}-{coding}\"")))).await;
        assert_eq!((again.status, again.header("content-encoding")), (304, vec![]));
        let other = send(&orders(), call().insert_header(("if-none-match", format!("{tag}\"")))).await;
        assert_eq!(other.status, 200);
    }
    let small = send(&shop(), get("/rest/orders/1").insert_header(("accept-encoding", "gzip"))).await;
    assert_eq!((small.header("content-encoding"), small.header("etag")), (vec![], vec!["\"3-864d3c06\""]));
}

/// RFC 10008: a search with a body. The response has the address of the same by GET, and the accepted media types.
#[actix_web::test]
async fn a_query_is_a_search_with_a_body() {
    let users = testing::shop(Ok(testing::replies("users").remove(2)));
    let call = method("QUERY", "/rest/users?fields=id").insert_header(("content-type", "application/json"));
    let answer = send(&users, call.set_payload(r#"{"ids":[1,2],"limit":1}"#)).await;
    assert_eq!((answer.status, answer.header("accept-query")), (200, vec!["\"application/json\""]));
    assert_eq!(answer.header("location"), ["http://localhost/rest/users?ids=1,2&limit=1&fields=id"]);
    assert_eq!(answer.header("cache-control"), ["no-cache"]);
    let options = send(&users, method("OPTIONS", "/rest/users")).await;
    assert_eq!(options.header("allow"), ["GET, HEAD, QUERY, POST, OPTIONS"]);
    assert_eq!(
        (options.header("accept-query"), options.header("accept-post")),
        (vec!["\"application/json\""], vec!["application/json"])
    );
}

/// RFC 9745 section 2, RFC 8594 section 3.
#[actix_web::test]
async fn an_old_address_says_that_it_is_one() {
    let user = testing::shop(Ok(testing::replies("user").remove(0)));
    for shop in [user, refusing(Reason::UserNotFound)] {
        let answer = send(&shop, get("/rest/customers/7")).await;
        assert_eq!(
            (answer.header("deprecation"), answer.header("sunset")),
            (vec!["@1767225600"], vec!["Fri, 31 Dec 2027 23:59:59 GMT"])
        );
        let links = "<http://localhost/rest/changes>; rel=\"deprecation\"; type=\"text/html\", <http://localhost/rest/users/7>; rel=\"successor-version\"";
        assert_eq!(answer.header("link"), [links]);
    }
    let page = send(&shop(), get("/rest/changes").insert_header(("accept", "text/html"))).await;
    assert!(
        page.status == 200 && page.body.contains("/rest/customers/{id}") && page.body.contains("2026-01-01T00:00:00Z")
    );
}

#[actix_web::test]
async fn every_reason_has_a_page() {
    for reason in Reason::ALL {
        let path = format!("/problems/{}", reason.word());
        let json = send(&shop(), get(&path)).await;
        let problem: serde_json::Value = serde_json::from_str(&json.body).unwrap();
        assert_eq!(
            (json.status, problem["reason"].as_str(), problem["kind"].as_str()),
            (200, Some(reason.word()), Some(reason.kind().word()))
        );
        let page = send(&shop(), get(&path).insert_header(("accept", "text/html,*/*;q=0.8"))).await;
        assert_eq!(
            (page.header("content-type"), page.header("vary")),
            (vec!["text/html; charset=utf-8"], vec!["Accept"])
        );
        assert!(
            page.body.contains(reason.meaning()) && page.body.contains(problem["advice"].as_str().unwrap()),
            "{path}"
        );
    }
    let list = send(&shop(), get("/problems")).await;
    let listed: serde_json::Value = serde_json::from_str(&list.body).unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), Reason::ALL.len());
    let refused = send(&shop(), method("POST", "/problems/internal")).await;
    assert_eq!((refused.status, refused.header("allow")), (405, vec!["GET, HEAD"]));
}
