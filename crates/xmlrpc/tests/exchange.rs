//! Does the server half keep to the grammar of HTTP and of XML-RPC?

use actix_web::App;
use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::{Bytes, Data};
use domain::events::EventPage;
use domain::rate_limit::{RateLimit, RateLimitKey, RateLimiter};
use domain::shop::ShopConfig;
use domain::{Sandbox, Shop};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const POST: &str = "text/xml";
const BEGINNING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse>";
/// What `list_events` answers when there are none.
const NO_EVENTS: &str = "<value><struct><member><name>items</name><value><array><data></data></array></value></member>\
                         <member><name>next</name><value><int>0</int></value></member></struct></value>";

struct Answer {
    status: StatusCode,
    content_type: String,
    allow: Option<String>,
    body: String,
}

async fn send(request: TestRequest) -> Answer {
    send_to(shop(), request).await
}

fn shop() -> Shop {
    wire::testing::shop(Ok(EventPage { items: Vec::new(), next: 0 }.into())).get_ref().clone()
}

async fn send_to(shop: Shop, request: TestRequest) -> Answer {
    let app = App::new()
        .wrap(from_fn(wire::middleware::middleware))
        .app_data(Data::new(shop))
        .configure(xmlrpc::adapter().mount);
    let response: ServiceResponse<_> = call_service(&init_service(app).await, request.to_request()).await;
    let header =
        |name| response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let (content_type, allow) = (header("content-type").unwrap_or_default(), header("allow"));
    let status = response.status();
    Answer { status, content_type, allow, body: String::from_utf8_lossy(&read_body(response).await).into_owned() }
}

fn post(content_type: &str, body: impl Into<Bytes>) -> TestRequest {
    TestRequest::post().uri("/xmlrpc").insert_header(("content-type", content_type)).set_payload(body.into())
}

fn call(name: &str, params: &str) -> String {
    format!("<?xml version='1.0'?><methodCall><methodName>{name}</methodName><params>{params}</params></methodCall>")
}

/// The fault of a response, or the struct of a fault among several results.
fn fault(code: i32, text: &str) -> String {
    format!(
        "<value><struct><member><name>faultCode</name><value><int>{code}</int></value></member>\
         <member><name>faultString</name><value><string>{text}</string></value></member></struct></value>"
    )
}

fn is_fault(answer: &Answer, status: u16, code: i32, text: &str) {
    assert_eq!((answer.status.as_u16(), answer.content_type.as_str()), (status, "text/xml; charset=utf-8"));
    assert_eq!(answer.body, format!("{BEGINNING}<fault>{}</fault></methodResponse>", fault(code, text)));
}

fn is_answer(answer: &Answer, value: &str) {
    assert_eq!((answer.status, answer.content_type.as_str()), (StatusCode::OK, "text/xml; charset=utf-8"));
    assert_eq!(answer.body, format!("{BEGINNING}<params><param>{value}</param></params></methodResponse>"));
}

#[actix_web::test]
async fn a_call_is_answered_with_one_value() {
    for content_type in ["text/xml", "Text/XML; charset=\"UTF-8\"", "application/xml;charset=us-ascii"] {
        is_answer(&send(post(content_type, call("list_events", ""))).await, NO_EVENTS);
    }
    let by_position =
        call("list_events", "<param><value><nil/></value></param><param><value><i4>5</i4></value></param>");
    is_answer(&send(post(POST, by_position)).await, NO_EVENTS);
}

