//! Does the server half keep to the grammar of HTTP and of both envelopes?

use actix_web::App;
use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use domain::access::{Credentials, Secret};
use domain::events::EventPage;
use domain::observer::{Observer, OperationRecord};
use domain::{Error, Reply, Shop};
use std::sync::{Arc, Mutex};

const ENVELOPE_11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const ENVELOPE_12: &str = "http://www.w3.org/2003/05/soap-envelope";
const QUESTION: &str = "<ListEvents xmlns='urn:parlance:shop:v1'/>";

/// What a shop says in which nothing has happened yet. What is asked beyond the recorder is not this test's question.
fn nothing_yet() -> Result<Reply, Error> {
    Ok(EventPage { items: Vec::new(), next: 0 }.into())
}

struct Answer {
    status: StatusCode,
    content_type: String,
    allow: Option<String>,
    body: String,
}

async fn send(request: TestRequest) -> Answer {
    send_to(nothing_yet(), request).await
}

async fn send_to(reply: Result<Reply, Error>, request: TestRequest) -> Answer {
    exchange(testing::shop(reply), request).await
}

async fn exchange(shop: Data<Shop>, request: TestRequest) -> Answer {
    let app = App::new().wrap(from_fn(wire::middleware::middleware)).app_data(shop).configure(soap::adapter().mount);
    let response: ServiceResponse<_> = call_service(&init_service(app).await, request.to_request()).await;
    let header =
        |name| response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let (content_type, allow) = (header("content-type").unwrap_or_default(), header("allow"));
    let status = response.status();
    Answer { status, content_type, allow, body: String::from_utf8_lossy(&read_body(response).await).into_owned() }
}

