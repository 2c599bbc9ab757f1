//! Tests: a program gets a token when it should, and only then.

use super::*;
use crate::ports::Ports;
use crate::seed::{SeedSize, seed};
use actix_web::App;
use actix_web::dev::ServiceResponse;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use domain::access::{Credentials, Proof, Secret, WhoAmI};
use domain::shop::ShopConfig;
use domain::users::UserId;
use domain::{RequestContext, Sandbox, Shop};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use store::{Location, Sqlite};
use wire::middleware::middleware;

// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const HOME: &str = "http://localhost:3000/callback";

fn shop() -> (Shop, Ports) {
    let store =
        Arc::new(Sqlite::open(Location::Temporary, seed(SeedSize { users: 5, products: 10, orders: 0 })).unwrap());
    Ports::open(store, ShopConfig::default()).unwrap()
}

/// A response with its body.
struct Received {
    status: u16,
    headers: HashMap<String, String>,
    body: String,
}

impl Received {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The parameters of a redirect to the client.
    fn redirected(&self) -> HashMap<String, String> {
        let (uri, query) = self.headers["location"].split_once('?').unwrap();
        assert_eq!((self.status, uri), (303, HOME));
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }
}

async fn send((shop, ports): &(Shop, Ports), request: TestRequest) -> Received {
    let app = App::new().app_data(Data::new(shop.clone())).app_data(Data::new(ports.clone()));
    let app = init_service(app.configure(mount).wrap(from_fn(middleware))).await;
    let request = request.insert_header((header::HOST, "shop.example"));
    let response: ServiceResponse = call_service(&app, request.to_request()).await.map_into_boxed_body();
    let text = |value: &header::HeaderValue| value.to_str().unwrap().to_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let status = response.status().as_u16();
    Received { status, headers, body: String::from_utf8(read_body(response).await.to_vec()).unwrap() }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn post(path: &str, pairs: &[(&str, &str)]) -> TestRequest {
    let form = (header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    TestRequest::post().uri(path).insert_header(form).set_payload(encoded(pairs))
}

/// The parameters of a valid request, with one replaced; an empty name replaces none.
fn authorization<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", "demo-app"),
        ("redirect_uri", HOME),
        ("state", "a&b"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    pairs.retain(|(other, _)| *other != name);
    pairs.extend((!name.is_empty()).then_some((name, value)));
    pairs
}

fn consenting<'a>(decision: &'a str, password: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut pairs = authorization("", "");
    pairs.extend([("email", "Ada@example.com"), ("password", password), ("decision", decision)]);
    pairs
}

fn exchange(code: &str) -> Vec<(&str, &str)> {
    let grant = ("grant_type", "authorization_code");
    vec![grant, ("code", code), ("redirect_uri", HOME), ("client_id", "demo-app"), ("code_verifier", VERIFIER)]
}

/// The user that a token belongs to; `None` if the shop refuses it.
async fn who((shop, _): &(Shop, Ports), sandbox: &str, response: &Received) -> Option<UserId> {
    let token = response.json()["access_token"].as_str().unwrap().to_owned();
    let credentials = Credentials::Token(Secret::new(token));
    let context = RequestContext { credentials, ..RequestContext::new("test", Sandbox::parse(sandbox).unwrap()) };
    let caller = shop.call(&context, WhoAmI {}).await.ok()?;
    assert_eq!(caller.proof, Proof::Token);
    caller.user_id
}

#[actix_web::test]
async fn a_service_acts_for_itself() {
    let shop = shop();
    let grant = ("grant_type", "client_credentials");
    let in_body = [grant, ("client_id", "demo-service"), ("client_secret", "demo-service-secret")];
    let response = send(&shop, post("/oauth/token", &in_body)).await;
    assert_eq!((response.status, response.headers["cache-control"].as_str()), (200, "no-store"));
    assert_eq!((&response.json()["token_type"], &response.json()["expires_in"]), (&json!("Bearer"), &json!(3_600)));
    assert_eq!(who(&shop, "main", &response).await, Some(UserId(2)));
    let basic = |secret: &str| ("authorization", format!("Basic {}", base64_of(&format!("demo%2Dservice:{secret}"))));
    let at_alice = "/sandboxes/alice/oauth/token";
    let response = send(&shop, post(at_alice, &[grant]).insert_header(basic("demo-service-secret"))).await;
    assert_eq!(who(&shop, "alice", &response).await, Some(UserId(2)));
    assert_eq!(who(&shop, "main", &response).await, None, "a token is for its sandbox");
    let response = send(&shop, post("/oauth/token", &[grant]).insert_header(basic("wrong"))).await;
    assert_eq!((response.status, &response.json()["error"]), (401, &json!("invalid_client")));
    assert!(response.headers["www-authenticate"].starts_with("Basic"));
}

fn base64_of(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[actix_web::test]
async fn a_person_consents_and_the_app_gets_a_token_once() {
    let shop = shop();
    let page =
        send(&shop, TestRequest::get().uri(&format!("/oauth/authorize?{}", encoded(&authorization("", ""))))).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("value=\"a&amp;b\"") && page.body.contains("<label for=\"password\">"));
    let policy = &page.headers["content-security-policy"];
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self' http://localhost:3000;"));

    let redirected = send(&shop, post("/oauth/authorize", &consenting("allow", "parlance"))).await.redirected();
    assert_eq!((redirected["state"].as_str(), redirected["iss"].as_str()), ("a&b", "http://shop.example"));
    let response = send(&shop, post("/oauth/token", &exchange(&redirected["code"]))).await;
    assert_eq!(who(&shop, "main", &response).await, Some(UserId(1)));
    let again = send(&shop, post("/oauth/token", &exchange(&redirected["code"]))).await;
    assert_eq!((again.status, &again.json()["error"]), (400, &json!("invalid_grant")));
}

#[actix_web::test]
async fn a_denial_or_a_wrong_password_gives_no_code() {
    let shop = shop();
    let denied = send(&shop, post("/oauth/authorize", &consenting("deny", ""))).await.redirected();
    assert_eq!((denied["error"].as_str(), denied["state"].as_str()), ("access_denied", "a&b"));
    assert!(!denied.contains_key("code") && denied.contains_key("iss"));
    let wrong = send(&shop, post("/oauth/authorize", &consenting("allow", "pa\"><b>"))).await;
    assert_eq!(wrong.status, 403);
    assert!(wrong.body.contains("role=\"alert\">no user has") && wrong.body.contains("value=\"Ada@example.com\""));
    assert!(!wrong.body.contains("<b>"), "a password is never repeated");
    let undecided = send(&shop, post("/oauth/authorize", &authorization("", ""))).await;
    assert_eq!((undecided.status, undecided.headers.contains_key("location")), (400, false));
}

#[actix_web::test]
async fn an_unregistered_address_gets_no_redirect() {
    let shop = shop();
    for (name, value) in [
        ("client_id", "unknown-app"),
        ("client_id", "demo-service"),
        ("client_id", ""),
        ("redirect_uri", "http://attacker.example/"),
        ("redirect_uri", "http://localhost:3000/callback#<script>"),
        ("redirect_uri", ""),
        ("state", &"x".repeat(1_001)),
    ] {
        let query = encoded(&authorization(name, value));
        for request in [
            TestRequest::get().uri(&format!("/oauth/authorize?{query}")),
            post("/oauth/authorize", &authorization(name, value)),
        ] {
            let response = send(&shop, request).await;
            assert_eq!((response.status, response.headers.contains_key("location")), (400, false), "{name} {value}");
            assert!(!response.body.contains("<script>"));
        }
    }
    let twice = format!("/oauth/authorize?{}&redirect_uri=x", encoded(&authorization("", "")));
    assert_eq!(send(&shop, TestRequest::get().uri(&twice)).await.status, 400);
}

#[actix_web::test]
async fn a_client_gets_its_other_errors_by_a_redirect() {
    let shop = shop();
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("scope", "everything", "invalid_scope"),
    ] {
        let response =
            send(&shop, TestRequest::get().uri(&format!("/oauth/authorize?{}", encoded(&authorization(name, value)))))
                .await;
        let response = response.redirected();
        assert_eq!((response["error"].as_str(), response["state"].as_str()), (error, "a&b"), "{name} {value}");
        assert_eq!(response["iss"], "http://shop.example");
    }
}

