//! Does a program get a token when it should, and only then? The real shop, and requests as they come.

use super::*;
use crate::door::Door;
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
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use store::{Location, Sqlite};
use wire::middleware::middleware;

// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const HOME: &str = "http://localhost:3000/callback";

fn shop() -> (Shop, Door) {
    let store =
        Arc::new(Sqlite::open(Location::Temporary, seed(SeedSize { users: 5, products: 10, orders: 0 })).unwrap());
    Door::open(store, ShopConfig::default()).unwrap()
}

/// An answer, with its body.
struct Told {
    status: u16,
    headers: HashMap<String, String>,
    body: String,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The parameters that somebody is sent back to the client with.
    fn sent_back(&self) -> HashMap<String, String> {
        let (uri, query) = self.headers["location"].split_once('?').unwrap();
        assert_eq!((self.status, uri), (303, HOME));
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }
}

async fn ask((shop, door): &(Shop, Door), request: TestRequest) -> Told {
    let app = App::new().app_data(Data::new(shop.clone())).app_data(Data::new(door.clone()));
    let app = init_service(app.configure(mount).wrap(from_fn(middleware))).await;
    let request = request.insert_header((header::HOST, "shop.example"));
    let response: ServiceResponse = call_service(&app, request.to_request()).await.map_into_boxed_body();
    let text = |value: &header::HeaderValue| value.to_str().unwrap().to_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let status = response.status().as_u16();
    Told { status, headers, body: String::from_utf8(read_body(response).await.to_vec()).unwrap() }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn post(path: &str, pairs: &[(&str, &str)]) -> TestRequest {
    let form = (header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    TestRequest::post().uri(path).insert_header(form).set_payload(encoded(pairs))
}

/// What an honest client asks for, with one parameter otherwise; without a value it is absent.
fn asked<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
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
    let mut pairs = asked("", "");
    pairs.extend([("email", "Ada@example.com"), ("password", password), ("decision", decision)]);
    pairs
}

fn exchange(code: &str) -> Vec<(&str, &str)> {
    let grant = ("grant_type", "authorization_code");
    vec![grant, ("code", code), ("redirect_uri", HOME), ("client_id", "demo-app"), ("code_verifier", VERIFIER)]
}

/// Whom the door takes the bearer of a token for.
async fn who((shop, _): &(Shop, Door), sandbox: &str, told: &Told) -> Option<UserId> {
    let token = told.json()["access_token"].as_str().unwrap().to_owned();
    let credentials = Credentials::Token(Secret::new(token));
    let meta = RequestContext { credentials, ..RequestContext::new("test", Sandbox::parse(sandbox).unwrap()) };
    let caller = shop.call(&meta, WhoAmI {}).await.ok()?;
    assert_eq!(caller.proof, Proof::Token);
    caller.user_id
}

#[actix_web::test]
async fn a_service_acts_for_itself() {
    let shop = shop();
    let grant = ("grant_type", "client_credentials");
    let in_body = [grant, ("client_id", "demo-service"), ("client_secret", "demo-service-secret")];
    let told = ask(&shop, post("/oauth/token", &in_body)).await;
    assert_eq!((told.status, told.headers["cache-control"].as_str()), (200, "no-store"));
    assert_eq!((&told.json()["token_type"], &told.json()["expires_in"]), (&json!("Bearer"), &json!(3_600)));
    assert_eq!(who(&shop, "main", &told).await, Some(UserId(2)));
    let basic = |secret: &str| ("authorization", format!("Basic {}", base64_of(&format!("demo%2Dservice:{secret}"))));
    let at_alice = "/sandboxes/alice/oauth/token";
    let told = ask(&shop, post(at_alice, &[grant]).insert_header(basic("demo-service-secret"))).await;
    assert_eq!(who(&shop, "alice", &told).await, Some(UserId(2)));
    assert_eq!(who(&shop, "main", &told).await, None, "a token is for its sandbox");
    let told = ask(&shop, post("/oauth/token", &[grant]).insert_header(basic("wrong"))).await;
    assert_eq!((told.status, &told.json()["error"]), (401, &json!("invalid_client")));
    assert!(told.headers["www-authenticate"].starts_with("Basic"));
}

fn base64_of(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[actix_web::test]
async fn a_person_consents_and_the_app_gets_a_token_once() {
    let shop = shop();
    let page = ask(&shop, TestRequest::get().uri(&format!("/oauth/authorize?{}", encoded(&asked("", ""))))).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("value=\"a&amp;b\"") && page.body.contains("<label for=\"password\">"));
    let policy = &page.headers["content-security-policy"];
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self' http://localhost:3000;"));

    let sent_back = ask(&shop, post("/oauth/authorize", &consenting("allow", "parlance"))).await.sent_back();
    assert_eq!((sent_back["state"].as_str(), sent_back["iss"].as_str()), ("a&b", "http://shop.example"));
    let told = ask(&shop, post("/oauth/token", &exchange(&sent_back["code"]))).await;
    assert_eq!(who(&shop, "main", &told).await, Some(UserId(1)));
    let again = ask(&shop, post("/oauth/token", &exchange(&sent_back["code"]))).await;
    assert_eq!((again.status, &again.json()["error"]), (400, &json!("invalid_grant")));
}

#[actix_web::test]
async fn who_denies_or_has_not_the_password_gives_nothing() {
    let shop = shop();
    let denied = ask(&shop, post("/oauth/authorize", &consenting("deny", ""))).await.sent_back();
    assert_eq!((denied["error"].as_str(), denied["state"].as_str()), ("access_denied", "a&b"));
    assert!(!denied.contains_key("code") && denied.contains_key("iss"));
    let wrong = ask(&shop, post("/oauth/authorize", &consenting("allow", "pa\"><b>"))).await;
    assert_eq!(wrong.status, 403);
    assert!(wrong.body.contains("role=\"alert\">no user has") && wrong.body.contains("value=\"Ada@example.com\""));
    assert!(!wrong.body.contains("<b>"), "a password is never repeated");
    let undecided = ask(&shop, post("/oauth/authorize", &asked("", ""))).await;
    assert_eq!((undecided.status, undecided.headers.contains_key("location")), (400, false));
}

#[actix_web::test]
async fn nobody_is_sent_where_the_client_has_not_registered() {
    let shop = shop();
    for (name, value) in [
        ("client_id", "nobody"),
        ("client_id", "demo-service"),
        ("client_id", ""),
        ("redirect_uri", "http://attacker.example/"),
        ("redirect_uri", "http://localhost:3000/callback#<script>"),
        ("redirect_uri", ""),
        ("state", &"x".repeat(1_001)),
    ] {
        let query = encoded(&asked(name, value));
        for request in [
            TestRequest::get().uri(&format!("/oauth/authorize?{query}")),
            post("/oauth/authorize", &asked(name, value)),
        ] {
            let told = ask(&shop, request).await;
            assert_eq!((told.status, told.headers.contains_key("location")), (400, false), "{name} {value}");
            assert!(!told.body.contains("<script>"));
        }
    }
    let twice = format!("/oauth/authorize?{}&redirect_uri=x", encoded(&asked("", "")));
    assert_eq!(ask(&shop, TestRequest::get().uri(&twice)).await.status, 400);
}

#[actix_web::test]
async fn a_client_is_told_of_its_other_mistakes() {
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
        let told =
            ask(&shop, TestRequest::get().uri(&format!("/oauth/authorize?{}", encoded(&asked(name, value))))).await;
        let told = told.sent_back();
        assert_eq!((told["error"].as_str(), told["state"].as_str()), (error, "a&b"), "{name} {value}");
        assert_eq!(told["iss"], "http://shop.example");
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
        let told = ask(&shop, post("/oauth/token", &form)).await;
        assert_eq!((told.status, &told.json()["error"]), (status, &json!(error)), "{form:?}");
        assert!(told.headers["cache-control"] == "no-store" && !told.headers.contains_key("www-authenticate"));
    }
    let as_json = TestRequest::post().uri("/oauth/token").set_json(json!({"grant_type": "client_credentials"}));
    assert_eq!(ask(&shop, as_json).await.json()["error"], "invalid_request");
    assert_eq!(ask(&shop, TestRequest::get().uri("/oauth/token")).await.headers["allow"], "POST");
}

#[actix_web::test]
async fn the_metadata_is_where_the_issuer_says() {
    let shop = shop();
    let at = async |path: &str| ask(&shop, TestRequest::get().uri(path)).await.json();
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
    let told = ask(&shop, TestRequest::get().uri("/oauth/done?code=%3Cscript%3E&state=%22x&other=y")).await;
    assert!(told.body.contains("<code>&lt;script&gt;</code>") && told.body.contains("&quot;x"));
    assert!(told.headers["content-security-policy"].starts_with("default-src 'none';"));
}