/// What the shop received: an operation, the credentials, and the idempotency key.
type Received = (&'static str, Credentials, Option<String>);

#[derive(Default)]
struct Recorder(Mutex<Vec<Received>>);

impl Observer for Recorder {
    fn record(&self, record: &OperationRecord<'_>) {
        let name = record.operation.map_or("", |operation| operation.name);
        let received = (name, record.request.credentials.clone(), record.request.idempotency_key.clone());
        self.0.lock().expect("no test panics here").push(received);
    }
}

/// The answer, and what came to the recorder of a shop that is closed.
async fn send_watched(request: TestRequest) -> (Answer, Vec<Received>) {
    let recorder = Arc::new(Recorder::default());
    let closed = testing::shop(Err(Error::overloaded("closed today")));
    let shop = closed.as_ref().clone().with_observer(recorder.clone());
    let answer = exchange(Data::new(shop), request).await;
    let received = recorder.0.lock().expect("no test panics here").clone();
    (answer, received)
}

fn ada() -> Credentials {
    Credentials::Password { email: "ada@example.com".to_owned(), password: Secret::new("parlance") }
}

fn envelope(namespace: &str, content: &str) -> String {
    format!("<e:Envelope xmlns:e='{namespace}'><e:Body>{content}</e:Body></e:Envelope>")
}

fn post(content_type: &str, body: String) -> TestRequest {
    TestRequest::post().uri("/soap").insert_header(("content-type", content_type)).set_payload(body)
}

fn is_fault(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    let in_11 = format!("<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>");
    let in_12 = format!("<soap:Fault><soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code><soap:Reason>");
    let expected = if answer.content_type.starts_with("text/xml") { in_11 } else { in_12 };
    assert!(answer.body.contains(&expected), "{}", answer.body);
}

#[actix_web::test]
async fn each_version_is_answered_in_its_own() {
    for (content_type, namespace) in [
        ("text/xml", ENVELOPE_11),
        ("Text/XML; charset=\"UTF-8\"", ENVELOPE_11),
        ("application/soap+xml; charset=utf-8; action=\"urn:parlance:shop:v1/ListEvents\"", ENVELOPE_12),
        ("application/soap+xml", ENVELOPE_12),
    ] {
        let answer = send(post(content_type, envelope(namespace, QUESTION))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let media_type = content_type.split(';').next().unwrap_or_default().to_ascii_lowercase();
        assert_eq!(answer.content_type, format!("{media_type}; charset=utf-8"));
        let expected = format!(
            "<soap:Envelope xmlns:soap=\"{namespace}\"><soap:Body><ListEventsResponse xmlns=\"urn:parlance:shop:v1\">\
             <events><next>0</next></events></ListEventsResponse></soap:Body></soap:Envelope>"
        );
        assert_eq!(answer.body, expected);
    }
}

#[actix_web::test]
async fn a_media_type_that_does_not_fit_is_415() {
    for (content_type, namespace, code) in [
        ("application/json", ENVELOPE_11, "Client"),
        ("application/xml", ENVELOPE_12, "Client"),
        ("nonsense", ENVELOPE_11, "Client"),
        ("text/xml; charset=iso-8859-1", ENVELOPE_11, "Client"),
        ("application/soap+xml; charset=us-ascii", ENVELOPE_12, "Sender"),
        ("text/xml", ENVELOPE_12, "Client"),
        ("application/soap+xml", ENVELOPE_11, "Sender"),
    ] {
        let answer = send(post(content_type, envelope(namespace, QUESTION))).await;
        is_fault(&answer, 415, code);
        assert!(answer.body.contains("<reason>unreadable</reason>"));
    }
    is_fault(&send(TestRequest::post().uri("/soap").set_payload(envelope(ENVELOPE_11, QUESTION))).await, 415, "Client");
}

/// WS-I BP 1.1 R1012: UTF-8 and UTF-16, and no others.
#[actix_web::test]
async fn the_encodings_of_xml_are_read() {
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let plain = envelope(ENVELOPE_11, QUESTION);
    let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{plain}");
    let marked = format!("\u{FEFF}{declared}");
    for (content_type, body, status) in [
        ("text/xml; charset=utf-16", utf16(&plain, u16::to_be_bytes), 200),
        ("text/xml; charset=UTF-16LE", utf16(&declared, u16::to_le_bytes), 200),
        ("text/xml", utf16(&marked, u16::to_be_bytes), 200),
        ("text/xml; charset=utf-8", utf16(&marked, u16::to_le_bytes), 200),
        ("text/xml", utf16(&declared, u16::to_le_bytes), 200),
        ("text/xml; charset=utf-8", format!("\u{FEFF}{plain}").into_bytes(), 200),
        ("text/xml; charset=utf-8", utf16(&plain, u16::to_be_bytes), 500),
        ("text/xml; charset=utf-16", plain.clone().into_bytes(), 500),
        ("text/xml", declared.replace("UTF-16", "ISO-8859-1").into_bytes(), 415),
    ] {
        let request = TestRequest::post().uri("/soap").insert_header(("content-type", content_type));
        let answer = send(request.set_payload(body.clone())).await;
        assert_eq!(answer.status.as_u16(), status, "{content_type} {body:?} {}", answer.body);
        assert_eq!(answer.content_type, "text/xml; charset=utf-8");
    }
}

#[actix_web::test]
async fn faults_travel_as_each_version_wants() {
    let unknown = "<NoSuch xmlns='urn:parlance:shop:v1'/>";
    is_fault(&send(post("text/xml", envelope(ENVELOPE_11, unknown))).await, 500, "Client");
    is_fault(&send(post("application/soap+xml", envelope(ENVELOPE_12, unknown))).await, 400, "Sender");
    is_fault(&send(post("text/xml", "<broken".to_owned())).await, 500, "Client");
    is_fault(&send(post("application/soap+xml", "<broken".to_owned())).await, 400, "Sender");
    let closed = Err(Error::overloaded("closed today"));
    let overloaded = send_to(closed, post("application/soap+xml", envelope(ENVELOPE_12, QUESTION))).await;
    is_fault(&overloaded, 500, "Receiver");
    assert!(
        overloaded
            .body
            .contains("<kind>unavailable</kind><message>closed today; try again in 1 s</message><retryAfterMs>1000<")
    );
    let large = " ".repeat(wire::limits::BODY_BYTES_MAX + 1);
    is_fault(&send(post("text/xml", large.clone())).await, 413, "Client");
    is_fault(&send(post("application/soap+xml", large)).await, 413, "Sender");
}

#[actix_web::test]
async fn a_fault_names_the_known_versions_for_an_unknown_one() {
    let answer = send(post("application/soap+xml", envelope("urn:soap:2.0", QUESTION))).await;
    is_fault(&answer, 500, "VersionMismatch");
    let upgrade = answer.body.split("<soap:Header><soap:Upgrade>").nth(1).unwrap_or_default();
    assert!(upgrade.contains(ENVELOPE_12) && upgrade.contains(ENVELOPE_11), "{}", answer.body);
    is_fault(&send(post("text/xml", envelope("urn:soap:2.0", QUESTION))).await, 500, "VersionMismatch");
}

#[actix_web::test]
async fn an_action_may_be_missing_but_not_lie() {
    let question = || post("text/xml", envelope(ENVELOPE_11, QUESTION));
    for action in ["", "\"\"", "\"urn:parlance:shop:v1/ListEvents\"", "urn:parlance:shop:v1/ListEvents"] {
        let answer = send(question().insert_header(("SOAPAction", action))).await;
        assert_eq!(answer.status, StatusCode::OK, "{action}");
    }
    is_fault(&send(question().insert_header(("SOAPAction", "\"urn:parlance:shop:v1/GetUser\""))).await, 500, "Client");
    let lie = "application/soap+xml; action=\"urn:parlance:shop:v1/GetUser\"";
    is_fault(&send(post(lie, envelope(ENVELOPE_12, QUESTION))).await, 400, "Sender");
}

#[actix_web::test]
async fn other_methods_are_refused_with_a_fault() {
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let answer = send(TestRequest::default().method(method).uri("/soap")).await;
        is_fault(&answer, 405, "Client");
        assert_eq!(answer.allow.as_deref(), Some("GET, HEAD, POST"));
    }
    is_fault(&send(TestRequest::get().uri("/soap?xsd=other.xsd")).await, 404, "Client");
}

#[actix_web::test]
async fn documents_say_the_address_that_was_asked() {
    for query in ["wsdl", "WSDL", "wsdl="] {
        let request = TestRequest::get().uri(&format!("/sandboxes/alice/soap?{query}"));
        let answer = send(request.insert_header(("host", "shop.example:81"))).await;
        assert_eq!(answer.content_type, "text/xml; charset=utf-8");
        assert_eq!(answer.body.matches("location=\"http://shop.example:81/sandboxes/alice/soap\"").count(), 2);
        assert!(answer.body.contains("\"http://shop.example:81/sandboxes/alice/soap?xsd=shop.xsd\""));
    }
    let schema = send(TestRequest::get().uri("/soap?xsd=shop.xsd")).await;
    assert!(schema.body.contains("<xs:schema "));
}

const SECEXT: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

/// A question with header blocks, in SOAP 1.2.
fn with_header(blocks: &str) -> TestRequest {
    let body = envelope(ENVELOPE_12, QUESTION);
    let header = format!("<e:Header xmlns:wsse='{SECEXT}' xmlns='urn:parlance:shop:v1'>{blocks}</e:Header><e:Body>");
    post("application/soap+xml", body.replace("<e:Body>", &header))
}

const TOKEN: &str = "<wsse:Security e:mustUnderstand='true'><wsse:UsernameToken><wsse:Username>ada@example.com\
                     </wsse:Username><wsse:Password>parlance</wsse:Password></wsse:UsernameToken></wsse:Security>";

#[actix_web::test]
async fn credentials_are_in_the_envelope_or_in_a_header() {
    let (_, came) = send_watched(with_header(TOKEN)).await;
    assert_eq!(came, [("list_events", ada(), None)]);
    let (_, came) = send_watched(with_header("").insert_header(("X-API-Key", "k"))).await;
    assert_eq!(came, [("list_events", Credentials::ApiKey(Secret::new("k")), None)]);
    let digest = TOKEN.replace(
        "<wsse:Password>",
        "<wsse:Password Type='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0\
         #PasswordDigest'>",
    );
    for refused in
        [with_header(TOKEN).insert_header(("X-API-Key", "k")), with_header(&digest), with_header("<wsse:Security/>")]
    {
        let answer = send(refused).await;
        is_fault(&answer, 400, "Sender");
        assert!(answer.body.contains("<reason>credentials_wrong</reason>"), "{}", answer.body);
        assert!(!answer.body.contains("parlance</"), "{}", answer.body);
    }
}

#[actix_web::test]
async fn an_idempotency_key_is_in_the_envelope_or_in_a_header() {
    let block = "<IdempotencyKey e:mustUnderstand='true'>a</IdempotencyKey>";
    let in_both = |key: &str| with_header(block).insert_header(("Idempotency-Key", key));
    for request in [with_header(block), in_both("a"), with_header("").insert_header(("Idempotency-Key", "\"a\""))] {
        assert_eq!(send_watched(request).await.1, [("list_events", Credentials::None, Some("a".to_owned()))]);
    }
    let (answer, received) = send_watched(in_both("b")).await;
    is_fault(&answer, 400, "Sender");
    assert!(answer.body.contains("<reason>invalid_input</reason>") && received.is_empty(), "{}", answer.body);
}