#[actix_web::test]
async fn the_token_endpoint_refuses_in_its_own_words() {
    let shop = shop();
    let (id, secret) = (("client_id", "demo-service"), ("client_secret", "demo-service-secret"));
    let (app, code) = (("client_id", "demo-app"), ("grant_type", "authorization_code"));
    let service = ("grant_type", "client_credentials");
    for (form, status, error) in [
        (vec![id, secret], 400, "invalid_request"),
        (vec![id, secret, ("grant_type", "password")], 400, "unsupported_grant_type"),
        (vec![id, service], 401, "invalid_client"),
        (vec![service], 401, "invalid_client"),
        (vec![app, secret, service], 401, "invalid_client"),
        (vec![app, service], 400, "unauthorized_client"),
        (vec![id, secret, code], 400, "unauthorized_client"),
        (vec![id, secret, service, service], 400, "invalid_request"),
        (vec![id, secret, service, ("scope", "x")], 400, "invalid_scope"),
        (vec![app, code], 400, "invalid_request"),
        (exchange("guessed"), 400, "invalid_grant"),
    ] {
        let response = send(&shop, post("/oauth/token", &form)).await;
        assert_eq!((response.status, &response.json()["error"]), (status, &json!(error)), "{form:?}");
        assert!(response.headers["cache-control"] == "no-store" && !response.headers.contains_key("www-authenticate"));
    }
    let as_json = TestRequest::post().uri("/oauth/token").set_json(json!({"grant_type": "client_credentials"}));
    assert_eq!(send(&shop, as_json).await.json()["error"], "invalid_request");
    assert_eq!(send(&shop, TestRequest::get().uri("/oauth/token")).await.headers["allow"], "POST");
}

#[actix_web::test]
async fn the_metadata_is_where_the_issuer_says() {
    let shop = shop();
    let at = async |path: &str| send(&shop, TestRequest::get().uri(path)).await.json();
    let main = at("/.well-known/oauth-authorization-server").await;
    assert_eq!(
        (&main["issuer"], &main["token_endpoint"]),
        (&json!("http://shop.example"), &json!("http://shop.example/oauth/token"))
    );
    let alice = at("/.well-known/oauth-authorization-server/sandboxes/alice").await;
    assert_eq!(alice["issuer"], "http://shop.example/sandboxes/alice");
    assert_eq!(alice, at("/sandboxes/alice/.well-known/oauth-authorization-server").await);
    assert_eq!(at("/.well-known/oauth-authorization-server/sandboxes/A").await["reason"], "unknown_operation");
}

#[actix_web::test]
async fn what_a_code_s_page_shows_is_only_shown() {
    let shop = shop();
    let response = send(&shop, TestRequest::get().uri("/oauth/done?code=%3Cscript%3E&state=%22x&other=y")).await;
    assert!(response.body.contains("<code>&lt;script&gt;</code>") && response.body.contains("&quot;x"));
    assert!(response.headers["content-security-policy"].starts_with("default-src 'none';"));
}
