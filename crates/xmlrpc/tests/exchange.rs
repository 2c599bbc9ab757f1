//! The server half in the grammar of HTTP and of XML-RPC.

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
/// The result of `list_events` without events.
const NO_EVENTS: &str = "<value><struct><member><name>items</name><value><array><data></data></array></value></member>\
                         <member><name>next</name><value><int>0</int></value></member></struct></value>";

struct Response {
    status: StatusCode,
    content_type: String,
    allow: Option<String>,
    body: String,
}

async fn send(request: TestRequest) -> Response {
    send_to(shop(), request).await
}

fn shop() -> Shop {
    testing::shop(Ok(EventPage { items: Vec::new(), next: 0 }.into())).get_ref().clone()
}

async fn send_to(shop: Shop, request: TestRequest) -> Response {
    let app = App::new()
        .wrap(from_fn(wire::middleware::middleware))
        .app_data(Data::new(shop))
        .configure(xmlrpc::adapter().mount);
    let response: ServiceResponse<_> = call_service(&init_service(app).await, request.to_request()).await;
    let header =
        |name| response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let (content_type, allow) = (header("content-type").unwrap_or_default(), header("allow"));
    let status = response.status();
    Response { status, content_type, allow, body: String::from_utf8_lossy(&read_body(response).await).into_owned() }
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

fn assert_fault(response: &Response, status: u16, code: i32, text: &str) {
    assert_eq!((response.status.as_u16(), response.content_type.as_str()), (status, "text/xml; charset=utf-8"));
    assert_eq!(response.body, format!("{BEGINNING}<fault>{}</fault></methodResponse>", fault(code, text)));
}

fn assert_result(response: &Response, value: &str) {
    assert_eq!((response.status, response.content_type.as_str()), (StatusCode::OK, "text/xml; charset=utf-8"));
    assert_eq!(response.body, format!("{BEGINNING}<params><param>{value}</param></params></methodResponse>"));
}

#[actix_web::test]
async fn a_response_has_one_value() {
    for content_type in ["text/xml", "Text/XML; charset=\"UTF-8\"", "application/xml;charset=us-ascii"] {
        assert_result(&send(post(content_type, call("list_events", ""))).await, NO_EVENTS);
    }
    let by_position =
        call("list_events", "<param><value><nil/></value></param><param><value><i4>5</i4></value></param>");
    assert_result(&send(post(POST, by_position)).await, NO_EVENTS);
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
    assert_result(&send(post("text/xml; charset=utf-16", utf16.clone())).await, NO_EVENTS);
    assert_result(&send(post(POST, utf16)).await, NO_EVENTS);
    let name = |declaration: &[u8]| [declaration, b"<methodCall><methodName>\xfc</methodName></methodCall>"].concat();
    let unknown = "unknown_operation: there is no operation \"ü\"; system.listMethods lists all";
    let declared = name(b"<?xml version='1.0' encoding='ISO-8859-1'?>");
    assert_fault(&send(post(POST, declared)).await, 200, -32601, unknown);
    assert_fault(&send(post("text/xml; charset=iso-8859-1", name(b""))).await, 200, -32601, unknown);
    let unreadable = "unreadable: can't read the XML: not UTF-8";
    assert_fault(&send(post(POST, name(b""))).await, 200, -32700, unreadable);
    let response = send(post("text/xml; charset=koi8-r", name(b""))).await;
    assert!(response.status == StatusCode::OK && response.body.contains("-32700"), "{}", response.body);
}

#[actix_web::test]
async fn a_media_type_that_does_not_fit_is_415() {
    for content_type in ["application/json", "text/plain", "nonsense", "text/xml+x"] {
        let message = format!("unreadable: Content-Type must be text/xml or application/xml, got \"{content_type}\"");
        assert_fault(&send(post(content_type, call("list_events", ""))).await, 415, -32600, &message);
    }
    let nothing = TestRequest::post().uri("/xmlrpc").set_payload(call("list_events", ""));
    assert_eq!(send(nothing).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[actix_web::test]
async fn another_method_of_http_is_405() {
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let response = send(TestRequest::default().method(method.clone()).uri("/xmlrpc")).await;
        let message = format!("unreadable: method {method} is not allowed at /xmlrpc; allowed: POST");
        assert_fault(&response, 405, -32600, &message);
        assert_eq!(response.allow.as_deref(), Some("POST"));
    }
}

#[actix_web::test]
async fn a_body_too_large_is_413() {
    let response = send(post(POST, vec![b' '; wire::limits::BODY_BYTES_MAX + 1])).await;
    assert_fault(&response, 413, -32600, "too_large: at most 1048576 bytes of a body are allowed");
}

#[actix_web::test]
async fn a_stream_is_no_method() {
    let unknown = "unknown_operation: there is no operation \"watch_events\": it can't stream here, use list_events";
    assert_fault(&send(post(POST, call("watch_events", ""))).await, 200, -32601, unknown);
}

fn multicall(calls: &[String]) -> String {
    let data: String = calls.concat();
    call("system.multicall", &format!("<param><value><array><data>{data}</data></array></value></param>"))
}

fn struct_of_call(name: &str, params: &str) -> String {
    format!(
        "<value><struct><member><name>methodName</name><value>{name}</value></member><member><name>params</name>\
         <value><array><data>{params}</data></array></value></member></struct></value>"
    )
}

#[actix_web::test]
async fn a_multicall_has_a_result_or_a_fault_for_each_call() {
    let calls = [
        struct_of_call("list_events", ""),
        struct_of_call("system.multicall", "<value><array><data></data></array></value>"),
        struct_of_call(
            "list_events",
            "<value><struct><member><name>limit</name><value>x</value></member></struct></value>",
        ),
        "<value>x</value>".to_owned(),
        struct_of_call("system.methodHelp", "<value>list_events</value>"),
        struct_of_call("log_in", ""),
    ];
    let response = send(post(POST, multicall(&calls))).await;
    let results = [
        format!("<value><array><data>{NO_EVENTS}</data></array></value>"),
        fault(
            -32602,
            "invalid_input: the input must not contain system.multicall within system.multicall\n\
             the input: must not contain system.multicall within system.multicall",
        ),
        fault(-32602, "invalid_input: limit must be an integer, got \"x\"\n/limit: must be an integer, got \"x\""),
    ];
    let expected = format!("{BEGINNING}<params><param><value><array><data>{}", results.concat());
    assert!(response.body.starts_with(&expected), "{}", response.body);
    assert_eq!(response.body.matches("<name>faultCode</name>").count(), 4, "{}", response.body);
    assert_result(&send(post(POST, multicall(&[]))).await, "<value><array><data></data></array></value>");
}

#[actix_web::test]
async fn a_multicall_has_a_limit() {
    let calls = vec![struct_of_call("list_events", ""); 101];
    let response = send(post(POST, multicall(&calls[..100]))).await;
    assert_eq!(response.body.matches(NO_EVENTS).count(), 100);
    let message = "too_large: at most 100 calls of a multicall are allowed";
    assert_fault(&send(post(POST, multicall(&calls))).await, 200, -32600, message);
    assert_fault(
        &send(post(POST, call("system.multicall", ""))).await,
        200,
        -32602,
        "invalid_input: the input must be one parameter, an array of calls\nthe input: must be one parameter, an array of calls",
    );
}

#[actix_web::test]
async fn every_method_refuses_wrong_credentials() {
    let request = |body: String| post(POST, body).insert_header(("authorization", "Bearer x"));
    let wrong = &format!("credentials_wrong: this server accepts no credentials; {}", wire::credentials::HOW);
    for name in ["list_events", "watch_events", "no_such", "system.listMethods"] {
        assert_fault(&send(request(call(name, ""))).await, 200, -32001, wrong);
    }
    let calls = ["list_events", "system.listMethods"].map(|name| struct_of_call(name, ""));
    let several = format!("<value><array><data>{}</data></array></value>", fault(-32001, wrong).repeat(2));
    assert_result(&send(request(multicall(&calls))).await, &several);
    let response = send(post(POST, call("system.listMethods", ""))).await;
    assert!(response.body.contains("<string>who_am_i</string>"), "{}", response.body);
}

/// Allows three operations, for all callers together.
#[derive(Default)]
struct LimitOfThree(AtomicU32);

impl RateLimiter for LimitOfThree {
    fn acquire(&self, _: &Sandbox, _: RateLimitKey, per_minute: u32) -> Result<RateLimit, RateLimit> {
        let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let limit = RateLimit { per_minute, remaining: 3_u32.saturating_sub(count), reset_ms: 1_500 };
        if count > 3 { Err(limit) } else { Ok(limit) }
    }
}

#[actix_web::test]
async fn each_call_of_a_multicall_counts() {
    let config = ShopConfig { rate_per_minute: 3, ..ShopConfig::default() };
    let shop = shop().with_rate_limiter(Arc::new(LimitOfThree::default())).with_config(config);
    let names = ["who_am_i", "system.listMethods", "list_events", "no_such", "who_am_i"];
    let calls = names.map(|name| struct_of_call(name, ""));
    let response = send_to(shop, post(POST, multicall(&calls))).await;
    let faults: Vec<_> =
        response.body.match_indices("<int>-32").map(|(at, _)| &response.body[at + 5..at + 11]).collect();
    assert_eq!(faults, ["-32601", "-32005"], "{}", response.body);
    let me = "<value><struct><member><name>role</name><value><string>staff</string></value></member>\
              <member><name>proof</name><value><string>none</string></value></member>\
              <member><name>sandbox</name><value><string>main</string></value></member></struct></value>";
    assert_eq!(response.body.matches(me).count(), 1, "{}", response.body);
}