#[actix_web::test]
async fn a_call_may_come_in_other_encodings() {
    let utf16 = call("list_events", "").replace("?>", " encoding='UTF-16'?>");
    let utf16: Vec<u8> = ['\u{FEFF}']
        .into_iter()
        .chain(utf16.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    is_answer(&send(post("text/xml; charset=utf-16", utf16.clone())).await, NO_EVENTS);
    is_answer(&send(post(POST, utf16)).await, NO_EVENTS);
    let name = |declaration: &[u8]| [declaration, b"<methodCall><methodName>\xfc</methodName></methodCall>"].concat();
    let unknown = "unknown_operation: no operation is called \"ü\"";
    let declared = name(b"<?xml version='1.0' encoding='ISO-8859-1'?>");
    is_fault(&send(post(POST, declared)).await, 200, -32601, unknown);
    is_fault(&send(post("text/xml; charset=iso-8859-1", name(b""))).await, 200, -32601, unknown);
    let unreadable = "unreadable: not XML that we read: not UTF-8";
    is_fault(&send(post(POST, name(b""))).await, 200, -32700, unreadable);
    let answer = send(post("text/xml; charset=koi8-r", name(b""))).await;
    assert!(answer.status == StatusCode::OK && answer.body.contains("-32700"), "{}", answer.body);
}

#[actix_web::test]
async fn a_media_type_that_does_not_fit_is_415() {
    for content_type in ["application/json", "text/plain", "nonsense", "text/xml+x"] {
        let message = format!("unreadable: Content-Type must be text/xml or application/xml, was \"{content_type}\"");
        is_fault(&send(post(content_type, call("list_events", ""))).await, 415, -32600, &message);
    }
    let nothing = TestRequest::post().uri("/xmlrpc").set_payload(call("list_events", ""));
    assert_eq!(send(nothing).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[actix_web::test]
async fn another_method_of_http_is_405() {
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let answer = send(TestRequest::default().method(method.clone()).uri("/xmlrpc")).await;
        let message = format!("unreadable: method {method} is not allowed; allowed: POST");
        is_fault(&answer, 405, -32600, &message);
        assert_eq!(answer.allow.as_deref(), Some("POST"));
    }
}

#[actix_web::test]
async fn a_body_too_large_is_413() {
    let answer = send(post(POST, vec![b' '; wire::limits::BODY_BYTES_MAX + 1])).await;
    is_fault(&answer, 413, -32600, "too_large: at most 1048576 bytes of a body are allowed");
}

#[actix_web::test]
async fn a_stream_is_no_method() {
    let unknown = "unknown_operation: no operation is called \"watch_events\": it can't stream here, use list_events";
    is_fault(&send(post(POST, call("watch_events", ""))).await, 200, -32601, unknown);
}

fn multicall(calls: &[String]) -> String {
    let data: String = calls.concat();
    call("system.multicall", &format!("<param><value><array><data>{data}</data></array></value></param>"))
}

fn one_of_several(name: &str, params: &str) -> String {
    format!(
        "<value><struct><member><name>methodName</name><value>{name}</value></member><member><name>params</name>\
         <value><array><data>{params}</data></array></value></member></struct></value>"
    )
}

#[actix_web::test]
async fn several_calls_are_answered_each_for_itself() {
    let calls = [
        one_of_several("list_events", ""),
        one_of_several("system.multicall", "<value><array><data></data></array></value>"),
        one_of_several(
            "list_events",
            "<value><struct><member><name>limit</name><value>x</value></member></struct></value>",
        ),
        "<value>x</value>".to_owned(),
        one_of_several("system.methodHelp", "<value>list_events</value>"),
        one_of_several("log_in", ""),
    ];
    let answer = send(post(POST, multicall(&calls))).await;
    let results = [
        format!("<value><array><data>{NO_EVENTS}</data></array></value>"),
        fault(-32602, "invalid_input: the input must not hold system.multicall within system.multicall"),
        fault(-32602, "invalid_input: limit must be a whole number, was \"x\""),
    ];
    let expected = format!("{BEGINNING}<params><param><value><array><data>{}", results.concat());
    assert!(answer.body.starts_with(&expected), "{}", answer.body);
    assert_eq!(answer.body.matches("<name>faultCode</name>").count(), 4, "{}", answer.body);
    is_answer(&send(post(POST, multicall(&[]))).await, "<value><array><data></data></array></value>");
}

#[actix_web::test]
async fn so_many_calls_and_no_more() {
    let calls = vec![one_of_several("list_events", ""); 101];
    let answer = send(post(POST, multicall(&calls[..100]))).await;
    assert_eq!(answer.body.matches(NO_EVENTS).count(), 100);
    let message = "too_large: at most 100 calls of a multicall are allowed";
    is_fault(&send(post(POST, multicall(&calls))).await, 200, -32600, message);
    is_fault(
        &send(post(POST, call("system.multicall", ""))).await,
        200,
        -32602,
        "invalid_input: the input must be one parameter, an array of calls",
    );
}

#[actix_web::test]
async fn wrong_credentials_are_refused_by_every_method() {
    let request = |body: String| post(POST, body).insert_header(("authorization", "Bearer x"));
    let wrong = "credentials_wrong: this shop knows no credentials";
    for name in ["list_events", "watch_events", "no_such", "system.listMethods"] {
        is_fault(&send(request(call(name, ""))).await, 200, -32001, wrong);
    }
    let calls = ["list_events", "system.listMethods"].map(|name| one_of_several(name, ""));
    let several = format!("<value><array><data>{}</data></array></value>", fault(-32001, wrong).repeat(2));
    is_answer(&send(request(multicall(&calls))).await, &several);
    let answer = send(post(POST, call("system.listMethods", ""))).await;
    assert!(answer.body.contains("<string>who_am_i</string>"), "{}", answer.body);
}

/// A quota of three, whoever asks.
#[derive(Default)]
struct Three(AtomicU32);

impl RateLimiter for Three {
    fn acquire(&self, _: &Sandbox, _: RateLimitKey, per_minute: u32) -> Result<RateLimit, RateLimit> {
        let spent = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let quota = RateLimit { per_minute, remaining: 3_u32.saturating_sub(spent), reset_ms: 1_500 };
        if spent > 3 { Err(quota) } else { Ok(quota) }
    }
}

#[actix_web::test]
async fn each_call_of_several_counts() {
    let house = ShopConfig { rate_per_minute: 3, ..ShopConfig::default() };
    let shop = shop().with_rate_limiter(Arc::new(Three::default())).with_config(house);
    let names = ["who_am_i", "system.listMethods", "list_events", "no_such", "who_am_i"];
    let calls = names.map(|name| one_of_several(name, ""));
    let answer = send_to(shop, post(POST, multicall(&calls))).await;
    let faults: Vec<_> = answer.body.match_indices("<int>-32").map(|(at, _)| &answer.body[at + 5..at + 11]).collect();
    assert_eq!(faults, ["-32601", "-32005"], "{}", answer.body);
    let me = "<value><struct><member><name>role</name><value><string>staff</string></value></member>\
              <member><name>proof</name><value><string>none</string></value></member>\
              <member><name>sandbox</name><value><string>main</string></value></member></struct></value>";
    assert_eq!(answer.body.matches(me).count(), 1, "{}", answer.body);
}
