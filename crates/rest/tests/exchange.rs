//! Does the server half say with HTTP's own means what the door has decided?
#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

use actix_web::App;
use actix_web::body::to_bytes;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use domain::quota::{Payer, Quota, Quotas};
use domain::shop::House;
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
    let app = App::new().wrap(from_fn(wire::front::front)).app_data(shop.clone()).configure(rest::adapter().mount);
    let response = call_service(&init_service(app).await, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = to_bytes(response.into_body()).await.unwrap_or_default();
    Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
}

fn shop() -> Data<Shop> {
    wire::testing::shop(Ok(wire::testing::replies("order").remove(0)))
}

fn refusing(reason: Reason) -> Data<Shop> {
    wire::testing::shop(Err(Error::new(reason, "no")))
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
async fn who_is_not_known_is_told_how_to_become_known() {
    let basic = "Basic realm=\"parlance\", charset=\"UTF-8\"";
    for path in ["/rest/users/1", "/rest/products", "/rest/events"] {
        let request = get(path).insert_header(("authorization", "Bearer nonsense"));
        let answer = send(&shop(), request.insert_header(("accept", "text/event-stream"))).await;
        assert_eq!(answer.status, 401, "{path}");
        let told =
            "Bearer realm=\"parlance\", error=\"invalid_token\", error_description=\"this shop knows no credentials\"";
        assert_eq!(answer.header("www-authenticate"), [told, basic]);
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

/// A quota of three that comes back after half a minute.
#[derive(Default)]
struct Three(AtomicU32);

impl Quotas for Three {
    fn spend(&self, _: &Sandbox, _: Payer, per_minute: u32) -> Result<Quota, Quota> {
        let spent = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let quota = Quota { per_minute, left: 3_u32.saturating_sub(spent), wait_ms: 29_001 };
        if spent > 3 { Err(quota) } else { Ok(quota) }
    }
}

#[actix_web::test]
async fn every_answer_tells_of_the_quota() {
    let limited = |reply: Result<Reply, Error>| {
        let shop = wire::testing::shop(reply).get_ref().clone().with_quotas(Arc::new(Three::default()));
        Data::new(shop.with_house(House { rate_per_minute: 3, ..House::default() }))
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
